import { closeSync, fstatSync, openSync } from 'node:fs'
import { fileHeadLength, damaged, newFileHead, publishFile, readAt, readFileHead, snapshotFile, writeWhole } from './database-files.ts'
import { roomToGrow } from './load-sql.ts'
import type { Place } from './journal.ts'
import { recordOverhead, sealRecord, unsealRecord } from './sealed-record.ts'

// Small, so that what decrypting leaves behind is collected while the file is read.
const pieceLength = 1 << 14

/** Writes the content of a database as it is after record `sequence`: all of it is on disk under its name, or nothing is. */
export function writeSnapshot(place: Place, sequence: number, content: Uint8Array): void {
  publishFile(place.disk, place.folder, snapshotFile(place.folder, sequence), (fd) => {
    const { head, keys } = newFileHead('MRS1', place.key, sequence)
    writeWhole(place.disk, fd, head, 0)
    let position = head.length
    const put = (index: number, plain: Uint8Array) => {
      const piece = sealRecord(keys, index, plain)
      writeWhole(place.disk, fd, piece, position)
      position += piece.length
    }
    const pieces = Math.ceil(content.length / pieceLength)
    for (let index = 0; index < pieces; index += 1) put(index, content.subarray(index * pieceLength, (index + 1) * pieceLength))
    // An empty piece ends the file, so that a shortened one is noticed.
    put(pieces, new Uint8Array())
  })
}

/** Reads a snapshot back, piece by piece. Throws ProblemError `data-folder-damaged`. */
export function readSnapshot(key: Buffer, folder: string, sequence: number): Uint8Array {
  const file = snapshotFile(folder, sequence)
  const fd = openSync(file, 'r')
  try {
    const { size } = fstatSync(fd)
    const { keys, sequence: written } = readFileHead('MRS1', key, file, readAt(fd, 0, Buffer.alloc(fileHeadLength)))
    if (written !== sequence) throw damaged(file, 'its name is not the one it was written under')
    const content = new Uint8Array(size + roomToGrow)
    let length = 0
    let position = fileHeadLength
    const sealed = Buffer.alloc(pieceLength + recordOverhead)
    for (let index = 0; ; index += 1) {
      const piece = unsealRecord(keys, readAt(fd, position, sealed))
      if (piece.found === 'torn') throw damaged(file, 'its end is missing')
      if (piece.found === 'damage') throw damaged(file, `piece ${index} is not what was written`)
      if (piece.sequence !== index) throw damaged(file, `piece ${index} is missing`)
      position += piece.end
      if (piece.plain.length === 0) break
      content.set(piece.plain, length)
      length += piece.plain.length
    }
    if (position !== size) throw damaged(file, 'something was added to its end')
    return content.subarray(0, length)
  } finally {
    closeSync(fd)
  }
}

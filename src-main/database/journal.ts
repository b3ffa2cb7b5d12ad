import { closeSync, fstatSync, openSync, rmSync } from 'node:fs'
import { damaged, fileHeadLength, newFileHead, publishFile, readAt, readFileHead, segmentFile, writeWhole, type Disk } from './database-files.ts'
import type { FileKeys } from './file-keys.ts'
import { sealRecord, unsealRecord } from './sealed-record.ts'

/** The open segment: records are appended at its end. */
export interface Journal {
  /** On disk when it returns. When it throws, the file is as it was before, or `broken` is set and nothing more is taken. */
  append(sequence: number, plain: Uint8Array): void
  /** Closes the segment and begins the next one, whose first record will be `sequence`. */
  rotate(sequence: number): void
  bytes(): number
  close(): void
}
export type Place = { folder: string; key: Buffer; disk: Disk }
type Segment = { fd: number; keys: FileKeys; length: number; file: string }

/** Begins a segment whose first record will be `sequence`. */
export function beginJournal(place: Place, sequence: number): Journal {
  return journalOn(place, newSegment(place, sequence))
}

/** Continues a segment that was replayed up to `length`; what a torn write left behind that is cut off. */
export function continueJournal(place: Place, file: string, keys: FileKeys, length: number): Journal {
  const fd = openSync(file, 'r+')
  place.disk.truncate(fd, length)
  place.disk.sync(fd)
  return journalOn(place, { fd, keys, length, file })
}

/** Hands over the records of a segment in order; returns where the good ones end. Throws ProblemError `data-folder-damaged`. */
export function replaySegment(key: Buffer, file: string, isLast: boolean, each: (sequence: number, plain: Buffer) => void): { keys: FileKeys; length: number } {
  const fd = openSync(file, 'r')
  try {
    const { sequence, keys } = readFileHead('MRJ1', key, file, readAt(fd, 0, Buffer.alloc(fileHeadLength)))
    const { size } = fstatSync(fd)
    let expected = sequence
    let at = fileHeadLength
    let into = Buffer.alloc(1 << 18)
    while (at < size) {
      const window = readAt(fd, at, into)
      const record = unsealRecord(keys, window)
      if (record.found === 'torn' && at + window.length < size) {
        into = Buffer.alloc(into.length * 4)
        continue
      }
      if (record.found === 'damage') throw damaged(file, `the record at byte ${at} is not what was written`)
      if (record.found === 'torn' && !isLast) throw damaged(file, `it ends in the middle of the record at byte ${at}`)
      if (record.found === 'torn') break
      if (record.sequence !== expected) throw damaged(file, `record ${expected} is missing`)
      each(record.sequence, record.plain)
      expected += 1
      at += record.end
    }
    return { keys, length: at }
  } finally {
    closeSync(fd)
  }
}

function newSegment(place: Place, sequence: number): Segment {
  const file = segmentFile(place.folder, sequence)
  const { head, keys } = newFileHead('MRJ1', place.key, sequence)
  publishFile(place.disk, place.folder, file, (fd) => writeWhole(place.disk, fd, head, 0))
  return { fd: openSync(file, 'r+'), keys, length: head.length, file }
}

function journalOn(place: Place, first: Segment): Journal {
  let segment = first
  let broken: unknown = null
  const undo = (cause: unknown) => {
    try {
      place.disk.truncate(segment.fd, segment.length)
      place.disk.sync(segment.fd)
    } catch {
      broken = cause
    }
  }
  return {
    append(sequence, plain) {
      if (broken !== null) throw broken
      const record = sealRecord(segment.keys, sequence, plain)
      try {
        writeWhole(place.disk, segment.fd, record, segment.length)
        place.disk.sync(segment.fd)
      } catch (error) {
        undo(error)
        throw error
      }
      segment.length += record.length
    },
    rotate(sequence) {
      const next = newSegment(place, sequence)
      closeSync(segment.fd)
      segment = next
    },
    bytes: () => segment.length,
    close() {
      closeSync(segment.fd)
      if (segment.length === fileHeadLength) rmSync(segment.file, { force: true })
    }
  }
}

import { createHmac } from 'node:crypto'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { damaged, listFiles, segmentFile, snapshotFile, writeWhole, type Disk } from './database-files.ts'

type Needs = { folder: string; key: Buffer; disk: Disk }

/** Remembers the newest record that is on disk. */
export type NewestRecord = { remember(sequence: number): void; close(): void }

const fileIn = (folder: string): string => join(folder, 'newest')

/**
 * The mark is written after the record is on disk, and nothing waits for it: after a power cut it may be older than the journal, never
 * newer. A disk that refuses it costs nothing but the check.
 */
export function createNewestRecord({ folder, key, disk }: Needs): NewestRecord {
  let file: number | null = null
  let isRefused = false
  return {
    remember(sequence) {
      if (isRefused) return
      try {
        file ??= openSync(fileIn(folder), 'w', 0o600)
        writeWhole(disk, file, mark(key, sequence), 0)
      } catch {
        isRefused = true
      }
    },
    close() {
      if (file !== null) closeSync(file)
    }
  }
}

/**
 * Asked before the journal is read, the answer says afterwards whether it was read as far as it was written: it throws ProblemError
 * `data-folder-damaged` where not. A crash leaves half a record, but never takes a whole one away. Without a mark, as in a backup,
 * everything is taken as it is.
 */
export function expectNewest({ folder, key }: Pick<Needs, 'folder' | 'key'>): (sequence: number) => void {
  const newest = newestRecord(folder, key)
  return (sequence) => {
    if (newest !== null && newest > sequence) throw damaged(lastFile(folder), `it ends with change ${sequence}, although ${newest} were on disk. Where there is no backup, remove the file “newest” beside it to go on with what is left`)
  }
}

function lastFile(folder: string): string {
  const { segments, snapshots } = listFiles(folder)
  const [segment, snapshot] = [segments.at(-1), snapshots.at(-1)]
  return segment !== undefined ? segmentFile(folder, segment) : snapshot !== undefined ? snapshotFile(folder, snapshot) : folder
}

function newestRecord(folder: string, key: Buffer): number | null {
  const bytes = read(fileIn(folder))
  if (bytes?.length !== markLength) return null
  const sequence = Number(bytes.readBigUInt64BE(0))
  return Number.isSafeInteger(sequence) && mark(key, sequence).equals(bytes) ? sequence : null
}

function read(file: string): Buffer | null {
  try {
    return readFileSync(file)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

const markLength = 24
function mark(key: Buffer, sequence: number): Buffer {
  const number = Buffer.alloc(8)
  number.writeBigUInt64BE(BigInt(sequence))
  return Buffer.concat([number, createHmac('sha256', key).update('newest record').update(number).digest().subarray(0, 16)])
}

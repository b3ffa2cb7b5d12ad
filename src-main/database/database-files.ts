import { closeSync, fdatasyncSync, fsyncSync, ftruncateSync, openSync, readSync, readdirSync, renameSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { ProblemError } from '#contract/problem.ts'
import { fileKeys, keyMark, type FileKeys } from './file-keys.ts'

/** The calls of the file system that writing goes through; a test puts a failing disk in their place. */
export type Disk = { write(fd: number, bytes: Uint8Array, offset: number, length: number, position: number): number; sync(fd: number): void; truncate(fd: number, length: number): void }
export const realDisk: Disk = { write: writeSync, sync: fdatasyncSync, truncate: ftruncateSync }

export type DatabaseFiles = { snapshots: number[]; segments: number[]; leftovers: string[] }

/** Head of every file: kind (4), key mark (8), salt (16), first or last sequence number (8). */
export const fileHeadLength = 36
const digits = (sequence: number): string => String(sequence).padStart(14, '0')
export const snapshotFile = (folder: string, sequence: number): string => join(folder, `snapshot-${digits(sequence)}`)
export const segmentFile = (folder: string, sequence: number): string => join(folder, `journal-${digits(sequence)}`)

/** The files of a database, by the sequence number in their names, in order. A snapshot holds all up to its number; a segment begins with its own. */
export function listFiles(folder: string): DatabaseFiles {
  const names = readdirSync(folder).sort()
  const numbers = (kind: string) => names.flatMap((name) => (new RegExp(`^${kind}-\\d{14}$`).test(name) ? [Number(name.slice(kind.length + 1))] : []))
  return { snapshots: numbers('snapshot'), segments: numbers('journal'), leftovers: names.filter((name) => name.endsWith('.tmp')).map((name) => join(folder, name)) }
}

/** Begins a file: its head, and the keys that go with it. */
export function newFileHead(kind: 'MRJ1' | 'MRS1', key: Buffer, sequence: number): { head: Buffer; keys: FileKeys } {
  const salt = randomBytes(16)
  const number = Buffer.alloc(8)
  number.writeBigUInt64BE(BigInt(sequence))
  return { head: Buffer.concat([Buffer.from(kind, 'latin1'), keyMark(key), salt, number]), keys: fileKeys(key, salt) }
}

/** Reads the head of a file. Throws ProblemError `data-folder-damaged` where it is none, or was written with another data key. */
export function readFileHead(kind: 'MRJ1' | 'MRS1', key: Buffer, file: string, bytes: Buffer): { sequence: number; keys: FileKeys } {
  if (bytes.length < fileHeadLength || bytes.toString('latin1', 0, 4) !== kind) throw damaged(file, 'it does not begin as it should')
  if (!bytes.subarray(4, 12).equals(keyMark(key))) throw damaged(file, 'it was encrypted with another data key')
  return { sequence: Number(bytes.readBigUInt64BE(28)), keys: fileKeys(key, bytes.subarray(12, 28)) }
}

export const damaged = (file: string, reason: string): ProblemError => new ProblemError({ code: 'data-folder-damaged', file, reason })

/** Writes all of `bytes`; a disk that takes a part of them is asked again until it takes the rest or refuses. */
export function writeWhole(disk: Disk, fd: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) done += disk.write(fd, bytes, done, bytes.length - done, position + done)
}

/** Makes a file appear under its name with all of its content, or not at all. */
export function publishFile(disk: Disk, folder: string, file: string, write: (fd: number) => void): void {
  const temporary = `${file}.tmp`
  try {
    const fd = openSync(temporary, 'w', 0o600)
    try {
      write(fd)
      disk.sync(fd)
    } finally {
      closeSync(fd)
    }
    renameSync(temporary, file)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
  syncFolderNow(folder)
}

export function syncFolderNow(folder: string): void {
  if (process.platform === 'win32') return
  const fd = openSync(folder, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/** Fills `into` from the file, or as far as the file goes. */
export function readAt(fd: number, position: number, into: Buffer): Buffer {
  let done = 0
  for (;;) {
    const got = readSync(fd, into, done, into.length - done, position + done)
    done += got
    if (got === 0 || done === into.length) return into.subarray(0, done)
  }
}

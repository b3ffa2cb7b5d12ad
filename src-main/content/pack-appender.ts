import { mkdir, open, type FileHandle } from 'node:fs/promises'
import { syncFolder } from '../data-folder/write-file-durably.ts'
import type { ContentPlace } from './content-store.ts'
import { packFile, type PackNumbers } from './pack-file.ts'
import { newestOf, packsIn } from './pack-files.ts'

/** Appends records to the newest pack. Writes of the same moment go out together. */
export interface PackAppender {
  append(pieces: Buffer[]): Promise<ContentPlace>
  /** Resolves when all that was appended before is on disk. */
  flush(): Promise<void>
  /** Nothing is appended to the packs that are there now any more. */
  rollOver(): Promise<void>
  close(): Promise<void>
}
type OpenPack = { handle: FileHandle; pack: number; length: number; unsynced: boolean }
type Job = { pieces: Buffer[]; length: number; resolve(place: ContentPlace): void; reject(error: unknown): void }

/** One appender for a folder and a range of numbers at a time. Nothing is made before the first append. A full pack (`packSize` bytes) is followed by a new one. */
export function createPackAppender(folder: string, packSize: number, numbers: PackNumbers): PackAppender {
  let current: OpenPack | null = null
  let jobs: Job[] = []
  let work: Promise<void> = Promise.resolve()
  const afterwards = (step: () => Promise<void>): Promise<void> => {
    const done = work.then(step)
    work = done.catch(() => undefined)
    return done
  }

  const writeJobs = async () => {
    while (jobs.length > 0) {
      const batch = takeBatch()
      try {
        current = await room(current, folder, packSize, numbers)
        const start = current.length
        await writeAll(current, batch)
        let offset = start
        for (const { length, resolve } of batch) {
          resolve({ pack: current.pack, offset, length })
          offset += length
        }
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
  }
  const takeBatch = (): Job[] => {
    let bytes = 0
    let count = 0
    for (const job of jobs) {
      if (count > 0 && (bytes + job.length > 8 << 20 || count >= 200)) break
      bytes += job.length
      count += 1
    }
    const batch = jobs.slice(0, count)
    jobs = jobs.slice(count)
    return batch
  }
  const flush = async () => {
    if (current?.unsynced !== true) return
    await current.handle.datasync()
    current.unsynced = false
  }
  return {
    append: (pieces) =>
      new Promise((resolve, reject) => {
        jobs.push({ pieces, length: pieces.reduce((sum, piece) => sum + piece.length, 0), resolve, reject })
        if (jobs.length === 1) void afterwards(writeJobs)
      }),
    flush: () => afterwards(flush),
    rollOver: () =>
      afterwards(async () => {
        await flush()
        await current?.handle.close()
        current = null
        if (newestOf(await packsIn(folder), numbers) > 0) current = await beginPack(folder, numbers)
      }),
    close: () =>
      afterwards(async () => {
        await current?.handle.close()
        current = null
      })
  }
}

/** The pack to write to: the present one, the newest in the folder, or a new one once that is full. */
async function room(current: OpenPack | null, folder: string, packSize: number, numbers: PackNumbers): Promise<OpenPack> {
  if (current !== null && current.length < packSize) return current
  await mkdir(folder, { recursive: true, mode: 0o700 })
  if (current !== null) {
    await current.handle.datasync()
    await current.handle.close()
  }
  const newest = newestOf(await packsIn(folder), numbers)
  const continued = current === null && newest > 0 && numbers.goesOn ? await openPack(folder, newest, 'r+') : null
  if (continued !== null && continued.length < packSize) return continued
  await continued?.handle.close()
  return beginPack(folder, numbers)
}

async function beginPack(folder: string, numbers: PackNumbers): Promise<OpenPack> {
  const made = await openPack(folder, Math.max(newestOf(await packsIn(folder), numbers), numbers.from - 1) + 1, 'wx+')
  await syncFolder(folder)
  return made
}

async function openPack(folder: string, pack: number, flags: string): Promise<OpenPack> {
  const handle = await open(packFile(folder, pack), flags, 0o600)
  return { handle, pack, length: (await handle.stat()).size, unsynced: true }
}

async function writeAll(pack: OpenPack, batch: Job[]): Promise<void> {
  const start = pack.length
  let position = start
  try {
    pack.unsynced = true
    for (const piece of batch.flatMap(({ pieces }) => pieces)) {
      for (let done = 0; done < piece.length; ) done += (await pack.handle.write(piece, done, piece.length - done, position + done)).bytesWritten
      position += piece.length
    }
    pack.length = position
  } catch (error) {
    // A full disk gets its room back; the next append begins at the same place in any case.
    await pack.handle.truncate(start).catch(() => undefined)
    throw error
  }
}

import { open, type FileHandle } from 'node:fs/promises'
import { ProblemError } from '#contract/problem.ts'
import { withDiskProblems } from '../data-folder/disk-problem.ts'
import { unlessMissing } from '../data-folder/unless-missing.ts'
import type { ContentPlace, ContentStore, StoredContent } from './content-store.ts'
import { createPackAppender } from './pack-appender.ts'
import { addressOf, contentKeys, packFile, packNumbers, sealContent, unsealContent, type PackNumbers } from './pack-file.ts'

export type ContentNeeds = { folder: string; dataKey: Buffer; packSize?: number; numbers?: PackNumbers }

/** Contents of this run that were appended already, so that a message that comes twice is stored once. */
const remembered = 10_000

/**
 * Opens the content store of a folder. Any number may read; one at a time may append, in one process. Throws ProblemError
 * `disk-full`, `data-folder-unwritable`, `data-folder-damaged`.
 */
export function openContentStore({ folder, dataKey, packSize = 256 << 20, numbers = packNumbers.taking }: ContentNeeds): ContentStore {
  const keys = contentKeys(dataKey)
  const appender = createPackAppender(folder, packSize, numbers)
  const places = new Map<string, ContentPlace>()
  const readers = new Map<number, Promise<FileHandle>>()

  const reader = (pack: number): Promise<FileHandle> => {
    const known = readers.get(pack)
    if (known) return known
    const opened = open(packFile(folder, pack), 'r')
    readers.set(pack, opened)
    opened.catch(() => readers.delete(pack))
    return opened
  }
  const closeReaders = async () => {
    const all = [...readers.values()]
    readers.clear()
    await Promise.all(all.map(async (opened) => (await opened).close()))
  }
  return {
    async append(raw): Promise<StoredContent> {
      const address = addressOf(keys, raw)
      const known = places.get(address)
      if (known) return { address, place: known, size: raw.length }
      const place = await withDiskProblems(folder, () => appender.append(sealContent(keys, address, raw)))
      if (places.size >= remembered) places.clear()
      places.set(address, place)
      return { address, place, size: raw.length }
    },
    flush: () => withDiskProblems(folder, () => appender.flush()),
    async read(address, place) {
      const record = Buffer.allocUnsafe(place.length)
      const got = await readAll(await reader(place.pack).catch(unlessMissing(null)), record, place.offset)
      const raw = got ? unsealContent(keys, address, record) : null
      if (raw === null) throw new ProblemError({ code: 'data-folder-damaged', file: packFile(folder, place.pack), reason: got ? `the message at byte ${place.offset} is not the one that was stored` : `the message at byte ${place.offset} is missing` })
      return raw
    },
    async copy(place) {
      const record = Buffer.allocUnsafe(place.length)
      if (!(await readAll(await reader(place.pack).catch(unlessMissing(null)), record, place.offset))) return null
      return withDiskProblems(folder, () => appender.append([record]))
    },
    async retire(packs) {
      await withDiskProblems(folder, () => appender.rollOver())
      for (const [address, { pack }] of places) if (packs.includes(pack)) places.delete(address)
    },
    async letGo(packs) {
      for (const pack of packs) {
        const opened = readers.get(pack)
        readers.delete(pack)
        await (await opened?.catch(unlessMissing(null)))?.close()
      }
    },
    async close() {
      await appender.close()
      await closeReaders()
    }
  }
}

async function readAll(handle: FileHandle | null, into: Buffer, offset: number): Promise<boolean> {
  if (handle === null) return false
  for (let done = 0; done < into.length; ) {
    const { bytesRead } = await handle.read(into, done, into.length - done, offset + done)
    if (bytesRead === 0) return false
    done += bytesRead
  }
  return true
}

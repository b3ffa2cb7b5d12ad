import { readdir, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { StorageUsage } from '#contract/storage.ts'

type Part = StorageUsage['parts'][number]
const partOf: Readonly<Record<string, Part['part']>> = { content: 'messages', database: 'database', errors: 'error-records', logs: 'logs', window: 'window' }
const parts: readonly Part['part'][] = ['messages', 'database', 'error-records', 'logs', 'window', 'other']
const filesAtOnce = 64

/** Bytes and files below a data folder by what they are for; a file that goes meanwhile is no fault. */
export async function measureFolder(folder: string): Promise<Part[]> {
  const sums = new Map(parts.map((part): [Part['part'], Part] => [part, { part, bytes: 0, files: 0 }]))
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const sum = sums.get(entry.isDirectory() ? (partOf[entry.name] ?? 'other') : 'other')
    if (sum !== undefined) await addUp(join(folder, entry.name), entry.isDirectory(), sum)
  }
  return [...sums.values()]
}

/** Bytes that the file system has left for who is no administrator of it. */
export async function freeOnDisk(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

async function addUp(path: string, isFolder: boolean, sum: Part): Promise<void> {
  if (!isFolder) {
    const size = await sizeOf(path)
    if (size === null) return
    sum.bytes += size
    sum.files += 1
    return
  }
  const entries = await readdir(path, { withFileTypes: true }).catch(unlessGone)
  const files = (entries ?? []).filter((entry) => entry.isFile())
  for (let start = 0; start < files.length; start += filesAtOnce) await Promise.all(files.slice(start, start + filesAtOnce).map(({ name }) => addUp(join(path, name), false, sum)))
  for (const entry of entries ?? []) if (entry.isDirectory()) await addUp(join(path, entry.name), true, sum)
}

const sizeOf = (file: string): Promise<number | null> => stat(file).then(({ size }) => size, unlessGone)
const unlessGone = (error: unknown): null => {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
  throw error
}

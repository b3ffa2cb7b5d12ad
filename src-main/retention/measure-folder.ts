import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { StorageUsage } from '#contract/storage.ts'

type Part = StorageUsage['parts'][number]
type Measured = Pick<Part, 'bytes' | 'files'>
const partOf: Readonly<Record<string, Part['part']>> = { content: 'messages', database: 'database', errors: 'error-records', logs: 'logs', window: 'window' }
const parts: readonly Part['part'][] = ['messages', 'database', 'error-records', 'logs', 'window', 'other']
const filesAtOnce = 64

/** Bytes and files below a data folder by what they are for; a file that goes meanwhile is no fault. */
export async function measureFolder(folder: string): Promise<Part[]> {
  const sums = new Map(parts.map((part): [Part['part'], Part] => [part, { part, bytes: 0, files: 0 }]))
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const sum = sums.get(entry.isDirectory() ? (partOf[entry.name] ?? 'other') : 'other')
    const path = join(folder, entry.name)
    if (sum !== undefined) add(sum, entry.isDirectory() ? await measureBelow(path) : await measureFiles([path]))
  }
  return [...sums.values()]
}

/** Bytes and files below a folder; nothing where it is not there. */
export async function measureBelow(folder: string): Promise<Measured> {
  const entries = (await readdir(folder, { withFileTypes: true }).catch(unlessGone)) ?? []
  const sum = await measureFiles(entries.filter((entry) => entry.isFile()).map(({ name }) => join(folder, name)))
  for (const entry of entries) if (entry.isDirectory()) add(sum, await measureBelow(join(folder, entry.name)))
  return sum
}

/** Those of the files that are there. */
export async function measureFiles(files: readonly string[]): Promise<Measured> {
  const sum = { bytes: 0, files: 0 }
  for (let start = 0; start < files.length; start += filesAtOnce)
    for (const found of await Promise.all(files.slice(start, start + filesAtOnce).map((file) => stat(file).catch(unlessGone)))) if (found !== null) add(sum, { bytes: found.size, files: 1 })
  return sum
}

function add(sum: Measured, { bytes, files }: Measured): void {
  sum.bytes += bytes
  sum.files += files
}

const unlessGone = (error: unknown): null => {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
  throw error
}

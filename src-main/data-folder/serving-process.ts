import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { parseJson } from './parse-json.ts'
import { writeFileDurably } from './write-file-durably.ts'

/** How the process that serves a data folder can be asked by others of the same user: a port on the loopback address and the key of its door. */
export type ServingProcess = { processId: number; port: number; key: string }

const servingFile = z.object({ processId: z.int(), port: z.int().min(1).max(65_535), key: z.string().min(40).max(100) })
const ownerFile = z.object({ processId: z.int() })

/** Writes it where only the folder's owner can read it (mode 0600); returns what takes it away. */
export async function noteServingProcess(folder: string, serving: ServingProcess): Promise<() => Promise<void>> {
  const file = join(folder, 'serving.json')
  await writeFileDurably(file, `${JSON.stringify(serving)}\n`)
  return () => rm(file, { force: true })
}

/** null where none serves the folder: what a process that was killed left behind, or what belongs to another than holds the folder now, does not count. */
export async function findServingProcess(folder: string): Promise<ServingProcess | null> {
  const [serving, owner] = [servingFile.safeParse(await read(join(folder, 'serving.json'))), ownerFile.safeParse(await read(join(folder, 'owner.json')))]
  return serving.success && owner.success && serving.data.processId === owner.data.processId ? serving.data : null
}

const read = async (file: string): Promise<unknown> => parseJson(await readFile(file, 'utf8').catch(() => ''))

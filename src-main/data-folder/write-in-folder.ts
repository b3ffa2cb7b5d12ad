import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { withDiskProblems } from './disk-problem.ts'
import { writeFileDurably } from './write-file-durably.ts'

/** Writes a file as a whole into a folder, made where missing; on disk when the promise resolves. Throws ProblemError `disk-full`, `data-folder-unwritable`. */
export const writeInFolder = (folder: string, name: string, content: Uint8Array): Promise<void> =>
  withDiskProblems(folder, async () => {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await writeFileDurably(join(folder, name), content)
  })

import { access, type FileHandle } from 'node:fs/promises'
import type { Download } from '#contract/download.ts'
import { ProblemError } from '#contract/problem.ts'
import type { Core } from './command.ts'
import { fileProblem } from './file-problem.ts'
import { beginNewFile } from './new-file.ts'

/** Throws ProblemError `file-exists` where there is something at the path already. */
export async function mustNotExist(file: string): Promise<void> {
  if (await access(file).then(() => true, () => false)) throw new ProblemError({ code: 'file-exists', file })
}

/**
 * Writes a file that the core makes, piece by piece, to a new file that only its owner can read. Nothing is overwritten; the file appears
 * under its name when all of it is on disk, and a download that was cancelled or failed leaves none. Throws ProblemError `file-exists`, `file-unreadable`, and what the making throws.
 */
export async function saveDownload(core: Pick<Core, 'call'>, { downloadId }: Download, file: string): Promise<void> {
  const made = await beginNewFile(file).catch(async (error: unknown) => {
    await core.call('download.cancel', { downloadId })
    throw fileProblem(file, error)
  })
  try {
    await writePieces(core, downloadId, made.handle, file)
    await ofFile(file, made.publish())
  } catch (thrown) {
    // Half a file is worse than none.
    await made.discard()
    await core.call('download.cancel', { downloadId })
    throw thrown
  }
}

async function writePieces(core: Pick<Core, 'call'>, downloadId: string, target: FileHandle, file: string): Promise<void> {
  for (;;) {
    const { base64, done } = await core.call('download.next', { downloadId })
    await ofFile(file, target.writeFile(Buffer.from(base64, 'base64')))
    if (done) return
  }
}

const ofFile = (file: string, work: Promise<void>): Promise<void> => work.catch((error: unknown) => { throw fileProblem(file, error) })

import { readFile, stat } from 'node:fs/promises'
import { ProblemError } from '#contract/problem.ts'
import type { Tools } from './command.ts'

/** A failure of the file system as a problem that names the file as it was typed. */
export function fileProblem(file: string, error: unknown): ProblemError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ENOENT' || code === 'ENOTDIR') return new ProblemError({ code: 'file-not-found', file }, { cause: error })
  if (code === 'EEXIST') return new ProblemError({ code: 'file-exists', file }, { cause: error })
  return new ProblemError({ code: 'file-unreadable', file, reason: reasons.get(code) ?? (code === '' ? 'unknown reason' : code) }, { cause: error })
}

const reasons: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'this user has no permission'], ['EPERM', 'this user has no permission'], ['EISDIR', 'it is a folder'], ['ENOSPC', 'the disk is full'], ['EROFS', 'the disk is read-only'], ['ENAMETOOLONG', 'the name is too long']
])

/** Throws ProblemError `file-not-found` or `file-unreadable` unless it is a file that can be opened. */
export async function mustBeFile(file: string): Promise<void> {
  const found = await stat(file).catch((error: unknown) => { throw fileProblem(file, error) })
  if (found.isDirectory()) throw new ProblemError({ code: 'file-unreadable', file, reason: 'it is a folder' })
}

/** The bytes of a file, for `-` those of stdin; throws ProblemError. */
export async function readInput(file: string, { terminal }: Pick<Tools, 'terminal'>): Promise<Buffer> {
  if (file === '-') return terminal.readAll()
  try {
    return await readFile(file)
  } catch (error) {
    throw fileProblem(file, error)
  }
}

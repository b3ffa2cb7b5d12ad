import { ProblemError } from '#contract/problem.ts'
import type { Problem } from '#contract/problem.ts'

const words: Record<string, string> = {
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EISDIR: 'a folder is where a file should be',
  EEXIST: 'a file is where the folder should be',
  ENOENT: 'the folder does not exist and cannot be created here',
  EIO: 'the disk reported an input/output error',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  ENAMETOOLONG: 'the path is too long',
  ELOOP: 'too many symbolic links'
}
const full = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

/** What a failed file operation below `folder` means; null where it is not an error of the file system. */
export function diskProblem(error: unknown, folder: string): Problem | null {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
  if (code === null || error instanceof ProblemError) return null
  if (full.has(code)) return { code: 'disk-full', folder }
  const reason = words[code]
  return reason === undefined ? null : { code: 'data-folder-unwritable', folder, reason }
}

/** Runs `work`; what the file system refuses comes out as ProblemError `disk-full` or `data-folder-unwritable`. */
export async function withDiskProblems<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    const problem = diskProblem(error, folder)
    if (problem === null) throw error
    throw new ProblemError(problem, { cause: error })
  }
}

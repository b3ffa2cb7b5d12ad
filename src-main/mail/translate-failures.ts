import { ProblemError, type Problem } from '#contract/problem.ts'

/**
 * Does the work; what it throws leaves as ProblemError with the problem that `problemOf` sees in it and the error as its cause. Where
 * `problemOf` sees none the error is a bug and is thrown as it is.
 */
export async function translateFailures<Result>(work: () => Promise<Result>, problemOf: (error: unknown) => Promise<Problem | null> | Problem | null): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ProblemError) throw error
    const problem = await problemOf(error)
    throw problem === null ? error : new ProblemError(problem, { cause: error })
  }
}

import { ProblemError, type Problem } from '#contract/problem.ts'

/** Something that a worker thread threw, as it can be posted; `problem` null: a bug. */
export type ThreadFailure = { problem: Problem | null; message: string }

export const failureOf = (error: unknown): ThreadFailure => ({ problem: error instanceof ProblemError ? error.problem : null, message: error instanceof Error ? error.message : String(error) })

/** What is thrown on the other side. */
export const errorOf = ({ problem, message }: ThreadFailure): Error => (problem === null ? new Error(message) : new ProblemError(problem))

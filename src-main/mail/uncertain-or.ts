import { ProblemError } from '#contract/problem.ts'
import { mayHaveBeenDone } from './connection/may-have-been-done.ts'

/** `mail-uncertain` for a request with a mail that went out whole and had no answer, whoever ended the connection; anything else is thrown as it is. */
export function uncertainOr(error: unknown, server: string): never {
  if (error instanceof ProblemError && error.problem.code === 'mail-uncertain') throw error
  throw mayHaveBeenDone(error) ? new ProblemError({ code: 'mail-uncertain', server, serverSaid: '' }, { cause: error }) : error
}

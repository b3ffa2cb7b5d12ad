import { ProblemError } from '#contract/problem.ts'
import type { HttpStream } from './connection/http-client.ts'
import { readBody } from './connection/json-answer.ts'
import { mayHaveBeenDone } from './connection/may-have-been-done.ts'

/** `mail-uncertain` for a request with a mail that went out whole and had no answer, whoever ended the connection; anything else is thrown as it is. */
export function uncertainOr(error: unknown, server: string): never {
  if (error instanceof ProblemError && error.problem.code === 'mail-uncertain') throw error
  throw mayHaveBeenDone(error) ? new ProblemError({ code: 'mail-uncertain', server, serverSaid: '' }, { cause: error }) : error
}

/** The body of an answer whose status says that mail was taken; `mail-uncertain` where it breaks off, since it may have been. */
export const readTaken = (answer: HttpStream, server: string): Promise<Buffer> =>
  readBody(answer).catch((cause: unknown) => Promise.reject(new ProblemError({ code: 'mail-uncertain', server, serverSaid: String(answer.status) }, { cause })))

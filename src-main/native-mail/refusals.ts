import { ProblemError } from '#contract/problem.ts'

/** An answer that refuses: the text begins with the enhanced status code (RFC 3463). */
export type Refusal = Error & { responseCode: number }
export const refusal = (responseCode: number, text: string): Refusal => Object.assign(new Error(text), { responseCode })

export const relayingDenied = (): Refusal => refusal(550, '5.7.1 Relaying denied')
export const noSuchMailbox = (): Refusal => refusal(550, '5.1.1 There is no such mailbox here')
export const tooManyConnections = (): Refusal => refusal(421, '4.7.0 Too many connections from your address, try again later')
export const noRoomNow = (): Refusal => refusal(452, '4.3.1 Too much mail at once, try again later')

/** What a client is told of a message that could not be taken: never that it will not be taken later, and nothing of why. */
export function notTaken(thrown: unknown): Refusal {
  const code = thrown instanceof ProblemError ? thrown.problem.code : null
  if (code === 'disk-full') return refusal(452, '4.3.1 Insufficient storage, try again later')
  if (code === 'vault-locked' || code === 'cancelled') return refusal(421, '4.3.2 The service is not available now, try again later')
  return refusal(451, '4.3.0 The message could not be stored, try again later')
}

import type { Problem } from '#contract/problem.ts'
import { entraErrorIn, entraProblem } from './entra-problem.ts'
import { strangeAnswer, type HeardAnswer } from './heard-answer.ts'
import type { TokenRequest } from './token-issuer.ts'

/** What the last answer of Entra means; `otherwise` is MSAL's own code, said where the answer explains nothing. null: there was no answer. */
export function answerProblem(last: HeardAnswer | null, otherwise: string, asked: TokenRequest): Problem {
  const { server, settings } = asked
  const unexplained: Problem = { code: 'token-refused', server, serverSaid: otherwise }
  if (last === null) return unexplained
  const strange = strangeAnswer(last, asked)
  const { error, error_description, error_codes, suberror } = last.json ?? {}
  if (last.status === 429 || typeof error !== 'string' || error === '') return strange ?? unexplained
  const text = (value: unknown): string => (typeof value === 'string' ? value : '')
  const description = text(error_description)
  const codes = Array.isArray(error_codes) ? error_codes.map(Number) : (entraErrorIn(description)?.codes ?? [])
  const problem = entraProblem({ error, description, codes, suberror: text(suberror) }, { server, settings, clockAheadMs: asked.clockAheadMs() })
  return problem.code === 'token-refused' && strange !== null ? strange : problem
}

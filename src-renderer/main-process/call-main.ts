import type { CallAnswer, CallInput, CallName } from '#contract/calls.ts'
import { ProblemError, type Problem } from '#contract/problem.ts'
import { bridge } from './bridge.ts'

/** Asks the core. Throws ProblemError when the answer is a problem. */
export const callMain = async <Name extends CallName>(name: Name, input: CallInput<Name>): Promise<CallAnswer<Name>> => {
  const answer = await bridge.call(name, input)
  if (!answer.ok) throw new ProblemError(answer.problem)
  return answer.value as CallAnswer<Name>
}

/** The problem in anything that was thrown; what is no ProblemError is a bug of the page. */
export const problemOf = (thrown: unknown): Problem => (thrown instanceof ProblemError ? thrown.problem : { code: 'unexpected', reference: `page: ${String(thrown)}` })

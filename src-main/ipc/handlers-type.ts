import type { CallAnswer, CallName, ParsedInput } from '#contract/calls.ts'
import type { CallContext } from '../console.ts'

/** One handler for each call of the contract; a forgotten one fails to compile. Throws ProblemError. */
export type Handlers = { [Name in CallName]: (input: ParsedInput<Name>, context: CallContext) => Promise<CallAnswer<Name>> }

import type { Answer } from '#contract/bridge.ts'
import { calls, type CallName, type NeededRole, type Role } from '#contract/calls.ts'
import { ProblemError, type InputIssue, type Problem } from '#contract/problem.ts'
import type { CallContext } from '../console.ts'
import type { Log } from '../log/create-log.ts'
import { secretsIn } from '../log/redact.ts'
import { reportProblem } from '../log/report-problem.ts'
import { nearestName } from '#contract/nearest-name.ts'
import type { Handlers } from './handlers-type.ts'
import { createWorkOwners, type WorkOwners } from './work-owners.ts'

type DoorNeeds = { handlers: Partial<Handlers>; log: Log; newReference: () => string }

/**
 * The only way in, for the window, the browser and the command line: the call is in the table, the role may ask it, the input fits
 * its schema. Answers with plain data and never throws; whether the sender is ours was checked by the host before.
 */
export function createDoor({ handlers, log, newReference }: DoorNeeds) {
  const owners = createWorkOwners()
  return async function answer(name: string, input: unknown, context: CallContext): Promise<Answer<unknown>> {
    try {
      return { ok: true, value: await passOn(handlers, owners, name, input, context) }
    } catch (error) {
      if (error instanceof ProblemError) {
        if (error.problem.code === 'not-allowed') log.warning(`${printable(context.who)} as ${context.role} may not call ${printable(name)}`)
        return { ok: false, problem: error.problem }
      }
      const reference = newReference()
      reportProblem(log, reference, `call ${printable(name)} as ${context.role}`, error, secretsIn(input))
      return { ok: false, problem: { code: 'unexpected', reference } }
    }
  }
}

async function passOn(handlers: Partial<Handlers>, owners: WorkOwners, name: string, input: unknown, context: CallContext): Promise<unknown> {
  if (!isCall(name) || handlers[name] === undefined)
    throw new ProblemError({ code: 'not-found', what: 'call', name: printable(name), nearest: nearestName(String(name), Object.keys(calls)) })
  if (!mayCall(calls[name].role, context.role)) throw new ProblemError({ code: 'not-allowed', call: name, role: String(context.role) })
  const parsed = calls[name].input.safeParse(input)
  if (!parsed.success) throw new ProblemError(invalidInput(parsed.error.issues))
  owners.heard(name, parsed.data, context)
  const handler = handlers[name] as (input: unknown, context: CallContext) => Promise<unknown>
  return handler(parsed.data, context)
}

const isCall = (name: unknown): name is CallName => typeof name === 'string' && Object.hasOwn(calls, name)
const printable = (name: unknown): string => String(name).slice(0, 80).replace(/[^\x20-\x7e]/g, '?')

/** An administrator may do all that support may; `anyone` still means somebody with one of the two roles. */
export function mayCall(needed: NeededRole, role: Role): boolean {
  if (role === 'administrator') return true
  return role === 'support' && (needed === 'support' || needed === 'anyone')
}

type ZodIssue = { path: PropertyKey[]; message: string }

/** Only the place and the words of each issue: what was typed is left out, since it may be a secret. */
function invalidInput(issues: readonly ZodIssue[]): Problem {
  return { code: 'invalid-input', issues: issues.map((issue): InputIssue => ({ path: issue.path.map(String).join('.'), message: issue.message })) }
}

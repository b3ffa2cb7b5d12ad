import { ProblemError } from '#contract/problem.ts'
import type { CallContext } from '../console.ts'

/** Progress tells the ids of works to every page, so that knowing one must not be enough to end somebody else's. */
export type WorkOwners = { heard(name: string, input: unknown, context: CallContext): void }

const mostRemembered = 1_000

/** Remembers what administrators began, which support may not cancel; an administrator may cancel all. Throws ProblemError `not-allowed`. */
export function createWorkOwners(): WorkOwners {
  // Nothing of support's is remembered, so that support cannot make this forget.
  const ofAdministrators = new Set<string>()
  return {
    heard(name, input, { role }) {
      const workId = workIdIn(input)
      if (workId === null) return
      if (name === 'work.cancel') {
        if (role !== 'administrator' && ofAdministrators.has(workId)) throw new ProblemError({ code: 'not-allowed', call: name, role })
      } else if (role === 'administrator') {
        ofAdministrators.add(workId)
        const oldest = ofAdministrators.keys().next().value
        if (ofAdministrators.size > mostRemembered && oldest !== undefined) ofAdministrators.delete(oldest)
      }
    }
  }
}

const workIdIn = (input: unknown): string | null => (typeof input === 'object' && input !== null && 'workId' in input && typeof input.workId === 'string' ? input.workId : null)

import { ProblemError } from '#contract/problem.ts'
import type { CallContext } from '../console.ts'

/** Progress tells the ids of works to every page, so that knowing one must not be enough to end somebody else's. */
export type WorkOwners = { heard(name: string, input: unknown, context: CallContext): void }

const mostRemembered = 1_000

/** Remembers who began which work. Support may cancel what support began; an administrator may cancel all. Throws ProblemError `not-allowed`. */
export function createWorkOwners(): WorkOwners {
  const begunBy = new Map<string, CallContext['role']>()
  return {
    heard(name, input, { role }) {
      const workId = workIdIn(input)
      if (workId === null) return
      if (name !== 'work.cancel') {
        // Who names a running work of somebody else is refused by that work; it does not become theirs.
        if (!begunBy.has(workId)) begunBy.set(workId, role)
        const oldest = begunBy.keys().next().value
        if (begunBy.size > mostRemembered && oldest !== undefined) begunBy.delete(oldest)
      } else if (role !== 'administrator' && begunBy.get(workId) === 'administrator') throw new ProblemError({ code: 'not-allowed', call: name, role })
    }
  }
}

const workIdIn = (input: unknown): string | null => (typeof input === 'object' && input !== null && 'workId' in input && typeof input.workId === 'string' ? input.workId : null)

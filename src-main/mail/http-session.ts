import { ProblemError, type ProblemCode } from '#contract/problem.ts'
import type { ConnectionNeeds } from './incoming-transport.ts'
import type { OutgoingSession } from './outgoing-transport.ts'

/** What a provider that is asked over HTTP takes at once, whatever the settings say. https://learn.microsoft.com/graph/throttling-limits#outlook-service-limits */
export const mostRequestsAtOnce = 4

const endsIt: readonly ProblemCode[] = ['connection-dropped', 'server-silent', 'mail-uncertain', 'cancelled']

/** A session over HTTP: connections come and go below it, so that only a failed one, `close` or the signal ends it. */
export function httpSession({ signal }: Pick<ConnectionNeeds, 'signal'>, send: OutgoingSession['send'], close: () => void): OutgoingSession {
  let isOpen = true
  const end = (): void => {
    if (!isOpen) return
    isOpen = false
    signal.removeEventListener('abort', end)
    close()
  }
  if (signal.aborted) end()
  else signal.addEventListener('abort', end, { once: true })
  return {
    async send(message) {
      if (!isOpen) throw new ProblemError({ code: 'cancelled' })
      try {
        return await send(message)
      } catch (error) {
        if (error instanceof ProblemError && endsIt.includes(error.problem.code)) end()
        throw error
      }
    },
    isUsable: () => isOpen,
    close: end
  }
}

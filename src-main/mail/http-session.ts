import { ProblemError, type ProblemCode } from '#contract/problem.ts'
import type { ConnectionNeeds } from './incoming-transport.ts'
import type { OutgoingSession } from './outgoing-transport.ts'

/** What a provider that is asked over HTTP takes at once, whatever the settings say. https://learn.microsoft.com/graph/throttling-limits#outlook-service-limits */
export const mostRequestsAtOnce = 4

const endsIt: readonly ProblemCode[] = ['connection-dropped', 'server-silent', 'mail-uncertain', 'cancelled']

/** A session over HTTP, once `reach` has signed in and connected. Connections come and go below it: a failed one, `close` and the signal end it. */
export async function httpSession({ signal }: Pick<ConnectionNeeds, 'signal'>, reach: () => Promise<void>, send: OutgoingSession['send'], close: () => void): Promise<OutgoingSession> {
  let isOpen = true
  const end = (): void => {
    if (!isOpen) return
    isOpen = false
    signal.removeEventListener('abort', end)
    close()
  }
  signal.addEventListener('abort', end, { once: true })
  const orEnd = async <Result>(work: Promise<Result>, ends: (error: unknown) => boolean): Promise<Result> => {
    try {
      return await work
    } catch (error) {
      if (ends(error)) end()
      throw error
    }
  }
  if (signal.aborted) end()
  if (!isOpen) throw new ProblemError({ code: 'cancelled' })
  await orEnd(reach(), () => true)
  return {
    async send(message) {
      if (!isOpen) throw new ProblemError({ code: 'cancelled' })
      return orEnd(send(message), (error) => error instanceof ProblemError && endsIt.includes(error.problem.code))
    },
    isUsable: () => isOpen,
    close: end
  }
}

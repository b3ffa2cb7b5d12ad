import type { OutgoingServer } from '#contract/outgoing-server.ts'
import { ProblemError, type Problem } from '#contract/problem.ts'
import type { OutgoingSession } from '../mail/outgoing-transport.ts'
import type { FailOverClock } from './fail-over.ts'

export type OpenSession = (server: OutgoingServer, signal: AbortSignal) => Promise<OutgoingSession>

/** A sign-in has several steps, each of which may take as long as the server's time-out. */
const openMs = 300_000
const stepsOfSignIn = 6
/** A mail has so long, and a second more for each 1,000 bytes. */
const sendMs = 3_600_000
/** What was called off says within this time how it ended. */
const afterAbortMs = 5_000

/**
 * Transports bound every wait of their own; what hangs all the same, such as a keychain that asks somebody, must not hold a server's mail for ever: opening then fails with
 * `connection-timed-out`, and sending with `mail-uncertain`. A session that comes too late is closed.
 */
export const withPatience = (clock: FailOverClock, open: OpenSession): OpenSession => async (server, signal) => {
  const opening = open(server, signal)
  const afterMs = openMs + stepsOfSignIn * server.timeoutMs
  const session = await inTime(opening, { clock, signal, afterMs, late: { code: 'connection-timed-out', afterMs, host: server.host, port: server.port } }).catch((error: unknown) => {
    opening.then((late) => late.close(), () => undefined)
    throw error
  })
  let isOverdue = false
  return {
    async send(message) {
      const sending = session.send(message)
      const late: Problem = { code: 'mail-uncertain', server: server.name, serverSaid: '' }
      return inTime(sending, { clock, signal, afterMs: sendMs + message.raw.length, late, overdue: () => { isOverdue = true; session.close() } })
    },
    isUsable: () => !isOverdue && session.isUsable(),
    close: () => session.close()
  }
}

/** `late` is thrown where the work takes longer than `afterMs`, or goes on after it was called off. */
export type Bound = { clock: FailOverClock; signal: AbortSignal; afterMs: number; late: Problem; overdue?: () => void }

export function inTime<Result>(work: Promise<Result>, { clock, signal, afterMs, late, overdue }: Bound): Promise<Result> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => {
      overdue?.()
      end(() => reject(new ProblemError(late)))
    }
    let callOff = clock.after(afterMs, giveUp)
    const onAbort = (): void => {
      callOff()
      callOff = clock.after(afterAbortMs, giveUp)
    }
    const end = (settle: () => void): void => {
      callOff()
      signal.removeEventListener('abort', onAbort)
      settle()
    }
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
    work.then((result) => end(() => resolve(result)), (error: unknown) => end(() => reject(error)))
  })
}

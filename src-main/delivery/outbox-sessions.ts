import type { FailOverClock } from './fail-over.ts'
import type { Route } from './routes.ts'
import type { OutgoingSession } from '../mail/outgoing-transport.ts'

/** A session and how often it was used. */
export type UsedSession = { session: OutgoingSession; server: Route['server']; uses: number }

export type OutboxSessionsNeeds = { clock: FailOverClock; open: (server: Route['server'], signal: AbortSignal) => Promise<OutgoingSession> }

/** Sessions that stay open from mail to mail. Whoever takes one gives it back, or ends it; what nobody takes for a while is closed. */
export type OutboxSessions = {
  /** One that is open already, or a new one. Throws ProblemError. */
  take(route: Route, signal: AbortSignal): Promise<UsedSession>
  giveBack(used: UsedSession): void
  /** Closes what nobody uses. */
  closeIdle(): void
}

const idleMs = 15_000
const mostMails = 100

export function createOutboxSessions({ clock, open }: OutboxSessionsNeeds): OutboxSessions {
  let idle: (UsedSession & { callOff: () => void })[] = []
  const forget = (one: UsedSession): void => {
    idle = idle.filter((other) => other !== one)
    one.session.close()
  }
  return {
    async take({ server }, signal) {
      for (let one = idle.pop(); one !== undefined; one = idle.pop()) {
        one.callOff()
        if (one.server === server && one.session.isUsable()) return one
        one.session.close()
      }
      return { session: await open(server, signal), server, uses: 0 }
    },
    giveBack({ session, server, uses }) {
      if (!session.isUsable() || uses >= mostMails) return session.close()
      const one = { session, server, uses, callOff: (): void => undefined }
      one.callOff = clock.after(idleMs, () => forget(one))
      idle.push(one)
    },
    closeIdle() {
      for (const one of idle.splice(0)) {
        one.callOff()
        one.session.close()
      }
    }
  }
}

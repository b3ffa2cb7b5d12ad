import { ProblemError, type Problem } from '#contract/problem.ts'
import type { WireNotes } from '../data-folder/wire-notes.ts'
import type { StoredMail } from '../database/outbox-table.ts'
import type { OutgoingMessage, SendAnswer } from '../mail/outgoing-transport.ts'
import type { UsedSession } from './outbox-sessions.ts'
import type { Route } from './routes.ts'

/** A mail that can go on the wire. `begun`: whether it stands on disk as under way; null: nobody asked for that yet. `generation`: of the configuration that it was written by. */
export type Prepared = { mail: StoredMail; route: Route; generation: number; message: OutgoingMessage; begun: Promise<boolean> | null; /** Whether that is on disk. */ isMarked: boolean }

/** Nothing was sent where it was cancelled meanwhile (`not-waiting`), or is to be written by another configuration (`outdated`). `used` is the session that can take the next. */
export type TryOutcome = { used: UsedSession | null } & ({ kind: 'sent'; answer: SendAnswer } | { kind: 'failed'; problem: Problem } | { kind: 'not-waiting' | 'outdated' })

export type TryNeeds = {
  /** A session that is open already, or a new one. */
  take: (route: Route) => Promise<UsedSession>
  open: (route: Route) => Promise<UsedSession>
  giveBack: (used: UsedSession) => void
  begin: (prepared: Prepared) => Promise<boolean>
  problemIn: (thrown: unknown, during: string) => Problem
  /** False once the configuration that the mail was written by is gone, or the console closes. */
  isCurrent: (prepared: Prepared) => boolean
  wire: Pick<WireNotes, 'begin' | 'end'>
}

const mostMails = 100

/**
 * Sends a mail: first a session, then the mark on disk that it is under way, then the wire. A session that was used before may have ended meanwhile; where the message was not
 * whole yet the same mail goes at once over a new one. `onWire` is called once the mail is. Never rejects.
 */
export async function trySending(needs: TryNeeds, before: UsedSession | null, prepared: Prepared, onWire: () => void): Promise<TryOutcome> {
  let used = before
  const lost = (thrown: unknown, during: string): TryOutcome => {
    used?.session.close()
    return { used: null, kind: 'failed', problem: needs.problemIn(thrown, during) }
  }
  try {
    used = await sessionFor(needs, used, prepared.route)
    if (!(await (prepared.begun ??= needs.begin(prepared)))) return { used, kind: 'not-waiting' }
    // Opening takes as long as the server likes.
    if (!needs.isCurrent(prepared)) return { used, kind: 'outdated' }
  } catch (thrown) {
    return lost(thrown, 'beginning to send a mail')
  }
  const sending = send(needs, used, prepared)
  onWire()
  try {
    return { used, kind: 'sent', answer: await sending }
  } catch (thrown) {
    const problem = needs.problemIn(thrown, 'sending a mail')
    if (!isStale(used, problem) || !needs.isCurrent(prepared)) return keepUsable(used, problem)
    used.session.close()
  }
  try {
    used = await needs.open(prepared.route)
    if (!needs.isCurrent(prepared)) return { used, kind: 'outdated' }
    return { used, kind: 'sent', answer: await send(needs, used, prepared) }
  } catch (thrown) {
    return keepUsable(used, needs.problemIn(thrown, 'sending a mail'))
  }
}

async function send({ wire }: TryNeeds, used: UsedSession, { mail, message }: Prepared): Promise<SendAnswer> {
  wire.begin(mail.id)
  used.uses += 1
  try {
    const answer = await used.session.send(message)
    wire.end(mail.id, 'sent')
    return answer
  } catch (thrown) {
    if (thrown instanceof ProblemError && thrown.problem.code !== 'mail-uncertain') wire.end(mail.id, 'not-taken')
    throw thrown
  }
}

async function sessionFor(needs: TryNeeds, used: UsedSession | null, route: Route): Promise<UsedSession> {
  if (used !== null && used.server === route.server && used.uses < mostMails && used.session.isUsable()) return used
  if (used !== null) needs.giveBack(used)
  return needs.take(route)
}

/** RFC 5321 3.8: a server may send a 421 or close whenever it likes; what it did not have whole it did not take. */
const isStale = ({ uses }: UsedSession, { code }: Problem): boolean => uses > 1 && (code === 'connection-dropped' || code === 'server-busy')

function keepUsable(used: UsedSession, problem: Problem): TryOutcome {
  if (used.session.isUsable()) return { used, kind: 'failed', problem }
  used.session.close()
  return { used: null, kind: 'failed', problem }
}

import type { OutgoingServer } from '#contract/outgoing-server.ts'
import type { Problem } from '#contract/problem.ts'
import type { Database, Transaction } from '../database/database.ts'
import type { MailTables } from '../database/mail-tables.ts'
import type { ListedMail } from '../database/outbox-table.ts'
import type { Clock } from '../fetching/clock.ts'
import { isGivenUp } from '../model/after-try.ts'
import { nextTryInMs } from '../model/next-try.ts'
import { inTime } from './outbox-patience.ts'

export type UncertainMail = Pick<ListedMail, 'id' | 'kind' | 'to' | 'messageId' | 'termFrom' | 'tries' | 'server' | 'through'>
export type OutboxAskNeeds = {
  database: Database
  tables: Pick<MailTables, 'outbox'>
  clock: Clock
  chance: () => number
  /** The configured server of that name, and all that may have sent its mail this way; null: it is gone. */
  senders: (name: string, through: 'primary' | 'alternate') => Promise<{ server: OutgoingServer; ways: readonly OutgoingServer[] } | null>
  /** Whether the mailbox has a copy of what it sent under this Message-ID; null where that cannot be told. Throws ProblemError. */
  wasSent: (server: OutgoingServer, messageId: string, signal: AbortSignal) => Promise<boolean | null>
  giveUpAfterHours: () => Promise<number>
  /** Nobody can say it, and a person has to. */
  unanswered: (mail: UncertainMail, problem: Problem) => void
  /** The mail is not uncertain any more. */
  settled: () => void
  reportUnexpected: (thrown: unknown, during: string) => unknown
}

/** Finds out what became of mail that was under way when the connection or the console ended. */
export type OutboxAsk = {
  /** `isOld`: a person was asked before, and decides. */
  about(mail: UncertainMail, isOld?: boolean): void
  close(): Promise<void>
}

/** A provider files its copy a little later than it answers: only then does its absence say that nothing was sent. */
const filedAfterMs = 60_000
const mostQuestions = 12
const atOnce = 4
/** Whoever has not answered by then is away. */
const answerMs = 600_000

/** `ways` are those that were asked first, as text. */
type Asking = { mail: UncertainMail; isOld: boolean; ways: string | null }

export function createOutboxAsk(needs: OutboxAskNeeds): OutboxAsk {
  const { database, tables: { outbox }, clock } = needs
  const ending = new AbortController()
  const waiting = new Set<() => void>()
  const underWay = new Set<Promise<void>>()
  const toAsk: (() => Promise<void>)[] = []
  const newest = new Map<number, Asking>()

  const later = (ms: number, work: () => Promise<void>): void => {
    const callOff = clock.after(ms, () => { waiting.delete(callOff); start(work) })
    waiting.add(callOff)
  }
  const start = (work: () => Promise<void>): void => {
    toAsk.push(work)
    next()
  }
  /** After a restart, or a connection that was lost, there may be many. */
  const next = (): void => {
    const work = ending.signal.aborted || underWay.size >= atOnce ? undefined : toAsk.shift()
    if (work === undefined) return
    const done: Promise<void> = work().finally(() => {
      underWay.delete(done)
      next()
    })
    underWay.add(done)
    next()
  }

  /** What cannot be read or written is asked for again: else nobody would hear of the mail before the next start. */
  const ask = (asking: Asking, questions: number, wasMissing: boolean): Promise<void> => question(asking, questions, wasMissing).catch((thrown: unknown) => {
    needs.reportUnexpected(thrown, 'asking whether a mail was sent')
    if (!isOver(asking)) later(nextTryInMs(questions, needs.chance()), () => ask(asking, questions + 1, wasMissing))
  })
  async function question(asking: Asking, questions: number, wasMissing: boolean): Promise<void> {
    const { mail, isOld } = asking
    if (isOver(asking)) return
    const found = mail.server === null ? null : await needs.senders(mail.server, mail.through ?? 'primary')
    const answer = found === null || !isTheSame(asking, found.ways) ? null : await answerOf(found.ways, mail.messageId)
    if (isOver(asking)) return
    if (answer === 'unreachable' && questions < mostQuestions) return later(nextTryInMs(questions, needs.chance()), () => ask(asking, questions + 1, wasMissing))
    if (answer === false && !wasMissing) return later(filedAfterMs, () => ask(asking, questions + 1, true))
    if (answer === true) return settle(asking, (transaction) => outbox.arrived(transaction, [mail.id], isoAt(clock.now())))
    if (answer === false) return sendAgain(asking, 0)
    const isWorn = isGivenUp({ ageMs: clock.now() - Date.parse(mail.termFrom), tries: mail.tries, hours: await needs.giveUpAfterHours() })
    if (!isOld && found?.server.whenUncertain === 'send-again' && !isWorn) return sendAgain(asking, nextTryInMs(Math.max(1, mail.tries), needs.chance()))
    const [now] = await outbox.some(database, [mail.id])
    const isOpen = !isOver(asking) && isIt(asking, now)
    forget(asking)
    if (isOld || !isOpen) return
    needs.unanswered(mail, { code: 'mail-uncertain', server: mail.server ?? '', serverSaid: '' })
    await database.transaction((transaction) => outbox.personAsked(transaction, mail.id))
  }
  /** True where one has it, false where none can have it. */
  async function answerOf(ways: readonly OutgoingServer[], messageId: string): Promise<boolean | null | 'unreachable'> {
    let answer: boolean | null | 'unreachable' = ways.length === 0 ? null : false
    for (const way of ways) {
      const said = await inTime(needs.wasSent(way, messageId, ending.signal), { clock, signal: ending.signal, afterMs: answerMs, late: { code: 'server-silent', afterMs: answerMs, host: way.host, port: way.port } }).catch(() => 'unreachable' as const)
      if (said === true) return true
      if (said !== false && answer !== 'unreachable') answer = said
    }
    return answer
  }
  const sendAgain = (asking: Asking, afterMs: number): Promise<void> => settle(asking, (transaction) => outbox.waitNow(transaction, [asking.mail.id], isoAt(clock.now() + afterMs), ['uncertain']))
  async function settle(asking: Asking, work: (transaction: Transaction) => Promise<unknown>): Promise<void> {
    await database.transaction(async (transaction) => {
      const [now] = await outbox.some(transaction, [asking.mail.id])
      if (!isOver(asking) && isIt(asking, now)) await work(transaction)
    })
    forget(asking)
    needs.settled()
  }
  /** Another try of the mail has an uncertain end of its own: what is found out of the one before says nothing any more. */
  const isOver = (asking: Asking): boolean => ending.signal.aborted || newest.get(asking.mail.id) !== asking
  const forget = (asking: Asking): void => void (newest.get(asking.mail.id) === asking && newest.delete(asking.mail.id))

  return {
    about(mail, isOld = false) {
      const asking: Asking = { mail, isOld, ways: null }
      newest.set(mail.id, asking)
      start(() => ask(asking, 1, false))
    },
    async close() {
      ending.abort()
      for (const callOff of waiting) callOff()
      await Promise.all(underWay)
    }
  }
}

/** A mailbox that was configured meanwhile has no copy of what another has sent. */
const isTheSame = (asking: Asking, ways: readonly OutgoingServer[]): boolean => (asking.ways ??= JSON.stringify(ways)) === JSON.stringify(ways)
/** Numbers of mails that were taken out are given again. */
const isIt = ({ mail }: Asking, now: ListedMail | undefined): boolean => now?.state === 'uncertain' && now.messageId === mail.messageId

const isoAt = (time: number): string => new Date(time).toISOString()

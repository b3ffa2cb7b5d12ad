import type { CallAnswer } from '#contract/calls.ts'
import { ProblemError, type Problem } from '#contract/problem.ts'
import type { EventListener } from '../console.ts'
import type { Database } from '../database/database.ts'
import type { MailTables } from '../database/mail-tables.ts'
import type { StoredMail } from '../database/outbox-table.ts'
import type { FailOverClock } from './fail-over.ts'
import { nextTryInMs } from '../model/next-try.ts'
import type { Delivery } from './send-mail.ts'

export type OutboxNeeds = {
  database: Database
  tables: Pick<MailTables, 'outbox' | 'people'>
  sendAutomatic: Delivery['sendAutomatic']
  /** Whether people's own format counts. */
  formatPerPerson: () => Promise<boolean>
  clock: FailOverClock
  /** A number from 0 to 1. */
  chance: () => number
  announce: EventListener
  /** Writes a line into the log; it must hold no secret. */
  logWarning: (text: string) => void
  reportUnexpected: (thrown: unknown, during: string) => Problem
}

/** Mail that goes out by itself: on disk before it counts, sent one by one, tried again later and later for three days. */
export type Outbox = {
  begin(): void
  /** Says that there may be something to send. */
  wake(): void
  list(): Promise<CallAnswer<'outbox.list'>>
  /** Tries everything that waits now; resolves when each was tried once. */
  flush(): Promise<{ tried: number }>
  close(): Promise<void>
}

const atOnce = 100
const mostListed = 1000
const longestMs = 3 * 86_400_000
const looksEveryMs = 60_000
/** Another try of these would end the same way. */
const isFinal = ({ code }: Problem): boolean => code === 'recipient-refused' || code === 'mail-refused' || code === 'mail-too-large'

export function createOutbox(needs: OutboxNeeds): Outbox {
  const { database, tables: { outbox }, clock } = needs
  const closing = new AbortController()
  let underWay: Promise<unknown> = Promise.resolve()
  let callOff = (): void => undefined
  let isAwake = false

  const sendDue = async (): Promise<number> => {
    let tried = 0
    for (let due = await dueNow(); due.length > 0 && !closing.signal.aborted; due = await dueNow())
      for (const mail of due) {
        if (closing.signal.aborted) break
        await sendOne(needs, mail, closing.signal)
        tried += 1
      }
    if (tried > 0) needs.announce('outbox-changed', {})
    return tried
  }
  const dueNow = (): Promise<StoredMail[]> => outbox.due(database, new Date(clock.now()).toISOString(), atOnce)
  const oneByOne = (): Promise<number> => {
    const turn = underWay.then(sendDue)
    underWay = turn.catch((thrown: unknown) => { if (!closing.signal.aborted) needs.reportUnexpected(thrown, 'sending from the outbox') })
    return turn
  }
  const look = (): void => {
    isAwake = false
    if (closing.signal.aborted) return
    callOff()
    oneByOne().catch(() => undefined).finally(() => { if (!closing.signal.aborted) callOff = clock.after(looksEveryMs, look) })
  }

  return {
    begin: look,
    wake() {
      if (isAwake || closing.signal.aborted) return
      isAwake = true
      callOff()
      callOff = clock.after(0, look)
    },
    list: async () => (await outbox.list(database, mostListed)).map(({ id, to, subject, request, createdAt, tries, nextAt, problem }) => ({ id, to, subject, request, createdAt, tries, nextTryAt: nextAt, problem })),
    async flush() {
      await database.transaction((transaction) => outbox.retryAllNow(transaction, new Date(clock.now()).toISOString()))
      return { tried: await oneByOne() }
    },
    async close() {
      closing.abort(new ProblemError({ code: 'cancelled' }))
      callOff()
      await underWay
    }
  }
}

async function sendOne(needs: OutboxNeeds, mail: StoredMail, signal: AbortSignal): Promise<void> {
  const { database, tables: { outbox }, clock } = needs
  try {
    await needs.sendAutomatic({ ...mail, text: mail.content, notice: mail.kind === 'notice', format: await formatOf(needs, mail.to) }, signal)
  } catch (thrown) {
    if (signal.aborted) return
    const problem = thrown instanceof ProblemError ? thrown.problem : needs.reportUnexpected(thrown, 'sending an automatic mail')
    const age = clock.now() - Date.parse(mail.createdAt)
    if (!isFinal(problem) && age < longestMs) {
      const tries = mail.tries + 1
      await database.transaction((transaction) => outbox.retryLater(transaction, mail.id, tries, new Date(clock.now() + nextTryInMs(tries, needs.chance())).toISOString(), problem))
      return
    }
    needs.logWarning(`An automatic mail to ${mail.to} was given up after ${mail.tries + 1} tries: ${problem.code}`)
  }
  await database.transaction((transaction) => outbox.delete(transaction, [mail.id]))
}

async function formatOf({ database, tables, formatPerPerson }: OutboxNeeds, address: string): Promise<'html' | 'plain' | null> {
  if (!(await formatPerPerson())) return null
  return (await tables.people.byAddresses(database, [address])).get(address.toLowerCase())?.format ?? null
}

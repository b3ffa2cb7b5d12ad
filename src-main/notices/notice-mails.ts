import { categoryOf } from '#contract/notice.ts'
import type { Settings } from '#contract/settings.ts'
import type { EventListener } from '../console.ts'
import type { Database, Transaction } from '../database/database.ts'
import type { MailTables } from '../database/mail-tables.ts'
import type { NoticeMailRow } from '../database/notice-mails-table.ts'
import { alsoTold, noticeMail, type ToldByMail } from '../model/notice-mail.ts'
import { whomToTell } from '../model/whom-to-tell.ts'

export type NoticeMailsNeeds = {
  database: Database
  tables: Pick<MailTables, 'noticeMails' | 'outbox'>
  settings: () => Promise<Settings>
  clock: { now(): number; after(ms: number, work: () => void): () => void }
  newId: () => string
  /** By which server mail goes: one of this name, where there is one, else that of the partition; `domain` is that of its sender, for the Message-ID. */
  ways: () => Promise<(through: string | null, partition: string) => { wantedServer: string | null; domain: string }>
  announce: EventListener
  /** There is mail to be sent. */
  wakeOutbox: () => void
  /** Writes a line into the log; it must hold no secret. */
  logWarning: (text: string) => void
}

/**
 * Notification mails by the rules of the settings. The first about a kind of trouble at a server goes at once; what happens of it again within
 * `mailEveryMinutes` is told in one mail when that time is over, together with all else that is due. Where much happens at many servers, five
 * go at once and the rest in one. What goes through different servers, by its category, is told in mails of its own. What is sent or held back is on disk when `tell` resolves: a restart loses nothing.
 */
export type NoticeMails = {
  tell(told: ToldByMail): Promise<void>
  begin(): void
  close(): Promise<void>
}

type WayOf = Awaited<ReturnType<NoticeMailsNeeds['ways']>>

const mostAtOnce = 5
/** What is due so soon after something else is told together with it. */
const togetherMs = 60_000
const soonestMs = 1_000
const afterFailureMs = 60_000

export function createNoticeMails(needs: NoticeMailsNeeds): NoticeMails {
  const { database, tables: { noticeMails, outbox }, clock } = needs
  let closed = false
  let callOff = (): void => undefined
  let underWay: Promise<unknown> = Promise.resolve()

  const isoAt = (time: number): string => new Date(time).toISOString()
  /** A time to come says that the clock was put back. */
  const isOver = ({ toldAt }: NoticeMailRow, everyMs: number, graceMs = 0): boolean => Date.parse(toldAt) + everyMs <= clock.now() + graceMs || Date.parse(toldAt) > clock.now() + togetherMs

  async function tell(told: ToldByMail): Promise<void> {
    const { alerts } = await needs.settings()
    if (whomToTell(alerts, told).length === 0) return
    const everyMs = alerts.mailEveryMinutes * 60_000
    const wayOf = await needs.ways()
    const sent = await database.transaction(async (transaction) => {
      const rows = await noticeMails.all(transaction)
      const subject = `${told.kind} ${told.server}`
      const row = rows.find((one) => one.subject === subject)
      const recent = rows.filter((one) => !isOver(one, everyMs))
      const mustWait = (row !== undefined && (row.held !== null || !isOver(row, everyMs))) || recent.length >= mostAtOnce || (await outbox.hasStuckNotice(transaction))
      if (mustWait) {
        await noticeMails.put(transaction, { subject, toldAt: row?.toldAt ?? recent[0]?.toldAt ?? isoAt(clock.now()), held: JSON.stringify(row === undefined || row.held === null ? told : alsoTold(JSON.parse(row.held) as ToldByMail, told)) })
        return 0
      }
      await noticeMails.put(transaction, { subject, toldAt: isoAt(clock.now()), held: null })
      return post(transaction, alerts, wayOf, [told])
    })
    if (sent > 0) posted()
    await wait()
  }

  /** Puts one mail for each person and server into the outbox; answers how many. */
  async function post(transaction: Transaction, alerts: Settings['alerts'], wayOf: WayOf, all: readonly ToldByMail[]): Promise<number> {
    const at = isoAt(clock.now())
    const byPlace = new Map<string, { to: string; through: string | null; told: ToldByMail[] }>()
    for (const told of all)
      for (const to of whomToTell(alerts, told)) {
        const { through } = alerts.categories[categoryOf[told.kind]]
        const place = JSON.stringify([to.toLowerCase(), through])
        const theirs = byPlace.get(place) ?? { to, through, told: [] }
        theirs.told.push(told)
        byPlace.set(place, theirs)
      }
    const mails = [...byPlace.values()].map(({ to, through, told }) => {
      const { subject, text } = noticeMail(told)
      const partition = told[0]?.partition ?? ''
      const { wantedServer, domain } = wayOf(through, partition)
      return { partition, wantedServer, to, subject, content: text, inReplyTo: null, messageId: `<${needs.newId()}@${domain}>`, request: null, createdAt: at, tries: 0, nextAt: at, problem: null, kind: 'notice' as const }
    })
    await outbox.add(transaction, mails)
    return mails.length
  }
  function posted(): void {
    needs.announce('outbox-changed', {})
    needs.wakeOutbox()
  }

  /** Tells what was held back and is due. */
  async function sumUp(): Promise<void> {
    const { alerts } = await needs.settings()
    const everyMs = alerts.mailEveryMinutes * 60_000
    const wayOf = await needs.ways()
    const sent = await database.transaction(async (transaction) => {
      const rows = await noticeMails.all(transaction)
      for (const row of rows) if (row.held === null && isOver(row, everyMs)) await noticeMails.forget(transaction, row.subject)
      const held = rows.filter((row) => row.held !== null)
      if (!held.some((row) => isOver(row, everyMs))) return 0
      // One that could not be sent says enough until it is gone; what is held back is told after it.
      const isStuck = await outbox.hasStuckNotice(transaction)
      const due = held.filter((row) => isOver(row, everyMs, togetherMs))
      const toldAt = isoAt(clock.now())
      for (const row of due) await noticeMails.put(transaction, { ...row, toldAt, held: isStuck ? row.held : null })
      return isStuck ? 0 : post(transaction, alerts, wayOf, due.map((row) => JSON.parse(row.held ?? '') as ToldByMail))
    })
    if (sent > 0) posted()
  }

  const warn = (thrown: unknown): void => needs.logWarning(`a notification mail failed: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
  const look = (): void => {
    underWay = sumUp().then(() => wait(), (thrown: unknown) => (warn(thrown), wait(afterFailureMs)))
  }
  /** Looks again when something held back is due, `atSoonest` from now; where nobody can say when that is, in a while. Never throws. */
  async function wait(atSoonest = soonestMs): Promise<void> {
    const ms = closed ? null : await untilDue().catch((thrown: unknown) => (warn(thrown), afterFailureMs))
    if (ms === null || closed) return
    callOff()
    callOff = clock.after(Math.max(atSoonest, ms), look)
  }
  async function untilDue(): Promise<number | null> {
    const first = await noticeMails.firstHeld(database)
    if (first === null) return null
    const everyMs = (await needs.settings()).alerts.mailEveryMinutes * 60_000
    return Math.min(everyMs, Date.parse(first) + everyMs - clock.now())
  }

  return {
    tell,
    begin: look,
    async close() {
      closed = true
      callOff()
      await underWay
    }
  }
}

import type { CallAnswer, ParsedInput } from '#contract/calls.ts'
import { outboxStates, type OutboxRow, type OutboxState } from '#contract/outbox.ts'
import { ProblemError, type Problem } from '#contract/problem.ts'
import type { Database } from '../database/database.ts'
import type { MailTables } from '../database/mail-tables.ts'
import type { Lane, ListedMail } from '../database/outbox-table.ts'

export type OutboxListsNeeds = {
  database: Database
  tables: Pick<MailTables, 'outbox'>
  now: () => number
  /** What names mail of a configured server. */
  laneOf: (server: string) => Promise<Exclude<Lane, null>>
  /** Until when what waits there is left alone, because its server is away; null: it is not. */
  standingOf: (mail: Pick<ListedMail, 'wantedServer' | 'partition'>) => Promise<{ until: number; problem: Problem } | null>
  safeHtml: (html: string) => string
  /** Something can be sent that could not be before, although its server was away. */
  released: () => void
  changed: () => void
}

/** The calls `outbox.…` that look at mail and change it by hand. */
export type OutboxLists = {
  list(asked: ParsedInput<'outbox.list'>): Promise<CallAnswer<'outbox.list'>>
  /** Throws ProblemError `not-found`. */
  show(asked: ParsedInput<'outbox.show'>): Promise<CallAnswer<'outbox.show'>>
  cancel(asked: ParsedInput<'outbox.cancel'>): Promise<CallAnswer<'outbox.cancel'>>
  sendAgain(asked: ParsedInput<'outbox.send-again'>): Promise<CallAnswer<'outbox.send-again'>>
  arrived(asked: ParsedInput<'outbox.arrived'>): Promise<CallAnswer<'outbox.arrived'>>
}

const mostTries = 50
/** What a person may take out, or try again: not what is under way, and what was sent is only taken off the list. */
const unsent: readonly OutboxState[] = ['waiting', 'held', 'uncertain', 'refused']

export function createOutboxLists(needs: OutboxListsNeeds): OutboxLists {
  const { database, tables: { outbox } } = needs
  const isoNow = (): string => new Date(needs.now()).toISOString()

  async function rowOf(mail: ListedMail): Promise<OutboxRow> {
    const standing = mail.state === 'waiting' ? await needs.standingOf(mail) : null
    const nextAt = standing === null ? mail.nextAt : new Date(Math.max(Date.parse(mail.nextAt), standing.until)).toISOString()
    return {
      id: mail.id, state: mail.state, kind: mail.kind, to: mail.to, subject: mail.subject, request: mail.request, partition: mail.partition, server: mail.server, through: mail.through, messageId: mail.messageId, createdAt: mail.createdAt,
      tries: mail.tries, nextTryAt: mail.state === 'waiting' ? nextAt : null, sentAt: mail.state === 'sent' ? mail.endedAt : null, serverSaid: mail.serverSaid, bytes: mail.bytes, problem: mail.problem ?? standing?.problem ?? null
    }
  }

  return {
    async list({ server, ...asked }) {
      const lane = server === null ? null : await needs.laneOf(server)
      const { mails, total } = await outbox.page(database, { ...asked, lane })
      const rows = await Promise.all(mails.map(rowOf))
      const counts = await outbox.countStates(database)
      const matching = lane === null && asked.request === null && asked.query.trim() === '' ? counts : await outbox.countStates(database, { ...asked, lane })
      return { rows, total, next: rows.length < asked.limit ? null : (rows.at(-1)?.id ?? null), counts, matching }
    },
    async show({ id }) {
      const mail = await outbox.find(database, id)
      if (mail === null) throw new ProblemError({ code: 'not-found', what: 'outbox mail', name: String(id), nearest: null })
      const { content, html, ...listed } = mail
      const row = await rowOf({ ...listed, bytes: content.length + (html ?? '').length })
      // A code is for whoever reads the address: who could read it here would need to show nothing.
      const text = mail.kind === 'code' ? content.replace(/\d{4} \d{4}/, '•••• ••••') : content
      return { ...row, text, html: html === null ? null : needs.safeHtml(html), inReplyTo: mail.inReplyTo, attempts: await outbox.triesOf(database, id, mostTries) }
    },
    async cancel({ ids, state }) {
      const done = await database.transaction(async (transaction) => {
        const states = state === null ? (ids === null ? unsent : outboxStates) : [state]
        const given = ids ?? (await outbox.idsIn(transaction, states))
        return outbox.cancel(transaction, given, states)
      })
      if (done.cancelled > 0) needs.changed()
      return done
    },
    async sendAgain({ ids }) {
      const waiting = await database.transaction((transaction) => outbox.waitNow(transaction, ids, isoNow(), unsent, true))
      if (waiting > 0) needs.changed()
      if (waiting > 0) needs.released()
      return { waiting }
    },
    async arrived({ ids }) {
      const settled = await database.transaction((transaction) => outbox.arrived(transaction, ids, isoNow()))
      if (settled > 0) needs.changed()
      return { settled }
    }
  }
}

import type { CallAnswer, CallName, ParsedInput } from '../../src-contract/calls.ts'
import type { EventName, Events } from '../../src-contract/events.ts'
import { outboxStates, type OutboxDetail, type OutboxRow, type OutboxState } from '../../src-contract/outbox.ts'
import type { Problem } from '../../src-contract/problem.ts'
import { ago } from './sample-configuration.ts'

type Needs = { announce: <Name extends EventName>(name: Name, detail: Events[Name]) => void; wished: (wish: string) => boolean; fail: (problem: Problem) => never }
type OutboxCall = Extract<CallName, `outbox.${string}`>
type OutboxCalls = { [Name in OutboxCall]: (input: ParsedInput<Name>) => CallAnswer<Name> | Promise<CallAnswer<Name>> }

const peer = { host: 'mail.example.com', port: 587 }
const people = ['ann.meyer@example.com', 'tomas.novak@example.com', 'joy.okafor@example.com', 'lucas.martin@example.com', 'yuki.tanaka@example.com']
const base = (id: number): OutboxRow => ({
  id, state: 'waiting', kind: 'acknowledgement', to: people[id % people.length] ?? '', subject: `Received: request ${1_100 + id}`, request: 1_100 + id, partition: 'IT', server: null, through: null,
  messageId: `<${id}.5f0c@example.com>`, createdAt: ago(id * 61_000 + 20_000), tries: 0, nextTryAt: new Date(Date.now() + 40_000).toISOString(), sentAt: null, serverSaid: '', bytes: 1_180 + id * 7, problem: null
})
const sent = { state: 'sent', tries: 1, nextTryAt: null, server: 'main', through: 'primary', serverSaid: '250 2.0.0 Ok: queued as 4XyZ1k', problem: null } as const

/** A mail in each state; their ids go down from the newest. */
const someMails = (): OutboxRow[] => [
  { ...base(16) },
  { ...base(15), kind: 'request-mail', subject: 'Re: [##1115##] Printer on floor 3 prints grey', state: 'sending', server: 'main', through: 'primary', nextTryAt: null, tries: 0 },
  { ...base(14), kind: 'request-mail', subject: 'Closed: [##1114##] Printer on floor 3 prints grey', tries: 3, server: 'main', through: 'primary', nextTryAt: new Date(Date.now() + 380_000).toISOString(), problem: { code: 'mail-deferred', server: 'main', serverSaid: '450 4.2.0 <joy.okafor@example.com>: Recipient address rejected: Greylisted, see http://postgrey.schweikert.ch/help/example.com.html' } },
  { ...base(13), state: 'uncertain', tries: 1, server: 'main', through: 'primary', nextTryAt: null, problem: { code: 'mail-uncertain', server: 'main', serverSaid: '' } },
  { ...base(12), state: 'held', nextTryAt: null, partition: 'Sales', problem: { code: 'outgoing-blocked', server: 'reserve' } },
  { ...base(11), kind: 'notice', subject: 'Mailroom: sales cannot be fetched', to: 'oncall@example.com', request: null, state: 'refused', tries: 1, server: 'main', through: 'primary', nextTryAt: null, problem: { code: 'recipient-refused', server: 'main', recipients: ['oncall@example.com'], serverSaid: '550 5.1.1 <oncall@example.com>: Recipient address rejected: User unknown in local recipient table' } },
  { ...base(10), ...sent, request: 1_114, subject: 'Received: request 1114', sentAt: ago(600_000) },
  ...[9, 8, 7, 6, 5, 4, 3].map((id): OutboxRow => ({ ...base(id), ...sent, sentAt: ago(id * 60_000) })),
  { ...base(2), ...sent, through: 'alternate', server: 'reserve', sentAt: ago(2_000_000) },
  { ...base(1), ...sent, kind: 'code', subject: 'Your code for it@example.com', request: null, sentAt: ago(3_000_000) }
]

const countsOf = (rows: readonly OutboxRow[]): Record<OutboxState, number> => Object.fromEntries(outboxStates.map((one) => [one, rows.filter(({ state }) => state === one).length])) as Record<OutboxState, number>

/** The outbox as the core plays it; `many` has 10 000 mails that wait, `quiet` has only what was sent. */
export const outboxCalls = ({ announce, wished, fail }: Needs): OutboxCalls => {
  let rows: OutboxRow[] = wished('empty') ? [] : wished('many') ? Array.from({ length: 10_000 }, (_, index) => base(10_000 - index)) : wished('quiet') ? someMails().filter(({ state }) => state === 'sent') : someMails()
  const changed = (): void => announce('outbox-changed', {})
  const edit = (ids: readonly number[], put: (row: OutboxRow) => OutboxRow): number => {
    rows = rows.map((row) => (ids.includes(row.id) ? put(row) : row))
    changed()
    return ids.length
  }
  Object.defineProperty(window, 'fakeOutbox', { value: (put: (rows: OutboxRow[]) => OutboxRow[]) => { rows = put(rows); changed() } })
  return {
    'outbox.list': ({ limit, before, state, server, request, query }) => {
      const fit = rows.filter((row) => (request === null || row.request === request) && (server === null || (row.server ?? 'main') === server) && `${row.to} ${row.subject}`.toLowerCase().includes(query.toLowerCase()))
      const all = fit.filter((row) => (state === null ? request !== null || row.state !== 'sent' : row.state === state))
      const shown = all.filter(({ id }) => before === null || id < before).slice(0, limit)
      const last = shown.at(-1)?.id ?? 0
      return { rows: shown, next: last > (all.at(-1)?.id ?? 0) ? last : null, total: all.length, counts: countsOf(rows), matching: countsOf(fit) }
    },
    'outbox.show': ({ id }): OutboxDetail => {
      const row = rows.find((one) => one.id === id) ?? fail({ code: 'not-found', what: 'outbox mail', name: String(id), nearest: null })
      const attempts = Array.from({ length: row.tries }, (_, index) => ({ at: ago((index + 1) * 400_000), server: row.server ?? 'main', through: row.through ?? ('primary' as const), problem: row.state === 'sent' ? null : index === 2 ? ({ code: 'connection-timed-out', afterMs: 30_000, ...peer } as const) : row.problem }))
      return { ...row, text: `Hello,\n\nyour mail has become request ${row.request ?? ''}. Answer this mail to add to it.\n\nIT Support`, html: row.kind === 'notice' || row.kind === 'code' ? null : `<p>Hello,</p><p>your mail has become request <b>${row.request ?? ''}</b>. Answer this mail to add to it.</p><p>IT Support</p>`, inReplyTo: row.request === null ? null : '<c1a2@client.example.org>', attempts }
    },
    'outbox.cancel': ({ ids, state }) => {
      const chosen = rows.filter((row) => (ids === null ? row.state === state : ids.includes(row.id)))
      const late = chosen.filter((row) => row.state === 'sending').length
      rows = rows.filter((row) => row.state === 'sending' || !chosen.includes(row))
      changed()
      return { cancelled: chosen.length - late, tooLate: late }
    },
    'outbox.send-again': ({ ids }) => ({ waiting: edit(ids, (row) => ({ ...row, state: 'waiting', nextTryAt: new Date().toISOString() })) }),
    'outbox.arrived': ({ ids }) => ({ settled: edit(ids, (row) => ({ ...row, ...sent, sentAt: new Date().toISOString() })) }),
    'outbox.flush': () => {
      const waiting = rows.filter(({ state }) => state === 'waiting')
      edit(waiting.map(({ id }) => id), (row) => ({ ...row, ...sent, sentAt: new Date().toISOString() }))
      return { tried: waiting.length, sent: waiting.length, refused: 0, left: 0 }
    }
  }
}

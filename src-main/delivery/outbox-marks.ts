import type { WireNotes } from '../data-folder/wire-notes.ts'
import type { Database } from '../database/database.ts'
import type { MailTables } from '../database/mail-tables.ts'
import type { TryEnd } from '../database/outbox-table.ts'
import type { FailOverClock } from './fail-over.ts'

export type OutboxMarksNeeds = {
  database: Database
  tables: Pick<MailTables, 'outbox'>
  clock: FailOverClock
  wire: Pick<WireNotes, 'vouches'>
  /** Whether mail is kept once it was sent or refused. */
  keepsEnded: () => Promise<boolean>
  reportUnexpected: (thrown: unknown, during: string) => unknown
}

/** What is written of mails under way. All that is asked for while one commit is on its way to the disk goes into the next. */
export type OutboxMarks = {
  /** Resolves when the mail stands on disk as under way; false: it does not wait any more, and must not be sent. Rejects where it could not be written. */
  begin(id: number, server: string, through: 'primary' | 'alternate'): Promise<boolean>
  /** Nothing of the mail was sent after all. */
  unbegin(id: number): Promise<void>
  /** Resolves when the end is on disk; what cannot be written is tried again. */
  end(end: TryEnd): Promise<void>
  /** Resolves when so little is unwritten that more may be sent. */
  room(): Promise<void>
  /** Resolves when everything is on disk. */
  rest(): Promise<void>
  close(): Promise<void>
}

/** So many ends at most are not on disk yet; fewer where nothing vouches for them after a crash. */
const mostUnwritten = { vouched: 100, unvouched: 50 }
const againAfterMs = 1_000
const setBackMs = 10_000

type Settle<Value> = { resolve(value: Value): void; reject(error: unknown): void }
type Batch = { begins: ({ id: number; server: string; through: 'primary' | 'alternate' } & Settle<boolean>)[]; unbegins: ({ id: number } & Settle<void>)[]; ends: ({ end: TryEnd } & Settle<void>)[] }
const emptyBatch = (): Batch => ({ begins: [], unbegins: [], ends: [] })

export function createOutboxMarks(needs: OutboxMarksNeeds): OutboxMarks {
  const most = needs.wire.vouches ? mostUnwritten.vouched : mostUnwritten.unvouched
  let batch = emptyBatch()
  let unwritten = 0
  let writing: Promise<void> | null = null
  let closed = false
  const waiting: (() => void)[] = []
  let cutShort = (): void => undefined

  let lastMark = 0
  /** No two commits have the same time: it tells which of them began a mail. A clock that was set back is followed. */
  const nextMark = (): number => {
    const now = needs.clock.now()
    return (lastMark = now > lastMark || now < lastMark - setBackMs ? now : lastMark + 1)
  }

  const write = async (now: Batch): Promise<ReadonlySet<number>> => {
    const { unbegins, ends } = now
    const keeps = ends.length === 0 || (await needs.keepsEnded())
    const gone = keeps ? [] : ends.filter(({ end: { state } }) => state === 'sent' || state === 'refused').map(({ end: { id } }) => id)
    // Each answer that is waited for costs a way to the thread of the database and back; where something goes, it is read first.
    const how = gone.length > 0 || ends.some(({ end }) => needs.tables.outbox.readsBefore(end)) ? 'step-by-step' : 'at-once'
    return needs.database.transaction(async (transaction) => {
      const { outbox } = needs.tables
      const at = new Date(nextMark()).toISOString()
      const begins = [...groupsOf(firstOf(now.begins)).values()].map((group) => outbox.begin(transaction, { ...group, at }))
      const rest = [outbox.end(transaction, ends.map(({ end }) => end)), outbox.delete(transaction, gone), outbox.unbegin(transaction, unbegins.map(({ id }) => id))]
      const [begun] = await Promise.all([Promise.all(begins), ...rest])
      return new Set(begun.flatMap((ids) => [...ids]))
    }, how)
  }
  const writeAll = async (): Promise<void> => {
    while (isAsked()) {
      await gathered()
      const now = batch
      batch = emptyBatch()
      try {
        const begun = await write(now)
        unwritten -= now.ends.length
        const first = new Set(firstOf(now.begins))
        for (const one of now.begins) one.resolve(begun.has(one.id) && first.has(one))
        for (const { resolve } of [...now.ends, ...now.unbegins]) resolve()
      } catch (thrown) {
        for (const { reject } of now.begins) reject(thrown)
        if (closed) for (const { reject } of [...now.ends, ...now.unbegins]) reject(thrown)
        else await later(now, thrown)
      }
      if (unwritten < most) for (const go of waiting.splice(0)) go()
    }
  }
  /** What happened on the wire has to be written some time. */
  const later = async ({ ends, unbegins }: Batch, thrown: unknown): Promise<void> => {
    batch = { begins: batch.begins, ends: [...ends, ...batch.ends], unbegins: [...unbegins, ...batch.unbegins] }
    if (ends.length + unbegins.length === 0) return
    needs.reportUnexpected(thrown, 'writing what became of mail in the outbox')
    await new Promise<void>((resolve) => {
      const callOff = needs.clock.after(againAfterMs, resolve)
      cutShort = () => { callOff(); resolve() }
    })
  }
  const isAsked = (): boolean => batch.begins.length + batch.unbegins.length + batch.ends.length > 0
  // What is asked for just as the last batch is done would find somebody writing who looks no more.
  const begin = (): void => {
    writing ??= Promise.resolve().then(writeAll).finally(() => { writing = null; if (isAsked()) begin() })
  }

  return {
    begin: (id, server, through) => new Promise((resolve, reject) => { batch.begins.push({ id, server, through, resolve, reject }); begin() }),
    unbegin: (id) => new Promise((resolve, reject) => { batch.unbegins.push({ id, resolve, reject }); begin() }),
    end: (end) => new Promise((resolve, reject) => { unwritten += 1; batch.ends.push({ end, resolve, reject }); begin() }),
    room: async () => { while (unwritten >= most && !closed) await new Promise<void>((resolve) => waiting.push(resolve)) },
    rest: async () => { while (writing !== null) await writing },
    async close() {
      closed = true
      cutShort()
      for (const go of waiting.splice(0)) go()
      while (writing !== null) await writing
    }
  }
}

/** What else is asked for in this turn goes into the same commit: it costs as much for one mail as for many. */
const gathered = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Whoever asks first for a mail has it. */
const firstOf = (begins: Batch['begins']): Batch['begins'] => {
  const seen = new Set<number>()
  return begins.filter(({ id }) => !seen.has(id) && seen.add(id) !== undefined)
}

function groupsOf(begins: Batch['begins']): Map<string, { ids: number[]; server: string; through: 'primary' | 'alternate' }> {
  const groups = new Map<string, { ids: number[]; server: string; through: 'primary' | 'alternate' }>()
  for (const { id, server, through } of begins) {
    const key = `${through} ${server}`
    const group = groups.get(key) ?? { ids: [], server, through }
    group.ids.push(id)
    groups.set(key, group)
  }
  return groups
}

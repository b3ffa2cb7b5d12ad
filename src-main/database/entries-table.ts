import type { ExplainedStep, Stripped } from '#contract/message.ts'
import type { ConversationEntry } from '#contract/request.ts'
import type { Remains } from '../intake/slim-message.ts'
import type { Queryable, Row, Transaction } from './database.ts'
import { insertRows } from './insert-rows.ts'
import { readSteps, writeSteps } from './steps-text.ts'

/** One message of a request. `stripped` goes by the index of the attachment in the parsed message. */
export type StoredEntry = {
  id: number
  request: number
  kind: ConversationEntry['kind']
  content: string
  receivedAt: string
  steps: ExplainedStep[]
  stripped: { index: number; stripped: Stripped }[]
  originalKept: boolean
  /** What retention took, and when; left out where the message is whole. `remains` is what is still said of an original's other parts. */
  removed?: { what: 'original' | 'text'; at: string; remains: Remains | null } | null
}

type EntrySqlRow = { id: number; request: number; kind: StoredEntry['kind']; content: string; receivedAt: string; steps: string; stripped: string | null; originalKept: number; removedWhat: 'original' | 'text' | null; removedAt: string | null; attachments: string | null } & Row
const columns = 'id, request, kind, content, received_at AS "receivedAt", steps, stripped, original_kept AS "originalKept", removed AS "removedWhat", removed_at AS "removedAt", attachments'

/** The messages of requests: where their content is and how it was decided; no body is kept here. */
export const entriesTable = {
  async add(transaction: Transaction, entries: readonly StoredEntry[]): Promise<void> {
    const rows = entries.map((one) => [
      one.id, one.request, one.kind, one.content, one.receivedAt, writeSteps(one.steps), one.stripped.length === 0 ? null : JSON.stringify(one.stripped), one.originalKept ? 1 : 0
    ])
    await insertRows(transaction, 'entries', ['id', 'request', 'kind', 'content', 'received_at', 'steps', 'stripped', 'original_kept'], rows)
  },

  async get(queryable: Queryable, id: number): Promise<StoredEntry | null> {
    const [row] = await queryable.all<EntrySqlRow>(`SELECT ${columns} FROM entries WHERE id = ?`, [id])
    return row === undefined ? null : asEntry(row)
  },

  /** The conversation of a request, oldest first. */
  async ofRequest(queryable: Queryable, request: number): Promise<StoredEntry[]> {
    return (await queryable.all<EntrySqlRow>(`SELECT ${columns} FROM entries WHERE request = ? ORDER BY id`, [request])).map(asEntry)
  },

  /** 0 when there is none. */
  async newest(queryable: Queryable): Promise<number> {
    const [row] = await queryable.all<{ newest: number | null }>('SELECT MAX(id) AS newest FROM entries')
    return row?.newest ?? 0
  }
}

const asEntry = ({ removedWhat, removedAt, attachments, ...row }: EntrySqlRow): StoredEntry => ({
  ...row,
  steps: readSteps(row.steps),
  stripped: row.stripped === null ? [] : (JSON.parse(row.stripped) as StoredEntry['stripped']),
  originalKept: row.originalKept === 1,
  removed: removedWhat === null ? null : { what: removedWhat, at: removedAt ?? '', remains: attachments === null ? null : (JSON.parse(attachments) as Remains) }
})

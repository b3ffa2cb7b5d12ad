import type { RequestChange } from '#contract/request-values.ts'
import type { Queryable, Row, Transaction } from './database.ts'
import { insertRows } from './insert-rows.ts'

/** `request` is the number of the request that was changed. */
export type StoredChange = RequestChange & { request: number }

type ChangeSqlRow = Omit<RequestChange, 'changes'> & { changes: string } & Row

/** What was changed in requests, by whom and by which mail. */
export const requestChangesTable = {
  async add(transaction: Transaction, changes: readonly StoredChange[]): Promise<void> {
    const rows = changes.map((one) => [one.id, one.request, one.at, one.by, one.action, JSON.stringify(one.changes), one.entry])
    await insertRows(transaction, 'request_changes', ['id', 'request', 'at', 'changed_by', 'action', 'changes', 'entry'], rows)
  },

  /** Oldest first. */
  async ofRequest(queryable: Queryable, request: number): Promise<RequestChange[]> {
    const rows = await queryable.all<ChangeSqlRow>('SELECT id, at, changed_by AS "by", action, changes, entry FROM request_changes WHERE request = ? ORDER BY id', [request])
    return rows.map((row) => ({ ...row, changes: JSON.parse(row.changes) as RequestChange['changes'] }))
  },

  /** The highest id; 0 when there is none. */
  async newest(queryable: Queryable): Promise<number> {
    const [row] = await queryable.all<{ newest: number | null }>('SELECT MAX(id) AS newest FROM request_changes')
    return row?.newest ?? 0
  }
}

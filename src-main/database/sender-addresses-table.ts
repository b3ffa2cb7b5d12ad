import type { SenderKind } from '#contract/sender-address.ts'
import type { CodeMailsTable, SenderAddressesTable, SenderRow } from '../senders/sender-table.ts'
import type { OutboxState } from '#contract/outbox.ts'
import type { Problem } from '#contract/problem.ts'
import type { Row } from './database.ts'

type Stored = Row & { address: string; kind: string; added_at: string; verified_at: string | null; code_hash: string | null; code_sent_at: string | null; code_expires_at: string | null; tries_left: number }
const columns = 'address, kind, added_at, verified_at, code_hash, code_sent_at, code_expires_at, tries_left'

/** Addresses that were, or are to be, shown to be ours. */
export const senderAddressesTable: SenderAddressesTable = {
  all: async (from) => (await from.all<Stored>(`SELECT ${columns} FROM sender_addresses ORDER BY address`)).map(asRow),
  async find(from, address) {
    const [row] = await from.all<Stored>(`SELECT ${columns} FROM sender_addresses WHERE address = ?`, [address])
    return row === undefined ? null : asRow(row)
  },
  async insert(transaction, { address, kind, addedAt, verifiedAt, code }) {
    await transaction.run('INSERT INTO sender_addresses (address, kind, added_at, verified_at) VALUES (?, ?, ?, ?)', [address, kind, addedAt, verifiedAt])
    await senderAddressesTable.putCode(transaction, address, code)
  },
  async putCode(transaction, address, code) {
    const values = code === null ? [null, null, null, 0] : [code.hash, iso(code.sentAt), iso(code.expiresAt), code.triesLeft]
    await transaction.run('UPDATE sender_addresses SET code_hash = ?, code_sent_at = ?, code_expires_at = ?, tries_left = ? WHERE address = ?', [...values, address])
  },
  async putTries(transaction, address, triesLeft) {
    await transaction.run('UPDATE sender_addresses SET tries_left = ? WHERE address = ?', [triesLeft, address])
  },
  async putVerified(transaction, address, at) {
    await transaction.run('UPDATE sender_addresses SET verified_at = ?, code_hash = NULL, code_sent_at = NULL, code_expires_at = NULL, tries_left = 0 WHERE address = ?', [at, address])
  },
  async delete(transaction, address) {
    await transaction.run('DELETE FROM sender_addresses WHERE address = ?', [address])
  }
}

/** Mail with codes among the mail that goes out. */
export const codeMailsTable: CodeMailsTable = {
  async newest(from, subject) {
    const rows = await from.all<Row & { to: string; state: string; tries: number; problem: string | null }>(`SELECT recipient AS "to", state, tries, problem FROM outbox WHERE id IN (SELECT MAX(id) FROM outbox WHERE kind = 'code' AND subject = ? GROUP BY recipient)`, [subject])
    return new Map(rows.map(({ to, state, tries, problem }) => [to, { state: state as OutboxState, tries, problem: problem === null ? null : (JSON.parse(problem) as Problem) }]))
  },
  async drop(transaction, what) {
    const [condition, values] = 'to' in what ? ['recipient = ? AND subject = ?', [what.to, what.subject]] : ['created_at < ?', [what.before]]
    const unsent = `kind = 'code' AND state IN ('waiting', 'held', 'uncertain', 'refused') AND ${condition}`
    await transaction.run(`UPDATE outbox_gone SET id = (SELECT MAX(id) FROM (SELECT id FROM outbox_gone UNION ALL SELECT id FROM outbox WHERE ${unsent}) given)`, values)
    for (const table of ['outbox_tries', 'outbox_texts']) await transaction.run(`DELETE FROM ${table} WHERE mail IN (SELECT id FROM outbox WHERE ${unsent})`, values)
    return (await transaction.run(`DELETE FROM outbox WHERE ${unsent}`, values)).changes
  }
}

const iso = (time: number): string => new Date(time).toISOString()
const asRow = (row: Stored): SenderRow => ({
  address: row.address, kind: row.kind as SenderKind, addedAt: row.added_at, verifiedAt: row.verified_at,
  code: row.code_hash === null || row.code_sent_at === null || row.code_expires_at === null ? null : { hash: row.code_hash, sentAt: Date.parse(row.code_sent_at), expiresAt: Date.parse(row.code_expires_at), triesLeft: row.tries_left }
})

import type { TestVerdict } from '#contract/connection-test.ts'
import type { ServersTable } from '../servers/configuration-tables.ts'

type StoredRow = { id: number; document: string; last_test: string | null }

/**
 * Servers as JSON documents in the table of this name. `idsInUse` is SQL for the highest id that anything refers to, so that a new
 * server never takes over what belongs to a deleted one.
 */
export const createServersTable = <Draft extends { name: string }>(table: string, idsInUse: string): ServersTable<Draft> => ({
  all: async (from) => {
    const rows = await from.all<StoredRow>(`SELECT id, document, last_test FROM ${table}`)
    return rows.map((row) => ({ id: row.id, server: read<Draft>(row.document), lastTest: row.last_test === null ? null : { ...read<TestVerdict>(row.last_test), sample: null } })).sort(byName)
  },
  insert: async (transaction, server) => {
    const [highest] = await transaction.all<{ id: number | null }>(idsInUse)
    const id = (highest?.id ?? 0) + 1
    await transaction.run(`INSERT INTO ${table} (id, name, document, last_test) VALUES (?, ?, ?, ?)`, [id, server.name, JSON.stringify(server), null])
    return id
  },
  update: async (transaction, id, server) =>
    void (await transaction.run(`UPDATE ${table} SET name = ?, document = ? WHERE id = ?`, [server.name, JSON.stringify(server), id])),
  keepTest: async (transaction, id, verdict) =>
    void (await transaction.run(`UPDATE ${table} SET last_test = ? WHERE id = ?`, // The text of a mail is for whoever tests, and is kept where retention reaches it alone.
      [verdict === null ? null : JSON.stringify({ ...verdict, sample: null }), id])),
  delete: async (transaction, id) => void (await transaction.run(`DELETE FROM ${table} WHERE id = ?`, [id]))
})

/** What is read back is what this program wrote: parsed at the edge when it came in. */
const read = <Document>(json: string): Document => JSON.parse(json) as Document

const byName = (one: { server: { name: string } }, other: { server: { name: string } }): number =>
  one.server.name < other.server.name ? -1 : one.server.name > other.server.name ? 1 : 0

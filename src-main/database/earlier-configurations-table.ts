import type { EarlierTable } from '../servers/configuration-tables.ts'
import { sharedTexts } from './shared-texts.ts'

/** As many as are kept; older ones go. */
const mostKept = 20

type Stored = { id: number; at: string; who: string; before_what: string; incoming: number; outgoing: number; document: string }

/** The configuration file as it was before imports and rollbacks. */
export const earlierConfigurationsTable: EarlierTable = {
  add: async (transaction, { at, who, before, incoming, outgoing, yaml }) => {
    const [highest] = await transaction.all<{ id: number | null }>('SELECT MAX(id) AS id FROM earlier_configurations')
    const id = (highest?.id ?? 0) + 1
    await transaction.run('INSERT INTO earlier_configurations (id, at, who, before_what, incoming, outgoing, document) VALUES (?, ?, ?, ?, ?, ?, ?)', [id, at, who, before, incoming, outgoing, await sharedTexts.shorten(transaction, yaml)])
    const gone = await transaction.all<{ document: string }>('SELECT document FROM earlier_configurations WHERE id <= ?', [id - mostKept])
    await transaction.run('DELETE FROM earlier_configurations WHERE id <= ?', [id - mostKept])
    await sharedTexts.forget(transaction, gone.map(({ document }) => document))
    return id
  },
  list: async (from) => {
    const rows = await from.all<Omit<Stored, 'document'>>('SELECT id, at, who, before_what, incoming, outgoing FROM earlier_configurations ORDER BY id DESC')
    return rows.map(({ before_what: before, ...row }) => ({ ...row, before }))
  },
  get: async (from, id) => {
    const [row] = await from.all<Stored>('SELECT id, at, who, before_what, incoming, outgoing, document FROM earlier_configurations WHERE id = ?', [id])
    if (row === undefined) return null
    const { before_what: before, document, ...rest } = row
    return { ...rest, before, yaml: await sharedTexts.whole(from, document) }
  }
}

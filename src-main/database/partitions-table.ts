import type { Partition } from '#contract/settings.ts'
import type { PartitionsTable } from '../servers/configuration-tables.ts'

/** Partitions. There are few of them and nothing refers to their row ids, so they are always written together. */
export const partitionsTable: PartitionsTable = {
  all: async (from) => {
    const rows = await from.all<{ document: string }>('SELECT document FROM partitions')
    return rows.map((row) => JSON.parse(row.document) as Partition).sort((one, other) => (one.name < other.name ? -1 : 1))
  },
  replace: async (transaction, partitions) => {
    await transaction.run('DELETE FROM partitions')
    for (const [index, partition] of partitions.entries())
      await transaction.run('INSERT INTO partitions (id, name, document) VALUES (?, ?, ?)', [index + 1, partition.name, JSON.stringify(partition)])
  },
  rename: async (transaction, was, name) => {
    for (const table of ['requests', 'outbox']) await transaction.run(`UPDATE ${table} SET partition_name = ? WHERE partition_name = ?`, [name, was])
  }
}

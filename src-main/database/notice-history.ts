import type { Database } from './database.ts'

/** The same database, which tells when a transaction that added to the history is on disk. */
export const noticingHistory = <Given extends Database>(database: Given, grown: () => void): Given => ({
  ...database,
  async transaction(work) {
    let added = false
    const result = await database.transaction((transaction) =>
      work({
        ...transaction,
        run(sql, parameters) {
          added ||= sql.startsWith('INSERT INTO history ')
          return transaction.run(sql, parameters)
        }
      })
    )
    if (added) grown()
    return result
  }
})

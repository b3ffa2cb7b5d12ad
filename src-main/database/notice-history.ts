import type { Database, Transaction } from './database.ts'

/** The same database, which tells when a transaction that added to the history is on disk. */
export const noticingHistory = <Given extends Database>(database: Given, grown: () => void): Given => ({
  ...database,
  async transaction(work, how) {
    let added = false
    const noticed = (transaction: Transaction): Transaction => ({
      ...transaction,
      run(sql, parameters) {
        added ||= sql.startsWith('INSERT INTO history ')
        return transaction.run(sql, parameters)
      }
    })
    const result = await database.transaction((transaction) => work(noticed(transaction)), how)
    if (added) grown()
    return result
  }
})

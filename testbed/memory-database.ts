import { DatabaseSync } from 'node:sqlite'
import type { Database, Queryable, Row, SqlValue, Transaction } from '../src-main/database/database.ts'
import { migrations } from '../src-main/database/migrations/migrations.ts'

/** A real SQL database in memory behind the Database port, with the tables of the product; for tests of use cases. */
export const createMemoryDatabase = (statements: readonly string[] = migrations.flat()): Database => {
  const sqlite = new DatabaseSync(':memory:')
  for (const statement of statements) sqlite.exec(statement)
  const queryable = queryableOver(sqlite)
  const transaction: Transaction = {
    ...queryable,
    run: async (sql, parameters = []) => {
      const done = sqlite.prepare(sql).run(...parameters)
      return { lastId: Number(done.lastInsertRowid), changes: Number(done.changes) }
    }
  }
  let queue: Promise<unknown> = Promise.resolve()
  return {
    ...queryable,
    transaction: (work, how) => {
      const turn = queue.then(() => inTransaction(sqlite, () => (how === 'at-once' ? atOnce(work, transaction) : work(transaction))))
      queue = turn.catch(() => undefined)
      return turn
    },
    close: async () => {
      await queue
      sqlite.close()
    }
  }
}

const queryableOver = (sqlite: DatabaseSync): Queryable => ({
  all: async <Result extends Row = Row>(sql: string, parameters: readonly SqlValue[] = []) =>
    sqlite.prepare(sql).all(...parameters).map((row) => ({ ...row })) as Result[]
})

/** As strict as the real one, where the statements are gone as soon as the work waits for something. */
const atOnce = <Result>(work: (transaction: Transaction) => Promise<Result>, transaction: Transaction): Promise<Result> => {
  let isSent = false
  const result = work({ ...transaction, run: (sql, parameters) => (isSent ? Promise.reject(new Error(`the transaction is over; not run: ${sql}`)) : transaction.run(sql, parameters)) })
  isSent = true
  return result
}

const inTransaction = async <Result>(sqlite: DatabaseSync, work: () => Promise<Result>): Promise<Result> => {
  sqlite.exec('BEGIN')
  try {
    const result = await work()
    sqlite.exec('COMMIT')
    return result
  } catch (thrown) {
    sqlite.exec('ROLLBACK')
    throw thrown
  }
}

import type { Database as SqlDatabase, Statement } from 'sql.js'
import type { SqlValue } from './database.ts'

/** Rows as columns and values: half the bytes of objects on the way between threads. */
export type Table = { columns: string[]; rows: SqlValue[][] }

export interface Statements {
  all(sql: string, parameters: readonly SqlValue[]): Table
  run(sql: string, parameters: readonly SqlValue[]): { lastId: number; changes: number }
}

const keptStatements = 200
// Replaying the journal must give the same rows, and the journal alone begins and ends transactions.
const unrepeatable = /\brandom(blob)?\s*\(|\bcurrent_(time|date|timestamp)\b|'now'/i
const reserved = /^\s*(begin|commit|end|rollback|savepoint|release|pragma|attach|detach|vacuum)\b/i

/** Keeps prepared statements by their text. Errors name the statement, never its parameters: those are mail. */
export function createStatements(database: SqlDatabase): Statements {
  const prepared = new Map<string, Statement>()
  const prepare = (sql: string): Statement => {
    const known = prepared.get(sql)
    if (known) return known
    const oldest = prepared.size >= keptStatements ? prepared.keys().next().value : undefined
    if (oldest !== undefined) {
      prepared.get(oldest)?.free()
      prepared.delete(oldest)
    }
    const statement = database.prepare(sql)
    prepared.set(sql, statement)
    return statement
  }
  const using = <Result>(sql: string, work: (statement: Statement) => Result): Result => {
    try {
      const statement = prepare(sql)
      try {
        return work(statement)
      } finally {
        statement.reset()
      }
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : String(error)} in: ${sql.slice(0, 200)}`, { cause: error })
    }
  }
  return {
    all: (sql, parameters) =>
      using(sql, (statement) => {
        statement.bind([...parameters])
        const rows: SqlValue[][] = []
        while (statement.step()) rows.push(statement.get().map(plain))
        return { columns: statement.getColumnNames(), rows }
      }),
    run(sql, parameters) {
      if (unrepeatable.test(sql) || reserved.test(sql)) throw new Error(`not allowed in a transaction: ${sql}`)
      using(sql, (statement) => {
        statement.bind([...parameters])
        statement.step()
      })
      const changes = database.getRowsModified()
      const lastId = /^\s*insert\b/i.test(sql) ? using('SELECT last_insert_rowid()', (statement) => (statement.step() ? Number(statement.get()[0]) : 0)) : 0
      return { lastId, changes }
    }
  }
}

const plain = (value: SqlValue | Uint8Array): SqlValue => (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value)

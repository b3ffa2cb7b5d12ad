import type { SqlValue, Transaction } from './database.ts'

const mostParameters = 8_000

/** Inserts any number of rows with few statements; `columns` are trusted names, `ending` may be `ON CONFLICT …`. */
export async function insertRows(transaction: Transaction, table: string, columns: readonly string[], rows: readonly (readonly SqlValue[])[], ending = ''): Promise<void> {
  const rowsAtOnce = Math.floor(mostParameters / columns.length)
  const one = `(${columns.map(() => '?').join(', ')})`
  for (let start = 0; start < rows.length; start += rowsAtOnce) {
    const some = rows.slice(start, start + rowsAtOnce)
    await transaction.run(`INSERT INTO ${table} (${columns.join(', ')}) VALUES ${some.map(() => one).join(', ')} ${ending}`.trimEnd(), some.flat())
  }
}

/** `(?, ?, ?)` for so many values. */
export const placeholders = (count: number): string => `(${Array.from({ length: count }, () => '?').join(', ')})`

/** The values in portions that fit into one statement; nothing for no values. */
export function* portions<Value>(values: readonly Value[], size = 500): Generator<Value[]> {
  for (let start = 0; start < values.length; start += size) yield values.slice(start, start + size)
}

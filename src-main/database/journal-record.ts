import type { SqlValue } from './database.ts'

/** A statement as it was run: what replaying it needs. */
export type RunStatement = { sql: string; parameters: readonly SqlValue[] }

/** A transaction in a line of JSON: each statement's text once, then a row of text number and parameters for each run. */
export function encodeRecord(statements: readonly RunStatement[]): Buffer {
  const texts = new Map<string, number>()
  const runs = statements.map(({ sql, parameters }) => {
    const index = texts.get(sql) ?? texts.size
    texts.set(sql, index)
    return [index, ...parameters]
  })
  return Buffer.from(JSON.stringify([[...texts.keys()], runs]))
}

/** Throws a SyntaxError or TypeError where the record is none of ours. */
export function decodeRecord(plain: Buffer): RunStatement[] {
  const [texts, runs] = JSON.parse(plain.toString('utf8')) as [string[], [number, ...SqlValue[]][]]
  return runs.map(([index, ...parameters]) => {
    const sql = texts[index]
    if (sql === undefined) throw new TypeError('statement text missing')
    return { sql, parameters }
  })
}

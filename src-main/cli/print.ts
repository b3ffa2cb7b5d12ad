import type { Asked, Tools } from './command.ts'
import { tableOf } from './tables.ts'

/** One JSON document, or for a person what `shown` makes of it. */
export async function print<Value>(asked: Asked, { terminal }: Pick<Tools, 'terminal'>, value: Value, shown: (value: Value) => string): Promise<void> {
  await terminal.write(asked.json ? `${JSON.stringify(value)}\n` : shown(value))
}

/** Whether a list is asked for as a whole: then an empty one says that there is nothing, else that nothing matches. */
export const asksForAll = (filter: Record<string, string | null>): boolean => Object.values(filter).every((wish) => wish === null || wish === '')

/** A list: one JSON array, or a table with a line that says what to do when it is empty. */
export async function printList<Row>(asked: Asked, { terminal }: Pick<Tools, 'terminal'>, rows: readonly Row[], heads: readonly string[], cells: (row: Row) => string[], empty: string): Promise<void> {
  if (asked.json) return terminal.write(`${JSON.stringify(rows)}\n`)
  if (rows.length === 0) return terminal.say(empty)
  await terminal.write(tableOf(heads, rows.map(cells), terminal.shows ? terminal.width : 10_000))
}

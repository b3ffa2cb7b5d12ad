import type { InputIssue } from '#contract/problem.ts'
import { nearestName } from '#contract/nearest-name.ts'
import { incomingKeys, outgoingKeys, type GroupShape, type Shape } from './configuration-keys.ts'

export type ServerKindName = 'incoming' | 'outgoing'

const leaves = ({ keys }: GroupShape, above = ''): [string, Shape][] =>
  Object.entries(keys).flatMap(([key, shape]): [string, Shape][] => (shape.kind === 'group' ? leaves(shape, `${above}${key}.`) : [[`${above}${key}`, shape]]))

/** The columns of each kind of server: the keys of the configuration file, those of a group as `errorFolder.stopAfter`, in its order. */
export const csvColumns: Readonly<Record<ServerKindName, ReadonlyMap<string, Shape>>> = { incoming: new Map(leaves(incomingKeys)), outgoing: new Map(leaves(outgoingKeys)) }

/** `kind` says which of the two a row is. */
export const allColumns: readonly string[] = ['kind', ...new Set([...csvColumns.incoming.keys(), ...csvColumns.outgoing.keys()])]

const groups: ReadonlySet<string> = new Set(allColumns.flatMap((name) => (name.includes('.') ? [name.slice(0, name.lastIndexOf('.'))] : [])))

/** The column that each field of a header names, whatever its case; null for one without a name and for an issue. */
export const readColumns = (cells: readonly string[]): { columns: (string | null)[]; issues: InputIssue[] } => {
  const columns = cells.map((cell) => allColumns.find((name) => name.toLowerCase() === cell.toLowerCase()) ?? null)
  const issues = cells.flatMap((cell, index): InputIssue[] => {
    const column = columns[index] ?? null
    const message = column === null ? unknownColumn(cell) : columns.indexOf(column) < index ? `The column \`${column}\` is given twice.` : null
    return message === null ? [] : [{ path: looksLikeColumn(cell) ? cell : '', message, line: 1, column: index + 1 }]
  })
  for (const needed of ['name', 'protocol']) if (!columns.includes(needed)) issues.push({ path: needed, message: `The column \`${needed}\` is missing. The first line of the file names the columns.`, line: 1, column: 1 })
  return { columns, issues }
}

/** A first line that names no columns may hold anything, and is not repeated. */
const looksLikeColumn = (cell: string): boolean => /^[A-Za-z][A-Za-z_-]*(?:\.[A-Za-z][A-Za-z_-]*)?$/.test(cell) && cell.length < 40

const unknownColumn = (cell: string): string | null => {
  if (cell === '') return null
  if (!looksLikeColumn(cell)) return 'This is no column that is known. The first line of the file names the columns, such as `name`, `protocol` and `auth.user`.'
  if (/pass|pwd|kennwort|secret|token|(?:api|private)_?key/i.test(cell)) return `A secret is never written into this file: name the column \`auth.secret\`, and in it where the secret comes from: env:NAME, file:PATH, keychain or ask. Leave \`${cell}\` out.`
  const below = groups.has(cell) ? allColumns.filter((name) => name.startsWith(`${cell}.`)).slice(0, 4) : []
  if (below.length > 0) return `\`${cell}\` has keys of its own, a column each: ${below.join(', ')} …`
  const nearest = nearestName(cell, allColumns) ?? allColumns.find((name) => name.toLowerCase().endsWith(`.${cell.toLowerCase()}`)) ?? null
  return nearest === null ? `unknown column \`${cell}\`; the columns are the keys of the configuration file, such as name, protocol, host, auth.user` : `unknown column \`${cell}\` — did you mean \`${nearest}\`?`
}

import { Document, Pair, Scalar, YAMLMap, YAMLSeq, type Node, type Range } from 'yaml'
import { ProblemError, type InputIssue } from '#contract/problem.ts'
import { incomingProtocolNames, outgoingProtocolNames } from '#contract/protocols.ts'
import { readCsv, type FileRecord } from '../csv/read-csv.ts'
import type { Shape } from './configuration-keys.ts'
import { csvColumns, readColumns, type ServerKindName } from './csv-columns.ts'
import { largestFile, type YamlDocument } from './yaml-document.ts'

const kinds = ['incoming', 'outgoing'] as const
const protocols: Readonly<Record<ServerKindName, readonly string[]>> = { incoming: incomingProtocolNames, outgoing: outgoingProtocolNames }

/** Whether a text begins as a CSV file with a header does: names with a comma, semicolon or tab between them. YAML of a configuration has a colon in its first line, JSON a brace. */
export const isCsv = (text: string): boolean => {
  const [, header = ''] = /^\ufeff?\s*([^\r\n]{0,10000})/.exec(text) ?? []
  const cells = header.split(/[,;\t]/)
  return cells.length > 1 && cells.every((cell) => /^\s*"?(?:\p{L}[\p{L}\p{N}_. -]*)?"?\s*$/u.test(cell)) && /\p{L}/u.test(header)
}

/**
 * The configuration that a CSV file describes, a server a row, as if it had been written as YAML: keys of a group in columns such as `auth.user`, an empty
 * cell for what is left out, entries of a list separated by spaces, commas or semicolons, `null` where that is a value. Places are line and field.
 */
export const readServersCsv = (text: string, chosen: ServerKindName | null): { yaml: YamlDocument | null; issues: InputIssue[] } => {
  const records = recordsOf(text)
  if ('issues' in records) return { yaml: null, issues: records.issues }
  const [header, ...rows] = records.all
  const { columns, issues } = readColumns(header?.cells ?? [])
  if (issues.length > 0) return { yaml: null, issues }
  if (rows.length === 0) return { yaml: null, issues: [{ path: '', message: 'The file has a header and no row: each row is a server.', line: 1, column: 1 }] }
  const servers: Record<ServerKindName, YAMLMap[]> = { incoming: [], outgoing: [] }
  for (const row of rows) {
    const kind = kindOf(row, columns, chosen)
    if (kind === null) issues.push(unknownKind(row, columns))
    else servers[kind].push(serverOf(row, columns, kind, issues))
  }
  const sections = kinds.filter((kind) => servers[kind].length > 0).map((kind): [string, Node] => [kind, listOf(servers[kind], 1, 1)])
  const document = new Document()
  document.contents = mapOf([['version', at(new Scalar(1), 1, 1)], ...sections], 1, 1)
  return { yaml: { document, placeAt }, issues }
}

const recordsOf = (text: string): { all: FileRecord[] } | { issues: InputIssue[] } => {
  if (Buffer.byteLength(text) > largestFile) return { issues: [{ path: '', message: 'The file is larger than 16 MB; this is no configuration file.', line: 1, column: 1 }] }
  try {
    return { all: readCsv(text) }
  } catch (thrown) {
    if (thrown instanceof ProblemError && thrown.problem.code === 'invalid-input') return { issues: thrown.problem.issues.map((issue) => ({ ...issue, path: '' })) }
    throw thrown
  }
}

const cellOf = ({ cells }: FileRecord, columns: readonly (string | null)[], name: string): string => (columns.includes(name) ? (cells[columns.indexOf(name)] ?? '') : '').toLowerCase()

/** As the row says, or who imports it, or as its protocol tells where that is of one kind alone. */
const kindOf = (row: FileRecord, columns: readonly (string | null)[], chosen: ServerKindName | null): ServerKindName | null => {
  const said = cellOf(row, columns, 'kind')
  if (said !== '') return kinds.find((kind) => kind === said) ?? null
  const [only, ...more] = kinds.filter((kind) => protocols[kind].some((name) => name === cellOf(row, columns, 'protocol')))
  return chosen ?? (more.length === 0 ? (only ?? null) : null)
}

const unknownKind = (row: FileRecord, columns: readonly (string | null)[]): InputIssue => {
  const known = [...new Set([...protocols.incoming, ...protocols.outgoing])]
  const isProtocol = cellOf(row, columns, 'kind') !== '' || known.some((name) => name === cellOf(row, columns, 'protocol'))
  const message = isProtocol ? 'Is this an incoming or an outgoing server? Give the file a column `kind` with `incoming` or `outgoing`, or choose one for the whole file.' : `\`protocol\` is one of ${known.join(', ')}.`
  const path = isProtocol ? 'kind' : 'protocol'
  return { path, message, line: row.line, column: Math.max(0, columns.indexOf(path)) + 1 }
}

const serverOf = ({ line, cells }: FileRecord, columns: readonly (string | null)[], kind: ServerKindName, issues: InputIssue[]): YAMLMap => {
  const server = mapOf([], line, 1)
  for (const [index, cell] of cells.entries()) {
    const column = columns[index] ?? null
    const field = index + 1
    if (cell === '' || column === 'kind') continue
    const shape = column === null ? undefined : csvColumns[kind].get(column)
    if (column === null) issues.push({ path: '', message: `This cell has no column: the row has ${cells.length} fields, and the header ${columns.length}.`, line, column: field })
    else if (shape === undefined) issues.push({ path: column, message: `\`${column}\` is nothing that an ${kind} server has. Leave the cell empty.`, line, column: field })
    else put(server, column.split('.'), valueOf(cell, shape, line, field), line, field)
  }
  return server
}

const put = (map: YAMLMap, [key = '', ...below]: readonly string[], value: Node, line: number, field: number): void => {
  if (below.length === 0) return void map.items.push(new Pair(at(new Scalar(key), line, field), value))
  const found = map.items.find((pair) => pair.key instanceof Scalar && pair.key.value === key)?.value
  const group = found instanceof YAMLMap ? found : mapOf([], line, field)
  if (group !== found) map.items.push(new Pair(at(new Scalar(key), line, field), group))
  put(group, below, value, line, field)
}

/** What does not read as what it should be stays a text, which is then refused in the words of the configuration file. */
const valueOf = (cell: string, shape: Shape, line: number, field: number): Node => {
  if (shape.nullable === true && cell.toLowerCase() === 'null') return at(new Scalar(null), line, field)
  if (shape.kind === 'list') return listOf(cell.split(/[\s,;]+/).filter((entry) => entry !== '').map((entry) => at(new Scalar(entry), line, field)), line, field)
  if (shape.kind === 'whole') return at(new Scalar(/^\d{1,15}$/.test(cell) ? Number(cell) : cell), line, field)
  if (shape.kind === 'switch') return at(new Scalar(/^(?:true|yes|1|x|on)$/i.test(cell) ? true : /^(?:false|no|0|-|off)$/i.test(cell) ? false : cell), line, field)
  if (shape.kind === 'choice') return at(new Scalar(shape.values.find((value) => value.toLowerCase() === cell.toLowerCase()) ?? cell), line, field)
  return at(new Scalar(cell), line, field)
}

/** A place as the one number that a node of YAML has. */
const mostFields = 100_000
const at = <Of extends Node>(node: Of, line: number, field: number): Of => {
  const offset = line * mostFields + field
  const range: Range = [offset, offset, offset]
  return Object.assign(node, { range })
}
const placeAt = (offset: number): { line: number; column: number } => ({ line: Math.max(1, Math.floor(offset / mostFields)), column: Math.max(1, offset % mostFields) })

const mapOf = (entries: readonly [string, Node][], line: number, field: number): YAMLMap => {
  const map = new YAMLMap()
  for (const [key, value] of entries) map.items.push(new Pair(at(new Scalar(key), line, field), value))
  return at(map, line, field)
}

const listOf = (nodes: readonly Node[], line: number, field: number): YAMLSeq => {
  const list = new YAMLSeq()
  list.items.push(...nodes)
  return at(list, line, field)
}

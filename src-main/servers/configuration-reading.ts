import { isAlias, isMap, isScalar, isSeq, type Pair, type Scalar, type YAMLMap } from 'yaml'
import type { InputIssue } from '#contract/problem.ts'
import { parseDuration, parseSize } from '../model/human-units.ts'
import { fileKeys, type GroupShape, type Shape } from './configuration-keys.ts'
import { looksLikeKey, secretInClear, unknownKey } from './configuration-words.ts'
import type { ServerKindName } from './csv-columns.ts'
import { isCsv, readServersCsv } from './servers-csv.ts'
import { readYaml, type Place, type YamlDocument } from './yaml-document.ts'

/** Values as given in the file under the names of the contract; what was left out, or was wrong and is an issue, is not there. */
export type Given = { [key: string]: unknown }
export type GivenItem = { path: string; given: Given }

/** A configuration file with its keys and types checked. Paths are as in `incoming[0].errorFolder.name`. */
export type ConfigurationReading = {
  /** null where the section is left out. */
  partitions: GivenItem[] | null
  incoming: GivenItem[] | null
  outgoing: GivenItem[] | null
  settings: Given
  issues: InputIssue[]
  /** A CSV file holds servers and nothing else. */
  isCsv: boolean
  /** Of what the file gives at this path, or of the nearest thing around it. */
  placeOf: (path: string) => Place
  isGiven: (path: string) => boolean
  /** Whether something is already known to be wrong at this path, below or around it. */
  isFaulty: (path: string) => boolean
}

/**
 * Reads a configuration file, YAML or, by its first line, CSV with a server a row; no message repeats a value of it. `kind` is that of the servers of
 * a CSV file without a column `kind`.
 */
export const readConfigurationFile = (text: string, kind: ServerKindName | null = null): ConfigurationReading => {
  const csv = isCsv(text)
  const { yaml, issues } = csv ? readServersCsv(text, kind) : readYaml(text)
  if (yaml === null) return { partitions: null, incoming: null, outgoing: null, settings: {}, issues, isCsv: csv, placeOf: () => ({ line: 1, column: 1 }), isGiven: () => false, isFaulty: () => true }
  const reader = createReader(yaml, issues)
  const { contents } = yaml.document
  if (contents === null || (isScalar(contents) && contents.value === null)) reader.complain('', 'The file is empty. It begins with `version: 1`.', 0)
  else if (!isMap(contents)) reader.complain('', 'This is no configuration file. It begins with `version: 1`.', 0)
  else return { ...sections(reader, reader.read(contents, fileKeys, '') as Given), isCsv: csv }
  return { ...sections(reader, { version: 1 }), isCsv: csv }
}

type Reader = ReturnType<typeof createReader>

const sections = (reader: Reader, { version, partitions, incoming, outgoing, ...settings }: Given): Omit<ConfigurationReading, 'isCsv'> => {
  if (version === undefined && !reader.isFaulty('version')) reader.complain('version', '`version: 1` is missing.', 0)
  if (version !== undefined && version !== 1) reader.complainAt('version', 'This version of Mailroom reads configuration files of `version: 1`.')
  const items = (list: unknown, key: string): GivenItem[] | null =>
    list === undefined ? null : (list as (Given | undefined)[]).flatMap((given, index) => (given === undefined ? [] : [{ path: `${key}[${index}]`, given }]))
  const { issues, placeOf, isGiven, isFaulty } = reader
  return { partitions: items(partitions, 'partitions'), incoming: items(incoming, 'incoming'), outgoing: items(outgoing, 'outgoing'), settings, issues, placeOf, isGiven, isFaulty }
}

/** More values than any configuration has; a file of aliases stops at far fewer, since it may stand for any number. */
const mostValues = { plain: 2_000_000, aliased: 100_000 }

const createReader = ({ document, placeAt }: YamlDocument, known: readonly InputIssue[]) => {
  const issues = [...known]
  const offsets = new Map<string, number>()
  const faulty = new Set<string>()
  const aroundFaulty = new Set<string>()
  let values = 0
  let most = mostValues.plain
  let isOver = false

  const complain = (path: string, message: string, offset: number): undefined => {
    faulty.add(path)
    for (let outer = around(path); outer !== ''; outer = around(outer)) aroundFaulty.add(outer)
    issues.push({ path, message, ...placeAt(offset) })
  }
  const complainAt = (path: string, message: string): undefined => complain(path, message, offsetOf(path))
  const offsetOf = (path: string): number => offsets.get(path) ?? (path === '' ? 0 : offsetOf(around(path)))

  const read = (given: unknown, shape: Shape, path: string): unknown => {
    const node = isAlias(given) ? given.resolve(document) : given
    const own = (given as { range?: [number, number, number] } | null)?.range?.[0]
    if (own !== undefined) offsets.set(path, own)
    if (isAlias(given)) most = mostValues.aliased
    if (++values > most) return isOver ? undefined : ((isOver = true), complainAt(path, 'There is too much in this file.'))
    if (node === undefined) return complainAt(path, 'This alias (`*name`) has no anchor before it.')
    if (node === null || (isScalar(node) && node.value === null)) return nothing(shape, path)
    if (shape.kind === 'group') return isMap(node) ? group(node, shape, path) : complainAt(path, `\`${path}\` has keys of its own: ${Object.keys(shape.keys).slice(0, 4).join(', ')} …`)
    if (shape.kind === 'list') return list(node, shape.of, path)
    if (!isScalar(node)) return complainAt(path, `\`${lastKey(path)}\` is one value, not a list or group.`)
    const value = scalar(node, shape)
    return value ?? complainAt(path, expected(shape, path))
  }

  const nothing = (shape: Shape, path: string): unknown => {
    if (shape.nullable === true) return null
    return shape.kind === 'group' || shape.kind === 'list' ? undefined : complainAt(path, `\`${lastKey(path)}\` has no value. Give one, or leave the key out.`)
  }

  const list = (node: unknown, of: Shape, path: string): unknown => {
    if (!isSeq(node)) return complainAt(path, `\`${path}\` is a list: write [ ] around it, or a hyphen before each entry.`)
    const items = node.items.map((item, index) => read(item, of, `${path}[${index}]`))
    if (of.kind !== 'group') return items.filter((item) => item !== undefined)
    for (const [index, item] of items.entries()) if (item === undefined && !isFaulty(`${path}[${index}]`)) complainAt(`${path}[${index}]`, 'This entry is empty.')
    return items
  }

  const group = (map: YAMLMap, shape: GroupShape, path: string): Given | undefined => {
    const given: Given = {}
    for (const pair of map.items) {
      const key = keyOf(pair)
      const known = key !== null && Object.hasOwn(shape.keys, key) ? shape.keys[key] : undefined
      if (key === null || known === undefined) {
        complainOfKey(pair, key, shape, path)
        continue
      }
      const value = read(pair.value, known, below(path, key))
      if (value !== undefined) given[known.stored ?? key] = value
    }
    return given
  }

  const complainOfKey = (pair: Pair, key: string | null, shape: GroupShape, path: string): void => {
    const offset = (pair.key as Scalar | null)?.range?.[0] ?? offsetOf(path)
    const inClear = key === null ? null : secretInClear(key, path)
    complain(below(path, looksLikeKey(key) ? key : '?'), inClear ?? unknownKey(key, Object.keys(shape.keys)), offset)
  }

  const placeOf = (path: string): Place => placeAt(offsetOf(path))
  const isGiven = (path: string): boolean => offsets.has(path)
  const isFaulty = (path: string): boolean => aroundFaulty.has(path) || inFaulty(path)
  const inFaulty = (path: string): boolean => path !== '' && (faulty.has(path) || inFaulty(around(path)))
  return { read, complain, complainAt, issues, placeOf, isGiven, isFaulty }
}

const scalar = ({ value, source }: Scalar, shape: Shape): unknown => {
  if (shape.kind === 'text') return typeof value === 'string' ? value : typeof value === 'number' ? (source ?? String(value)) : undefined
  if (shape.kind === 'whole') return Number.isSafeInteger(value) ? value : undefined
  if (shape.kind === 'switch') return typeof value === 'boolean' ? value : undefined
  if (shape.kind === 'choice') return shape.values.find((known) => known === value)
  if (shape.kind === 'duration') return typeof value === 'string' ? (parseDuration(value) ?? undefined) : undefined
  return typeof value === 'string' ? (parseSize(value) ?? undefined) : undefined
}

const expected = (shape: Shape, path: string): string => {
  const key = `\`${lastKey(path)}\``
  if (shape.kind === 'choice') return `${key} is one of ${shape.values.join(', ')}.`
  if (shape.kind === 'whole') return `${key} is a whole number.`
  if (shape.kind === 'switch') return `${key} is true or false.`
  if (shape.kind === 'duration') return `${key} is a number with a unit: ms, s, m or h, such as 60s.`
  if (shape.kind === 'size') return `${key} is a number with a unit: B, KB, MB or GB, such as 20MB.`
  return `${key} is text. Put it in quotes.`
}

const keyOf = (pair: Pair): string | null => (isScalar(pair.key) && (typeof pair.key.value === 'string' || typeof pair.key.value === 'number') ? String(pair.key.value) : null)
const below = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`)
const around = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('.'), path.lastIndexOf('[')))
const lastKey = (path: string): string => path.slice(path.lastIndexOf('.') + 1)

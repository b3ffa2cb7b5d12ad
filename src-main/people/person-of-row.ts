import { personDraft, requestRights, type Person, type PersonDraft, type RequestRight } from '#contract/person.ts'
import type { PeopleColumn } from './people-header.ts'

/** What is wrong with one cell of a row. */
export type CellFault = { column: string; message: string }
export type Row = ReadonlyMap<PeopleColumn, string>

/** Cells by column; a cell under no name is a fault. */
export function rowOf(cells: readonly string[], columns: readonly (PeopleColumn | null)[]): { row: Row; faults: CellFault[] } {
  const row = new Map<PeopleColumn, string>()
  columns.forEach((column, index) => void (column !== null && row.set(column, cells[index] ?? '')))
  const nameless = cells.some((cell, index) => cell !== '' && (columns[index] ?? null) === null)
  return { row, faults: nameless ? [{ column: '', message: `The row has ${cells.length} fields, and the header names ${columns.filter((column) => column !== null).length} columns.` }] : [] }
}

/** The person that a row makes of `known`, or a new one: a column that is missing, and an empty cell, change nothing. */
export function personOfRow(row: Row, known: Person | null): { person: PersonDraft | null; faults: CellFault[] } {
  const faults: CellFault[] = []
  const given: Record<string, unknown> = known === null ? {} : draftOf(known)
  for (const [column, cell] of row) {
    if (cell === '') continue
    const read = readers[column](cell)
    if (read === null) faults.push({ column, message: `\`${shortly(cell)}\` is not understood: ${wanted[column]}` })
    else given[column] = read.value
  }
  const parsed = personDraft.safeParse({ name: '', ...given, address: known?.address ?? row.get('address') ?? '' })
  if (!parsed.success) faults.push(...parsed.error.issues.map(({ path, message }) => ({ column: String(path[0] ?? ''), message })))
  return { person: parsed.success && faults.length === 0 ? parsed.data : null, faults }
}

/** Whether two people are the same as far as a file says. */
export const isSame = (one: PersonDraft, other: PersonDraft): boolean => JSON.stringify(draftOf(one)) === JSON.stringify(draftOf(other))

const draftOf = ({ name, address, user, analyst, signIn, rights, format }: PersonDraft): PersonDraft =>
  ({ name, address, user, analyst, signIn, rights: requestRights.filter((right) => rights.includes(right)), format })

type Reading = { value: unknown } | null
const flag = (cell: string): Reading => (/^(?:yes|y|true|1|x|on)$/i.test(cell) ? { value: true } : /^(?:no|n|false|0|-|off)$/i.test(cell) ? { value: false } : null)

const readers: Readonly<Record<PeopleColumn, (cell: string) => Reading>> = {
  name: (value) => ({ value }),
  address: (value) => ({ value }),
  user: flag,
  analyst: flag,
  signIn: flag,
  rights: rightsIn,
  format: (cell) => (/^html$/i.test(cell) ? { value: 'html' } : /^(?:plain|text|plain text)$/i.test(cell) ? { value: 'plain' } : /^(?:default|-)$/i.test(cell) ? { value: null } : null)
}

const yesOrNo = 'write `yes` or `no`.'
const wanted: Readonly<Record<PeopleColumn, string>> = {
  name: '', address: '', user: yesOrNo, analyst: yesOrNo, signIn: yesOrNo,
  rights: `write ${requestRights.map((right) => `\`${right}\``).join(', ')} with spaces between them, \`all\` or \`none\`.`, format: 'write `html`, `plain` or `default`.'
}

function rightsIn(cell: string): Reading {
  if (/^(?:none|-)$/i.test(cell)) return { value: [] }
  if (/^all$/i.test(cell)) return { value: [...requestRights] }
  const words = cell.toLowerCase().replace(/pick[ _]?up/g, 'pick-up').split(/[\s,;|]+/).filter((word) => word !== '')
  return words.every((word) => requestRights.some((right) => right === word)) ? { value: requestRights.filter((right: RequestRight) => words.includes(right)) } : null
}

const shortly = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text)

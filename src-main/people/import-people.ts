import { setImmediate } from 'node:timers/promises'
import type { CallAnswer, ParsedInput } from '#contract/calls.ts'
import type { PeopleImport, Person } from '#contract/person.ts'
import { readCsvInPieces, type FileRecord } from '../csv/read-csv.ts'
import type { Queryable } from '../database/database.ts'
import type { NewPerson } from '../database/people-table.ts'
import type { Caller } from '../servers/configuration-needs.ts'
import type { PeopleNeeds } from './create-people.ts'
import { readHeader } from './people-header.ts'
import { recordRights } from './record-rights.ts'
import { isSame, personOfRow, rowOf, type CellFault, type Row } from './person-of-row.ts'

const rowsAtOnce = 1_000
const rowsBetweenBreaks = 500
const mostIssues = 100

type FileRow = { line: number; row: Row; faults: CellFault[]; key: string }
type Outcome = PeopleImport & { stored: number }

/**
 * The call `people.import`. The whole file is read before anything is stored; rows with faults are left out and named. People are
 * stored in portions, so what was done before a cancellation stays, and the same file again does the rest. Throws ProblemError
 * `invalid-input` with the line for a file that cannot be read, `cancelled`.
 */
export function importPeople(needs: PeopleNeeds): (input: ParsedInput<'people.import'>, caller: Pick<Caller, 'who'>) => Promise<CallAnswer<'people.import'>> {
  return async ({ csv, tryOnly, workId }, { who }) => {
    const signal = needs.works.start(workId)
    const outcome: Outcome = { added: 0, changed: 0, unchanged: 0, refused: 0, issues: [], stored: 0 }
    try {
      const rows = await rowsOf(await readCsvInPieces(csv, signal))
      await store(needs, await countingRows(rows, outcome), outcome, { tryOnly, workId, signal, who })
      const { added, changed, unchanged, refused, issues } = outcome
      return { added, changed, unchanged, refused, issues: issues.sort((one, other) => one.line - other.line).slice(0, mostIssues) }
    } finally {
      needs.works.end(workId)
      if (outcome.stored > 0) needs.announce('people-changed', {})
    }
  }
}

async function rowsOf([header, ...records]: readonly FileRecord[]): Promise<FileRow[]> {
  const columns = readHeader(header?.cells ?? [])
  const rows: FileRow[] = []
  await withBreaks(records, ({ line, cells }) => {
    const { row, faults } = rowOf(cells, columns)
    rows.push({ line, row, faults, key: (row.get('address') ?? '').toLowerCase() })
  })
  return rows
}

/** The rows that count: the last one of each address. The others, and rows without one, are refused. */
async function countingRows(rows: readonly FileRow[], outcome: Outcome): Promise<FileRow[]> {
  const last = new Map<string, FileRow>()
  await withBreaks(rows, (row) => void last.set(row.key, row))
  const counting: FileRow[] = []
  await withBreaks(rows, (row) => {
    const given = last.get(row.key) ?? row
    if (row.key !== '' && given === row) counting.push(row)
    else refuse(outcome, row, [{ column: 'address', message: row.key === '' ? 'The row has no address.' : `The address is given again in line ${given.line}, and that line counts.` }])
  })
  return counting
}

function refuse(outcome: Outcome, { line }: FileRow, faults: readonly CellFault[]): void {
  outcome.refused += 1
  outcome.issues.push(...faults.map((fault) => ({ line, ...fault })))
}

async function store(needs: PeopleNeeds, rows: readonly FileRow[], outcome: Outcome, { tryOnly, workId, signal, who }: { tryOnly: boolean; workId: string; signal: AbortSignal; who: string }): Promise<void> {
  const { database, tables: { people } } = needs
  for (let start = 0; start < rows.length; start += rowsAtOnce) {
    signal.throwIfAborted()
    needs.announce('work-progressed', { workId, done: start, total: rows.length, what: 'people' })
    const some = rows.slice(start, start + rowsAtOnce)
    if (tryOnly) await changesOf(needs, database, some, outcome)
    else
      await database.transaction(async (transaction) => {
        const changed = await changesOf(needs, transaction, some, outcome)
        for (const { was, person } of changed) await recordRights(needs.history, transaction, { at: person.createdAt, who, was, now: person })
        await people.put(transaction, changed.map(({ person }) => person))
        outcome.stored += changed.length
      })
  }
  needs.announce('work-progressed', { workId, done: rows.length, total: rows.length, what: 'people' })
}

/** People who are to be stored, and counts what becomes of each row. */
async function changesOf({ tables, now }: PeopleNeeds, queryable: Queryable, rows: readonly FileRow[], outcome: Outcome): Promise<{ was: Person | null; person: NewPerson }[]> {
  const known = await tables.people.byAddresses(queryable, rows.map(({ key }) => key))
  const changed: { was: Person | null; person: NewPerson }[] = []
  await withBreaks(rows, (row) => {
    const was: Person | null = known.get(row.key) ?? null
    const { person, faults } = personOfRow(row.row, was)
    if (person === null || row.faults.length > 0) refuse(outcome, row, [...row.faults, ...faults])
    else if (was !== null && isSame(person, was)) outcome.unchanged += 1
    else {
      outcome[was === null ? 'added' : 'changed'] += 1
      changed.push({ was, person: { ...person, source: 'import', createdAt: now().toISOString() } })
    }
  })
  return changed
}

/** Goes through a list in its order and lets others run in between. */
async function withBreaks<Item>(items: readonly Item[], visit: (item: Item) => void): Promise<void> {
  for (const [index, item] of items.entries()) {
    if (index % rowsBetweenBreaks === 0) await setImmediate()
    visit(item)
  }
}

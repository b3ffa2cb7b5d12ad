import { setImmediate } from 'node:timers/promises'
import type { CallAnswer, ParsedInput } from '#contract/calls.ts'
import type { PeopleImport, Person } from '#contract/person.ts'
import type { Queryable } from '../database/database.ts'
import type { NewPerson } from '../database/people-table.ts'
import type { PeopleNeeds } from './create-people.ts'
import { readHeader } from './people-header.ts'
import { isSame, personOfRow, rowOf, type CellFault, type Row } from './person-of-row.ts'
import { readPeopleFile, type FileRecord } from './read-people-file.ts'

const rowsAtOnce = 2_000
const rowsBetweenBreaks = 250
const mostIssues = 100

type FileRow = { line: number; row: Row; faults: CellFault[]; key: string }
type Outcome = PeopleImport & { stored: number }

/**
 * The call `people.import`. The whole file is read before anything is stored; rows with faults are left out and named. People are
 * stored in portions, so what was done before a cancellation stays, and the same file again does the rest. Throws ProblemError
 * `invalid-input` with the line for a file that cannot be read, `cancelled`.
 */
export function importPeople(needs: PeopleNeeds): (input: ParsedInput<'people.import'>) => Promise<CallAnswer<'people.import'>> {
  return async ({ csv, tryOnly, workId }) => {
    const signal = needs.works.start(workId)
    const outcome: Outcome = { added: 0, changed: 0, unchanged: 0, refused: 0, issues: [], stored: 0 }
    try {
      const rows = rowsOf(await readPeopleFile(csv, signal))
      await store(needs, countingRows(rows, outcome), outcome, { tryOnly, workId, signal })
      const { added, changed, unchanged, refused, issues } = outcome
      return { added, changed, unchanged, refused, issues: issues.sort((one, other) => one.line - other.line).slice(0, mostIssues) }
    } finally {
      needs.works.end(workId)
      if (outcome.stored > 0) needs.announce('people-changed', {})
    }
  }
}

function rowsOf([header, ...records]: readonly FileRecord[]): FileRow[] {
  const columns = readHeader(header?.cells ?? [])
  return records.map(({ line, cells }) => {
    const { row, faults } = rowOf(cells, columns)
    return { line, row, faults, key: (row.get('address') ?? '').toLowerCase() }
  })
}

/** The rows that count: the last one of each address. The others, and rows without one, are refused. */
function countingRows(rows: readonly FileRow[], outcome: Outcome): FileRow[] {
  const last = new Map(rows.map((row) => [row.key, row]))
  return rows.filter((row) => {
    const counting = last.get(row.key)
    if (row.key !== '' && counting === row) return true
    refuse(outcome, row, [{ column: 'address', message: row.key === '' ? 'The row has no address.' : `The address is given again in line ${counting?.line ?? 0}, and that line counts.` }])
    return false
  })
}

function refuse(outcome: Outcome, { line }: FileRow, faults: readonly CellFault[]): void {
  outcome.refused += 1
  outcome.issues.push(...faults.map((fault) => ({ line, ...fault })))
}

async function store(needs: PeopleNeeds, rows: readonly FileRow[], outcome: Outcome, { tryOnly, workId, signal }: { tryOnly: boolean; workId: string; signal: AbortSignal }): Promise<void> {
  const { database, tables: { people } } = needs
  for (let start = 0; start < rows.length; start += rowsAtOnce) {
    signal.throwIfAborted()
    needs.announce('work-progressed', { workId, done: start, total: rows.length, what: 'people' })
    const some = rows.slice(start, start + rowsAtOnce)
    if (tryOnly) await changesOf(needs, database, some, outcome)
    else
      await database.transaction(async (transaction) => {
        const changed = await changesOf(needs, transaction, some, outcome)
        await people.put(transaction, changed)
        outcome.stored += changed.length
      })
  }
  needs.announce('work-progressed', { workId, done: rows.length, total: rows.length, what: 'people' })
}

/** People who are to be stored, and counts what becomes of each row. */
async function changesOf({ tables, now }: PeopleNeeds, queryable: Queryable, rows: readonly FileRow[], outcome: Outcome): Promise<NewPerson[]> {
  const known = await tables.people.byAddresses(queryable, rows.map(({ key }) => key))
  const changed: NewPerson[] = []
  for (const [index, row] of rows.entries()) {
    if (index % rowsBetweenBreaks === 0) await setImmediate()
    const was: Person | null = known.get(row.key) ?? null
    const { person, faults } = personOfRow(row.row, was)
    if (person === null || row.faults.length > 0) refuse(outcome, row, [...row.faults, ...faults])
    else if (was !== null && isSame(person, was)) outcome.unchanged += 1
    else {
      outcome[was === null ? 'added' : 'changed'] += 1
      changed.push({ ...person, source: 'import', createdAt: now().toISOString() })
    }
  }
  return changed
}

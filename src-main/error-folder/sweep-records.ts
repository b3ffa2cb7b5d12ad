import type { Database } from '../database/database.ts'
import type { MailTables } from '../database/mail-tables.ts'
import type { ErrorRecords } from './record.ts'

export type SweepNeeds = { database: Database; tables: { errors: Pick<MailTables['errors'], 'recordNames'> }; records: Pick<ErrorRecords, 'names' | 'discard'> }

/**
 * Takes away records that no row names: files of a process that ended between writing them and committing. Only before anything is
 * committed, for a record is written ahead of its row. Answers how many there were.
 */
export async function sweepRecords({ database, tables, records }: SweepNeeds): Promise<number> {
  const present = await records.names()
  if (present.length === 0) return 0
  const named = await tables.errors.recordNames(database)
  const orphans = present.filter((name) => !named.has(name))
  await records.discard(orphans)
  return orphans.length
}

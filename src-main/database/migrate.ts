import { ProblemError } from '#contract/problem.ts'
import type { JournaledDatabase } from './journaled-database.ts'

/** Brings the schema to the newest version, a transaction for each; in memory alone where the database is only read. Throws ProblemError `data-folder-newer`. */
export function migrate(database: JournaledDatabase, folder: string, migrations: readonly (readonly string[])[], readOnly: boolean): void {
  const version = versionOf(database)
  if (version > migrations.length) throw new ProblemError({ code: 'data-folder-newer', folder, version, supported: migrations.length })
  for (const [index, statements] of migrations.entries()) if (index >= version) apply(database, statements, index + 1, readOnly)
}

function versionOf(database: JournaledDatabase): number {
  const tables = database.all(`SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'schema_version'`, [])
  return tables.rows.length === 0 ? 0 : Number(database.all('SELECT MAX(version) FROM schema_version', []).rows[0]?.[0] ?? 0)
}

function apply(database: JournaledDatabase, statements: readonly string[], version: number, readOnly: boolean): void {
  database.begin()
  try {
    if (version === 1) database.run('CREATE TABLE schema_version (version INTEGER NOT NULL)', [])
    for (const statement of statements) database.run(statement, [])
    database.run('INSERT INTO schema_version (version) VALUES (?)', [version])
  } catch (error) {
    database.rollback()
    throw error
  }
  if (readOnly) database.commitInMemory()
  else database.commit()
}

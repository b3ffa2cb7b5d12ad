import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Database as SqlDatabase, InitSqlJsStatic, SqlJsStatic } from 'sql.js'

const requireHere = createRequire(import.meta.url)

/** Bytes kept free behind the content of a database; not touched, they cost no memory. */
export const roomToGrow = 32 << 20

/**
 * Opens SQLite in memory, empty or with the content of a database file, which belongs to SQLite from then on. Rollback is
 * off until `allowRollback`. LIKE tells upper from lower case, as in PostgreSQL. What is deleted is overwritten with zeros, so that no
 * snapshot holds it (https://www.sqlite.org/pragma.html#pragma_secure_delete).
 */
export async function openSql(content: Uint8Array | null): Promise<SqlDatabase> {
  // sql.js is resolved when running, from source and from the bundle alike: its wasm file lies beside it.
  const main = requireHere.resolve('sql.js')
  const initialise: InitSqlJsStatic = requireHere(main)
  const sql = await initialise({ locateFile: (name) => join(dirname(main), name) })
  const database = new sql.Database(givenAway(content ?? emptyFile(sql)))
  database.exec('PRAGMA case_sensitive_like = ON; PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -2048; PRAGMA foreign_keys = OFF; PRAGMA secure_delete = ON')
  return database
}

/** From now on transactions can be rolled back. Replaying has no need of that, and its rollback journal would swell the memory for good. */
export function allowRollback(database: SqlDatabase): void {
  database.exec('PRAGMA journal_mode = MEMORY')
}

/** Gives back the pages that deletions left empty, where they are a quarter of all. */
export function withoutEmptyPages(database: SqlDatabase): void {
  const count = (pragma: string): number => Number(database.exec(`PRAGMA ${pragma}`)[0]?.values[0]?.[0] ?? 0)
  if (count('freelist_count') * 4 > count('page_count')) database.run('VACUUM')
}

// sql.js takes a copy by `slice`. A whole database twice in memory is too much, and nobody else needs these bytes; the room behind
// them lets it grow for long without being moved, which would take longer than a commit may.
function givenAway(content: Uint8Array): Uint8Array {
  const roomy = content.byteOffset === 0 && content.buffer.byteLength >= content.length + roomToGrow ? new Uint8Array(content.buffer) : withRoom(content)
  const given = roomy.subarray(0, content.length)
  given.slice = () => roomy as Uint8Array<ArrayBuffer>
  return given
}

function withRoom(content: Uint8Array): Uint8Array {
  const roomy = new Uint8Array(content.length + roomToGrow)
  roomy.set(content)
  return roomy
}

function emptyFile(sql: SqlJsStatic): Uint8Array {
  const database = new sql.Database()
  database.exec('PRAGMA page_size = 8192; VACUUM')
  const content = database.export()
  database.close()
  return content
}

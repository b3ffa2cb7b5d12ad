import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Database as SqlDatabase, InitSqlJsStatic } from 'sql.js'

const require = createRequire(import.meta.url)

/** Opens SQLite in memory, empty or with the content of a database file. Sorting and rollback stay in memory too. */
export async function openSql(content: Uint8Array | null): Promise<SqlDatabase> {
  // sql.js is resolved when running, from source and from the bundle alike: its wasm file lies beside it.
  const main = require.resolve('sql.js')
  const initialise: InitSqlJsStatic = require(main)
  const sql = await initialise({ locateFile: (name) => join(dirname(main), name) })
  const database = new sql.Database(content)
  database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -4096; PRAGMA foreign_keys = OFF')
  return database
}

import { AsyncLocalStorage } from 'node:async_hooks'
import type { Database, Row, SqlValue, Transaction } from './database.ts'
import { startDatabaseThread } from './database-thread.ts'
import { databaseKey } from './file-keys.ts'
import type { HeldFile } from './journaled-database.ts'
import type { Table } from './statements.ts'
import type { Changes } from './worker-messages.ts'

export type DatabaseNeeds = {
  /** Folder of the database's files; made where it is missing. */
  folder: string
  /** 32 bytes. */
  dataKey: Buffer
  log: { warning(text: string): void }
  /** Changes no file; transactions are refused. */
  readOnly?: boolean
  workerUrl?: URL
  checkpointWorkerUrl?: URL
  /** Bytes of journal before the first snapshot; for tests. */
  smallestCheckpoint?: number
}

/** A database in files, which can be copied while it works. */
export interface FileDatabase extends Database {
  /** Hands the files over as they belong together, between two transactions; none of them goes while `work` runs. */
  withFiles<Result>(work: (files: HeldFile[]) => Promise<Result>): Promise<Result>
  /** When it resolves, nothing that was deleted before is in the files any more, unless they are held or the log has a warning. */
  checkpoint(): Promise<void>
}

const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js'

/**
 * Opens the database in a thread of its own, makes it where there is none, and brings its schema up to date. Throws ProblemError
 * `data-folder-damaged` (also for a wrong data key), `data-folder-newer`, `data-folder-unwritable`, `disk-full`. Parameters: NUL
 * characters and lone surrogates in texts become U+FFFD.
 */
export async function openDatabase(needs: DatabaseNeeds): Promise<FileDatabase> {
  const thread = await startDatabaseThread(needs.workerUrl ?? new URL(`./database-worker.${ending}`, import.meta.url), {
    folder: needs.folder,
    key: databaseKey(needs.dataKey),
    readOnly: needs.readOnly ?? false,
    checkpointWorkerUrl: String(needs.checkpointWorkerUrl ?? new URL(`./checkpoint-worker.${ending}`, import.meta.url)),
    smallestCheckpoint: needs.smallestCheckpoint
  }, needs.log)
  const inside = new AsyncLocalStorage<{ number: number; over: boolean }>()
  let transactions = 0

  const all = async <Result extends Row>(transaction: number | null, sql: string, parameters: readonly SqlValue[] = []): Promise<Result[]> =>
    objectsOf<Result>(await thread.ask<Table>({ do: 'all', sql, parameters: parameters.map(clean), transaction }))

  const atOnce = async <Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> => {
    const asked: { sql: string; parameters: SqlValue[] }[] = []
    const { promise: committed, resolve, reject } = Promise.withResolvers<Changes[]>()
    // Whoever asked for a statement hears of a failure; so does the caller.
    committed.catch(() => undefined)
    let isSent = false
    let unusable: unknown = null
    const cleaned = (parameters: readonly SqlValue[]): SqlValue[] => {
      try {
        return parameters.map(clean)
      } catch (error) {
        unusable ??= error
        throw error
      }
    }
    const result = work({
      all: async (sql, parameters) => (await committed, all(null, sql, parameters)),
      async run(sql, parameters = []) {
        if (isSent) throw new Error(`the transaction is over; not run: ${sql}`)
        const place = asked.push({ sql, parameters: cleaned(parameters) }) - 1
        return (await committed)[place] as Changes
      }
    })
    isSent = true
    if (unusable !== null) reject(unusable)
    else if (asked.length === 0) resolve([])
    else thread.ask<Changes[]>({ do: 'together', transaction: null, statements: asked }).then(resolve, reject)
    const [done] = await Promise.all([result, committed])
    return done
  }

  return {
    // A read from within a running transaction belongs to it: waiting for its end would be waiting for oneself.
    all: (sql, parameters) => all(current(inside), sql, parameters),
    async transaction(work, how = 'step-by-step') {
      if (current(inside) !== null) throw new Error('a transaction was begun inside a transaction')
      if (how === 'at-once') return atOnce(work)
      const scope = { number: ++transactions, over: false }
      const transaction = scope.number
      const handle: Transaction = {
        all: (sql, parameters) => all(transaction, sql, parameters),
        run: (sql, parameters = []) => thread.ask({ do: 'run', sql, parameters: parameters.map(clean), transaction })
      }
      await thread.ask({ do: 'begin', transaction })
      try {
        const result = await inside.run(scope, () => work(handle))
        scope.over = true
        await thread.ask({ do: 'commit', transaction })
        return result
      } catch (error) {
        if (!scope.over) await thread.ask({ do: 'rollback', transaction })
        scope.over = true
        throw error
      }
    },
    async withFiles(work) {
      const files = await thread.ask<HeldFile[]>({ do: 'hold-files', transaction: null })
      try {
        return await work(files)
      } finally {
        await thread.ask({ do: 'release-files', transaction: null })
      }
    },
    checkpoint: async () => void (await thread.ask<null>({ do: 'checkpoint', transaction: null })),
    close: () => thread.close()
  }
}

const current = (inside: AsyncLocalStorage<{ number: number; over: boolean }>): number | null => {
  const scope = inside.getStore()
  return scope === undefined || scope.over ? null : scope.number
}

function objectsOf<Result extends Row>({ columns, rows }: Table): Result[] {
  return rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index] ?? null])) as Result)
}

function clean(value: SqlValue): SqlValue {
  if (typeof value === 'string') return value.includes('\0') ? value.replaceAll('\0', '\uFFFD').toWellFormed() : value.toWellFormed()
  if (value === null || (typeof value === 'number' && Number.isFinite(value))) return value
  throw new TypeError(`a parameter is neither text, finite number nor null but ${typeof value}`)
}

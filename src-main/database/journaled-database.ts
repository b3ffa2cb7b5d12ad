import { mkdirSync } from 'node:fs'
import { ProblemError } from '#contract/problem.ts'
import { diskProblem } from '../data-folder/disk-problem.ts'
import type { SqlValue } from './database.ts'
import { fileHeadLength } from './database-files.ts'
import { beginJournal, continueJournal, type Journal, type Place } from './journal.ts'
import { encodeRecord, type RunStatement } from './journal-record.ts'
import { createNewestRecord, expectNewest } from './newest-record.ts'
import { neededFiles, removeSuperseded, restoreDatabase, sizesOf } from './restore-database.ts'
import type { Table } from './statements.ts'

/** SQLite in memory whose commits are on disk. One transaction at a time; the caller sees to that. */
export interface JournaledDatabase {
  all(sql: string, parameters: readonly SqlValue[]): Table
  begin(): void
  run(sql: string, parameters: readonly SqlValue[]): { lastId: number; changes: number }
  /** The changes are on disk when it returns; when it throws, none of them happened. */
  commit(): void
  /** Keeps the changes in memory alone: for a database that is only read and has to look like the newest version. */
  commitInMemory(): void
  rollback(): void
  /** The files that make up the database as it is now, none of which goes until `releaseFiles`. */
  holdFiles(): HeldFile[]
  releaseFiles(): void
  /** Makes a snapshot of what is committed; what the files before it held is gone when it resolves, or a warning was given. */
  checkpoint(): Promise<void>
  /** Waits for a snapshot that is being made. */
  close(): Promise<void>
}

/** A file of the database; what comes after `length` bytes was written later. */
export type HeldFile = { file: string; length: number }

/** `buildSnapshot` makes the snapshot of all records up to a number beside the live database; it rejects where it could not. */
export type JournaledNeeds = Place & { readOnly: boolean; buildSnapshot(upTo: number): Promise<void>; warn(message: string): void; smallestCheckpoint?: number }

/** Opens the database, made where there is none. Throws ProblemError `data-folder-damaged`, `disk-full`, `data-folder-unwritable`. */
export async function openJournaledDatabase(needs: JournaledNeeds): Promise<JournaledDatabase> {
  if (!needs.readOnly) mkdirSync(needs.folder, { recursive: true, mode: 0o700 })
  const mustReachNewest = expectNewest(needs)
  const { sql, statements, sequence: restored, tail } = await restoreDatabase(needs.key, needs.folder)
  mustReachNewest(restored)
  const journal = needs.readOnly ? readOnlyJournal(needs.folder) : tail === null ? beginJournal(needs, restored + 1) : continueJournal(needs, tail.file, tail.keys, tail.length)
  if (!needs.readOnly) removeSuperseded(needs.folder)
  let sequence = restored
  let pending: RunStatement[] = []
  let broken: Error | null = null
  let held = 0
  const tidyUp = (): void => {
    if (held === 0) removeSuperseded(needs.folder)
  }
  const checkpoints = createCheckpoints(needs, journal, tidyUp)
  const newest = createNewestRecord(needs)

  const rollback = () => {
    pending = []
    try {
      sql.run('ROLLBACK')
    } catch (error) {
      // SQLite rolls some failures back by itself.
      if (!/no transaction is active/.test(String(error))) throw error
    }
  }
  return {
    all: (text, parameters) => statements.all(text, parameters),
    begin() {
      if (broken !== null) throw broken
      sql.run('BEGIN')
    },
    run(text, parameters) {
      const result = statements.run(text, parameters)
      pending.push({ sql: text, parameters })
      return result
    },
    commit() {
      const record = pending.length === 0 ? null : encodeRecord(pending)
      try {
        if (record !== null) journal.append(sequence + 1, record)
      } catch (error) {
        rollback()
        const problem = diskProblem(error, needs.folder)
        throw problem === null ? error : new ProblemError(problem, { cause: error })
      }
      pending = []
      if (record !== null) newest.remember(++sequence)
      try {
        sql.run('COMMIT')
      } catch (error) {
        // What is on disk is right, what is in memory is not: only opening again brings them together.
        broken = new Error('the database must be opened again', { cause: error })
        throw broken
      }
      if (record !== null) checkpoints.afterCommit(sequence, record.length)
    },
    commitInMemory() {
      if (!needs.readOnly) throw new Error('changes of a database that is written belong into its journal')
      pending = []
      sql.run('COMMIT')
    },
    rollback,
    holdFiles() {
      held += 1
      return neededFiles(needs.folder, journal.bytes())
    },
    releaseFiles() {
      held -= 1
      if (!needs.readOnly) tidyUp()
    },
    checkpoint: () => checkpoints.now(() => sequence),
    async close() {
      await checkpoints.finished()
      sql.close()
      newest.close()
      journal.close()
    }
  }
}

type Checkpoints = { afterCommit(sequence: number, bytes: number): void; now(sequence: () => number): Promise<void>; finished(): Promise<void> }

const dueMbWhenQuiet = 8
const dueMbAtLast = 64
const quietMs = 5_000

/**
 * A snapshot costs as much as what it holds, and a processor for as long: it is made when the journal since the last one has grown to a quarter of it, 8 MB at least, and nothing
 * was written for five seconds; at half of it, 64 MB at least, whatever is being written. So much is read again in about two seconds at the next start.
 */
function createCheckpoints(needs: JournaledNeeds, journal: Journal, tidyUp: () => void): Checkpoints {
  if (needs.readOnly) return { afterCommit: () => undefined, now: () => Promise.resolve(), finished: () => Promise.resolve() }
  let { snapshot, journal: grown } = sizesOf(needs.folder)
  let running: Promise<void> | null = null
  let quiet: NodeJS.Timeout | undefined
  const isDue = (part: number, megabytes: number): boolean => running === null && grown >= Math.max(needs.smallestCheckpoint ?? megabytes << 20, snapshot * part)
  const make = async (sequence: number) => {
    try {
      await needs.buildSnapshot(sequence)
      tidyUp()
      snapshot = sizesOf(needs.folder).snapshot
    } catch (error) {
      needs.warn(`no snapshot of the database could be made; the journal goes on: ${error instanceof Error ? error.message : String(error)}`)
    } finally {
      running = null
    }
  }
  const begin = (sequence: number): void => {
    clearTimeout(quiet)
    grown = 0
    try {
      // An empty segment begins after `sequence` as it is.
      if (journal.bytes() > fileHeadLength) journal.rotate(sequence + 1)
    } catch (error) {
      needs.warn(`no new journal segment could be begun: ${error instanceof Error ? error.message : String(error)}`)
      return
    }
    running = make(sequence)
  }
  return {
    afterCommit(sequence, bytes) {
      grown += bytes
      clearTimeout(quiet)
      if (isDue(1 / 2, dueMbAtLast)) begin(sequence)
      else if (isDue(1 / 4, dueMbWhenQuiet)) quiet = setTimeout(() => begin(sequence), quietMs).unref()
    },
    async now(sequence) {
      while (running !== null) await running
      begin(sequence())
      await running
    },
    finished: () => {
      clearTimeout(quiet)
      return running ?? Promise.resolve()
    }
  }
}

function readOnlyJournal(folder: string): Journal {
  const refuse = (): never => {
    throw new ProblemError({ code: 'data-folder-unwritable', folder, reason: 'it was opened for reading only' })
  }
  return { append: refuse, rotate: refuse, bytes: () => 0, close: () => undefined }
}

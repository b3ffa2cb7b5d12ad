import { rmSync, statSync } from 'node:fs'
import type { Database as SqlDatabase } from 'sql.js'
import { damaged, listFiles, segmentFile, snapshotFile } from './database-files.ts'
import type { FileKeys } from './file-keys.ts'
import { replaySegment } from './journal.ts'
import { decodeRecord } from './journal-record.ts'
import { allowRollback, openSql } from './load-sql.ts'
import { readSnapshot } from './snapshot.ts'
import { createStatements, type Statements } from './statements.ts'

/** A database as it was after record `sequence`; `tail` is where the journal goes on, null where a segment must be begun. */
export type Restored = { sql: SqlDatabase; statements: Statements; sequence: number; tail: { file: string; keys: FileKeys; length: number } | null }

/** Newest snapshot up to `upTo`, and the journal after it. Changes no file. Throws ProblemError `data-folder-damaged`. */
export async function restoreDatabase(key: Buffer, folder: string, upTo = Number.MAX_SAFE_INTEGER): Promise<Restored> {
  const { snapshots, segments } = listFiles(folder)
  const base = snapshots.filter((sequence) => sequence <= upTo).at(-1) ?? 0
  const sql = await openSql(base === 0 ? null : readSnapshot(key, folder, base))
  const statements = createStatements(sql)
  let sequence = base
  let tail: Restored['tail'] = null
  for (const [index, start] of segments.entries()) {
    if (start > upTo) break
    const next = segments[index + 1]
    if (next !== undefined && next <= base + 1) continue
    const file = segmentFile(folder, start)
    if (start > sequence + 1) throw damaged(file, `record ${sequence + 1}, which comes before it, is missing`)
    sql.run('BEGIN')
    const end = replaySegment(key, file, next === undefined, (number, plain) => {
      if (number <= sequence || number > upTo) return
      replay(statements, file, number, plain)
      sequence = number
    })
    sql.run('COMMIT')
    tail = next === undefined ? { file, ...end } : null
  }
  allowRollback(sql)
  return { sql, statements, sequence, tail }
}

/** Deletes what the newest snapshot makes superfluous, and files that were never finished. */
export function removeSuperseded(folder: string): void {
  const { snapshots, segments, leftovers } = listFiles(folder)
  const newest = snapshots.at(-1) ?? 0
  const old = segments.filter((_, index) => (segments[index + 1] ?? Number.MAX_SAFE_INTEGER) <= newest + 1)
  for (const file of [...leftovers, ...old.map((start) => segmentFile(folder, start)), ...snapshots.slice(0, -1).map((sequence) => snapshotFile(folder, sequence))]) rmSync(file, { force: true })
}

/** What restoring reads: the newest snapshot and the segments after it, the last one up to `lastLength` bytes. */
export function neededFiles(folder: string, lastLength: number): { file: string; length: number }[] {
  const { snapshots, segments } = listFiles(folder)
  const newest = snapshots.at(-1)
  const whole = (file: string): { file: string; length: number } => ({ file, length: statSync(file).size })
  return [
    ...(newest === undefined ? [] : [whole(snapshotFile(folder, newest))]),
    ...segments.flatMap((start, index) => {
      const next = segments[index + 1]
      if (next === undefined) return [{ file: segmentFile(folder, start), length: lastLength }]
      return next <= (newest ?? 0) + 1 ? [] : [whole(segmentFile(folder, start))]
    })
  ]
}

/** Bytes of the newest snapshot, and of the journal since. */
export function sizesOf(folder: string): { snapshot: number; journal: number } {
  const { snapshots, segments } = listFiles(folder)
  const newest = snapshots.at(-1)
  return { snapshot: newest === undefined ? 0 : statSync(snapshotFile(folder, newest)).size, journal: segments.reduce((sum, start) => sum + statSync(segmentFile(folder, start)).size, 0) }
}

function replay(statements: Statements, file: string, number: number, plain: Buffer): void {
  try {
    for (const { sql, parameters } of decodeRecord(plain)) statements.run(sql, parameters)
  } catch (error) {
    throw damaged(file, `record ${number} cannot be replayed: ${error instanceof Error ? error.message : String(error)}`)
  }
}

import type { Partition, Settings } from '#contract/settings.ts'
import type { EventListener } from '../console.ts'
import type { ContentStore } from '../content/content-store.ts'
import type { FileDatabase } from '../database/open-database.ts'
import type { MailTables } from '../database/mail-tables.ts'
import type { RetentionTable } from '../database/retention-table.ts'
import type { ErrorRecords } from '../error-folder/record.ts'
import type { Clock } from '../fetching/clock.ts'
import type { Clearing } from '../intake/create-clearing.ts'
import type { Intake } from '../intake/intake.ts'
import type { ServerSources } from '../servers/server-sources.ts'
import type { Works } from '../work/works.ts'

/** The pack files of the content folder. */
export type PackFiles = {
  /** Bytes of each pack by its number. */
  sizes(): Promise<Map<number, number>>
  /** The pack that messages which come in are appended to; 0 where there is none. */
  newest(sizes: ReadonlyMap<number, number>): number
  /** Whether clearing up made the pack. */
  isCleared(pack: number): boolean
  /** One that is not there is no fault. */
  unlink(pack: number): Promise<void>
}

/** `graceMs` is how long what was copied elsewhere stays, for messages that were taken in before and are not committed yet. */
export type RetentionNeeds = {
  folder: string
  /** Bytes on the disk that the folder lies on that are free to this user. */
  diskRoom: () => Promise<{ free: number }>
  database: Pick<FileDatabase, 'all' | 'transaction' | 'checkpoint'>
  tables: Pick<MailTables, 'contents' | 'errors' | 'ledger'> & { retention: RetentionTable }
  packs: PackFiles
  content: Pick<ContentStore, 'letGo'>
  intake: Pick<Intake, 'retire'>
  clearing: Clearing
  records: Pick<ErrorRecords, 'discard'>
  /** Takes lines from before a time out of the log; answers how many, and their bytes. */
  forgetLog: (before: string) => { lines: number; bytes: number }
  settings: () => Promise<Settings>
  partitions: () => Promise<Partition[]>
  sources: Pick<ServerSources, 'incoming'>
  works: Works
  clock: Clock
  announce: EventListener
  logWarning: (text: string) => void
  reportUnexpected: (thrown: unknown, during: string) => unknown
  graceMs?: number
}

/** A clean-up that runs: what holds while it does, what it took so far, and how it is stopped and watched. */
export type Run = {
  signal: AbortSignal
  now: number
  /** Tells how far it is. */
  progress: (what: string, done: number, total: number | null) => void
  /** Packs that contents were taken from. */
  touched: Set<number>
  taken: { originals: number; texts: number; errorRecords: number; logLines: number; freedBytes: number; pendingBytes: number }
}

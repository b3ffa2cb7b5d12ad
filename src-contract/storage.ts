import { z } from 'zod'

const days = z.int().min(1, 'At least one day.').max(36_500, 'At most 100 years.').nullable().default(null)

/**
 * For how many days something is kept; null: for ever. After `originals` attachments and the original message are gone and the text stays;
 * after `texts` the text is gone too; after `errorRecords` what is known of failed mail. The mail on the server is not touched.
 */
export const retentionPeriods = z.strictObject({ originals: days, texts: days, errorRecords: days })
export type RetentionPeriods = z.infer<typeof retentionPeriods>

/** Bytes on disk. `removable` is what the retention periods let go of at the next clean-up. */
export type StorageUsage = {
  at: string
  folder: string
  freeOnDisk: number
  parts: { part: 'messages' | 'database' | 'error-records' | 'logs' | 'window' | 'other'; bytes: number; files: number }[]
  /** Stored messages by the partition of their request; `error-folder` and `unused` (to be cleaned up) come last with null. */
  partitions: { partition: string | null; what: 'requests' | 'error-folder' | 'unused'; messages: number; bytes: number; oldest: string | null }[]
  removable: { originals: number; texts: number; errorRecords: number }
  lastCleanUp: { at: string; answer: CleanUp } | null
}

/** What a clean-up took away. `pendingBytes` go as soon as nothing can be reading them, within 15 minutes. */
export type CleanUp = { originals: number; texts: number; errorRecords: number; logLines: number; freedBytes: number; pendingBytes: number }

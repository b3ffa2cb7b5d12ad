import type { Partition, Settings } from '#contract/settings.ts'
import type { RetentionPeriods } from '#contract/storage.ts'

/** Of one kind of thing: what came before the time (ISO 8601) is past its period; null: nothing ever is. `others` holds where a partition is not named. */
export type Cutoffs = { of: ReadonlyMap<string, string | null>; others: string | null }
export type RetentionRules = { retention: Settings['retention']; partitions: readonly Pick<Partition, 'name' | 'retention'>[] }

const day = 86_400_000

/** From when on things of a kind are kept, by partition, at the time `now` (milliseconds). A partition's own periods take the place of all those of the settings. */
export function cutoffsOf(kind: keyof RetentionPeriods, { retention, partitions }: RetentionRules, now: number): Cutoffs {
  return {
    of: new Map(partitions.map((partition) => [partition.name, cutoff((partition.retention ?? retention)[kind], now)])),
    others: cutoff(retention[kind], now)
  }
}

/** The time before which lines of the log are past their period; null: they stay. */
export const logCutoff = ({ retention }: Pick<RetentionRules, 'retention'>, now: number): string | null => cutoff(retention.logs, now)

/** What has to go of a message of a request: its text and all else, all but its text, or nothing. */
export function dueForRemoval({ partition, receivedAt, removed }: { partition: string; receivedAt: string; removed: 'original' | 'text' | null }, rules: RetentionRules, now: number): 'text' | 'original' | null {
  if (removed === 'text') return null
  if (isBefore(receivedAt, cutoffFor(cutoffsOf('texts', rules, now), partition))) return 'text'
  return removed === null && isBefore(receivedAt, cutoffFor(cutoffsOf('originals', rules, now), partition)) ? 'original' : null
}

/** The time that holds for a partition. */
export const cutoffFor = ({ of, others }: Cutoffs, partition: string): string | null => {
  const own = of.get(partition)
  return own === undefined ? others : own
}

const cutoff = (days: number | null, now: number): string | null => (days === null ? null : new Date(now - days * day).toISOString())
const isBefore = (time: string, bound: string | null): boolean => bound !== null && time < bound

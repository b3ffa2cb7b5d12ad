import type { Settings } from '#contract/settings.ts'
import { cutoffFor, cutoffsOf, type Cutoffs, type RetentionRules } from '../model/due-for-removal.ts'
import { nativeServerId } from '../receiving/native-origin.ts'
import type { RetentionNeeds } from './retention-needs.ts'

export type Rules = RetentionRules & { settings: Settings; before: { originals: Cutoffs; texts: Cutoffs; errorRecords: { of: ReadonlyMap<number, string | null>; others: string | null } } }

/** What holds at the time `now`. Error records follow the partition that their server belongs to now. */
export async function readRules({ settings: read, partitions: list, sources }: Pick<RetentionNeeds, 'settings' | 'partitions' | 'sources'>, now: number): Promise<Rules> {
  const settings = await read()
  const partitions = await list()
  const rules: RetentionRules = { retention: settings.retention, partitions }
  const errors = cutoffsOf('errorRecords', rules, now)
  const native = settings.nativeMail.partition ?? partitions.find((one) => one.default)?.name ?? ''
  const ofServers = (await sources.incoming()).map(({ id, server }): [number, string | null] => [id, cutoffFor(errors, server.partition)])
  return {
    ...rules, settings,
    before: { originals: cutoffsOf('originals', rules, now), texts: cutoffsOf('texts', rules, now), errorRecords: { of: new Map([...ofServers, [nativeServerId, cutoffFor(errors, native)]]), others: errors.others } }
  }
}

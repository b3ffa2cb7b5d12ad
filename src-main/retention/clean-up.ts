import { join } from 'node:path'
import type { CleanUp } from '#contract/storage.ts'
import { logCutoff } from '../model/due-for-removal.ts'
import { measureBelow } from './measure-folder.ts'
import { forgetLeftovers, reclaimPacks } from './reclaim-packs.ts'
import { removeErrors } from './remove-errors.ts'
import { removeMessages } from './remove-messages.ts'
import { readRules } from './retention-rules.ts'
import type { RetentionNeeds, Run } from './retention-needs.ts'

/**
 * Takes away what is past its period and gives its room back. Ended at any point, it goes on with the next one: new content is on disk
 * before the row names it, and old bytes go after that. Throws the signal's reason, ProblemError `disk-full`.
 */
export async function cleanUp(needs: RetentionNeeds, { signal, touched, progress }: Pick<Run, 'signal' | 'touched' | 'progress'>): Promise<CleanUp> {
  const now = needs.clock.now()
  const run: Run = { signal, now, progress, touched, taken: { originals: 0, texts: 0, errorRecords: 0, logLines: 0, freedBytes: 0, pendingBytes: 0 } }
  const rules = await readRules(needs, now)
  const total = await needs.tables.retention.removable(needs.database, rules.before)
  try {
    await removeErrors(needs, run, rules, total.errorRecords)
    await removeMessages(needs, run, rules, total.texts + total.originals)
    await forgetLeftovers(needs, run)
    // What is copied from here on goes into another pack than the slim messages, so that each can be cleared up later.
    await needs.clearing.close()
    await reclaimPacks(needs, run)
  } finally {
    await needs.clearing.close()
  }
  forgetLog(needs, run, logCutoff(rules, now))
  await shrinkDatabase(needs, run)
  await needs.database.transaction((transaction) => needs.tables.retention.addCleanUp(transaction, new Date(now).toISOString(), run.taken))
  return run.taken
}

function forgetLog(needs: RetentionNeeds, { taken }: Run, before: string | null): void {
  if (before === null) return
  const { lines, bytes } = needs.forgetLog(before)
  taken.logLines = lines
  taken.freedBytes += bytes
}

/** Rows that were deleted are still in the journal and in the snapshot before it. */
async function shrinkDatabase({ database, folder }: RetentionNeeds, { taken, progress }: Run): Promise<void> {
  progress('Database written anew', 0, null)
  const sizeNow = async (): Promise<number> => (await measureBelow(join(folder, 'database'))).bytes
  const size = await sizeNow()
  await database.checkpoint()
  taken.freedBytes += Math.max(0, size - (await sizeNow()))
}

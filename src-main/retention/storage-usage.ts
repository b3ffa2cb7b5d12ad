import type { StorageUsage } from '#contract/storage.ts'
import { measureFolder } from './measure-folder.ts'
import type { RetentionNeeds } from './retention-needs.ts'
import { readRules } from './retention-rules.ts'

/** What the data folder takes, by part and by partition, and what the next clean-up lets go. */
export async function storageUsage(needs: RetentionNeeds): Promise<StorageUsage> {
  const { database, tables: { retention }, folder, diskRoom, clock } = needs
  const now = clock.now()
  const parts = await measureFolder(folder)
  const usage = await retention.usage(database)
  const { before } = await readRules(needs, now)
  const stored = parts.find(({ part }) => part === 'messages')?.bytes ?? 0
  const used = usage.partitions.reduce((sum, { bytes }) => sum + bytes, usage.errors.bytes)
  return {
    at: new Date(now).toISOString(), folder, freeOnDisk: (await diskRoom()).free, parts,
    partitions: [
      ...usage.partitions.map(({ partition, ...row }) => ({ partition: partition === '' ? null : partition, what: 'requests' as const, ...row })),
      { partition: null, what: 'error-folder', ...usage.errors },
      // Two may share a message, which then counts for both.
      { partition: null, what: 'unused', messages: 0, bytes: Math.max(0, stored - used), oldest: null }
    ],
    removable: await retention.removable(database, before),
    lastCleanUp: await retention.lastCleanUp(database)
  }
}

import { createHash } from 'node:crypto'
import type { HistoryProof } from '#contract/history.ts'
import { createChainWalk } from '../model/history-chain.ts'
import type { ConfigurationNeeds } from './configuration-needs.ts'
import type { HistoryAnchor } from './history-anchor.ts'

/** Entries in memory at once; each may hold the settings of the whole console, but for pictures. */
const portion = 500

/** Goes over the whole history: whether every entry is as it was written, follows the one before, and none is missing at the end. */
export const createVerifyHistory = ({ database, tables, now, anchor }: Pick<ConfigurationNeeds, 'database' | 'tables' | 'now'> & { anchor: Pick<HistoryAnchor, 'read'> }) => async (): Promise<HistoryProof> => {
  // Asked first: entries that are added meanwhile come after it.
  const walk = createChainWalk((text) => createHash('sha256').update(text, 'utf8').digest('hex'), await anchor.read())
  const seen = new Set<string>()
  for (let after = 0; ; ) {
    const entries = await tables.history.stored(database, after, portion)
    for (const entry of entries) walk.take(entry, await tables.history.isWhole(database, entry, seen))
    const last = entries.at(-1)
    if (last === undefined || entries.length < portion) break
    after = last.id
  }
  const { broken, ...report } = walk.end()
  return { isIntact: broken === null, ...report, at: now().toISOString(), broken }
}

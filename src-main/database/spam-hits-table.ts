import type { SpamHits } from '#contract/spam-rule.ts'
import type { Queryable, Row, Transaction } from './database.ts'

/** How often each spam rule dropped a message. They go by the name of the rule: one with a new name counts anew, one that comes back goes on. */
export const spamHitsTable = {
  async add(transaction: Transaction, hits: ReadonlyMap<string, number>, at: string): Promise<void> {
    for (const [rule, count] of hits)
      await transaction.run('INSERT INTO spam_hits (rule, hits, last_at) VALUES (?, ?, ?) ON CONFLICT (rule) DO UPDATE SET hits = spam_hits.hits + excluded.hits, last_at = excluded.last_at', [rule, count, at])
  },

  async all(queryable: Queryable): Promise<SpamHits[]> {
    return queryable.all<SpamHits & Row>('SELECT rule, hits, last_at AS "lastAt" FROM spam_hits ORDER BY rule')
  },

  async reset(transaction: Transaction, rule: string): Promise<void> {
    await transaction.run('DELETE FROM spam_hits WHERE rule = ?', [rule])
  }
}
export type SpamHitsTable = typeof spamHitsTable

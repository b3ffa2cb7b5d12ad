import type { IncomingState } from '#contract/incoming-server.ts'
import type { Queryable, Transaction } from './database.ts'

/** What is told of a server after a restart. */
export type KeptHealth = Pick<IncomingState, 'lastRound' | 'lastSuccessAt' | 'failuresInARow' | 'failingSince' | 'problem'>

/** How the last round of each incoming server went. */
export const healthTable = {
  async all(queryable: Queryable): Promise<Map<number, KeptHealth>> {
    const rows = await queryable.all<{ server: number; state: string }>('SELECT server, state FROM health')
    return new Map(rows.map(({ server, state }) => [server, JSON.parse(state) as KeptHealth]))
  },

  async put(transaction: Transaction, server: number, { lastRound, lastSuccessAt, failuresInARow, failingSince, problem }: KeptHealth): Promise<void> {
    const state = JSON.stringify({ lastRound, lastSuccessAt, failuresInARow, failingSince, problem })
    await transaction.run('INSERT INTO health (server, state) VALUES (?, ?) ON CONFLICT (server) DO UPDATE SET state = excluded.state', [server, state])
  }
}

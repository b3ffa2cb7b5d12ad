import { randomUUID } from 'node:crypto'
import { createRecentTraffic } from '../src-main/processing/recent-traffic.ts'
import type { CommitNeeds } from '../src-main/requests/message-fate.ts'

/** What committing needs besides a database, where nobody listens and no help desk is told. */
export const quietCommitNeeds = (now: () => number = Date.now): Pick<CommitNeeds, 'traffic' | 'partitions' | 'newId' | 'handOver' | 'told'> => ({
  traffic: createRecentTraffic({ now }), partitions: async () => [], newId: randomUUID, handOver: async () => undefined, told: () => undefined
})

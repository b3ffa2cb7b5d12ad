import { randomUUID } from 'node:crypto'
import { createRecentTraffic } from '../src-main/processing/recent-traffic.ts'
import { nothingKnown } from '../src-main/requests/nothing-known.ts'
import type { Decision } from '../src-main/requests/decide.ts'
import type { CommitNeeds } from '../src-main/requests/message-fate.ts'

/** What committing needs besides a database, where nobody listens and no help desk is told. */
export const quietCommitNeeds = (now: () => number = Date.now): Pick<CommitNeeds, 'traffic' | 'partitions' | 'outgoing' | 'newId' | 'handOver' | 'told'> => ({
  traffic: createRecentTraffic({ now }), partitions: async () => [], outgoing: async () => nothingKnown.outgoing, newId: randomUUID, handOver: async () => undefined, told: () => undefined
})

/** A decision that makes nothing yet. */
export const makesNothing = (): Omit<Decision, 'outcome'> =>
  ({ reason: null, steps: [], replyTo: null, stripped: [], leave: false, problem: null, newRequest: null, change: null, people: [], answers: [], bounce: null, spamRule: null, loop: null, sender: null })
/** The plainest new request. */
export const plainRequest: NonNullable<Decision['newRequest']> = { subject: 'Help', status: 'open', requester: { name: 'Ann', address: 'ann@example.com' }, values: {} }

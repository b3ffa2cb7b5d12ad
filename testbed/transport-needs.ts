import { systemClock } from '../src-main/fetching/clock.ts'
import type { ConnectionLimits } from '../src-main/mail/connection/destination.ts'
import { createProviderThrottle } from '../src-main/mail/connection/provider-throttle.ts'
import type { TransportNeeds } from '../src-main/mail/transport-needs.ts'

/** What a transport in a test needs: a sample shows the subject alone, no provider can announce anything. */
export const transportNeeds = (limits: Partial<ConnectionLimits> = {}): TransportNeeds => ({
  limits,
  readSample: (raw) => ({ from: 'Ann', subject: /^Subject: (.*?)\r?$/m.exec(raw.subarray(0, 2_000).toString('latin1'))?.[1] ?? '', date: null, text: '' }),
  throttle: createProviderThrottle(systemClock),
  announcements: null
})

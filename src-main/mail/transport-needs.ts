import type { SampleMail } from '#contract/connection-test.ts'
import type { ConnectionLimits } from './connection/destination.ts'
import type { ProviderThrottle } from './connection/provider-throttle.ts'
import type { PushAnnouncements } from './push-announcements.ts'

/**
 * What every transport needs from outside: how to read a message for people, patience where it differs from the default, and what all
 * transports share so that they keep a provider's limits together.
 */
export type TransportNeeds = {
  readSample: (raw: Buffer) => SampleMail
  limits?: Partial<ConnectionLimits>
  throttle: ProviderThrottle
  /** null where the console has no address that a provider could call. */
  announcements: PushAnnouncements | null
  /** When the copy of a mail is looked for among what was sent, in milliseconds after one another, until it is there; the usual patience where left out. */
  copyAppearsMs?: readonly number[]
}

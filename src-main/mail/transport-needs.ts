import type { SampleMail } from '#contract/connection-test.ts'
import type { ConnectionLimits } from './connection/destination.ts'

/** What every transport needs from outside: how to read a message for people, and patience where it differs from the default. */
export type TransportNeeds = { readSample: (raw: Buffer) => SampleMail; limits?: Partial<ConnectionLimits> }

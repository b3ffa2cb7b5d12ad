import { z } from 'zod'
import { hostName, mailAddress, portNumber } from './fields.ts'
import type { Problem } from './problem.ts'

/** The console as a mail server of its own: mail to `instance@host` and to `addresses` becomes requests at once. */
export const nativeMailSettings = z.strictObject({
  enabled: z.boolean().default(false),
  /** Left side of the address; made once when the service is first activated. */
  instance: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,62}$/, 'Small letters, digits, dots and hyphens.').nullable().default(null),
  /** Name under which the world reaches this computer's mail server; right side of the address. */
  host: hostName.nullable().default(null),
  listen: z.string().max(253).default('0.0.0.0'),
  port: portNumber.default(25),
  /** PEM files for STARTTLS; without them mail is taken unencrypted. */
  certFile: z.string().min(1).max(4096).nullable().default(null),
  keyFile: z.string().min(1).max(4096).nullable().default(null),
  /** Further addresses that mail is taken for, such as it@example.com. */
  addresses: z.array(mailAddress).max(200).default([]),
  /** Bytes. */
  maxMessageSize: z.int().min(10_000, 'At least 10 KB.').max(200_000_000, 'At most 200 MB.').default(50_000_000),
  /** Partition, template and rules of requests, as for an incoming server. */
  partition: z.string().max(64).nullable().default(null),
  template: z.string().max(64).nullable().default(null),
  authentication: z.enum(['ignore', 'mark', 'drop', 'error-folder']).default('mark'),
  /** Mailboxes that forward here: mail from them is matched to its original sender. */
  forwarders: z.array(mailAddress).max(200).default([])
})
export type NativeMailSettings = z.infer<typeof nativeMailSettings>

/** How the guided move from fetching to native mail stands. */
export const nativeMailStages = ['custom', 'configured', 'tested', 'native'] as const
export type NativeMailState = {
  settings: NativeMailSettings
  /** Whether the receiver accepts connections now; `problem` says why not. */
  listening: boolean
  problem: Problem | null
  /** `instance@host`; null until it was activated once. */
  supportAddress: string | null
  /** host:port that mail servers have to reach. */
  mailServer: string | null
  encrypted: boolean
  received: { mails: number; refused: number; lastAt: string | null }
  stage: (typeof nativeMailStages)[number]
  /** Incoming servers that still fetch. */
  fetching: string[]
}

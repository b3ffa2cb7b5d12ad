import { decodeWords } from '../src-main/processing/parsing/decode-words.ts'
import { systemClock } from '../src-main/fetching/clock.ts'
import type { ConnectionLimits } from '../src-main/mail/connection/destination.ts'
import { createProviderThrottle } from '../src-main/mail/connection/provider-throttle.ts'
import type { TransportNeeds } from '../src-main/mail/transport-needs.ts'

/** What a transport in a test needs: a sample shows subject and sender alone, no provider can announce anything. */
export const transportNeeds = (limits: Partial<ConnectionLimits> = {}): TransportNeeds => ({
  limits,
  readSample: (raw) => ({ from: wordsOf(raw, 'From'), subject: wordsOf(raw, 'Subject'), date: null, text: '' }),
  throttle: createProviderThrottle(systemClock),
  announcements: null,
  copyAppearsMs: [0, 20]
})

/** A field of a header as people read it. */
function wordsOf(raw: Buffer, name: string): string {
  const header = raw.subarray(0, 2_000).toString('latin1').replace(/\r\n(?=[ \t])/g, '')
  return decodeWords((new RegExp(`^${name}: (.*?)\\r?$`, 'm').exec(header)?.[1] ?? '').trim())
}

import { hash } from 'node:crypto'
import { fieldValue } from './read-header.ts'
import type { HeaderField } from './parsed-message.ts'

/**
 * SHA-256 in hex over Message-ID, From, Date, Subject and the body, trace fields left out: the same for every copy of a message,
 * whichever server it came through. Line ends after the last line do not count, for servers add or drop them.
 */
export function fingerprint(raw: Buffer, fields: readonly HeaderField[], bodyStart: number): string {
  let end = raw.length
  while (end > bodyStart && (raw[end - 1] === 10 || raw[end - 1] === 13)) end--
  const head = ['message-id', 'from', 'date', 'subject'].map((name) => `${name}:${(fieldValue(fields, name) ?? '').replace(/\s+/g, ' ')}`).join('\n')
  const body = hash('sha256', raw.subarray(bodyStart, end))
  return hash('sha256', Buffer.from(`${head}\n${body}`, 'latin1'))
}

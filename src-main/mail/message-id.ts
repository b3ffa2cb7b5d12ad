import { bareMessageId } from '../model/bare-message-id.ts'

/** The bare Message-ID in the header of a message or in its header alone; empty where it has none. */
export function messageIdOf(raw: Buffer): string {
  const end = raw.indexOf('\r\n\r\n')
  const header = raw.subarray(0, Math.min(end === -1 ? raw.length : end + 2, 1_000_000)).toString('latin1').replace(/\r?\n[ \t]+/g, ' ')
  return bareMessageId(/^message-id[ \t]*:(.*)$/im.exec(header)?.[1] ?? '')
}

import { decodeWords } from '../processing/parsing/decode-words.ts'
import type { HeaderField } from '../processing/parsing/parsed-message.ts'

const peopleFields = new Set(['from', 'to', 'cc', 'bcc', 'reply-to', 'sender', 'disposition-notification-to'])

/** The names of people in a message's header, also of a sender without an address: what is left of such a field once its addresses are taken out. */
export const namesIn = (headers: readonly HeaderField[]): string[] =>
  headers.filter(({ name }) => peopleFields.has(name)).map(({ value }) => decodeWords(value).replace(/[^\s<>,;:"]*@[^\s<>,;:"]*/g, ' '))

import type { Address } from '#contract/message.ts'
import type { SpamMessage } from '../model/matches-spam-rule.ts'
import { decodeWords } from './parsing/decode-words.ts'
import type { ParsedMessage } from './parsing/parsed-message.ts'

/** A message as spam rules see it: addresses without names, header fields decoded (RFC 2047), attachments without the pictures of the text. */
export function spamMessage({ content, headers, size }: ParsedMessage, sender: Address | null): SpamMessage {
  return {
    sender: sender?.address ?? '',
    recipients: [...content.to, ...content.cc].map(({ address }) => address),
    subject: content.subject,
    body: content.text,
    header: (name) => headers.filter((field) => field.name === name).slice(0, mostFields).map(({ value }) => decodeWords(value.slice(0, mostOfField))),
    size,
    attachments: content.attachments.filter(({ disposition, contentId }) => disposition === 'attachment' || contentId === null).length
  }
}

const mostFields = 200
const mostOfField = 20_000

import { bareMessageId } from '../../model/bare-message-id.ts'
import { messageHeaders, messageList } from './gmail-answers.ts'
import type { GmailClient } from './gmail-client.ts'

/**
 * true: the sent mail has a message with this Message-ID. Its absence says nothing, since what goes through the API may be given a Message-ID of Gmail's own, and neither does a
 * token that may send and not search (gmail.send). Throws ProblemError where Gmail cannot be asked now.
 * https://support.google.com/mail/answer/7190 https://github.com/gauteh/lieer/issues/198
 */
export async function isInSentMail(client: GmailClient, messageId: string): Promise<boolean | null> {
  const query = { labelIds: 'SENT', q: `rfc822msgid:${bareMessageId(messageId)}`, fields: 'messages/id' }
  const found = await client.find({ path: 'messages', words: 'the sent mail', query, absent: ({ status, json }) => json && status === 403 }, messageList)
  return found === null ? null : found.messages.length > 0
}

/** Tells under which other Message-ID mail went; null where it kept its own, or that cannot be told now. Asks no more once the token turns out not to read. */
export function createLookAtMessageIds(client: GmailClient): (id: string, messageId: string) => Promise<string | null> {
  let mayRead = true
  return async (id, messageId) => {
    if (!mayRead) return null
    const query = { format: 'metadata', metadataHeaders: 'Message-ID', fields: 'id,payload/headers' }
    const absent = ({ status }: { status: number }): boolean => {
      mayRead = status !== 403
      return true
    }
    const found = await client.find({ path: `messages/${encodeURIComponent(id)}`, words: 'the sent mail', query, absent }, messageHeaders)
    const given = bareMessageId(found?.payload?.headers.find(({ name }) => name.toLowerCase() === 'message-id')?.value ?? '')
    return given === '' || given === bareMessageId(messageId) ? null : `<${given}>`
  }
}

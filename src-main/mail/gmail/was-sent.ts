import { bareMessageId } from '../../model/bare-message-id.ts'
import { messageList } from './gmail-answers.ts'
import type { GmailClient } from './gmail-client.ts'

/**
 * Whether the sent mail has a message with this Message-ID. null where the token may send and not search (gmail.send). Throws ProblemError where Gmail cannot be asked now.
 * https://support.google.com/mail/answer/7190
 */
export async function isInSentMail(client: GmailClient, messageId: string): Promise<boolean | null> {
  const query = { labelIds: 'SENT', q: `rfc822msgid:${bareMessageId(messageId)}`, fields: 'messages/id' }
  const found = await client.find({ path: 'messages', words: 'the sent mail', query, absent: ({ status, json }) => json && status === 403 }, messageList)
  return found === null ? null : found.messages.length > 0
}

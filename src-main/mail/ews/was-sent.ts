import { bareMessageId } from '../../model/bare-message-id.ts'
import { findItem } from './ews-requests.ts'
import type { EwsSession } from './ews-session.ts'
import { within } from './xml-tree.ts'

/**
 * Whether Sent Items has a message with this Message-ID. null where this user may not look into it. Throws ProblemError where it cannot be asked now.
 * https://learn.microsoft.com/exchange/client-developer/web-service-reference/internetmessageid
 */
export async function wasSentByEws(session: EwsSession, messageId: string): Promise<boolean | null> {
  const [found] = (await session.ask(findItem({ folder: { known: 'sentitems', mailbox: session.place.other }, messageId: `<${bareMessageId(messageId)}>`, most: 1, offset: 0 }))).responses
  if (found?.ok !== true) return null
  return (within(found.node, 'Items')?.children.length ?? 0) > 0
}

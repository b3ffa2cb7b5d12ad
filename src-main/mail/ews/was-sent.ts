import { ProblemError } from '#contract/problem.ts'
import { bareMessageId } from '../../model/bare-message-id.ts'
import { findItem } from './ews-requests.ts'
import type { EwsSession } from './ews-session.ts'
import { within } from './xml-tree.ts'

/** What Exchange answers whoever may not look into the folder: it hides what there is. https://learn.microsoft.com/exchange/client-developer/web-service-reference/responsecode */
const hidden = new Set(['ErrorAccessDenied', 'ErrorFolderNotFound', 'ErrorItemNotFound'])

/**
 * Whether Sent Items has a message with this Message-ID. null where this user may not look into it. Throws ProblemError where it cannot be asked now.
 * https://learn.microsoft.com/exchange/client-developer/web-service-reference/internetmessageid
 */
export async function wasSentByEws(session: EwsSession, messageId: string): Promise<boolean | null> {
  const request = findItem({ folder: { known: 'sentitems', mailbox: session.place.other }, messageId: `<${bareMessageId(messageId)}>`, most: 1, offset: 0 })
  const [found] = (await session.ask(request)).responses
  if (found?.ok === true) return (within(found.node, 'Items')?.children.length ?? 0) > 0
  if (found !== undefined && hidden.has(found.code)) return null
  throw new ProblemError(session.problemOf(found?.code ?? 'ErrorInvalidResponse', found?.text ?? '', request.name))
}

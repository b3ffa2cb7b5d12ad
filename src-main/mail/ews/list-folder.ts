import type { FolderMessage } from '../incoming-transport.ts'
import { bareMessageId } from '../../model/bare-message-id.ts'
import { addressed, isoTime } from '../listed-fields.ts'
import { findItem, type FolderRef } from './ews-requests.ts'
import type { EwsSession } from './ews-session.ts'
import { at, textAt, within, type XmlNode } from './xml-tree.ts'

/** Exchange gives 1,000 at most without a restriction. https://learn.microsoft.com/exchange/client-developer/exchange-web-services/ews-throttling-in-exchange */
const pageSize = 500

/** Everything in a folder, oldest first. What arrives meanwhile comes at the end. */
export async function listFolder(session: EwsSession, folder: FolderRef): Promise<FolderMessage[]> {
  const found = new Map<string, FolderMessage>()
  for (let offset = 0, isLast = false; !isLast; ) {
    const { node } = await session.askOne(findItem({ folder, withHeadline: true, most: pageSize, offset }))
    const root = at(node, 'RootFolder')
    const items = at(root, 'Items')?.children ?? []
    const before = found.size
    for (const item of items) {
      const message = messageOf(item)
      found.set(message.id, message)
    }
    offset += items.length
    // A page that brings nothing new would come again for ever.
    isLast = found.size === before || root?.attributes.IncludesLastItemInRange !== 'false'
  }
  return [...found.values()]
}

function messageOf(item: XmlNode): FolderMessage {
  return {
    id: at(item, 'ItemId')?.attributes.Id ?? '', size: Number(textAt(item, 'Size')) || 0, isRead: textAt(item, 'IsRead') === 'true', messageId: bareMessageId(textAt(item, 'InternetMessageId')) || null,
    subject: textAt(item, 'Subject'), from: senderOf(item), receivedAt: isoTime(textAt(item, 'DateTimeReceived'))
  }
}

/** Name and address as people read them; some versions of Exchange leave the address out of a search. */
export function senderOf(item: XmlNode): string {
  const sender = within(within(item, 'From'), 'Mailbox')
  return addressed(textAt(sender, 'Name'), textAt(sender, 'EmailAddress'))
}

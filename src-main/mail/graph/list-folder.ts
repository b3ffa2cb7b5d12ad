import type { FolderMessage } from '../incoming-transport.ts'
import { bareMessageId } from '../../model/bare-message-id.ts'
import { addressed, isoTime } from '../listed-fields.ts'
import { createOnward } from '../onward.ts'
import { messagePage, sizeOf, sizeProperty, type GraphMessage } from './graph-answers.ts'
import type { GraphClient } from './graph-client.ts'

/** `$top` takes 1 to 1,000; Graph gives fewer with a link where it likes. https://learn.microsoft.com/graph/api/user-list-messages */
const query = { $select: 'id,isRead,isDraft,receivedDateTime,internetMessageId,subject,from', $orderby: 'receivedDateTime asc', $top: '1000' }

/** Everything in a folder but drafts, oldest first, so that what arrives meanwhile comes at the end. */
export async function listFolder(client: GraphClient, folderId: string): Promise<FolderMessage[]> {
  const found = new Map<string, FolderMessage>()
  const onward = createOnward(client.place.server.name)
  const path = `mailFolders/${encodeURIComponent(folderId)}/messages`
  // Some mailboxes refuse the extended property; then sizes are not known.
  const sized = await client.find({ path, words: 'the list of messages', query: { ...query, $expand: sizeProperty }, absent: ({ status }) => status === 400 }, messagePage)
  let page = sized ?? (await client.json({ path, words: 'the list of messages', query }, messagePage))
  for (;;) {
    for (const one of page.value) if (one.isDraft !== true) found.set(one.id, messageOf(one))
    const link = page['@odata.nextLink']
    if (link === undefined) return [...found.values()]
    page = await client.json({ url: onward(link), words: 'the list of messages' }, messagePage)
  }
}

function messageOf(one: GraphMessage): FolderMessage {
  const { name, address } = one.from?.emailAddress ?? {}
  return { id: one.id, size: sizeOf(one), isRead: one.isRead === true, messageId: bareMessageId(one.internetMessageId ?? '') || null, subject: one.subject ?? '', from: addressed(name ?? '', address ?? ''), receivedAt: isoTime(one.receivedDateTime ?? '') }
}

import type { IncomingServer } from '#contract/incoming-server.ts'
import { bareMessageId } from '../../model/bare-message-id.ts'
import { messageIdOf } from '../message-id.ts'
import { findFolder, inFolder } from './imap-folders.ts'
import type { ImapSession } from './imap-session.ts'
import { moveMessages } from './move-messages.ts'
import { uidSets } from './uid-set.ts'

/**
 * Moves messages from the error folder back to the folder they came from, unread; all of them where `messageIds` is null, else those with
 * these Message-IDs and UIDs. `missing` counts the ones that no message has. The folder that was open is open again afterwards.
 */
export async function moveBackToInbox(session: ImapSession, server: IncomingServer, inbox: string, messageIds: readonly string[] | null, ids: readonly string[]): Promise<{ moved: number; missing: number }> {
  const errorFolder = await findFolder(session, server.errorFolder.name)
  if (errorFolder === null) return { moved: 0, missing: messageIds === null ? 0 : messageIds.length + ids.length }
  return inFolder(session, server, errorFolder, inbox, async () => {
    const { uids, missing } = await chosen(session, messageIds, ids)
    for (const set of uidSets(uids)) await session.run('STORE', errorFolder, () => session.client.messageFlagsRemove(set, ['\\Seen'], { uid: true, silent: true }))
    return { moved: await moveMessages(session, server, uids, inbox), missing }
  })
}

async function chosen(session: ImapSession, messageIds: readonly string[] | null, ids: readonly string[]): Promise<{ uids: string[]; missing: number }> {
  const present = await session.run('SEARCH', null, () => session.client.search({ deleted: false }, { uid: true }))
  if (messageIds === null) return { uids: present.map(String), missing: 0 }
  const named = ids.filter((id) => present.includes(Number(id)))
  if (messageIds.length === 0) return { uids: named, missing: ids.length - named.length }
  const wanted = new Set(messageIds.map(bareMessageId))
  const found = new Set<string>()
  const uids = new Set(named)
  for (const set of uidSets(present.map(String))) {
    const answers = await session.run('FETCH', null, () => session.client.fetchAll(set, { uid: true, headers: ['message-id'] }, { uid: true }))
    for (const { uid, headers } of answers) {
      const id = messageIdOf(headers ?? Buffer.alloc(0))
      if (!wanted.has(id)) continue
      found.add(id)
      uids.add(String(uid))
    }
  }
  return { uids: [...uids], missing: wanted.size - found.size + ids.length - named.length }
}

import type { IncomingServer } from '#contract/incoming-server.ts'
import type { DownloadedMessage } from '../incoming-transport.ts'
import { bareMessageId } from '../../model/bare-message-id.ts'
import { messageIdOf } from '../message-id.ts'
import type { ImapSession } from './imap-session.ts'

/** How many of the messages that a server found are looked at, newest first: a search is by part of the field (RFC 9051 6.4.4). */
const mostCandidates = 20

/** The newest message with this Message-ID in the open folder, read without marking it; null where there is none. */
export async function findMessage(session: ImapSession, server: IncomingServer, messageId: string): Promise<DownloadedMessage | null> {
  const wanted = bareMessageId(messageId)
  if (wanted === '') return null
  const uids = await session.run('SEARCH', server.folder, () => session.client.search({ header: { 'message-id': wanted }, deleted: false }, { uid: true }))
  for (const uid of [...uids].sort((a, b) => b - a).slice(0, mostCandidates)) {
    const [found] = await session.run('FETCH', server.folder, () => session.client.fetchAll(String(uid), { uid: true, source: true }, { uid: true }))
    if (found !== undefined && Buffer.isBuffer(found.source) && messageIdOf(found.source) === wanted) return { id: String(found.uid), size: found.source.length, raw: found.source }
  }
  return null
}

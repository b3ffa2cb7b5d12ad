import type { FolderMessage } from '../incoming-transport.ts'
import { bareMessageId } from '../../model/bare-message-id.ts'
import { addressed, isoTime } from '../listed-fields.ts'
import type { ImapSession } from './imap-session.ts'
import { uidSets } from './uid-set.ts'

/** One FETCH asks for so many, so that no answer is long in memory and the server is not silent for long. */
const messagesAtOnce = 1_000

/** Everything in the open folder but what is \Deleted, oldest first; ENVELOPE marks nothing (RFC 9051 7.5.2). */
export async function listFolder(session: ImapSession, folder: string): Promise<FolderMessage[]> {
  const uids = await session.run('SEARCH', folder, () => session.client.search({ deleted: false }, { uid: true }))
  const found = new Map<number, FolderMessage>()
  const inTime = uids.toSorted((a, b) => a - b)
  for (let start = 0; start < inTime.length; start += messagesAtOnce) {
    for (const set of uidSets(inTime.slice(start, start + messagesAtOnce).map(String))) for (const one of await fetched(session, folder, set)) found.set(Number(one.id), one)
  }
  return inTime.flatMap((uid) => found.get(uid) ?? [])
}

async function fetched(session: ImapSession, folder: string, set: string): Promise<FolderMessage[]> {
  const query = { uid: true, flags: true, size: true, envelope: true, internalDate: true }
  const answers = await session.run('FETCH', folder, () => session.client.fetchAll(set, query, { uid: true }))
  return answers.map(({ uid, flags, size, envelope, internalDate }) => ({
    id: String(uid), size: size ?? 0, isRead: flags?.has('\\Seen') ?? false, messageId: bareMessageId(envelope?.messageId ?? '') || null,
    subject: envelope?.subject ?? '', from: addressed(envelope?.from?.[0]?.name ?? '', envelope?.from?.[0]?.address ?? ''), receivedAt: isoTime(internalDate ?? '')
  }))
}

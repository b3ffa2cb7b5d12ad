import type { SampleMail } from '#contract/connection-test.ts'
import type { IncomingServer } from '#contract/incoming-server.ts'
import { ProblemError } from '#contract/problem.ts'
import type { ListedMessage, OpenMailbox } from '../incoming-transport.ts'
import { downloadMessages } from './download-messages.ts'
import { findMessage } from './find-message.ts'
import { ensureFolder, findFolder, inFolder, openFolder } from './imap-folders.ts'
import type { ImapSession } from './imap-session.ts'
import { listFolder } from './list-folder.ts'
import { moveBackToInbox } from './move-back-to-inbox.ts'
import { deleteMessages, moveMessages } from './move-messages.ts'
import { uidSets } from './uid-set.ts'
import { watchForNews } from './wait-for-news.ts'

/** As much of a message as a sample needs. */
const sampleBytes = 200_000

/** The server's folder, opened for reading and marking. Throws ProblemError as `openFolder`, also when the folder is read-only. */
export async function openImapMailbox(session: ImapSession, server: IncomingServer, readSample: (raw: Buffer) => SampleMail): Promise<OpenMailbox> {
  const folder = await openFolder(session, server, server.folder)
  if (folder.readOnly) throw readOnly(server)
  const news = watchForNews(session)
  const paths = new Map<string, string>()
  const ensured = async (name: string): Promise<string> => {
    const path = paths.get(name) ?? (await ensureFolder(session, name))
    paths.set(name, path)
    return path
  }
  return {
    identity: folder.identity,
    listWaiting: () => {
      news.forget()
      return listWaiting(session, server)
    },
    download: (messages) => downloadMessages(session, messages),
    async acknowledge(ids, again) {
      if (ids.length === 0) return
      if (server.afterFetch === 'delete') return deleteMessages(session, server, ids)
      if (server.afterFetch === 'move' && server.moveTo !== null) return void (await moveMessages(session, server, ids, await ensured(server.moveTo), again))
      for (const set of uidSets(ids)) await session.run('STORE', server.folder, () => session.client.messageFlagsAdd(set, ['\\Seen'], { uid: true, silent: true }))
    },
    async moveToErrorFolder(ids, again) {
      if (ids.length > 0) await moveMessages(session, server, ids, await ensured(server.errorFolder.name), again)
    },
    moveBackToInbox: (messageIds, ids = []) => moveBackToInbox(session, server, folder.path, messageIds, ids),
    waitForNews: (limitMs, signal) => news.wait(limitMs, signal),
    async inventory(which) {
      if (which === 'inbox') return listFolder(session, folder.path)
      const errorFolder = await findFolder(session, server.errorFolder.name)
      return errorFolder === null ? null : inFolder(session, server, errorFolder, folder.path, () => listFolder(session, errorFolder))
    },
    async markUnread(ids) {
      for (const set of uidSets(ids)) await session.run('STORE', server.folder, () => session.client.messageFlagsRemove(set, ['\\Seen'], { uid: true, silent: true }))
    },
    find: (messageId) => findMessage(session, server, messageId),
    sample: () => sampleOf(session, '1', readSample),
    close: () => session.close()
  }
}

/** The message at a sequence number (`*`: the newest), for people; nothing is marked. null where there is none. */
export async function sampleOf(session: ImapSession, sequence: '1' | '*', readSample: (raw: Buffer) => SampleMail): Promise<SampleMail | null> {
  if (!session.client.mailbox || session.client.mailbox.exists === 0) return null
  const [message] = await session.run('FETCH', null, () => session.client.fetchAll(sequence, { uid: true, source: { maxLength: sampleBytes } }))
  return message !== undefined && Buffer.isBuffer(message.source) ? readSample(message.source) : null
}

/** UNSEEN UNDELETED where mail is marked, ALL UNDELETED where it is moved or deleted; by UID, which is the order of arrival. */
async function listWaiting(session: ImapSession, server: IncomingServer): Promise<ListedMessage[]> {
  const wanted = server.afterFetch === 'mark-seen' ? { seen: false, deleted: false } : { deleted: false }
  const uids = await session.run('SEARCH', server.folder, () => session.client.search(wanted, { uid: true }))
  const waiting = new Set(uids)
  const listed: ListedMessage[] = []
  for (const set of uidSets(uids.map(String))) {
    const answers = await session.run('FETCH', server.folder, () => session.client.fetchAll(set, { uid: true, size: true }, { uid: true }))
    for (const { uid, size } of answers) if (waiting.delete(uid)) listed.push({ id: String(uid), size: size ?? 0 })
  }
  return listed.sort((a, b) => Number(a.id) - Number(b.id))
}

export function readOnly(server: IncomingServer): ProblemError {
  return new ProblemError({ code: 'folder-access-denied', server: server.name, folder: server.folder, serverSaid: 'The folder can only be read: messages in it cannot be marked or moved.' })
}

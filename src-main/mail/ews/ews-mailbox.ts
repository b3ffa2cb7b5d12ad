import type { SampleMail } from '#contract/connection-test.ts'
import type { IncomingServer } from '#contract/incoming-server.ts'
import type { Cursor, ListedMessage, OpenMailbox } from '../incoming-transport.ts'
import { deleteAll, markItems, moveAll, moveBack } from './change-items.ts'
import { downloadMessages } from './download-messages.ts'
import { ensureFolder, lookUp, openFolder } from './ews-folders.ts'
import { findItem, getHeadline, type FolderRef } from './ews-requests.ts'
import type { EwsSession } from './ews-session.ts'
import { listFolder, senderOf } from './list-folder.ts'
import { listWaiting } from './list-waiting.ts'
import { createNewsWatch } from './wait-for-news.ts'
import { at, textAt, within } from './xml-tree.ts'

/** A message larger than this is not fetched to be shown as a sample. */
const sampleBytes = 5_000_000

type MailboxNeeds = { session: EwsSession; server: IncomingServer; cursor: Cursor | null; readSample: (raw: Buffer) => SampleMail; heartbeatMs: number }

/** The server's folder. Throws ProblemError as `openFolder`. */
export async function openEwsMailbox({ session, server, cursor, readSample, heartbeatMs }: MailboxNeeds): Promise<OpenMailbox> {
  const folder = await openFolder(session, server.folder)
  const gone = new Set<string>()
  // Listed last and the time before: older ones are announced no more.
  let known: [ReadonlySet<string>, ReadonlySet<string>] = [new Set(), new Set()]
  const list = (kept: Cursor | null): Promise<ListedMessage[]> => listWaiting(session, { folder, onlyUnread: server.afterFetch === 'mark-seen', cursor: kept, gone })
  const news = createNewsWatch({ session, folder, silenceMs: heartbeatMs, pollMs: Math.min(server.fetchEveryMs, 60_000), list: async () => (await list(null)).map(({ id }) => id), isKnown: (id) => known.some((ids) => ids.has(id)) })
  const folders = new Map<string, FolderRef>()
  const ensured = async (name: string): Promise<FolderRef> => {
    const found = folders.get(name) ?? (await ensureFolder(session, name))
    folders.set(name, found)
    return found
  }
  return {
    identity: folder.id,
    async listWaiting() {
      const listed = await list(cursor)
      known = [new Set(listed.map(({ id }) => id)), known[0]]
      return listed
    },
    download: (messages) => downloadMessages(session, messages, (id) => gone.add(id)),
    async acknowledge(ids) {
      if (ids.length === 0) return
      if (server.afterFetch === 'delete') await deleteAll(session, ids)
      else if (server.afterFetch === 'move' && server.moveTo !== null) await moveAll(session, ids, await ensured(server.moveTo))
      else await markItems(session, ids, true)
    },
    async moveToErrorFolder(ids) {
      if (ids.length > 0) await moveAll(session, ids, await ensured(server.errorFolder.name))
    },
    async moveBackToInbox(messageIds, ids = []) {
      const from = await lookUp(session, server.errorFolder.name)
      return from === null ? { moved: 0, missing: messageIds === null ? 0 : messageIds.length + ids.length } : moveBack(session, from, folder, messageIds, ids)
    },
    waitForNews: (limitMs, signal) => news.wait(limitMs, signal),
    async inventory(which) {
      const listed = which === 'inbox' ? folder : await lookUp(session, server.errorFolder.name)
      return listed === null ? null : listFolder(session, listed)
    },
    async markUnread(ids) {
      if (ids.length > 0) await markItems(session, ids, false)
    },
    async find(messageId) {
      const { node } = await session.askOne(findItem({ folder, messageId, most: 1, offset: 0 }))
      const item = within(node, 'Items')?.children[0]
      if (item === undefined) return null
      const found = { id: at(item, 'ItemId')?.attributes.Id ?? '', size: Number(textAt(item, 'Size')) || 0 }
      for await (const message of downloadMessages(session, [found], () => undefined)) return message
      return null
    },
    sample: () => sampleOf(session, folder, 'oldest', readSample),
    async close() {
      await news.end().finally(() => session.close())
    }
  }
}

/** The oldest or the newest message, for people; nothing is marked. null where there is none. */
export async function sampleOf(session: EwsSession, folder: FolderRef, which: 'oldest' | 'newest', readSample: (raw: Buffer) => SampleMail): Promise<SampleMail | null> {
  const { node } = await session.askOne(findItem({ folder, newestFirst: which === 'newest', most: 1, offset: 0 }))
  const item = within(node, 'Items')?.children[0]
  if (item === undefined) return null
  const found = { id: at(item, 'ItemId')?.attributes.Id ?? '', size: Number(textAt(item, 'Size')) || 0 }
  if (found.size > sampleBytes) return headlineOf(session, found.id)
  for await (const { raw } of downloadMessages(session, [found], () => undefined)) return readSample(raw)
  return null
}

async function headlineOf(session: EwsSession, id: string): Promise<SampleMail> {
  const { node } = await session.askOne(getHeadline(id))
  return { from: senderOf(node), subject: within(node, 'Subject')?.text ?? '', date: within(node, 'DateTimeReceived')?.text ?? null, text: '' }
}

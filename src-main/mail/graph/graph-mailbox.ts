import type { SampleMail } from '#contract/connection-test.ts'
import type { IncomingServer } from '#contract/incoming-server.ts'
import { chosenMessages } from '../chosen-messages.ts'
import type { ConnectionNeeds, OpenMailbox } from '../incoming-transport.ts'
import { createOnward } from '../onward.ts'
import type { TransportNeeds } from '../transport-needs.ts'
import { downloadMessages, mimeOf } from './download-messages.ts'
import { messagePage, quoted } from './graph-answers.ts'
import type { GraphClient } from './graph-client.ts'
import { createGraphFolders } from './graph-folders.ts'
import { listFolder } from './list-folder.ts'
import { createWaitingList } from './list-waiting.ts'
import { runBatch } from './run-batch.ts'
import { createFolderWatch } from './watch-folder.ts'

/** As much of a message as a sample needs. */
const sampleBytes = 200_000

/** `delete` moves to the deleted items, where people can take mail back and retention rules hold; deleting for good takes it from both. */
export async function openGraphMailbox(client: GraphClient, server: IncomingServer, connection: Pick<ConnectionNeeds, 'cursor' | 'signal'>, needs: Pick<TransportNeeds, 'readSample' | 'announcements'>): Promise<OpenMailbox> {
  const folders = createGraphFolders(client)
  const folder = await folders.open(server.folder)
  const waiting = createWaitingList(client, server, folder.id, connection.cursor)
  const watch = createFolderWatch(client, folder.id, needs.announcements, waiting)
  const at = (id: string): string => `messages/${encodeURIComponent(id)}`
  const move = (ids: readonly string[], destinationId: string): Promise<boolean[]> => runBatch(client, ids.map((id) => ({ method: 'POST', path: `${at(id)}/move`, json: { destinationId } })), 'moving messages')
  const setRead = (ids: readonly string[], isRead: boolean): Promise<boolean[]> => runBatch(client, ids.map((id) => ({ method: 'PATCH', path: at(id), json: { isRead } })), 'marking messages')
  const withId = async (messageId: string, folderId: string): Promise<string[]> =>
    (await client.json({ path: `mailFolders/${encodeURIComponent(folderId)}/messages`, words: 'a search', query: { $select: 'id', $filter: `internetMessageId eq ${quoted(messageId.startsWith('<') ? messageId : `<${messageId}>`)}` } }, messagePage)).value.map(({ id }) => id)

  return {
    identity: `${client.place.mailbox.toLowerCase()} ${folder.id}`,
    listWaiting: () => waiting.list(),
    download: (messages) => downloadMessages(client, folder.id, messages),
    async acknowledge(ids) {
      if (ids.length === 0) return
      if (server.afterFetch === 'delete') await move(ids, 'deleteditems')
      else if (server.afterFetch === 'move' && server.moveTo !== null) await move(ids, (await folders.ensure(server.moveTo)).id)
      else await setRead(ids, true)
      await waiting.done(ids)
    },
    async moveToErrorFolder(ids) {
      if (ids.length === 0) return
      await move(ids, (await folders.ensure(server.errorFolder.name)).id)
      await waiting.done(ids)
    },
    async moveBackToInbox(messageIds, chosen = []) {
      const errors = await folders.find(server.errorFolder.name)
      if (errors === null) return { moved: 0, missing: messageIds === null ? 0 : messageIds.length + chosen.length }
      const { ids, missing } = await chosenMessages({ all: () => allIn(client, errors.id), withId: (messageId) => withId(messageId, errors.id) }, messageIds, chosen)
      await setRead(ids, false)
      const moved = await move(ids, folder.id)
      return { moved: moved.filter(Boolean).length, missing }
    },
    looksEveryMs: () => watch.looksEveryMs(),
    waitForNews: (limitMs, signal) => watch.wait(limitMs, AbortSignal.any([signal, connection.signal])),
    async inventory(which) {
      const listed = which === 'inbox' ? folder : await folders.find(server.errorFolder.name)
      return listed === null ? null : listFolder(client, listed.id)
    },
    async markUnread(ids) {
      if (ids.length > 0) await setRead(ids, false)
    },
    async find(messageId) {
      for (const id of await withId(messageId, folder.id)) {
        const raw = await mimeOf(client, folder.id, id)
        if (raw !== null) return { id, size: raw.length, raw }
      }
      return null
    },
    sample: () => sampleOf(client, folder.id, 'asc', needs.readSample),
    async close() {
      await watch.end().finally(() => client.close())
    }
  }
}

/** The oldest or newest message for people, as much of it as they need. */
export async function sampleOf(client: GraphClient, folderId: string, order: 'asc' | 'desc', readSample: (raw: Buffer) => SampleMail): Promise<SampleMail | null> {
  const { value } = await client.json({ path: `mailFolders/${encodeURIComponent(folderId)}/messages`, words: 'a sample', query: { $select: 'id', $orderby: `receivedDateTime ${order}`, $top: '1' } }, messagePage)
  const raw = value[0] === undefined ? null : await mimeOf(client, folderId, value[0].id, sampleBytes)
  return raw === null ? null : readSample(raw)
}

async function allIn(client: GraphClient, folderId: string): Promise<string[]> {
  const ids: string[] = []
  const onward = createOnward(client.place.server.name)
  let page = await client.json({ path: `mailFolders/${encodeURIComponent(folderId)}/messages`, words: 'the list of messages', query: { $select: 'id', $top: '1000' } }, messagePage)
  for (;;) {
    ids.push(...page.value.map(({ id }) => id))
    const link = page['@odata.nextLink']
    if (link === undefined) return ids
    page = await client.json({ url: onward(link), words: 'the list of messages' }, messagePage)
  }
}

import type { SampleMail } from '#contract/connection-test.ts'
import type { IncomingServer } from '#contract/incoming-server.ts'
import { bareMessageId } from '../../model/bare-message-id.ts'
import { chosenMessages } from '../chosen-messages.ts'
import type { ConnectionNeeds, OpenMailbox } from '../incoming-transport.ts'
import { downloadRaw, rawOf } from './download-raw.ts'
import { message, messageList, profile } from './gmail-answers.ts'
import type { GmailClient } from './gmail-client.ts'
import { createGmailLabels } from './gmail-labels.ts'
import { listFolder } from './list-folder.ts'
import { allIds, createWaitingList } from './list-waiting.ts'

/** As much of a message as a sample needs. */
const sampleBytes = 200_000
/** messages.batchModify takes so many. https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages/batchModify */
const mostInBatch = 1_000
/** The oldest of so many pages of 500 is looked for; Gmail lists the newest first and gives no other order. */
const mostPagesForOldest = 40

/** The label of the server's folder. `delete` moves to the bin, where Gmail keeps mail for 30 days: more needs the full scope and is not asked for. */
export async function openGmailMailbox(client: GmailClient, server: IncomingServer, cursor: ConnectionNeeds['cursor'], readSample: (raw: Buffer) => SampleMail): Promise<OpenMailbox> {
  const { emailAddress } = await client.json({ path: 'profile', words: 'the profile' }, profile)
  const labels = createGmailLabels(client, server.name)
  const labelId = await labels.idOf(server.folder)
  const waiting = createWaitingList(client, server, labelId, cursor)

  const relabel = async (ids: readonly string[], addLabelIds: string[], removeLabelIds: string[]): Promise<void> => {
    for (let at = 0; at < ids.length; at += mostInBatch) {
      const some = ids.slice(at, at + mostInBatch)
      const [one = ''] = some
      const change = { addLabelIds, removeLabelIds }
      // 5 quota units for one, 50 for up to a thousand; one that vanished needs nothing.
      if (some.length === 1) await client.find({ method: 'POST', path: `messages/${encodeURIComponent(one)}/modify`, words: 'new labels', query: { fields: 'id' }, json: change, repeatable: true }, message)
      else await client.find({ method: 'POST', path: 'messages/batchModify', words: 'new labels', json: { ids: some, ...change }, repeatable: true }, message.partial())
    }
  }
  const withId = async (messageId: string, inLabel: string): Promise<string[]> =>
    (await client.json({ path: 'messages', words: 'a search', query: { labelIds: inLabel, q: `rfc822msgid:${bareMessageId(messageId)}`, fields: 'messages/id' } }, messageList)).messages.map(({ id }) => id)

  return {
    identity: `${emailAddress.toLowerCase()} ${labelId}`,
    listWaiting: () => waiting.list(),
    download: (messages) => downloadRaw(client, server, labelId, messages),
    async acknowledge(ids) {
      if (ids.length === 0) return
      if (server.afterFetch === 'delete') await relabel(ids, ['TRASH'], [labelId])
      else if (server.afterFetch === 'move' && server.moveTo !== null) await relabel(ids, [await labels.ensure(server.moveTo)], [labelId])
      else await relabel(ids, [], ['UNREAD'])
      await waiting.done(ids)
    },
    async moveToErrorFolder(ids) {
      if (ids.length === 0) return
      await relabel(ids, [await labels.ensure(server.errorFolder.name)], [labelId])
      await waiting.done(ids)
    },
    async moveBackToInbox(messageIds, chosen = []) {
      const errors = (await labels.find(server.errorFolder.name))?.id ?? null
      if (errors === null) return { moved: 0, missing: messageIds === null ? 0 : messageIds.length + chosen.length }
      const { ids, missing } = await chosenMessages({ all: () => allIds(client, { labelIds: errors }), withId: (messageId) => withId(messageId, errors) }, messageIds, chosen)
      await relabel(ids, [labelId, 'UNREAD'], [errors])
      return { moved: ids.length, missing }
    },
    waitForNews: null,
    async inventory(which) {
      const listed = which === 'inbox' ? labelId : ((await labels.find(server.errorFolder.name))?.id ?? null)
      return listed === null ? null : listFolder(client, listed, readSample)
    },
    markUnread: (ids) => relabel(ids, ['UNREAD'], []),
    async find(messageId) {
      for (const id of await withId(messageId, labelId)) {
        const found = await rawOf(client, id)
        if (found !== null) return { id, size: found.raw.length, raw: found.raw }
      }
      return null
    },
    async sample() {
      const oldest = (await allIds(client, { labelIds: labelId }, mostPagesForOldest)).at(-1)
      return oldest === undefined ? null : sampleOf(client, oldest, readSample)
    },
    close: async () => client.close()
  }
}

/** A message for people, as much of it as they need. */
export async function sampleOf(client: GmailClient, id: string, readSample: (raw: Buffer) => SampleMail): Promise<SampleMail | null> {
  const found = await rawOf(client, id, sampleBytes)
  return found === null ? null : readSample(found.raw)
}

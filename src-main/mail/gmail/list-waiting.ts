import { z } from 'zod'
import type { IncomingServer } from '#contract/incoming-server.ts'
import { inOrder } from '../in-order.ts'
import type { ConnectionNeeds, ListedMessage } from '../incoming-transport.ts'
import { createOnward } from '../onward.ts'
import { inTime, keptPlace, waitingMessage, type WaitingMessage } from '../waiting-messages.ts'
import { historyList, message, messageList, profile, type HistoryRecord } from './gmail-answers.ts'
import type { GmailClient } from './gmail-client.ts'

/** At most so many are listed in one go; the oldest come first, so that the rest follows in the next round. */
const mostAtOnce = 1_000

/** Where a listing left off: what has happened since `historyId` is not in `pending` yet. `of` names what was listed. */
const place = z.object({ of: z.string(), historyId: z.string(), pending: z.array(waitingMessage) })

export type WaitingList = {
  /** Messages with the folder's label, unread ones where mail is marked; oldest first. */
  list(): Promise<ListedMessage[]>
  /** These were dealt with. */
  done(ids: readonly string[]): Promise<void>
}

/**
 * Lists in full once and from then on by what changed, as https://developers.google.com/workspace/gmail/api/guides/sync says: a historyId that
 * Google no longer knows (404), or a damaged cursor, costs a full listing. A listing costs 5 quota units for each 500 messages and 5 for each size.
 */
export function createWaitingList(client: GmailClient, server: IncomingServer, labelId: string, cursor: ConnectionNeeds['cursor']): WaitingList {
  const labels = server.afterFetch === 'mark-seen' ? [labelId, 'UNREAD'] : [labelId]
  const of = labels.join(' ')
  const isWaiting = (found: readonly string[]): boolean => labels.every((one) => found.includes(one)) && !found.includes('TRASH') && !found.includes('SPAM')
  let left: z.infer<typeof place> | null = null

  /** Those of the messages that wait, with their size. */
  const looked = async (ids: readonly string[]): Promise<WaitingMessage[]> => {
    const found: WaitingMessage[] = []
    const look = (id: string) => client.find({ path: `messages/${encodeURIComponent(id)}`, words: 'the size of a message', query: { format: 'minimal', fields: 'id,labelIds,internalDate,sizeEstimate' } }, message)
    for await (const one of inOrder(ids, 4, look)) if (one !== null && isWaiting(one.labelIds)) found.push({ id: one.id, size: one.sizeEstimate, at: Number(one.internalDate) })
    return found
  }
  const everything = async (): Promise<WaitingMessage[]> => {
    // Taken before the listing, so that nothing which arrives meanwhile is missed.
    const { historyId } = await client.json({ path: 'profile', words: 'the profile' }, profile)
    const ids = (await allIds(client, { labelIds: labels })).reverse()
    const pending = inTime(await looked(ids.slice(0, mostAtOnce)))
    left = { of, historyId, pending }
    await cursor?.write(ids.length > mostAtOnce ? '' : JSON.stringify(left))
    return pending
  }
  const since = async (before: z.infer<typeof place>): Promise<WaitingMessage[] | null> => {
    const records = await recordsSince(client, before.historyId)
    if (records === null) return null
    const { gone, maybe } = changes(records.history, labels)
    if (maybe.length > mostAtOnce) return null
    const kept = before.pending.filter(({ id }) => !gone.has(id) && !maybe.includes(id))
    const pending = inTime([...kept, ...(await looked(maybe))])
    left = { of, historyId: records.historyId, pending }
    await cursor?.write(JSON.stringify(left))
    return pending
  }
  return {
    async list() {
      const before = cursor === null ? null : keptPlace(await cursor.read(), place)
      const waiting = (before?.of === of ? await since(before) : null) ?? (await everything())
      return waiting.map(({ id, size }) => ({ id, size }))
    },
    async done(ids) {
      if (cursor === null || left === null) return
      const gone = new Set(ids)
      left = { ...left, pending: left.pending.filter(({ id }) => !gone.has(id)) }
      const kept = keptPlace(await cursor.read(), place)
      if (kept?.historyId === left.historyId) await cursor.write(JSON.stringify(left))
    }
  }
}

/** Every message with these labels or of this search, newest first, at most `mostPages` times 500. */
export async function allIds(client: GmailClient, query: Readonly<Record<string, string | readonly string[]>>, mostPages = Infinity): Promise<string[]> {
  const ids: string[] = []
  const onward = createOnward(client.server)
  let pageToken: string | undefined
  for (let page = 0; page < mostPages; page++) {
    const answer = await client.json({ path: 'messages', words: 'the list of messages', query: { ...query, maxResults: '500', fields: 'messages/id,nextPageToken', ...(pageToken === undefined ? {} : { pageToken }) } }, messageList)
    ids.push(...answer.messages.map(({ id }) => id))
    if (answer.nextPageToken === undefined) break
    pageToken = onward(answer.nextPageToken)
  }
  return ids
}

async function recordsSince(client: GmailClient, startHistoryId: string): Promise<{ historyId: string; history: HistoryRecord[] } | null> {
  const history: HistoryRecord[] = []
  let pageToken: string | undefined
  // Where more has happened, listing what is there costs less.
  for (let page = 0; page < 20; page++) {
    const query = { startHistoryId, historyTypes: ['messageAdded', 'messageDeleted', 'labelAdded', 'labelRemoved'], maxResults: '500', ...(pageToken === undefined ? {} : { pageToken }) }
    const answer = await client.find({ path: 'history', words: 'what changed', query, absent: ({ status, json }) => json && (status === 404 || status === 400) }, historyList)
    if (answer === null) return null
    history.push(...answer.history)
    pageToken = answer.nextPageToken
    if (pageToken === undefined) return { historyId: answer.historyId, history }
  }
  return null
}

/** What certainly waits no longer, and what has to be looked at, by the last thing that happened to each message. Pure. */
export function changes(history: readonly HistoryRecord[], labels: readonly string[]): { gone: Set<string>; maybe: string[] } {
  const last = new Map<string, 'gone' | 'maybe'>()
  const away = ['TRASH', 'SPAM']
  for (const { messagesAdded, messagesDeleted, labelsAdded, labelsRemoved } of history) {
    for (const { message: { id } } of messagesAdded) last.set(id, 'maybe')
    for (const { message: { id }, labelIds } of labelsAdded) if (labelIds.some((one) => labels.includes(one))) last.set(id, 'maybe')
    for (const { message: { id }, labelIds } of labelsRemoved) if (labelIds.some((one) => away.includes(one))) last.set(id, 'maybe')
    for (const { message: { id }, labelIds } of labelsAdded) if (labelIds.some((one) => away.includes(one))) last.set(id, 'gone')
    for (const { message: { id }, labelIds } of labelsRemoved) if (labelIds.some((one) => labels.includes(one))) last.set(id, 'gone')
    for (const { message: { id } } of messagesDeleted) last.set(id, 'gone')
  }
  const of = (state: string): string[] => [...last].filter(([, one]) => one === state).map(([id]) => id)
  return { gone: new Set(of('gone')), maybe: of('maybe') }
}

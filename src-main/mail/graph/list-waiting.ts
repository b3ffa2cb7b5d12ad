import { z } from 'zod'
import type { IncomingServer } from '#contract/incoming-server.ts'
import { inOrder } from '../in-order.ts'
import type { ConnectionNeeds, ListedMessage } from '../incoming-transport.ts'
import { createOnward } from '../onward.ts'
import { inTime, keptPlace, waitingMessage, type WaitingMessage } from '../waiting-messages.ts'
import { message, messagePage, sizeOf, sizeProperty, type GraphMessage } from './graph-answers.ts'
import { immutableIds, isNotFound, type GraphClient } from './graph-client.ts'
import type { GraphError } from './graph-problem.ts'

/** Where a listing left off: what has happened since `link` is not in `pending` yet. `of` names what was listed. */
const place = z.object({ of: z.string(), link: z.string(), pending: z.array(waitingMessage) })
type Place = z.infer<typeof place>

export type WaitingList = {
  /** Unread messages where mail is marked, otherwise all; oldest first. */
  list(): Promise<ListedMessage[]>
  /** These were dealt with. */
  done(ids: readonly string[]): Promise<void>
  /** Whether something waits that the last listing did not show; null where there was none. Nothing is remembered of it. */
  hasNews(): Promise<boolean | null>
}

const pageSize = 250
/** So many pages of a long first listing may be lost by a crash. */
const pagesBetweenNotes = 8
const properties = { $select: 'id,isRead,isDraft,receivedDateTime', $expand: sizeProperty }

/**
 * Lists in full once and from then on by what changed: https://learn.microsoft.com/graph/delta-query-messages. A state that Graph no longer knows (410, syncStateNotFound), or
 * a damaged cursor, costs a full listing. Without a cursor the unread are asked for, and nothing is remembered.
 */
export function createWaitingList(client: GraphClient, server: IncomingServer, folderId: string, cursor: ConnectionNeeds['cursor']): WaitingList {
  const onlyUnread = server.afterFetch === 'mark-seen'
  const of = `${client.place.user} ${folderId} ${onlyUnread ? 'unread' : 'all'}`
  const folderPath = `mailFolders/${encodeURIComponent(folderId)}/messages`
  let left: Place | null = null
  let newsLink: string | null = null

  const write = async (next: Place): Promise<void> => {
    left = next
    await cursor?.write(JSON.stringify(next))
  }
  /** Some mailboxes refuse the extended property; then sizes are not known beforehand. */
  const withSize = async <Result>(ask: (query: Record<string, string>) => Promise<Result | null>): Promise<Result | null> => (await ask(properties)) ?? ask({ $select: properties.$select })
  const firstPage = (path: string, query: Record<string, string>) =>
    withSize((asked) => client.find({ path, words: 'the list of messages', query: { ...asked, ...query }, headers: { prefer: preference }, absent: (error) => asked['$expand'] !== undefined && error.status === 400 }, messagePage))
  const nextPage = (link: string, absent: (error: GraphError) => boolean = () => false) => client.find({ url: link, words: 'the list of messages', headers: { prefer: preference }, absent }, messagePage)

  const everything = async (): Promise<WaitingMessage[]> => {
    const found: WaitingMessage[] = []
    const onward = createOnward(client.place.server.name)
    let page = await firstPage(folderPath, { $top: String(pageSize), ...(onlyUnread ? { $filter: 'isRead eq false' } : {}) })
    while (page !== null) {
      for (const one of page.value) if (waits(one, onlyUnread)) found.push(asWaiting(one))
      page = page['@odata.nextLink'] === undefined ? null : await nextPage(onward(page['@odata.nextLink']))
    }
    return inTime(found)
  }
  /** A message that changed without being known before is looked at: Graph tells only what changed of it. */
  const looked = async (ids: readonly string[]): Promise<WaitingMessage[]> => {
    const found: WaitingMessage[] = []
    const look = (id: string) => withSize((query) => client.find({ path: `${folderPath}/${encodeURIComponent(id)}`, words: 'a message', query, absent: (error) => isNotFound(error) || error.status === 400 }, message))
    for await (const one of inOrder(ids, 4, look)) if (one !== null && waits(one, onlyUnread)) found.push(asWaiting(one))
    return found
  }
  const changes = async (before: Place | null): Promise<WaitingMessage[] | null> => {
    const pending = new Map((before?.pending ?? []).map((one) => [one.id, one]))
    const unsure = new Set<string>()
    const onward = createOnward(client.place.server.name)
    let page = before === null ? await firstPage(`${folderPath}/delta`, {}) : await nextPage(before.link, isStateLost)
    for (let pages = 1; ; pages++) {
      if (page === null) return null
      for (const one of page.value) heed(one, pending, unsure, onlyUnread)
      const link = page['@odata.nextLink']
      if (link === undefined) break
      if (pages % pagesBetweenNotes === 0) await write({ of, link, pending: [...pending.values()] })
      page = await nextPage(onward(link), isStateLost)
    }
    for (const one of await looked([...unsure])) pending.set(one.id, one)
    const waiting = inTime([...pending.values()])
    await write({ of, link: page['@odata.deltaLink'] ?? '', pending: waiting })
    newsLink = left?.link ?? null
    return waiting
  }
  return {
    async list() {
      if (cursor === null) return (await everything()).map(({ id, size }) => ({ id, size }))
      const before = keptPlace(await cursor.read(), place)
      const isOurs = before !== null && before.of === of && URL.parse(before.link)?.origin === client.place.origin
      const waiting = (isOurs ? await changes(before) : null) ?? (await changes(null)) ?? (await everything())
      return waiting.map(({ id, size }) => ({ id, size }))
    },
    async done(ids) {
      if (cursor === null || left === null) return
      const gone = new Set(ids)
      await write({ ...left, pending: left.pending.filter(({ id }) => !gone.has(id)) })
    },
    async hasNews() {
      if (newsLink === null || left === null) return null
      const known = new Set(left.pending.map(({ id }) => id))
      const onward = createOnward(client.place.server.name)
      let isNews = false
      for (let link: string | undefined = newsLink; link !== undefined; ) {
        const page: z.infer<typeof messagePage> | null = await nextPage(onward(link), isStateLost)
        if (page === null) return true
        isNews ||= page.value.some((one) => one['@removed'] === undefined && !known.has(one.id) && (!onlyUnread || one.isRead === false))
        newsLink = page['@odata.deltaLink'] ?? newsLink
        link = page['@odata.nextLink']
      }
      return isNews
    }
  }
}

const preference = `${immutableIds}, odata.maxpagesize=${pageSize}`
const isStateLost = ({ status, code }: GraphError): boolean => status === 410 || /^(?:syncState(?:NotFound|Invalid)|resyncRequired)$/i.test(code) || (status === 400 && /token|delta/i.test(code))
const waits = ({ isRead, isDraft }: GraphMessage, onlyUnread: boolean): boolean => isDraft !== true && (!onlyUnread || isRead !== true)
const asWaiting = (one: GraphMessage): WaitingMessage => ({ id: one.id, size: sizeOf(one), at: Date.parse(one.receivedDateTime ?? '') || 0 })

function heed(one: GraphMessage, pending: Map<string, WaitingMessage>, unsure: Set<string>, onlyUnread: boolean): void {
  unsure.delete(one.id)
  if (one['@removed'] !== undefined || !waits(one, onlyUnread)) pending.delete(one.id)
  else if (one.receivedDateTime !== undefined) pending.set(one.id, asWaiting(one))
  else if (!pending.has(one.id)) unsure.add(one.id)
}

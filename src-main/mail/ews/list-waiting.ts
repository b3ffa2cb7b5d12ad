import type { Cursor, ListedMessage } from '../incoming-transport.ts'
import { readCursor, writeCursor, type EwsCursor, type Waiting } from './ews-cursor.ts'
import { findItem, getItems, syncFolderItems } from './ews-requests.ts'
import type { EwsSession } from './ews-session.ts'
import { at, textAt, type XmlNode } from './xml-tree.ts'

/** A search with a restriction gives 250 at most. https://learn.microsoft.com/exchange/client-developer/exchange-web-services/ews-throttling-in-exchange */
const pageSize = 250
/** A long first listing is kept from time to time, so that a round that ends early has not worked in vain. */
const pagesBetweenWrites = 10

export type ListWish = { folder: { id: string }; onlyUnread: boolean; cursor: Cursor | null; gone: ReadonlySet<string> }

/**
 * Messages that await processing, oldest first: what is unread, or everything. With a cursor only what changed since is asked for; what was
 * listed stays until Exchange says that it was read, moved or deleted. `gone` are those that were found missing.
 */
export async function listWaiting(session: EwsSession, wish: ListWish): Promise<ListedMessage[]> {
  const waiting = wish.cursor === null ? await search(session, wish) : await changes(session, wish, wish.cursor)
  return waiting.filter(({ id }) => !wish.gone.has(id)).sort((a, b) => a.received - b.received).map(({ id, size }) => ({ id, size }))
}

async function search(session: EwsSession, { folder, onlyUnread }: ListWish): Promise<Waiting[]> {
  const found = new Map<string, Waiting>()
  for (let offset = 0, isLast = false; !isLast; ) {
    const { node } = await session.askOne(findItem({ folder, unread: onlyUnread, most: pageSize, offset }))
    const root = at(node, 'RootFolder')
    const items = at(root, 'Items')?.children ?? []
    const before = found.size
    for (const item of items) found.set(idOf(item), waitingOf(item))
    offset += items.length
    // A page that brings nothing new would come again for ever.
    isLast = found.size === before || root?.attributes.IncludesLastItemInRange !== 'false'
  }
  return [...found.values()]
}

/** https://learn.microsoft.com/exchange/client-developer/exchange-web-services/how-to-synchronize-items-by-using-ews-in-exchange */
async function changes(session: EwsSession, wish: ListWish, cursor: Cursor): Promise<Waiting[]> {
  const place = { folder: wish.folder.id, onlyUnread: wish.onlyUnread }
  let state: EwsCursor = readCursor(await cursor.read(), place)
  const passed = new Set([state.syncState])
  for (let page = 1, isLast = false; !isLast; page++) {
    const reply = await session.ask(syncFolderItems(wish.folder, state.syncState))
    const [response] = reply.responses
    // https://learn.microsoft.com/exchange/client-developer/exchange-web-services/handling-synchronization-related-errors-in-ews-in-exchange
    if (state.syncState !== null && response !== undefined && !response.ok && startAgain.has(response.code)) {
      state = readCursor(null, place)
      continue
    }
    const { node } = response?.ok ? response : await session.askOne(syncFolderItems(wish.folder, state.syncState))
    const syncState = textAt(node, 'SyncState')
    isLast = textAt(node, 'IncludesLastItemInRange') !== 'false' || passed.has(syncState)
    passed.add(syncState)
    state = { ...state, syncState, waiting: await applied(session, state.waiting, at(node, 'Changes')?.children ?? [], wish) }
    if (isLast || page % pagesBetweenWrites === 0) await cursor.write(writeCursor({ ...state, waiting: state.waiting.filter(({ id }) => !wish.gone.has(id)) }))
  }
  return [...state.waiting]
}

const startAgain = new Set(['ErrorInvalidSyncStateData', 'ErrorSyncFolderNotFound', 'ErrorFolderNotFound', 'ErrorInvalidIdMalformed'])

/** Create, Update, Delete and ReadFlagChange. https://learn.microsoft.com/exchange/client-developer/web-service-reference/changes-items */
async function applied(session: EwsSession, before: readonly Waiting[], all: readonly XmlNode[], wish: ListWish): Promise<Waiting[]> {
  const waiting = new Map(before.map((item) => [item.id, item]))
  const unreadAgain: string[] = []
  for (const change of all) {
    const item = change.children.find(({ name }) => name !== 'ItemId' && name !== 'IsRead')
    const id = at(change, 'ItemId')?.attributes.Id ?? (item === undefined ? '' : idOf(item))
    const isRead = (at(change, 'IsRead') ?? at(item ?? null, 'IsRead'))?.text === 'true'
    if (change.name === 'Delete' || (wish.onlyUnread && isRead)) waiting.delete(id)
    else if (item !== undefined) waiting.set(id, waitingOf(item))
    else if (change.name === 'ReadFlagChange' && !waiting.has(id)) unreadAgain.push(id)
  }
  for (const item of await looked(session, unreadAgain)) waiting.set(item.id, item)
  return [...waiting.values()]
}

/** A change of the flag tells neither size nor time. */
async function looked(session: EwsSession, ids: readonly string[]): Promise<Waiting[]> {
  const found: Waiting[] = []
  for (let start = 0; start < ids.length; start += 100) {
    const { responses } = await session.ask(getItems(ids.slice(start, start + 100)))
    for (const { ok, node } of responses) {
      const item = ok ? at(node, 'Items')?.children[0] : undefined
      if (item !== undefined) found.push(waitingOf(item))
    }
  }
  return found
}

const idOf = (item: XmlNode): string => at(item, 'ItemId')?.attributes.Id ?? ''
function waitingOf(item: XmlNode): Waiting {
  const received = Date.parse(textAt(item, 'DateTimeReceived'))
  return { id: idOf(item), size: Number(textAt(item, 'Size')) || 0, received: Number.isNaN(received) ? 0 : received }
}

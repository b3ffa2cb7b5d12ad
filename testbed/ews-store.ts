import { randomBytes } from 'node:crypto'

/** A folder of a mailbox; `known` is its distinguished name. A hidden one is not found by anybody but the owner of the store. */
export type StoredFolder = { id: string; parent: string | null; name: string; known: string | null }
export type StoredItem = { id: string; changeKey: string; folder: string; raw: Buffer; isRead: boolean; received: number; messageId: string; order: number; fault: string | null }
export type StoreChange = { order: number; folder: string; item: string; kind: 'create' | 'delete' | 'read' }

/** One mailbox of an Exchange server, in memory. */
export type EwsStore = {
  address: string
  folders: Map<string, StoredFolder>
  items: Map<string, StoredItem>
  changes: StoreChange[]
  folderNamed(path: string): StoredFolder | null
  addFolder(parent: string, name: string): StoredFolder
  deliver(raw: Buffer, folder?: string): StoredItem
  mark(item: StoredItem, isRead: boolean): void
  /** A moved item is another item (https://learn.microsoft.com/exchange/client-developer/exchange-web-services/ews-identifiers-in-exchange). */
  move(item: StoredItem, folder: string): StoredItem
  remove(item: StoredItem): void
  /** Called with each item that comes into a folder; the returned function ends it. */
  watch(folder: string, arrived: (item: StoredItem, event: 'NewMailEvent' | 'MovedEvent') => void): () => void
}

const standing: [string, string][] = [['inbox', 'Inbox'], ['sentitems', 'Sent Items'], ['deleteditems', 'Deleted Items'], ['drafts', 'Drafts'], ['junkemail', 'Junk Email'], ['outbox', 'Outbox']]
let deliveries = 0

/** `names` are the display names of standing folders in another language. */
export function createEwsStore(address: string, names: Record<string, string> = {}): EwsStore {
  const folders = new Map<string, StoredFolder>()
  const items = new Map<string, StoredItem>()
  const changes: StoreChange[] = []
  const watchers = new Set<{ folder: string; arrived: Parameters<EwsStore['watch']>[1] }>()
  const newId = (): string => `AAMk${randomBytes(60).toString('base64').replaceAll('=', '')}==`
  const put = (parent: string | null, name: string, known: string | null): StoredFolder => {
    const folder = { id: newId(), parent, name, known }
    folders.set(folder.id, folder)
    return folder
  }
  const root = put(null, 'Top of Information Store', 'msgfolderroot')
  for (const [known, name] of standing) put(root.id, names[known] ?? name, known)
  const log = (item: StoredItem, kind: StoreChange['kind']): void => void changes.push({ order: ++deliveries, folder: item.folder, item: item.id, kind })
  const children = (parent: string): StoredFolder[] => [...folders.values()].filter((folder) => folder.parent === parent)
  const arrive = (item: StoredItem, event: 'NewMailEvent' | 'MovedEvent'): StoredItem => {
    items.set(item.id, item)
    log(item, 'create')
    for (const watcher of watchers) if (watcher.folder === item.folder) watcher.arrived(item, event)
    return item
  }
  const knownFolder = (known: string): StoredFolder => [...folders.values()].find((folder) => folder.known === known) ?? root
  return {
    address, folders, items, changes,
    folderNamed: (path) => path.split('/').reduce<StoredFolder | null>((above, name) => (above === null ? null : children(above.id).find((folder) => folder.name.toLowerCase() === name.toLowerCase()) ?? (above === root && name.toLowerCase() === 'inbox' ? knownFolder('inbox') : null)), root),
    addFolder: (parent, name) => put(parent, name, null),
    deliver(raw, folder = knownFolder('inbox').id) {
      const messageId = /^Message-ID:\s*(<[^>]*>)/im.exec(raw.subarray(0, 20_000).toString('latin1'))?.[1] ?? ''
      // DateTimeReceived is shown in whole seconds.
      return arrive({ id: newId(), changeKey: randomBytes(9).toString('base64'), folder, raw, isRead: false, received: Date.UTC(2026, 10, 21) + ++deliveries * 1_000, messageId, order: deliveries, fault: null }, 'NewMailEvent')
    },
    mark(item, isRead) {
      if (item.isRead === isRead) return
      item.isRead = isRead
      item.changeKey = randomBytes(9).toString('base64')
      log(item, 'read')
    },
    move(item, folder) {
      items.delete(item.id)
      log(item, 'delete')
      return arrive({ ...item, id: newId(), folder, order: ++deliveries }, 'MovedEvent')
    },
    remove(item) {
      items.delete(item.id)
      log(item, 'delete')
    },
    watch(folder, arrived) {
      const watcher = { folder, arrived }
      watchers.add(watcher)
      return () => void watchers.delete(watcher)
    }
  }
}

/**
 * What SyncFolderItems says since a state (base64; null: from the beginning, newest first), at most so many changes at once. null where the
 * state is none of this folder. https://learn.microsoft.com/exchange/client-developer/web-service-reference/syncfolderitems-operation
 */
export function syncFolder(store: EwsStore, folder: string, state: string | null, most: number): { state: string; isLast: boolean; changes: SyncedChange[] } | null {
  const at = state === null ? { folder, upTo: deliveries, before: deliveries + 1 } : readState(state)
  if (at === null || at.folder !== folder) return null
  const there = [...store.items.values()].filter((item) => item.folder === folder)
  if (at.before > 0) {
    const left = there.filter(({ order }) => order < at.before && order <= at.upTo).sort((a, b) => b.order - a.order)
    const page = left.slice(0, most)
    const isLast = left.length <= most
    const before = isLast ? 0 : (page.at(-1)?.order ?? 0)
    return { state: writeState({ ...at, before }), isLast: isLast && !store.changes.some((change) => change.folder === folder && change.order > at.upTo), changes: page.map((item) => ({ kind: 'Create', id: item.id, item })) }
  }
  const since = store.changes.filter((change) => change.folder === folder && change.order > at.upTo)
  const page = since.slice(0, most)
  const upTo = page.at(-1)?.order ?? at.upTo
  const kinds = new Map<string, Set<string>>()
  for (const { item, kind } of page) kinds.set(item, (kinds.get(item) ?? new Set()).add(kind))
  const changes = [...kinds].flatMap(([id, seen]): SyncedChange[] => {
    const item = store.items.get(id) ?? null
    if (item === null) return seen.has('create') ? [] : [{ kind: 'Delete', id, item }]
    return [{ kind: seen.has('create') ? 'Create' : 'ReadFlagChange', id, item }]
  })
  return { state: writeState({ ...at, upTo }), isLast: since.length <= most, changes }
}

type SyncedChange = { kind: 'Create' | 'Delete' | 'ReadFlagChange'; id: string; item: StoredItem | null }
type SyncPlace = { folder: string; upTo: number; before: number }
const writeState = (place: SyncPlace): string => Buffer.from(JSON.stringify(place)).toString('base64')
function readState(text: string): SyncPlace | null {
  try {
    const read = JSON.parse(Buffer.from(text, 'base64').toString('utf8')) as Partial<SyncPlace>
    return typeof read.folder === 'string' && typeof read.upTo === 'number' && typeof read.before === 'number' ? { folder: read.folder, upTo: read.upTo, before: read.before } : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

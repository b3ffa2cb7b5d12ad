/** What Exchange keeps of one mailbox: folders, messages, and what happened to them, in order. */
export type GraphFolder = { id: string; displayName: string; parentId: string | null; wellKnown: string | null }
export type GraphAttachment = { name: string; contentType: string; contentId: string | null; isInline: boolean; bytes: Buffer }
export type GraphMessage = { key: string; folderId: string; moves: number; raw: Buffer; isRead: boolean; isDraft: boolean; receivedAt: number; internetMessageId: string; attachments: GraphAttachment[] }
export type GraphChange = { at: number; key: string; folderId: string; kind: 'created' | 'updated' | 'removed' }

export type GraphMailbox = {
  folders: GraphFolder[]
  messages: Map<string, GraphMessage>
  changes: GraphChange[]
  /** How many changes there were so far. */
  now(): number
  wellKnown(name: string): GraphFolder
  addFolder(displayName: string, parentId: string | null): GraphFolder
  insert(folderId: string, raw: Buffer, is?: { isRead?: boolean; isDraft?: boolean }): GraphMessage
  setRead(message: GraphMessage, isRead: boolean): void
  move(message: GraphMessage, folderId: string): void
  erase(message: GraphMessage): void
}

/** Well-known names: https://learn.microsoft.com/graph/api/resources/mailfolder */
const wellKnownFolders = ['inbox', 'drafts', 'sentitems', 'deleteditems', 'junkemail', 'archive']
let serial = 1

/** A mailbox whose folders are named in its owner's language, as Exchange does it. */
export function createGraphMailbox(now: () => number, names: Readonly<Record<string, string>> = { inbox: 'Inbox', drafts: 'Drafts', sentitems: 'Sent Items', deleteditems: 'Deleted Items', junkemail: 'Junk Email', archive: 'Archive' }): GraphMailbox {
  let lastReceived = 0
  const happened = (kind: GraphChange['kind'], { key }: GraphMessage, folderId: string): void => void box.changes.push({ at: box.changes.length + 1, key, folderId, kind })
  const box: GraphMailbox = {
    folders: [], messages: new Map(), changes: [],
    now: () => box.changes.length,
    wellKnown: (name) => box.folders.find(({ wellKnown }) => wellKnown === name) as GraphFolder,
    addFolder(displayName, parentId) {
      const folder = { id: `AQMkF${String(serial++).padStart(6, '0')}=`, displayName, parentId, wellKnown: null }
      box.folders.push(folder)
      return folder
    },
    insert(folderId, raw, { isRead = false, isDraft = false } = {}) {
      // receivedDateTime has whole seconds; each message gets one of its own, so that their order can be told.
      lastReceived = Math.max(Math.floor(now() / 1000) * 1000 - 3_600_000, lastReceived + 1000)
      const message: GraphMessage = { key: `AAkALg${String(serial++).padStart(8, '0')}`, folderId, moves: 0, raw, isRead, isDraft, receivedAt: lastReceived, internetMessageId: headerOf(raw, 'message-id') || `<${serial}@exchange.example>`, attachments: [] }
      box.messages.set(message.key, message)
      happened('created', message, folderId)
      return message
    },
    setRead(message, isRead) {
      if (message.isRead === isRead) return
      message.isRead = isRead
      happened('updated', message, message.folderId)
    },
    move(message, folderId) {
      happened('removed', message, message.folderId)
      message.folderId = folderId
      message.moves++
      happened('created', message, folderId)
    },
    erase(message) {
      box.messages.delete(message.key)
      happened('removed', message, message.folderId)
    }
  }
  for (const wellKnown of wellKnownFolders) box.folders.push({ id: `AQMkF${String(serial++).padStart(6, '0')}=`, displayName: names[wellKnown] ?? wellKnown, parentId: null, wellKnown })
  return box
}

/** The unfolded value of a header field; empty where there is none. */
export function headerOf(raw: Buffer, name: string): string {
  const end = raw.indexOf('\r\n\r\n')
  const header = raw.toString('latin1', 0, end < 0 ? raw.length : end + 2).replace(/\r\n[ \t]+/g, ' ')
  return (new RegExp(`^${name}[ \\t]*:(.*)$`, 'im').exec(header)?.[1] ?? '').trim()
}

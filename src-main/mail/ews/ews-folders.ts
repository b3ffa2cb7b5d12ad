import { ProblemError } from '#contract/problem.ts'
import { createFolder, findFolder, getFolder, type FolderRef } from './ews-requests.ts'
import type { EwsSession } from './ews-session.ts'
import { at, textAt, within, type XmlNode } from './xml-tree.ts'

export type EwsFolder = { id: string; name: string; messages: number; unread: number }

/** Names under which folders of every mailbox are found whatever their language. https://learn.microsoft.com/exchange/client-developer/web-service-reference/distinguishedfolderid */
const wellKnown: Record<string, string> = { inbox: 'inbox', 'sent items': 'sentitems', 'deleted items': 'deleteditems', drafts: 'drafts', 'junk email': 'junkemail', outbox: 'outbox' }

/** Opens a folder by its path below the root of the mailbox (`Inbox`, `Inbox/Tickets`, `Done/2026`). Throws `folder-not-found` with the folders there are. */
export async function openFolder(session: EwsSession, path: string): Promise<EwsFolder> {
  const found = await lookUp(session, path)
  if (found === null) throw new ProblemError({ code: 'folder-not-found', server: session.place.name, folder: path, available: await folderPaths(session) })
  return describe(session, found, path)
}

/** The id of a folder; null where there is none. */
export async function lookUp(session: EwsSession, path: string): Promise<FolderRef | null> {
  const [first = '', ...rest] = segments(path)
  const known = wellKnown[first.toLowerCase()]
  const inbox = known === 'inbox' ? await distinguished(session, 'inbox', path) : null
  let folder: FolderRef | null = inbox ?? (await child(session, rootOf(session), first, path)) ?? (known === undefined ? null : await distinguished(session, known, path))
  for (const segment of rest) folder = folder === null ? null : await child(session, folder, segment, path)
  return folder
}

/** Finds the folder or makes it, with those above it. */
export async function ensureFolder(session: EwsSession, path: string): Promise<FolderRef> {
  const found = await lookUp(session, path)
  if (found !== null) return found
  let below: FolderRef = rootOf(session)
  for (const [index, segment] of segments(path).entries()) {
    const there: FolderRef | null = index === 0 ? await lookUp(session, segment) : await child(session, below, segment, path)
    below = there ?? (await make(session, below, segment, path))
  }
  return below
}

/** Paths of all folders for messages, the inbox by its usual name. */
export async function folderPaths(session: EwsSession): Promise<string[]> {
  const inbox = await distinguished(session, 'inbox', 'Inbox')
  const inboxId = inbox !== null && 'id' in inbox ? inbox.id : ''
  const all = new Map<string, { name: string; parent: string }>()
  for (let offset = 0, isLast = false; !isLast && offset < 5_000; ) {
    const { node } = await session.askOne(findFolder({ below: rootOf(session), named: null, deep: true, offset }))
    const root = at(node, 'RootFolder')
    const found = at(root, 'Folders')?.children ?? []
    for (const folder of found) if (folder.name === 'Folder') all.set(idOf(folder), { name: textAt(folder, 'DisplayName'), parent: at(folder, 'ParentFolderId')?.attributes.Id ?? '' })
    offset += found.length
    isLast = found.length === 0 || root?.attributes.IncludesLastItemInRange !== 'false'
  }
  const pathOf = (id: string, depth = 0): string => {
    const folder = all.get(id)
    if (folder === undefined) return ''
    const above = depth > 50 ? '' : pathOf(folder.parent, depth + 1)
    return `${above === '' ? '' : `${above}/`}${id === inboxId ? 'Inbox' : folder.name}`
  }
  return [...all.keys()].map((id) => pathOf(id)).sort((a, b) => Number(b === 'Inbox') - Number(a === 'Inbox') || a.localeCompare(b))
}

const rootOf = ({ place }: EwsSession): FolderRef => ({ known: 'msgfolderroot', mailbox: place.other })
const segments = (path: string): string[] => path.split('/').map((part) => part.trim()).filter((part) => part !== '')
const idOf = (folder: XmlNode): string => at(folder, 'FolderId')?.attributes.Id ?? ''

async function distinguished(session: EwsSession, known: string, path: string): Promise<FolderRef | null> {
  const folder = known === 'inbox' ? 'Inbox' : path
  const [response] = (await session.ask(getFolder({ known, mailbox: session.place.other }), { folder })).responses
  if (response?.ok) return { id: idOf(at(response.node, 'Folders')?.children[0] ?? response.node) }
  if (known !== 'inbox' && response?.code === 'ErrorFolderNotFound') return null
  throw new ProblemError(session.problemOf(response?.code ?? '', response?.text ?? '', 'GetFolder', { folder }))
}

/** Names are compared as Exchange does: whatever their case. */
async function child(session: EwsSession, below: FolderRef, name: string, path: string): Promise<FolderRef | null> {
  const { node } = await session.askOne(findFolder({ below, named: name, deep: false, offset: 0 }), { folder: path })
  const found = within(node, 'Folders')?.children.find((folder) => textAt(folder, 'DisplayName').toLowerCase() === name.toLowerCase())
  return found === undefined ? null : { id: idOf(found) }
}

async function make(session: EwsSession, below: FolderRef, name: string, path: string): Promise<FolderRef> {
  const [response] = (await session.ask(createFolder(below, name), { folder: path })).responses
  if (response?.ok) return { id: idOf(at(response.node, 'Folders')?.children[0] ?? response.node) }
  // Somebody else was faster.
  const there = response?.code === 'ErrorFolderExists' ? await child(session, below, name, path) : null
  if (there !== null) return there
  throw new ProblemError(session.problemOf(response?.code ?? '', response?.text ?? '', 'CreateFolder', { folder: path }))
}

async function describe(session: EwsSession, folder: FolderRef, path: string): Promise<EwsFolder> {
  const { node } = await session.askOne(getFolder(folder), { folder: path })
  const found = at(node, 'Folders')?.children[0] ?? node
  // The other rights are those on the folder itself and say nothing of the messages in it.
  if (textAt(found, 'EffectiveRights', 'Read') === 'false') throw new ProblemError(session.problemOf('ErrorAccessDenied', 'EffectiveRights: Read is false.', 'GetFolder', { folder: path }))
  return { id: idOf(found), name: textAt(found, 'DisplayName'), messages: Number(textAt(found, 'TotalCount')) || 0, unread: Number(textAt(found, 'UnreadCount')) || 0 }
}

import { decodeWords } from '../src-main/processing/parsing/decode-words.ts'
import type { RequestNode } from './ews-schema.ts'
import { syncFolder, type EwsStore, type StoredFolder, type StoredItem } from './ews-store.ts'

/** Who asks: the mailbox of whoever is signed in (or impersonated), and which others it may open. */
export type EwsCaller = { own: EwsStore | null; user: string; mayOpen(mailbox: EwsStore): boolean }
export type EwsSent = { from: string; recipients: string[]; raw: Buffer; bcc: string[]; savedTo: string }
export type EwsSite = {
  storeOf(address: string): EwsStore | null
  stores(): Iterable<EwsStore>
  maySendAs(user: string, from: string): boolean
  sent: EwsSent[]
  /** What a mail is refused with; null: it is taken. */
  refuse(mail: EwsSent): { code: string; text: string } | null
}

/** One response message: its element name is that of the operation; `rest` is XML that follows ResponseCode. */
export type EwsMessage = { code: string; text: string; rest: (string | Buffer)[] }
const fine = (...rest: (string | Buffer)[]): EwsMessage => ({ code: 'NoError', text: '', rest })
const bad = (code: string, text: string, rest = ''): EwsMessage => ({ code, text, rest: [rest] })

// Texts are those of Exchange 2013. https://learn.microsoft.com/exchange/client-developer/web-service-reference/responsecode
const noFolder = bad('ErrorFolderNotFound', 'The specified folder could not be found in the store.')
const noItem = bad('ErrorItemNotFound', 'The specified object was not found in the store.')
const badId = bad('ErrorInvalidIdMalformed', 'Id is malformed.')
export const empty = (items: string): string => `<m:${items}/>`

/** What Exchange does with a valid request. `mime` is the message that was in it. */
export function answerEws(operation: RequestNode, mime: Buffer | null, caller: EwsCaller, site: EwsSite): EwsMessage[] {
  const part = (name: string): RequestNode => child(operation, name) ?? operation
  const folder = (node: RequestNode): { store: EwsStore; folder: StoredFolder } | EwsMessage => folderOf(node, caller, site)
  const ids = (): string[] => part('m:ItemIds').children.map(({ attributes }) => attributes.Id ?? '')
  const each = (work: (found: { store: EwsStore; item: StoredItem }) => EwsMessage): EwsMessage[] => ids().map((id) => withItem(id, caller, site, work))
  switch (operation.name) {
    case 'm:GetFolder':
      return part('m:FolderIds').children.map((node) => {
        const found = folder(node)
        return 'code' in found ? found : fine(`<m:Folders>${folderXml(found.store, found.folder, true)}</m:Folders>`)
      })
    case 'm:FindFolder': {
      const found = folder(part('m:ParentFolderIds').children[0] ?? operation)
      if ('code' in found) return [found]
      const named = within(operation, 't:Constant')?.attributes.Value
      const all = below(found.store, found.folder.id, operation.attributes.Traversal === 'Deep').filter(({ name }) => named === undefined || name.toLowerCase() === named.toLowerCase())
      return [fine(page(all, part('m:IndexedPageFolderView'), 500, (one) => folderXml(found.store, one, false), 'Folders'))]
    }
    case 'm:CreateFolder': {
      const found = folder(part('m:ParentFolderId').children[0] ?? operation)
      if ('code' in found) return [found]
      return part('m:Folders').children.map((node) => {
        const name = within(node, 't:DisplayName')?.text ?? ''
        if (below(found.store, found.folder.id, false).some((one) => one.name.toLowerCase() === name.toLowerCase())) return bad('ErrorFolderExists', 'A folder with the specified name already exists.', empty('Folders'))
        return fine(`<m:Folders>${folderXml(found.store, found.store.addFolder(found.folder.id, name), false)}</m:Folders>`)
      })
    }
    case 'm:FindItem': {
      const found = folder(part('m:ParentFolderIds').children[0] ?? operation)
      return ['code' in found ? found : fine(findItems(found.store, found.folder, operation))]
    }
    case 'm:SyncFolderItems': {
      const found = folder(part('m:SyncFolderId').children[0] ?? operation)
      const state = child(operation, 'm:SyncState')
      if ('code' in found) return [found]
      return [syncXml(found.store, found.folder, state?.text ?? null, Number(part('m:MaxChangesReturned').text))]
    }
    case 'm:GetItem': {
      const withMime = within(operation, 't:IncludeMimeContent')?.text === 'true'
      return each(({ item }) => (withMime && item.fault !== null ? bad(item.fault, 'The message content could not be converted.', empty('Items')) : fine('<m:Items>', ...itemXml(item, withMime, wishes(operation)), '</m:Items>')))
    }
    case 'm:UpdateItem':
      return part('m:ItemChanges').children.map((change) => withItem(child(change, 't:ItemId')?.attributes.Id ?? '', caller, site, ({ store, item }) => {
        if (operation.attributes.MessageDisposition === undefined) return bad('ErrorMessageDispositionRequired', 'The MessageDisposition attribute is required.')
        // https://learn.microsoft.com/exchange/client-developer/web-service-reference/updateitem
        if (operation.attributes.ConflictResolution !== 'AlwaysOverwrite' && child(change, 't:ItemId')?.attributes.ChangeKey === undefined) return bad('ErrorChangeKeyRequired', 'A change key is required for this operation.')
        store.mark(item, within(change, 't:IsRead')?.text === 'true')
        return fine(`<m:Items><t:Message>${idXml(item)}</t:Message></m:Items>`)
      }))
    case 'm:MoveItem': {
      const to = folder(part('m:ToFolderId').children[0] ?? operation)
      if ('code' in to) return ids().map(() => bad('ErrorToFolderNotFound', 'The destination folder could not be found.', empty('Items')))
      return each(({ store, item }) => {
        store.move(item, to.folder.id)
        return fine(empty('Items'))
      })
    }
    case 'm:DeleteItem':
      return each(({ store, item }) => {
        store.remove(item)
        return fine()
      })
    case 'm:CreateItem':
      return [send(operation, mime, caller, site)]
    default:
      return [bad('ErrorInvalidRequest', 'The request is invalid.')]
  }
}

/**
 * A distinguished folder of another mailbox that one may not open is not found, as if it were not there.
 * https://learn.microsoft.com/exchange/client-developer/exchange-web-services/handling-delegation-related-errors-in-ews-in-exchange
 */
export function folderOf(node: RequestNode, caller: EwsCaller, site: EwsSite): { store: EwsStore; folder: StoredFolder } | EwsMessage {
  if (node.name === 't:DistinguishedFolderId') {
    const address = within(node, 't:EmailAddress')?.text
    const store = address === undefined ? caller.own : site.storeOf(address)
    if (address === undefined && store === null) return bad('ErrorMissingEmailAddress', 'When making a request as an account that does not have a mailbox, you must specify the mailbox primary SMTP address for any distinguished folder Ids.')
    if (store === null) return bad('ErrorNonExistentMailbox', 'No mailbox with such guid.')
    const folder = [...store.folders.values()].find(({ known }) => known === node.attributes.Id)
    return folder !== undefined && caller.mayOpen(store) ? { store, folder } : noFolder
  }
  for (const store of site.stores()) {
    const folder = store.folders.get(node.attributes.Id ?? '')
    if (folder !== undefined) return caller.mayOpen(store) ? { store, folder } : noFolder
  }
  return noFolder
}

function withItem(id: string, caller: EwsCaller, site: EwsSite, work: (found: { store: EwsStore; item: StoredItem }) => EwsMessage): EwsMessage {
  if (!/^AAMk[A-Za-z0-9+/]{20,}=*$/.test(id)) return badId
  for (const store of site.stores()) {
    const item = store.items.get(id)
    if (item !== undefined && caller.mayOpen(store)) return work({ store, item })
  }
  return noItem
}

/** https://learn.microsoft.com/exchange/client-developer/web-service-reference/finditem-operation */
function findItems(store: EwsStore, folder: StoredFolder, operation: RequestNode): string {
  const uri = within(child(operation, 'm:Restriction') ?? { ...operation, children: [] }, 't:FieldURI')?.attributes.FieldURI
  const value = within(operation, 't:Constant')?.attributes.Value
  const fits = (item: StoredItem): boolean => (uri === 'message:IsRead' ? String(item.isRead) === value : uri === 'message:InternetMessageId' ? item.messageId === value : true)
  const descending = within(operation, 't:FieldOrder')?.attributes.Order === 'Descending'
  const found = [...store.items.values()].filter((item) => item.folder === folder.id && fits(item)).sort((a, b) => (descending ? b.received - a.received : a.received - b.received))
  // With a restriction 250 at most (https://learn.microsoft.com/exchange/client-developer/exchange-web-services/ews-throttling-in-exchange).
  return page(found, child(operation, 'm:IndexedPageItemView'), uri === undefined ? 1_000 : 250, (item) => itemXml(item, false, wishes(operation)).join(''), 'Items')
}

function syncXml(store: EwsStore, folder: StoredFolder, state: string | null, most: number): EwsMessage {
  const synced = syncFolder(store, folder.id, state, most)
  if (synced === null) return bad('ErrorInvalidSyncStateData', 'Synchronization state data is corrupt or otherwise invalid.', '<m:SyncState/><m:IncludesLastItemInRange>true</m:IncludesLastItemInRange>')
  const changes = synced.changes.map(({ kind, id, item }) => {
    if (kind === 'Create' && item !== null) return `<t:Create>${itemXml(item, false, new Set()).join('')}</t:Create>`
    const itemId = `<t:ItemId Id="${id}" ChangeKey="${item?.changeKey ?? 'CQAAAA=='}"/>`
    return kind === 'Delete' ? `<t:Delete>${itemId}</t:Delete>` : `<t:ReadFlagChange>${itemId}<t:IsRead>${String(item?.isRead ?? false)}</t:IsRead></t:ReadFlagChange>`
  })
  return fine(`<m:SyncState>${synced.state}</m:SyncState><m:IncludesLastItemInRange>${String(synced.isLast)}</m:IncludesLastItemInRange><m:Changes>${changes.join('')}</m:Changes>`)
}

/**
 * Sender and recipients are read from the message; BccRecipients come besides.
 * https://learn.microsoft.com/exchange/client-developer/web-service-reference/createitem-operation-email-message
 */
function send(operation: RequestNode, mime: Buffer | null, caller: EwsCaller, site: EwsSite): EwsMessage {
  const saved = child(operation, 'm:SavedItemFolderId')?.children[0]
  const to = saved === undefined ? null : folderOf(saved, caller, site)
  if (to !== null && 'code' in to) return to
  if (mime === null) return bad('ErrorInvalidRequest', 'The request is invalid.')
  const head = mime.subarray(0, Math.max(0, mime.indexOf('\r\n\r\n'))).toString('latin1').replace(/\r\n[ \t]+/g, ' ')
  const addresses = (name: string): string[] => [...head.matchAll(new RegExp(`^${name}:(.*)$`, 'gim'))].flatMap((match) => (match[1] ?? '').match(/[^\s<>,;:"]+@[^\s<>,;:"]+/g) ?? [])
  const bcc = all(operation, 't:BccRecipients').flatMap((list) => all(list, 't:EmailAddress').map(({ text }) => text))
  const mail: EwsSent = { from: addresses('From')[0] ?? '', recipients: [...new Set([...addresses('To'), ...addresses('Cc'), ...bcc])], raw: mime, bcc, savedTo: to?.store.address ?? '' }
  const refused = site.refuse(mail)
  if (refused !== null) return bad(refused.code, refused.text, empty('Items'))
  if (mail.recipients.length === 0) return bad('ErrorInvalidRecipients', 'At least one recipient isn\'t valid.', empty('Items'))
  if (!site.maySendAs(caller.user, mail.from)) return bad('ErrorSendAsDenied', 'The user account which was used to submit this request does not have the right to send mail on behalf of the specified sending account.', empty('Items'))
  site.sent.push(mail)
  if (to !== null) to.store.mark(to.store.deliver(mime, to.folder.id), true)
  return fine(empty('Items'))
}

function page<One>(all: One[], view: RequestNode | null, most: number, xml: (one: One) => string, list: 'Items' | 'Folders'): string {
  const offset = Number(view?.attributes.Offset ?? 0)
  const shown = all.slice(offset, offset + Math.min(most, Number(view?.attributes.MaxEntriesReturned ?? most)))
  const end = offset + shown.length
  return `<m:RootFolder IndexedPagingOffset="${end}" TotalItemsInView="${all.length}" IncludesLastItemInRange="${String(end >= all.length)}"><t:${list}>${shown.map(xml).join('')}</t:${list}></m:RootFolder>`
}

const idXml = (item: StoredItem): string => `<t:ItemId Id="${item.id}" ChangeKey="${item.changeKey}"/>`
const wishes = (operation: RequestNode): ReadonlySet<string> => new Set(all(operation, 't:FieldURI').map(({ attributes }) => attributes.FieldURI ?? ''))
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
const headerOf = (item: StoredItem, name: string): string => decodeWords(new RegExp(`^${name}: (.*?)\\r?$`, 'im').exec(item.raw.subarray(0, 5_000).toString('latin1').replace(/\r\n(?=[ \t])/g, ''))?.[1] ?? '')
/** Size is that of the store, about that of the message. */
function itemXml(item: StoredItem, withMime: boolean, wished: ReadonlySet<string>): (string | Buffer)[] {
  if (withMime) return ['<t:Message><t:MimeContent CharacterSet="UTF-8">', item.raw, `</t:MimeContent>${idXml(item)}</t:Message>`]
  const subject = wished.has('item:Subject') ? `<t:Subject>${escaped(headerOf(item, 'Subject'))}</t:Subject>` : ''
  const from = wished.has('message:From') ? `<t:From><t:Mailbox><t:Name>${escaped(headerOf(item, 'From').replace(/ ?<.*/, ''))}</t:Name><t:EmailAddress>${escaped(/[^<\s]+@[^>\s]+/.exec(headerOf(item, 'From'))?.[0] ?? '')}</t:EmailAddress></t:Mailbox></t:From>` : ''
  const messageId = wished.has('message:InternetMessageId') ? `<t:InternetMessageId>${escaped(item.messageId)}</t:InternetMessageId>` : ''
  return [`<t:Message>${idXml(item)}${subject}<t:DateTimeReceived>${new Date(item.received).toISOString().replace('.000', '')}</t:DateTimeReceived><t:Size>${item.raw.length}</t:Size>${from}${messageId}<t:IsRead>${String(item.isRead)}</t:IsRead></t:Message>`]
}
function folderXml(store: EwsStore, folder: StoredFolder, withCounts: boolean): string {
  const items = [...store.items.values()].filter((item) => item.folder === folder.id)
  const counts = withCounts ? `<t:TotalCount>${items.length}</t:TotalCount><t:EffectiveRights><t:CreateContents>true</t:CreateContents><t:Delete>true</t:Delete><t:Modify>true</t:Modify><t:Read>true</t:Read></t:EffectiveRights><t:UnreadCount>${items.filter(({ isRead }) => !isRead).length}</t:UnreadCount>` : ''
  return `<t:Folder><t:FolderId Id="${folder.id}" ChangeKey="AQAAAA=="/><t:ParentFolderId Id="${folder.parent ?? ''}" ChangeKey="AQAAAA=="/><t:DisplayName>${folder.name.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</t:DisplayName>${counts}</t:Folder>`
}

export const child = (node: RequestNode, name: string): RequestNode | null => node.children.find((one) => one.name === name) ?? null
export function all(node: RequestNode, name: string): RequestNode[] {
  return node.children.flatMap((one) => [...(one.name === name ? [one] : []), ...all(one, name)])
}
export const within = (node: RequestNode, name: string): RequestNode | null => all(node, name)[0] ?? null
function below(store: EwsStore, parent: string, deep: boolean): StoredFolder[] {
  const direct = [...store.folders.values()].filter((folder) => folder.parent === parent)
  return deep ? direct.flatMap((folder) => [folder, ...below(store, folder.id, true)]) : direct
}

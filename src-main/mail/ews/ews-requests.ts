import { element, type Xml } from './soap-envelope.ts'

/** A folder of a request: one that Exchange knows by a fixed name (`inbox`, `msgfolderroot`, …) or by its id. `mailbox` null: that of whoever signs in. */
export type FolderRef = { known: string; mailbox: string | null } | { id: string }

/** What one SOAP request does; `name` is that of the operation. https://learn.microsoft.com/exchange/client-developer/web-service-reference/ews-operations-in-exchange */
export type EwsRequest = { name: string; xml: Xml }

const request = (name: string, attributes: Readonly<Record<string, string | null>>, content: readonly (Xml | null)[]): EwsRequest => ({ name, xml: element(`m:${name}`, attributes, content) })

// The order of elements is that of the schema; Exchange answers any other with ErrorSchemaValidation.

export const getFolder = (folder: FolderRef): EwsRequest =>
  request('GetFolder', {}, [element('m:FolderShape', {}, [element('t:BaseShape', {}, 'IdOnly'), properties(['folder:DisplayName', 'folder:TotalCount', 'folder:UnreadCount', 'folder:EffectiveRights'])]), element('m:FolderIds', {}, folderId(folder))])

/** `named` null: all folders; `deep`: of the whole tree below. */
export const findFolder = ({ below, named, deep, offset }: { below: FolderRef; named: string | null; deep: boolean; offset: number }): EwsRequest =>
  request('FindFolder', { Traversal: deep ? 'Deep' : 'Shallow' }, [
    element('m:FolderShape', {}, [element('t:BaseShape', {}, 'IdOnly'), properties(['folder:DisplayName', 'folder:ParentFolderId'])]),
    element('m:IndexedPageFolderView', { MaxEntriesReturned: '500', Offset: String(offset), BasePoint: 'Beginning' }),
    named === null ? null : element('m:Restriction', {}, isEqualTo('folder:DisplayName', named)),
    element('m:ParentFolderIds', {}, folderId(below))
  ])

export const createFolder = (below: FolderRef, name: string): EwsRequest =>
  request('CreateFolder', {}, [element('m:ParentFolderId', {}, folderId(below)), element('m:Folders', {}, element('t:Folder', {}, [element('t:FolderClass', {}, 'IPF.Note'), element('t:DisplayName', {}, name)]))])

/** By time of arrival. `unread`: only these; `messageId`: only those with this Message-ID, brackets included. */
export const findItem = (wish: { folder: FolderRef; unread?: boolean; messageId?: string; newestFirst?: boolean; withMessageId?: boolean; withHeadline?: boolean; most: number; offset: number }): EwsRequest => {
  const wanted = wish.messageId !== undefined ? isEqualTo('message:InternetMessageId', wish.messageId) : wish.unread === true ? isEqualTo('message:IsRead', 'false') : null
  return request('FindItem', { Traversal: 'Shallow' }, [
    element('m:ItemShape', {}, [element('t:BaseShape', {}, 'IdOnly'), properties([...itemProperties, ...(wish.withHeadline === true ? ['item:Subject', 'message:From', 'message:InternetMessageId'] : wish.withMessageId === true ? ['message:InternetMessageId'] : [])])]),
    element('m:IndexedPageItemView', { MaxEntriesReturned: String(wish.most), Offset: String(wish.offset), BasePoint: 'Beginning' }),
    wanted === null ? null : element('m:Restriction', {}, wanted),
    element('m:SortOrder', {}, element('t:FieldOrder', { Order: wish.newestFirst === true ? 'Descending' : 'Ascending' }, element('t:FieldURI', { FieldURI: 'item:DateTimeReceived' }))),
    element('m:ParentFolderIds', {}, folderId(wish.folder))
  ])
}

/** At most 512 changes come at once. https://learn.microsoft.com/exchange/client-developer/web-service-reference/syncfolderitems-operation */
export const syncFolderItems = (folder: FolderRef, syncState: string | null): EwsRequest =>
  request('SyncFolderItems', {}, [
    element('m:ItemShape', {}, [element('t:BaseShape', {}, 'IdOnly'), properties(itemProperties)]),
    element('m:SyncFolderId', {}, folderId(folder)),
    syncState === null ? null : element('m:SyncState', {}, syncState),
    element('m:MaxChangesReturned', {}, '512')
  ])

/** The properties that a listing shows, of these items. */
export const getItems = (ids: readonly string[]): EwsRequest => request('GetItem', {}, [element('m:ItemShape', {}, [element('t:BaseShape', {}, 'IdOnly'), properties(itemProperties)]), itemIds(ids)])

export const getMime = (ids: readonly string[]): EwsRequest => request('GetItem', {}, [element('m:ItemShape', {}, [element('t:BaseShape', {}, 'IdOnly'), element('t:IncludeMimeContent', {}, 'true')]), itemIds(ids)])

/** What a sample shows of a message that is too large to be fetched for it. */
export const getHeadline = (id: string): EwsRequest => request('GetItem', {}, [element('m:ItemShape', {}, [element('t:BaseShape', {}, 'IdOnly'), properties(['item:Subject', 'item:DateTimeReceived', 'message:From'])]), itemIds([id])])

/** Nobody gets a read receipt. https://learn.microsoft.com/exchange/client-developer/web-service-reference/updateitem */
export const markRead = (ids: readonly string[], isRead: boolean): EwsRequest =>
  request('UpdateItem', { ConflictResolution: 'AlwaysOverwrite', MessageDisposition: 'SaveOnly', SuppressReadReceipts: 'true' }, [
    element('m:ItemChanges', {}, ids.map((id) => element('t:ItemChange', {}, [element('t:ItemId', { Id: id }), element('t:Updates', {}, element('t:SetItemField', {}, [element('t:FieldURI', { FieldURI: 'message:IsRead' }), element('t:Message', {}, element('t:IsRead', {}, String(isRead)))]))])))
  ])

export const moveItems = (ids: readonly string[], to: FolderRef): EwsRequest => request('MoveItem', {}, [element('m:ToFolderId', {}, folderId(to)), itemIds(ids), element('m:ReturnNewItemIds', {}, 'false')])

/**
 * Deleted as by an IMAP client: out of the mailbox, and among the recoverable items as long as the site keeps these.
 * https://learn.microsoft.com/exchange/client-developer/exchange-web-services/deleting-items-by-using-ews-in-exchange
 */
export const deleteItems = (ids: readonly string[]): EwsRequest => request('DeleteItem', { DeleteType: 'SoftDelete', SendMeetingCancellations: 'SendToNone', AffectedTaskOccurrences: 'AllOccurrences', SuppressReadReceipts: 'true' }, [itemIds(ids)])

/** https://learn.microsoft.com/exchange/client-developer/exchange-web-services/how-to-stream-notifications-about-mailbox-events-by-using-ews-in-exchange */
export const subscribe = (folder: FolderRef): EwsRequest =>
  request('Subscribe', {}, [element('m:StreamingSubscriptionRequest', {}, [element('t:FolderIds', {}, folderId(folder)), element('t:EventTypes', {}, ['NewMailEvent', 'CreatedEvent', 'MovedEvent'].map((event) => element('t:EventType', {}, event)))])])
export const unsubscribe = (subscription: string): EwsRequest => request('Unsubscribe', {}, [element('m:SubscriptionId', {}, subscription)])
/** `minutes` from 1 to 30. */
export const getStreamingEvents = (subscription: string, minutes: number): EwsRequest =>
  request('GetStreamingEvents', {}, [element('m:SubscriptionIds', {}, element('t:SubscriptionId', {}, subscription)), element('m:ConnectionTimeout', {}, String(minutes))])

/** Where the message in base64 stands in the XML of `sendMime`. */
export const mimePlace = '{message}'
/**
 * Sends a finished message. Exchange takes the sender and the recipients from its header; Bcc, which is in no header, is given besides.
 * https://learn.microsoft.com/exchange/client-developer/web-service-reference/createitem-operation-email-message
 */
export const sendMime = (message: { bcc: readonly string[]; messageId: string; sentItemsOf: string | null }): EwsRequest =>
  request('CreateItem', { MessageDisposition: 'SendAndSaveCopy' }, [
    element('m:SavedItemFolderId', {}, folderId({ known: 'sentitems', mailbox: message.sentItemsOf })),
    element('m:Items', {}, element('t:Message', {}, [
      element('t:MimeContent', { CharacterSet: 'UTF-8' }, mimePlace),
      message.bcc.length === 0 ? null : element('t:BccRecipients', {}, message.bcc.map((address) => element('t:Mailbox', {}, element('t:EmailAddress', {}, address)))),
      element('t:InternetMessageId', {}, message.messageId)
    ]))
  ])

const itemProperties = ['item:DateTimeReceived', 'item:Size', 'message:IsRead']
const properties = (uris: readonly string[]): Xml => element('t:AdditionalProperties', {}, uris.map((uri) => element('t:FieldURI', { FieldURI: uri })))
const itemIds = (ids: readonly string[]): Xml => element('m:ItemIds', {}, ids.map((id) => element('t:ItemId', { Id: id })))
const isEqualTo = (uri: string, value: string): Xml => element('t:IsEqualTo', {}, [element('t:FieldURI', { FieldURI: uri }), element('t:FieldURIOrConstant', {}, element('t:Constant', { Value: value }))])

function folderId(folder: FolderRef): Xml {
  if ('id' in folder) return element('t:FolderId', { Id: folder.id })
  return element('t:DistinguishedFolderId', { Id: folder.known }, folder.mailbox === null ? null : element('t:Mailbox', {}, element('t:EmailAddress', {}, folder.mailbox)))
}

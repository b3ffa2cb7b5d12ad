import { XMLParser } from 'fast-xml-parser'

/** An element of a request; `name` has the prefix `soap`, `m` or `t` by its namespace, whatever prefix was used. */
export type RequestNode = { name: string; attributes: Record<string, string>; text: string; children: RequestNode[] }

const namespaces: Record<string, string> = {
  'http://schemas.xmlsoap.org/soap/envelope/': 'soap',
  'http://schemas.microsoft.com/exchange/services/2006/messages': 'm',
  'http://schemas.microsoft.com/exchange/services/2006/types': 't'
}
const parser = new XMLParser({ preserveOrder: true, ignoreAttributes: false, attributeNamePrefix: '', parseTagValue: false, parseAttributeValue: false, trimValues: false, htmlEntities: true })

/** The root of a request; null where it is no XML, or has an element without a known namespace. */
export function readRequest(xml: string): RequestNode | null {
  const parsed: unknown = parser.parse(xml)
  return nodes(parsed, {})?.find(({ name }) => name !== '?xml') ?? null
}

function nodes(parsed: unknown, scope: Record<string, string>): RequestNode[] | null {
  if (!Array.isArray(parsed)) return []
  const found: RequestNode[] = []
  for (const entry of parsed as Record<string, unknown>[]) {
    const [key, content] = Object.entries(entry).find(([name]) => name !== ':@') ?? ['', null]
    if (key === '#text' || key === '' || key.startsWith('?')) continue
    const attributes = (entry[':@'] ?? {}) as Record<string, string>
    const inner = { ...scope }
    for (const [name, value] of Object.entries(attributes)) if (name === 'xmlns' || name.startsWith('xmlns:')) inner[name.slice(6)] = value
    const [prefix, local] = key.includes(':') ? [key.split(':')[0] ?? '', key.split(':')[1] ?? ''] : ['', key]
    const space = namespaces[inner[prefix] ?? '']
    const children = nodes(content, inner)
    if (space === undefined || children === null) return null
    const text = (content as Record<string, unknown>[]).map((part) => (typeof part['#text'] === 'string' ? part['#text'] : '')).join('')
    found.push({ name: `${space}:${local}`, attributes: Object.fromEntries(Object.entries(attributes).filter(([name]) => !name.startsWith('xmlns'))), text, children })
  }
  return found
}

const folder = '(t:FolderId|t:DistinguishedFolderId)'
/**
 * Content models of messages.xsd and types.xsd (Exchange 2013 SP1), as far as they are spoken here: order and number of elements are those of
 * the schema. https://learn.microsoft.com/exchange/client-developer/web-service-reference/ews-xml-elements-in-exchange
 */
const models: Record<string, string> = {
  'soap:Envelope': 'soap:Header? soap:Body', 'soap:Header': 't:RequestServerVersion? t:ExchangeImpersonation?', 't:ExchangeImpersonation': 't:ConnectingSID', 't:ConnectingSID': '(t:PrincipalName|t:SID|t:PrimarySmtpAddress|t:SmtpAddress)',
  'm:GetFolder': 'm:FolderShape m:FolderIds', 'm:FolderShape': 't:BaseShape t:AdditionalProperties?', 'm:FolderIds': `${folder}+`, 't:AdditionalProperties': 't:FieldURI+', 't:DistinguishedFolderId': 't:Mailbox?',
  'm:FindFolder': 'm:FolderShape m:IndexedPageFolderView? m:Restriction? m:ParentFolderIds', 'm:ParentFolderIds': `${folder}+`, 'm:Restriction': 't:IsEqualTo', 't:IsEqualTo': 't:FieldURI t:FieldURIOrConstant', 't:FieldURIOrConstant': '(t:FieldURI|t:Constant)',
  'm:CreateFolder': 'm:ParentFolderId m:Folders', 'm:ParentFolderId': folder, 'm:Folders': 't:Folder+', 't:Folder': 't:FolderId? t:ParentFolderId? t:FolderClass? t:DisplayName?',
  'm:FindItem': 'm:ItemShape m:IndexedPageItemView? m:Restriction? m:SortOrder? m:ParentFolderIds m:QueryString?', 'm:ItemShape': 't:BaseShape t:IncludeMimeContent? t:BodyType? t:AdditionalProperties?', 'm:SortOrder': 't:FieldOrder+', 't:FieldOrder': 't:FieldURI',
  'm:SyncFolderItems': 'm:ItemShape m:SyncFolderId m:SyncState? m:Ignore? m:MaxChangesReturned m:SyncScope?', 'm:SyncFolderId': folder,
  'm:GetItem': 'm:ItemShape m:ItemIds', 'm:ItemIds': 't:ItemId+',
  'm:UpdateItem': 'm:SavedItemFolderId? m:ItemChanges', 'm:ItemChanges': 't:ItemChange+', 't:ItemChange': 't:ItemId t:Updates', 't:Updates': 't:SetItemField+', 't:SetItemField': 't:FieldURI t:Message',
  't:Message': 't:MimeContent? t:ItemId? t:ParentFolderId? t:ItemClass? t:Subject? t:Sender? t:ToRecipients? t:CcRecipients? t:BccRecipients? t:From? t:InternetMessageId? t:IsRead?', 't:BccRecipients': 't:Mailbox+', 't:ToRecipients': 't:Mailbox+', 't:CcRecipients': 't:Mailbox+', 't:Mailbox': 't:Name? t:EmailAddress?',
  'm:MoveItem': 'm:ToFolderId m:ItemIds m:ReturnNewItemIds?', 'm:ToFolderId': folder, 'm:DeleteItem': 'm:ItemIds',
  'm:Subscribe': 'm:StreamingSubscriptionRequest', 'm:StreamingSubscriptionRequest': 't:FolderIds? t:EventTypes', 't:FolderIds': `${folder}+`, 't:EventTypes': 't:EventType+', 'm:Unsubscribe': 'm:SubscriptionId',
  'm:GetStreamingEvents': 'm:SubscriptionIds m:ConnectionTimeout', 'm:SubscriptionIds': 't:SubscriptionId+', 'm:CreateItem': 'm:SavedItemFolderId? m:Items', 'm:SavedItemFolderId': folder, 'm:Items': 't:Message+'
}
const operations = Object.keys(models).filter((name) => /^m:(?:Get|Find|Create|Sync|Update|Move|Delete|Subscribe$|Unsubscribe$)/.test(name))

const flag = /^(?:true|false)$/
const attributes: Record<string, Record<string, RegExp>> = {
  't:RequestServerVersion': { Version: /^Exchange20(?:07(?:_SP1)?|10(?:_SP[12])?|13(?:_SP1)?|16)$/ }, 't:FolderId': { Id: /./, 'ChangeKey?': /./ }, 't:ItemId': { Id: /./, 'ChangeKey?': /./ },
  't:DistinguishedFolderId': { Id: /^(?:inbox|msgfolderroot|sentitems|deleteditems|drafts|junkemail|outbox|root)$/ }, 't:FieldURI': { FieldURI: /^(?:folder|item|message):\w+$/ }, 't:Constant': { Value: /^/ },
  'm:FindFolder': { Traversal: /^(?:Shallow|Deep|SoftDeleted)$/ }, 'm:FindItem': { Traversal: /^(?:Shallow|SoftDeleted|Associated)$/ },
  'm:IndexedPageFolderView': { MaxEntriesReturned: /^[1-9]\d*$/, Offset: /^\d+$/, BasePoint: /^(?:Beginning|End)$/ }, 'm:IndexedPageItemView': { MaxEntriesReturned: /^[1-9]\d*$/, Offset: /^\d+$/, BasePoint: /^(?:Beginning|End)$/ }, 't:FieldOrder': { Order: /^(?:Ascending|Descending)$/ },
  'm:UpdateItem': { ConflictResolution: /^(?:NeverOverwrite|AutoResolve|AlwaysOverwrite)$/, 'MessageDisposition?': /^SaveOnly$/, 'SuppressReadReceipts?': flag }, 'm:CreateItem': { 'MessageDisposition?': /^(?:SaveOnly|SendOnly|SendAndSaveCopy)$/ },
  'm:DeleteItem': { DeleteType: /^(?:HardDelete|SoftDelete|MoveToDeletedItems)$/, 'SendMeetingCancellations?': /^SendToNone$/, 'AffectedTaskOccurrences?': /^AllOccurrences$/, 'SuppressReadReceipts?': flag }, 't:MimeContent': { 'CharacterSet?': /./ }
}
const texts: Record<string, RegExp> = {
  't:BaseShape': /^(?:IdOnly|Default|AllProperties)$/, 't:IncludeMimeContent': flag, 't:IsRead': flag, 'm:ReturnNewItemIds': flag, 'm:MaxChangesReturned': /^(?:[1-9]\d?|[1-4]\d\d|50\d|51[0-2])$/, 'm:ConnectionTimeout': /^(?:[1-9]|[12]\d|30)$/,
  't:EventType': /^(?:NewMail|Created|Deleted|Modified|Moved|Copied|FreeBusyChanged)Event$/, 't:EmailAddress': /./, 't:DisplayName': /./
}

/** What is wrong with a request, in the words of a schema validator; null where nothing is. */
export function schemaFault(root: RequestNode | null): string | null {
  if (root === null || root.name !== 'soap:Envelope') return 'The request is no SOAP envelope of the known namespaces.'
  const body = root.children.find(({ name }) => name === 'soap:Body')
  if (body?.children.length !== 1 || !operations.includes(body.children[0]?.name ?? '')) return `The element '${body?.children[0]?.name ?? ''}' is no operation.`
  return root.children.map(fault).find((text) => text !== null) ?? contentFault(root)
}

function fault(node: RequestNode): string | null {
  return attributeFault(node) ?? contentFault(node) ?? node.children.map(fault).find((text) => text !== null) ?? null
}

function contentFault({ name, children, text }: RequestNode): string | null {
  if (name === 'soap:Body') return null
  const model = models[name]
  if (model === undefined && children.length > 0) return `The element '${name}' cannot contain child elements.`
  const found = children.map((child) => `${child.name} `).join('')
  if (model !== undefined && !new RegExp(`^${model.replace(/[a-z]+:\w+/g, '(?:$&_)').replaceAll(' ', '').replaceAll('_', ' ')}$`).test(found)) return `The element '${name}' has invalid child element '${found.trim()}'. Expected: '${model}'.`
  return texts[name] !== undefined && !texts[name].test(text) ? `The '${name}' element is invalid - The value '${text}' is invalid.` : null
}

function attributeFault(node: RequestNode): string | null {
  const known = attributes[node.name] ?? {}
  for (const [name, form] of Object.entries(known)) {
    const value = node.attributes[name.replace('?', '')]
    if (value === undefined && !name.endsWith('?')) return `The required attribute '${name}' is missing from '${node.name}'.`
    if (value !== undefined && !form.test(value)) return `The '${name}' attribute is invalid - The value '${value}' is invalid.`
  }
  const unknown = Object.keys(node.attributes).find((name) => known[name] === undefined && known[`${name}?`] === undefined)
  return unknown === undefined ? null : `The '${unknown}' attribute is not declared.`
}

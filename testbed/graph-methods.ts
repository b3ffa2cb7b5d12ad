import { randomUUID } from 'node:crypto'
import { GraphError, invalid, notFound } from './graph-error.ts'
import { headerOf, type GraphAttachment, type GraphFolder, type GraphMailbox, type GraphMessage } from './graph-mailbox.ts'
import { filtered, folderById, idOf, messageById, messageQuery, shown } from './graph-queries.ts'
import type { GraphDelta } from './graph-delta.ts'

export type SentMail = { from: string; recipients: string[]; raw: Buffer; attachments: GraphAttachment[] }
export type UploadSession = { message: GraphMessage; name: string; contentType: string; contentId: string | null; isInline: boolean; size: number; got: Buffer[] }
export type Asked = {
  box: GraphMailbox; mailbox: string; url: URL; prefer: string; contentType: string; body: Buffer; ids: string[]
  delta: GraphDelta; uploads: Map<string, UploadSession>; send(mail: SentMail): void; mostBytes: number
}
export type Answer = { status: number; json?: unknown; raw?: Buffer; headers?: Record<string, string> }
/** `rights` of which one is needed, as in the table of permissions of each page. */
export type Method = { name: string; verb: string; path: RegExp; rights: readonly string[]; work: (asked: Asked) => Answer }

const reading = ['Mail.ReadWrite', 'Mail.Read', 'Mail.ReadWrite.Shared', 'Mail.Read.Shared']
const writing = ['Mail.ReadWrite', 'Mail.ReadWrite.Shared']
const sending = ['Mail.Send', 'Mail.Send.Shared']

/** Paths below /v1.0/users/{mailbox}/; each page is https://learn.microsoft.com/graph/api/ and the name beside it. */
export const methods: readonly Method[] = [
  { name: 'user-list-mailfolders', verb: 'GET', path: /^mailFolders$/, rights: reading, work: (asked) => listFolders(asked, null) },
  { name: 'mailfolder-get', verb: 'GET', path: /^mailFolders\/([^/]+)$/, rights: reading, work: ({ box, ids }) => ok(shownFolder(box, folderById(box, ids[0] ?? ''))) },
  { name: 'mailfolder-list-childfolders', verb: 'GET', path: /^mailFolders\/([^/]+)\/childFolders$/, rights: reading, work: (asked) => listFolders(asked, folderById(asked.box, asked.ids[0] ?? '').id) },
  { name: 'user-post-mailfolders', verb: 'POST', path: /^mailFolders$/, rights: writing, work: (asked) => createFolder(asked, null) },
  { name: 'mailfolder-post-childfolders', verb: 'POST', path: /^mailFolders\/([^/]+)\/childFolders$/, rights: writing, work: (asked) => createFolder(asked, folderById(asked.box, asked.ids[0] ?? '').id) },
  { name: 'message-delta', verb: 'GET', path: /^mailFolders\/([^/]+)\/messages\/delta$/, rights: reading, work: ({ box, ids, url, prefer, delta }) => ok(delta.answer(box, folderById(box, ids[0] ?? '').id, url, prefer)) },
  { name: 'mailfolder-list-messages', verb: 'GET', path: /^mailFolders\/([^/]+)\/messages$/, rights: reading, work: listMessages },
  { name: 'message-get', verb: 'GET', path: /^(?:mailFolders\/([^/]+)\/)?messages\/([^/]+)$/, rights: reading, work: (asked) => ok(shown(messageOf(asked), messageQuery(asked.url.searchParams, asked.prefer, []))) },
  { name: 'message-get-value', verb: 'GET', path: /^(?:mailFolders\/([^/]+)\/)?messages\/([^/]+)\/\$value$/, rights: reading, work: (asked) => ({ status: 200, raw: messageOf(asked).raw }) },
  { name: 'message-update', verb: 'PATCH', path: /^(?:mailFolders\/([^/]+)\/)?messages\/([^/]+)$/, rights: writing, work: updateMessage },
  { name: 'message-move', verb: 'POST', path: /^(?:mailFolders\/([^/]+)\/)?messages\/([^/]+)\/move$/, rights: writing, work: moveMessage },
  { name: 'message-delete', verb: 'DELETE', path: /^(?:mailFolders\/([^/]+)\/)?messages\/([^/]+)$/, rights: writing, work: deleteMessage },
  { name: 'user-sendmail', verb: 'POST', path: /^sendMail$/, rights: sending, work: sendMail },
  { name: 'user-post-messages', verb: 'POST', path: /^messages$/, rights: writing, work: createDraft },
  { name: 'message-post-attachments', verb: 'POST', path: /^(?:mailFolders\/([^/]+)\/)?messages\/([^/]+)\/attachments$/, rights: writing, work: attach },
  { name: 'attachment-createuploadsession', verb: 'POST', path: /^(?:mailFolders\/([^/]+)\/)?messages\/([^/]+)\/attachments\/createUploadSession$/, rights: writing, work: createUpload },
  { name: 'message-send', verb: 'POST', path: /^(?:mailFolders\/([^/]+)\/)?messages\/([^/]+)\/send$/, rights: sending, work: sendDraft }
]

const ok = (json: unknown): Answer => ({ status: 200, json })
/** Attachments from here on take an upload session: https://learn.microsoft.com/graph/outlook-large-attachments */
const smallestUpload = 3 * 1024 * 1024

function jsonOf({ body, contentType }: Asked): Record<string, unknown> {
  if (!/^application\/json/.test(contentType)) throw new GraphError(400, 'RequestBodyRead', 'The content type is not supported.')
  try {
    return JSON.parse(body.toString('utf8')) as Record<string, unknown>
  } catch {
    throw new GraphError(400, 'BadRequest', 'Unable to read JSON request payload.')
  }
}

/** An id that names no message in this mailbox, or in the folder of the path. */
function messageOf({ box, ids: [folder, id = ''] }: Asked): GraphMessage {
  const found = messageById(box, id)
  if (found === null || (folder !== undefined && folderById(box, folder).id !== found.folderId)) throw notFound()
  return found
}

const shownFolder = (box: GraphMailbox, { id, displayName, parentId }: GraphFolder): unknown => {
  const inside = [...box.messages.values()].filter(({ folderId }) => folderId === id)
  return { id, displayName, parentFolderId: parentId ?? 'AQMkRoot=', childFolderCount: box.folders.filter((one) => one.parentId === id).length, totalItemCount: inside.length, unreadItemCount: inside.filter(({ isRead }) => !isRead).length, isHidden: false }
}

function listFolders({ box, url }: Asked, parentId: string | null): Answer {
  const wanted = /^displayName eq '((?:[^']|'')*)'$/.exec(url.searchParams.get('$filter') ?? '')?.[1]?.replaceAll("''", "'")
  if (url.searchParams.has('$filter') && wanted === undefined) throw invalid('Invalid filter clause')
  const found = box.folders.filter((folder) => folder.parentId === parentId && (wanted === undefined || folder.displayName.toLowerCase() === wanted.toLowerCase()))
  const [skip, top] = [Number(url.searchParams.get('$skip') ?? 0), Number(url.searchParams.get('$top') ?? 10)]
  const next = new URL(url)
  next.searchParams.set('$skip', String(skip + top))
  return ok({ value: found.slice(skip, skip + top).map((folder) => shownFolder(box, folder)), ...(found.length > skip + top ? { '@odata.nextLink': next.href } : {}) })
}

function createFolder(asked: Asked, parentId: string | null): Answer {
  const name = String(jsonOf(asked)['displayName'] ?? '')
  if (name === '') throw invalid('The folder name is missing.')
  if (asked.box.folders.some((folder) => folder.parentId === parentId && folder.displayName.toLowerCase() === name.toLowerCase())) throw new GraphError(409, 'ErrorFolderExists', 'A folder with the specified name already exists.')
  return { status: 201, json: shownFolder(asked.box, asked.box.addFolder(name, parentId)) }
}

function listMessages({ box, ids, url, prefer }: Asked): Answer {
  const query = messageQuery(url.searchParams, prefer, ['$filter', '$orderby', '$top', '$skip'])
  const folder = folderById(box, ids[0] ?? '')
  const found = filtered([...box.messages.values()].filter(({ folderId }) => folderId === folder.id), url.searchParams)
  const [skip, top] = [Number(url.searchParams.get('$skip') ?? 0), Number(url.searchParams.get('$top') ?? 10)]
  if (top > 1000) throw invalid('The value of $top must be at most 1000.')
  const next = new URL(url)
  next.searchParams.set('$skip', String(skip + top))
  return ok({ value: found.slice(skip, skip + top).map((message) => shown(message, query)), ...(found.length > skip + top ? { '@odata.nextLink': next.href } : {}) })
}

function updateMessage(asked: Asked): Answer {
  const message = messageOf(asked)
  const { isRead, internetMessageId, ...others } = jsonOf(asked)
  if (Object.keys(others).length > 0) throw invalid(`Cannot update ${Object.keys(others).join(', ')}.`)
  if (internetMessageId !== undefined && !message.isDraft) throw new GraphError(400, 'ErrorInvalidPropertySet', 'Update is not allowed on a message that is no draft.')
  if (typeof internetMessageId === 'string') message.internetMessageId = internetMessageId
  if (typeof isRead === 'boolean') asked.box.setRead(message, isRead)
  return ok(shown(message, messageQuery(new URLSearchParams(), asked.prefer, [])))
}

function moveMessage(asked: Asked): Answer {
  const message = messageOf(asked)
  const destination = folderById(asked.box, String(jsonOf(asked)['destinationId'] ?? ''))
  asked.box.move(message, destination.id)
  return { status: 201, json: shown(message, messageQuery(new URLSearchParams(), asked.prefer, [])) }
}

function deleteMessage(asked: Asked): Answer {
  const message = messageOf(asked)
  asked.box.erase(message)
  return { status: 204 }
}

/** MIME in base64 as text/plain: https://learn.microsoft.com/graph/outlook-send-mime-message */
function mimeOf({ body, contentType, mostBytes }: Asked): Buffer {
  if (!/^text\/plain/.test(contentType)) throw new GraphError(400, 'RequestBodyRead', 'The MIME content must be text/plain.')
  if (body.length > mostBytes) throw new GraphError(413, 'ErrorMessageSizeExceeded', 'The message exceeds the maximum supported size.')
  const text = body.toString('latin1')
  const raw = Buffer.from(text, 'base64')
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.length % 4 !== 0 || raw.indexOf('\r\n\r\n') < 0) throw new GraphError(400, 'ErrorMimeContentInvalidBase64String', 'Invalid base64 string for MIME content.')
  return raw
}

const addresses = (value: string): string[] => value.replace(/"(?:[^"\\]|\\.)*"/g, '').match(/[^\s<>,;:"]+@[^\s<>,;:"]+/g) ?? []
const recipientsOf = (raw: Buffer): string[] => ['to', 'cc', 'bcc'].flatMap((name) => addresses(headerOf(raw, name)))

/** Recipients are those of the header; nobody gets to see Bcc. */
function deliver({ box, mailbox, send }: Asked, raw: Buffer, attachments: GraphAttachment[]): void {
  const recipients = recipientsOf(raw)
  if (recipients.length === 0) throw new GraphError(400, 'ErrorInvalidRecipients', 'At least one recipient is not valid., A message cannot be sent unless at least one recipient is specified.')
  const end = raw.indexOf('\r\n\r\n')
  const header = `\n${raw.toString('latin1', 0, end + 2)}`.replace(/\nbcc:(?:[^\r\n]|\r\n[ \t])*\r\n/gi, '\n').slice(1)
  const seen = Buffer.concat([Buffer.from(header, 'latin1'), raw.subarray(end + 2)])
  send({ from: addresses(headerOf(raw, 'from'))[0] ?? mailbox, recipients, raw: seen, attachments })
  box.insert(box.wellKnown('sentitems').id, seen, { isRead: true })
}

function sendMail(asked: Asked): Answer {
  deliver(asked, mimeOf(asked), [])
  return { status: 202 }
}

function createDraft(asked: Asked): Answer {
  const message = asked.box.insert(asked.box.wellKnown('drafts').id, mimeOf(asked), { isDraft: true, isRead: true })
  return { status: 201, json: shown(message, messageQuery(new URLSearchParams(), asked.prefer, [])) }
}

function attach(asked: Asked): Answer {
  const message = messageOf(asked)
  const { name, contentType, contentBytes, contentId, isInline, '@odata.type': type } = jsonOf(asked)
  if (type !== '#microsoft.graph.fileAttachment') throw invalid('The type of the attachment is missing.')
  const bytes = Buffer.from(String(contentBytes ?? ''), 'base64')
  if (asked.body.length > asked.mostBytes || bytes.length >= smallestUpload) throw new GraphError(413, 'ErrorMessageSizeExceeded', 'The attachment exceeds the maximum supported size.')
  message.attachments.push({ name: String(name), contentType: String(contentType), contentId: typeof contentId === 'string' ? contentId : null, isInline: isInline === true, bytes })
  return { status: 201, json: { id: randomUUID() } }
}

function createUpload(asked: Asked): Answer {
  const message = messageOf(asked)
  const { attachmentType, name, size, contentType, contentId, isInline } = (jsonOf(asked)['AttachmentItem'] ?? {}) as Record<string, unknown>
  if (attachmentType !== 'file' || typeof name !== 'string' || typeof size !== 'number') throw invalid('The AttachmentItem is not complete.')
  if (size < smallestUpload) throw new GraphError(400, 'ErrorAttachmentSizeShouldNotBeLessThanMinimumSize', 'The attachment size should not be less than the minimum size.')
  if (size > 150_000_000) throw new GraphError(400, 'ErrorAttachmentSizeLimitExceeded', 'The attachment size exceeds the limit.')
  const token = randomUUID()
  asked.uploads.set(token, { message, name, size, contentType: String(contentType ?? 'application/octet-stream'), contentId: typeof contentId === 'string' ? contentId : null, isInline: isInline === true, got: [] })
  return { status: 201, json: { uploadUrl: `${asked.url.origin}/api/v2.0/Users('x')/Messages('${idOf(message, true)}')/AttachmentSessions('y')?authtoken=${token}`, expirationDateTime: new Date(Date.now() + 3_600_000).toISOString(), nextExpectedRanges: ['0-'] } }
}

function sendDraft(asked: Asked): Answer {
  const message = messageOf(asked)
  if (!message.isDraft) throw new GraphError(400, 'ErrorInvalidRequest', 'The message is no draft.')
  deliver(asked, message.raw, message.attachments)
  asked.box.erase(message)
  return { status: 202 }
}

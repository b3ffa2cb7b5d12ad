import type { GmailBox, KeptMessage } from './gmail-mailbox.ts'

/** An answer in Google's error format: https://developers.google.com/workspace/gmail/api/guides/handle-errors */
export class GoogleError extends Error {
  readonly status: number
  readonly reason: string
  readonly domain: string
  readonly more: { headers?: Record<string, string>; state?: string; details?: unknown[] }
  constructor(status: number, reason: string, message: string, domain = 'global', more: GoogleError['more'] = {}) {
    super(message)
    this.status = status
    this.reason = reason
    this.domain = domain
    this.more = more
  }
}

export type Asked = { box: GmailBox; query: URLSearchParams; body: Buffer; contentType: string; id: string; email: string; send(recipients: string[], raw: Buffer): void; givesMessageIds: boolean }
/** `units` as in https://developers.google.com/workspace/gmail/api/reference/quota; `scopes` of which one is enough; `params` that may be asked with. */
export type Method = { name: string; verb: string; path: RegExp; units: number; scopes: readonly string[]; params: readonly string[]; work: (asked: Asked) => unknown }

const auth = (name: string): string => `https://www.googleapis.com/auth/gmail.${name}`
const full = 'https://mail.google.com/'
const reading = [full, auth('modify'), auth('readonly')]
const changing = [full, auth('modify')]
const labelling = [full, auth('modify'), auth('labels')]
const sending = [full, auth('modify'), auth('compose'), auth('send')]

/** https://developers.google.com/workspace/gmail/api/reference/rest */
export const methods: readonly Method[] = [
  { name: 'users.getProfile', verb: 'GET', path: /^profile$/, units: 1, scopes: [...reading, auth('compose'), auth('metadata')], params: [], work: ({ box, email }) => ({ emailAddress: email, messagesTotal: box.messages.size, threadsTotal: box.messages.size, historyId: String(box.historyId()) }) },
  { name: 'labels.list', verb: 'GET', path: /^labels$/, units: 1, scopes: [...reading, auth('labels'), auth('metadata')], params: [], work: ({ box }) => ({ labels: box.labels }) },
  { name: 'labels.get', verb: 'GET', path: /^labels\/([^/]+)$/, units: 1, scopes: [...reading, auth('labels'), auth('metadata')], params: [], work: getLabel },
  { name: 'labels.create', verb: 'POST', path: /^labels$/, units: 5, scopes: labelling, params: [], work: createLabel },
  { name: 'messages.list', verb: 'GET', path: /^messages$/, units: 5, scopes: [...reading, auth('metadata')], params: ['maxResults', 'pageToken', 'q', 'labelIds', 'includeSpamTrash'], work: listMessages },
  { name: 'messages.get', verb: 'GET', path: /^messages\/([^/]+)$/, units: 5, scopes: reading, params: ['format', 'metadataHeaders'], work: getMessage },
  { name: 'messages.modify', verb: 'POST', path: /^messages\/([^/]+)\/modify$/, units: 5, scopes: changing, params: [], work: (asked) => change(asked, [messageOf(asked)]) },
  { name: 'messages.batchModify', verb: 'POST', path: /^messages\/batchModify$/, units: 50, scopes: changing, params: [], work: batchModify },
  { name: 'messages.trash', verb: 'POST', path: /^messages\/([^/]+)\/trash$/, units: 5, scopes: changing, params: [], work: (asked) => asked.box.relabel(messageOf(asked), ['TRASH'], ['INBOX']) },
  // Only the full scope may delete for good.
  { name: 'messages.delete', verb: 'DELETE', path: /^messages\/([^/]+)$/, units: 10, scopes: [full], params: [], work: (asked) => asked.box.erase(messageOf(asked)) },
  { name: 'history.list', verb: 'GET', path: /^history$/, units: 2, scopes: [...reading, auth('metadata')], params: ['startHistoryId', 'historyTypes', 'labelId', 'maxResults', 'pageToken'], work: listHistory },
  { name: 'messages.send', verb: 'POST', path: /^messages\/send$/, units: 100, scopes: sending, params: ['uploadType'], work: sendMessage }
]

const invalid = (message: string): GoogleError => new GoogleError(400, 'invalidArgument', message, 'global', { state: 'INVALID_ARGUMENT' })
const missing = (): GoogleError => new GoogleError(404, 'notFound', 'Requested entity was not found.', 'global', { state: 'NOT_FOUND' })

function jsonOf({ body, contentType }: Asked, known: readonly string[]): Record<string, unknown> {
  if (!/^application\/json/.test(contentType)) throw invalid(`Content-Type ${contentType} instead of application/json`)
  const value = JSON.parse(body.toString('utf8')) as Record<string, unknown>
  for (const name of Object.keys(value)) if (!known.includes(name)) throw invalid(`Invalid JSON payload received. Unknown name "${name}": Cannot find field.`)
  return value
}

function messageOf({ box, id }: Asked): KeptMessage {
  if (!/^[0-9a-f]{1,16}$/.test(id)) throw invalid('Invalid id value')
  const found = box.messages.get(id)
  if (found === undefined) throw missing()
  return found
}

function getLabel({ box, id }: Asked): unknown {
  const found = box.labels.find((label) => label.id === id)
  if (found === undefined) throw missing()
  const having = [...box.messages.values()].filter(({ labelIds }) => labelIds.has(id))
  return { ...found, messagesTotal: having.length, messagesUnread: having.filter(({ labelIds }) => labelIds.has('UNREAD')).length }
}

/** users.labels/create: a name is unique, whatever its case; system names are reserved; no empty part in a nested name. */
function createLabel(asked: Asked): unknown {
  const { name } = jsonOf(asked, ['name', 'labelListVisibility', 'messageListVisibility', 'color'])
  if (typeof name !== 'string' || name.split('/').some((part) => part.trim() === '')) throw invalid('Invalid label name')
  if (asked.box.labels.some((label) => label.name.toLowerCase() === name.toLowerCase())) throw new GoogleError(409, 'aborted', 'Label name exists or conflicts', 'global', { state: 'ABORTED' })
  const label = { id: `Label_${asked.box.labels.length}`, name, type: 'user' as const }
  asked.box.labels.push(label)
  return label
}

function pageOf<Item>(query: URLSearchParams, items: readonly Item[], usual: number): { items: Item[]; nextPageToken?: string } {
  const most = Math.min(Number(query.get('maxResults') ?? usual), 500)
  if (!Number.isInteger(most) || most < 1) throw invalid('Invalid maxResults')
  const from = Number(query.get('pageToken') ?? 0)
  if (!Number.isInteger(from) || from < 0) throw invalid('Invalid pageToken')
  return { items: items.slice(from, from + most), ...(from + most < items.length ? { nextPageToken: String(from + most) } : {}) }
}

/** users.messages/list: newest first; only messages with all the labels; without SPAM and TRASH; `messages` is left out where there are none. */
function listMessages({ box, query }: Asked): unknown {
  const labels = query.getAll('labelIds')
  for (const label of labels) if (!box.labels.some(({ id }) => id === label)) throw invalid(`Invalid label: ${label}`)
  const q = query.get('q')
  const wanted = q === null ? null : /^rfc822msgid:([^\s<>]+)$/.exec(q)?.[1]
  if (wanted === undefined) throw invalid(`This search is not known here: ${q ?? ''}`)
  const hidden = query.get('includeSpamTrash') === 'true' ? [] : ['SPAM', 'TRASH'].filter((label) => !labels.includes(label))
  const found = [...box.messages.values()].reverse().filter(({ labelIds, raw }) =>
    labels.every((label) => labelIds.has(label)) && !hidden.some((label) => labelIds.has(label)) && (wanted === null || headerText(raw).toLowerCase().includes(`\nmessage-id: <${wanted.toLowerCase()}>`)))
  const { items, nextPageToken } = pageOf(query, found, 100)
  return { ...(items.length === 0 ? {} : { messages: items.map(({ id, threadId }) => ({ id, threadId })) }), ...(nextPageToken === undefined ? {} : { nextPageToken }), resultSizeEstimate: found.length }
}

/** users.messages/get: `raw` is base64url, and nothing is marked by looking. */
function getMessage(asked: Asked): unknown {
  const { id, threadId, labelIds, internalDate, historyId, raw } = messageOf(asked)
  const format = asked.query.get('format') ?? 'full'
  if (!['minimal', 'full', 'raw', 'metadata'].includes(format)) throw invalid(`Invalid value at 'format': ${format}`)
  const head = { id, threadId, labelIds: [...labelIds], snippet: raw.toString('latin1', raw.indexOf('\r\n\r\n') + 4, raw.indexOf('\r\n\r\n') + 104), historyId: String(historyId), internalDate: String(internalDate), sizeEstimate: raw.length }
  if (format === 'raw') return { ...head, raw: padded(raw.toString('base64url')) }
  return format === 'metadata' ? { ...head, payload: { headers: headersOf(raw, asked.query.getAll('metadataHeaders')) } } : head
}

/** As they stand in the message. https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages#messagepart */
const headersOf = (raw: Buffer, names: readonly string[]): { name: string; value: string }[] =>
  headerText(raw).split(/\r?\n(?![ \t])/).flatMap((line) => {
    const [, name = '', value = ''] = /^([^:\s]+):[ \t]*([^]*)$/.exec(line) ?? []
    return names.some((one) => one.toLowerCase() === name.toLowerCase()) ? [{ name, value }] : []
  })

const padded = (text: string): string => text.padEnd(Math.ceil(text.length / 4) * 4, '=')

function change(asked: Asked, messages: readonly KeptMessage[], value = jsonOf(asked, ['addLabelIds', 'removeLabelIds'])): unknown {
  const list = (name: string): string[] => {
    const found = value[name] ?? []
    if (!Array.isArray(found) || found.length > 100) throw invalid(`Invalid ${name}`)
    for (const label of found) if (label === 'SENT' || label === 'DRAFT' || !asked.box.labels.some(({ id }) => id === label)) throw invalid(`Invalid label: ${String(label)}`)
    return found.map(String)
  }
  const [add, remove] = [list('addLabelIds'), list('removeLabelIds')]
  if (add.length + remove.length === 0) throw invalid('No label add or removes specified')
  if (add.some((label) => remove.includes(label))) throw invalid('Cannot both add and remove the same label')
  for (const message of messages) asked.box.relabel(message, add, remove)
  const [first] = messages
  return first === undefined ? undefined : { id: first.id, threadId: first.threadId, labelIds: [...first.labelIds] }
}

/** users.messages/batchModify: at most 1,000 ids; no word about those that do not exist; an empty answer. */
function batchModify(asked: Asked): unknown {
  const { ids, ...value } = jsonOf(asked, ['ids', 'addLabelIds', 'removeLabelIds'])
  if (!Array.isArray(ids) || ids.length === 0 || ids.length > 1000) throw invalid('Too many message IDs in request, the limit is 1000')
  change(asked, ids.flatMap((id) => asked.box.messages.get(String(id)) ?? []), value)
  return undefined
}

/** users.history/list: a startHistoryId that is unknown or too old is 404; records in the order in which they happened. */
function listHistory({ box, query }: Asked): unknown {
  const start = Number(query.get('startHistoryId') ?? Number.NaN)
  if (!Number.isInteger(start)) throw invalid("Invalid value at 'start_history_id'")
  if (start < box.forgottenBefore || start > box.historyId()) throw missing()
  const types: Record<string, string> = { messageAdded: 'messagesAdded', messageDeleted: 'messagesDeleted', labelAdded: 'labelsAdded', labelRemoved: 'labelsRemoved' }
  const wanted = query.getAll('historyTypes').map((type) => {
    if (types[type] === undefined) throw invalid(`Invalid value at 'history_types': ${type}`)
    return types[type]
  })
  const found = box.history.filter(({ id, event }) => id > start && (wanted.length === 0 || wanted.includes(event)))
  const { items, nextPageToken } = pageOf(query, found, 100)
  const history = items.map(({ id, event, message, labelIds }) => ({ id: String(id), messages: [{ id: message.id, threadId: message.threadId }], [event]: [{ message, ...(labelIds.length === 0 ? {} : { labelIds }) }] }))
  return { ...(history.length === 0 ? {} : { history }), ...(nextPageToken === undefined ? {} : { nextPageToken }), historyId: String(box.historyId()) }
}

/** The largest upload of messages.send: https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages/send */
const mostUploaded = 36_700_160

/** Recipients are those of To, Cc and Bcc; Bcc is taken out; the Message-ID may be replaced (https://github.com/gauteh/lieer/issues/198). https://developers.google.com/workspace/gmail/api/guides/sending */
function sendMessage(asked: Asked): unknown {
  const raw = asked.query.get('uploadType') === null ? Buffer.from(String(jsonOf(asked, ['raw', 'threadId'])['raw'] ?? ''), 'base64url') : asked.body
  if (asked.query.get('uploadType') !== null && asked.contentType !== 'message/rfc822') throw new GoogleError(400, 'badContent', `Media type '${asked.contentType}' is not supported. Valid media types: [message/*]`)
  if (raw.length > mostUploaded) throw new GoogleError(413, 'uploadTooLarge', 'Request is too large.')
  const header = headerText(raw)
  const recipients = [...header.matchAll(/\n(?:to|cc|bcc):((?:[^\r\n]|\r\n[ \t])*)/gi)].flatMap(([, value = '']) => value.match(/[^\s<>,;:"]+@[^\s<>,;:"]+/g) ?? [])
  if (recipients.length === 0) throw invalid('Recipient address required')
  const withoutBcc = Buffer.concat([Buffer.from(header.replace(/\nbcc:(?:[^\r\n]|\r\n[ \t])*\r\n/gi, '\n').slice(1), 'latin1'), raw.subarray(header.length - 1)])
  const sent = asked.givesMessageIds ? Buffer.from(withoutBcc.toString('latin1').replace(/^message-id: <([^>\r\n]+)>/im, 'Message-Id: <CA+$1.mail.gmail.com>'), 'latin1') : withoutBcc
  asked.send(recipients, sent)
  const message = asked.box.insert(sent, ['SENT'])
  return { id: message.id, threadId: message.threadId, labelIds: ['SENT'] }
}

/** The header with a line feed before it, so that every field begins after one. */
function headerText(raw: Buffer): string {
  const end = raw.indexOf('\r\n\r\n')
  return `\n${raw.toString('latin1', 0, end < 0 ? raw.length : end + 2)}`
}

import { decodeWords } from '../src-main/processing/parsing/decode-words.ts'
import { GraphError } from './graph-error.ts'
import { headerOf, type GraphFolder, type GraphMailbox, type GraphMessage } from './graph-mailbox.ts'

/** What a request asks of messages; `immutable` as the Prefer header says. */
export type MessageQuery = { select: string[] | null; size: boolean; immutable: boolean }

const messageProperties = ['id', 'isRead', 'isDraft', 'receivedDateTime', 'internetMessageId', 'subject', 'from', 'parentFolderId', 'hasAttachments']
/** https://learn.microsoft.com/graph/api/singlevaluelegacyextendedproperty-get; PidTagMessageSize is Integer 0x0E08. */
const sizeExpand = /^singleValueExtendedProperties\(\$filter=id eq 'Integer 0x0E08'\)$/i
const badUri = (message: string): GraphError => new GraphError(400, 'RequestBroker--ParseUri', message)

/** Refuses what Graph does not know: query options, properties. */
export function messageQuery(query: URLSearchParams, prefer: string, options: readonly string[]): MessageQuery {
  for (const name of query.keys()) if (!['$select', '$expand', ...options].includes(name)) throw badUri(`The query parameter '${name}' is not supported.`)
  const select = query.get('$select')?.split(',') ?? null
  for (const name of select ?? []) if (!messageProperties.includes(name)) throw badUri(`Could not find a property named '${name}' on type 'Microsoft.OutlookServices.Message'.`)
  const expand = query.get('$expand')
  if (expand !== null && !sizeExpand.test(expand)) throw badUri(`Could not find a property named '${expand}' on type 'Microsoft.OutlookServices.Message'.`)
  return { select, size: expand !== null, immutable: /IdType="ImmutableId"/.test(prefer) }
}

/** An id stays the same for life only where it was asked for so: https://learn.microsoft.com/graph/outlook-immutable-id */
export const idOf = ({ key, moves }: GraphMessage, immutable: boolean): string => (immutable ? `${key}I=` : `${key}M${moves}=`)

export function messageById(box: GraphMailbox, id: string): GraphMessage | null {
  const [, key = '', moves] = /^(.*?)(?:I|M(\d+))=$/.exec(id) ?? []
  const found = box.messages.get(key) ?? null
  return found === null || (moves !== undefined && Number(moves) !== found.moves) ? null : found
}

/** Dates have whole seconds: https://learn.microsoft.com/graph/api/resources/message */
export function shown(message: GraphMessage, { select, size, immutable }: MessageQuery, only?: readonly string[]): Record<string, unknown> {
  const all: Record<string, unknown> = {
    isRead: message.isRead, isDraft: message.isDraft, receivedDateTime: new Date(message.receivedAt).toISOString().replace('.000Z', 'Z'), internetMessageId: message.internetMessageId,
    subject: decodeWords(headerOf(message.raw, 'subject')), from: sender(decodeWords(headerOf(message.raw, 'from'))), parentFolderId: message.folderId, hasAttachments: message.attachments.length > 0
  }
  const members = Object.entries(all).filter(([name]) => (only ?? select ?? messageProperties).includes(name))
  const extended = size && only === undefined ? { singleValueExtendedProperties: [{ id: 'Integer 0xe08', value: String(message.raw.length) }] } : {}
  return { '@odata.etag': `W/"${message.key}${message.moves}${String(message.isRead)}"`, id: idOf(message, immutable), ...Object.fromEntries(members), ...extended }
}

/** https://learn.microsoft.com/graph/api/resources/recipient */
function sender(field: string): unknown {
  const [, name = '', address = ''] = /^"?(.*?)"? ?<(.*)>$/.exec(field) ?? ['', field, field]
  return field === '' ? null : { emailAddress: { name, address } }
}

/** `$filter` of messages, as much of it as a mail program needs. */
export function filtered(messages: GraphMessage[], query: URLSearchParams): GraphMessage[] {
  const filter = query.get('$filter')
  const orderby = query.get('$orderby')
  // https://learn.microsoft.com/graph/api/user-list-messages#using-filter-and-orderby-in-the-same-query
  if (filter !== null && orderby !== null) throw new GraphError(400, 'InefficientFilter', 'The restriction or sort order is too complex for this operation.')
  if (orderby !== null && !/^receivedDateTime(?: asc| desc)?$/.test(orderby)) throw badUri(`Could not sort by '${orderby}'.`)
  const newestFirst = messages.toSorted((a, b) => b.receivedAt - a.receivedAt)
  const sorted = orderby !== null && !orderby.endsWith(' desc') ? newestFirst.toReversed() : newestFirst
  if (filter === null) return sorted
  const read = /^isRead eq (true|false)$/.exec(filter)
  if (read !== null) return sorted.filter(({ isRead }) => isRead === (read[1] === 'true'))
  const withId = /^internetMessageId eq '((?:[^']|'')*)'$/.exec(filter)
  if (withId === null) throw badUri(`Invalid filter clause: ${filter}`)
  return sorted.filter(({ internetMessageId }) => internetMessageId === (withId[1] ?? '').replaceAll("''", "'"))
}

/** A folder by its id or well-known name, wherever it lies. */
export function folderById(box: GraphMailbox, id: string): GraphFolder {
  const found = box.folders.find((folder) => folder.id === id || folder.wellKnown === id.toLowerCase())
  if (found === undefined) throw new GraphError(404, 'ErrorItemNotFound', 'The specified object was not found in the store., The process failed to get the correct properties.')
  return found
}

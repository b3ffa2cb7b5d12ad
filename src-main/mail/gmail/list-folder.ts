import type { z } from 'zod'
import type { SampleMail } from '#contract/connection-test.ts'
import { inOrder } from '../in-order.ts'
import type { FolderMessage } from '../incoming-transport.ts'
import { bareMessageId } from '../../model/bare-message-id.ts'
import { messageHeaders } from './gmail-answers.ts'
import type { GmailClient } from './gmail-client.ts'
import { allIds } from './list-waiting.ts'

/** A look at a message costs 5 quota units, a page of 500 ids as many: of older ones only the id and the flag are asked for. */
const newestShown = 3_000

/**
 * Everything with a label, oldest first. `messages.get` with `format=metadata`, four at a time in the turns that the throttle gives. Mail beyond the
 * newest 3,000 is listed without subject and sender, received at the latest when the oldest of these was: Gmail lists the newest first.
 * https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages/get
 */
export async function listFolder(client: GmailClient, labelId: string, readSample: (raw: Buffer) => SampleMail): Promise<FolderMessage[]> {
  const ids = await allIds(client, { labelIds: [labelId] })
  const newest = ids.slice(0, newestShown)
  const fields = { format: 'metadata', metadataHeaders: ['Subject', 'From', 'Message-ID'], fields: 'id,labelIds,internalDate,sizeEstimate,payload/headers' }
  const look = (id: string) => client.find({ path: `messages/${encodeURIComponent(id)}`, words: 'the headers of a message', query: fields }, messageHeaders)
  const shown: FolderMessage[] = []
  for await (const one of inOrder(newest, 4, look)) if (one?.labelIds.includes(labelId) === true && !one.labelIds.includes('TRASH')) shown.push(messageOf(one, readSample))
  const older = ids.slice(newestShown)
  if (older.length === 0) return shown.reverse()
  const unread = new Set(await allIds(client, { labelIds: [labelId, 'UNREAD'] }))
  const receivedAt = shown.at(-1)?.receivedAt ?? null
  return [...shown, ...older.map((id) => ({ id, size: 0, isRead: !unread.has(id), messageId: null, subject: '', from: '', receivedAt }))].reverse()
}

function messageOf(one: z.infer<typeof messageHeaders>, readSample: (raw: Buffer) => SampleMail): FolderMessage {
  const header = (name: string): string => one.payload?.headers.find((field) => field.name.toLowerCase() === name)?.value.replace(/\r?\n(?=[ \t])/g, '').replace(/[\r\n]+/g, ' ') ?? ''
  const { subject, from } = readSample(Buffer.from(`Subject: ${header('subject')}\r\nFrom: ${header('from')}\r\n\r\n`))
  const at = Number(one.internalDate)
  return { id: one.id, size: one.sizeEstimate, isRead: !one.labelIds.includes('UNREAD'), messageId: bareMessageId(header('message-id')) || null, subject, from, receivedAt: at > 0 ? new Date(at).toISOString() : null }
}

import { z } from 'zod'
import type { IncomingServer } from '#contract/incoming-server.ts'
import { ProblemError } from '#contract/problem.ts'
import type { DownloadedMessage, ListedMessage } from '../incoming-transport.ts'
import type { GmailClient } from './gmail-client.ts'
import { inOrder } from '../in-order.ts'
import { rawFromAnswer } from './raw-from-answer.ts'

/** What is fetched ahead of the consumer: so many messages, and together so many bytes. */
const ahead = { messages: 4, bytes: 8_000_000 }

/**
 * Raw bytes of messages that still have the folder's label, in their order. `messages.get` with `format=raw`: 5 quota units each, and nothing is marked.
 * https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages/get
 */
export async function* downloadRaw(client: GmailClient, server: IncomingServer, labelId: string, messages: readonly ListedMessage[]): AsyncGenerator<DownloadedMessage> {
  const load = async ({ id, size }: ListedMessage): Promise<DownloadedMessage | null> => {
    const found = await rawOf(client, id)
    if (found === null || !found.labelIds.includes(labelId) || found.labelIds.includes('TRASH')) return null
    // The listed size is Google's estimate, so a message may turn out larger than the limit.
    if (size <= server.maxMessageSize && found.raw.length > server.maxMessageSize * 1.1) throw new ProblemError({ code: 'message-unreadable', reason: `it has ${found.raw.length} bytes although the server said ${size}` })
    return { id, size, raw: found.raw }
  }
  for await (const message of inOrder(messages, ahead.messages, load, { weigh: ({ size }) => size, most: ahead.bytes })) if (message !== null) yield message
}

const labelled = z.object({ labelIds: z.array(z.string()).default([]) })

/** A message as it came, or its first `mostBytes`; null where there is none any more. Throws `message-unreadable` where Google cannot give it. */
export async function rawOf(client: GmailClient, id: string, mostBytes = Infinity): Promise<{ raw: Buffer; labelIds: string[] } | null> {
  return client.read({ path: `messages/${encodeURIComponent(id)}`, words: 'a message', query: { format: 'raw', fields: 'labelIds,raw' } }, async (answer) => {
    const found = await rawFromAnswer(answer.body, mostBytes)
    if (found === null || found.cut) answer.destroy()
    if (found === null) throw new ProblemError({ code: 'message-unreadable', reason: 'the server answered without the message' })
    return { raw: found.raw, labelIds: found.cut ? [] : labelled.parse(JSON.parse(found.rest)).labelIds }
  })
}

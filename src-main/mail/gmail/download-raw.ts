import { z } from 'zod'
import type { IncomingServer } from '#contract/incoming-server.ts'
import { ProblemError } from '#contract/problem.ts'
import type { DownloadedMessage, ListedMessage } from '../incoming-transport.ts'
import { profile } from './gmail-answers.ts'
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
  // The listed size is Google's estimate: a message may turn out larger than the limit.
  const largest = Math.max(server.maxMessageSize, ...messages.map(({ size }) => size)) * 1.1
  const load = async ({ id, size }: ListedMessage): Promise<DownloadedMessage | null> => {
    const found = await rawOf(client, id, largest).catch((error: unknown) => blame(client, error))
    if (found?.cut === true) throw new ProblemError({ code: 'message-too-large', size: found.raw.length, limit: server.maxMessageSize })
    return found === null || !found.labelIds.includes(labelId) || found.labelIds.includes('TRASH') ? null : { id, size, raw: found.raw }
  }
  for await (const message of inOrder(messages, ahead.messages, load, { weigh: ({ size }) => size, most: ahead.bytes })) if (message !== null) yield message
}

/** Whether the message is at fault or the whole service, which then fails here too. */
async function blame(client: GmailClient, error: unknown): Promise<never> {
  const problem = error instanceof ProblemError ? error.problem : null
  if (problem?.code !== 'server-busy' && problem?.code !== 'provider-refused') throw error
  if (problem.code === 'server-busy') await client.json({ path: 'profile', words: 'the profile' }, profile)
  throw new ProblemError({ code: 'message-unreadable', reason: `the server does not give it out (${problem.serverSaid})` }, { cause: error })
}

const labelled = z.object({ labelIds: z.array(z.string()).default([]) })

/** A message as it came, or its first `mostBytes`; null where there is none any more. Throws `message-unreadable` where Google cannot give it. */
export async function rawOf(client: GmailClient, id: string, mostBytes = Infinity): Promise<{ raw: Buffer; labelIds: string[]; cut: boolean } | null> {
  return client.read({ path: `messages/${encodeURIComponent(id)}`, words: 'a message', query: { format: 'raw', fields: 'labelIds,raw' } }, async (answer) => {
    const found = await rawFromAnswer(answer.body, mostBytes)
    if (found === null || found.cut) answer.destroy()
    if (found === null) throw new ProblemError({ code: 'message-unreadable', reason: 'the server answered without the message' })
    return { raw: found.raw, labelIds: found.cut ? [] : labelled.parse(JSON.parse(found.rest)).labelIds, cut: found.cut }
  })
}

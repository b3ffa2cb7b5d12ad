import type { DownloadedMessage, ListedMessage } from '../incoming-transport.ts'
import { inOrder } from '../in-order.ts'
import { readBody } from '../connection/json-answer.ts'
import { isNotFound, type GraphClient } from './graph-client.ts'

/** What is fetched ahead of the consumer: as many messages as Exchange serves at once, and together so many bytes. */
const ahead = { messages: 4, bytes: 16_000_000 }

/** MIME of messages that are still in the folder, in their order; nothing is marked. https://learn.microsoft.com/graph/outlook-get-mime-message */
export async function* downloadMessages(client: GraphClient, folderId: string, messages: readonly ListedMessage[]): AsyncGenerator<DownloadedMessage> {
  const load = async ({ id, size }: ListedMessage): Promise<DownloadedMessage | null> => {
    const raw = await mimeOf(client, folderId, id)
    return raw === null ? null : { id, size, raw }
  }
  for await (const message of inOrder(messages, ahead.messages, load, { weigh: ({ size }) => size, most: ahead.bytes })) if (message !== null) yield message
}

/** A message as it came, or a little more than its first `mostBytes`; null where it is in the folder no more. */
export function mimeOf(client: GraphClient, folderId: string, id: string, mostBytes = Infinity): Promise<Buffer | null> {
  const path = `mailFolders/${encodeURIComponent(folderId)}/messages/${encodeURIComponent(id)}/$value`
  return client.read({ path, words: 'a message', absent: isNotFound }, (answer) => readBody(answer, mostBytes))
}

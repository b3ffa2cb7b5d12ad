import type { ListedMessage } from '../mail/incoming-transport.ts'

/** `bytes` is the sum of the sizes as the server says. */
export type Batch = { messages: ListedMessage[]; bytes: number }

/** Cuts a list into batches in its order, bounded by count and bytes; a message above `mostBytes` is a batch of its own. */
export function planBatches(messages: readonly ListedMessage[], mostMessages: number, mostBytes: number): Batch[] {
  const batches: Batch[] = []
  let open: Batch = { messages: [], bytes: 0 }
  for (const message of messages) {
    if (open.messages.length === mostMessages || (open.messages.length > 0 && open.bytes + message.size > mostBytes)) {
      batches.push(open)
      open = { messages: [], bytes: 0 }
    }
    open.messages.push(message)
    open.bytes += message.size
  }
  return open.messages.length > 0 ? [...batches, open] : batches
}

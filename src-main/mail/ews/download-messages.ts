import { ProblemError } from '#contract/problem.ts'
import type { DownloadedMessage, ListedMessage } from '../incoming-transport.ts'
import { getMime } from './ews-requests.ts'
import type { EwsSession } from './ews-session.ts'
import { at, within } from './xml-tree.ts'

/** What one request asks for: so many bytes (by the sizes listed) and messages, at least one. */
const groupBytes = 4_000_000
const groupMessages = 50

/**
 * Raw messages, group by group, the next group when the last one was taken. What vanished is left out and told to `gone`.
 * https://learn.microsoft.com/exchange/client-developer/exchange-web-services/how-to-process-email-messages-in-batches-by-using-ews-in-exchange
 */
export async function* downloadMessages(session: EwsSession, messages: readonly ListedMessage[], gone: (id: string) => void): AsyncGenerator<DownloadedMessage> {
  for (const group of groups(messages)) {
    const { responses, mimes } = await session.ask(getMime(group.map(({ id }) => id)), { mostBytes: 20_000_000 + group.reduce((sum, { size }) => sum + size, 0) * 4 })
    for (const [index, { ok, code, text, node }] of responses.entries()) {
      const asked = group[index]
      if (asked === undefined) break
      if (ok) {
        const number = within(at(node, 'Items'), 'MimeContent')?.text
        const raw = number === undefined ? undefined : mimes[Number(number)]
        if (raw === undefined || number === '') throw new ProblemError({ code: 'message-unreadable', reason: 'Exchange gives no MIME content for it' })
        yield { id: asked.id, size: raw.length, raw }
      } else if (vanished.has(code)) gone(asked.id)
      else throw new ProblemError(session.problemOf(code, text, 'GetItem'))
    }
  }
}

/** What Exchange says of an item that is no longer where it was. */
export const vanished = new Set(['ErrorItemNotFound', 'ErrorInvalidId', 'ErrorInvalidIdMalformed', 'ErrorInvalidIdEmpty', 'ErrorInvalidIdMonikerTooLong'])

function groups(messages: readonly ListedMessage[]): ListedMessage[][] {
  const found: ListedMessage[][] = []
  let bytes = 0
  for (const message of messages) {
    const last = found.at(-1)
    if (last === undefined || last.length >= groupMessages || bytes + message.size > groupBytes) {
      found.push([message])
      bytes = message.size
    } else {
      last.push(message)
      bytes += message.size
    }
  }
  return found
}

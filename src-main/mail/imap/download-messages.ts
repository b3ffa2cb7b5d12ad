import { ProblemError } from '#contract/problem.ts'
import type { DownloadedMessage, ListedMessage } from '../incoming-transport.ts'
import type { ImapSession } from './imap-session.ts'
import { uidSets } from './uid-set.ts'

/** One FETCH asks for at most this much (a larger message goes alone), so that no more than two such portions are in memory. */
const portionBytes = 4_000_000
const portionMessages = 100

/**
 * Downloads with BODY.PEEK[] (nothing is marked). The next portion is under way while the consumer works on one; a consumer that stops
 * holds the server back. Throws ProblemError `message-unreadable` or `message-incomplete` where a message itself cannot be had.
 */
export async function* downloadMessages(session: ImapSession, messages: readonly ListedMessage[]): AsyncGenerator<DownloadedMessage> {
  const portions = portionsOf(messages)
  let next = start(session, portions[0])
  for (let index = 0; index < portions.length; index++) {
    const result = await next
    next = start(session, portions[index + 1])
    if ('error' in result) throw result.error
    yield* result.messages
  }
}

type Portion = { messages: DownloadedMessage[] } | { error: unknown }

/** Never rejects: the error waits until the portions before it are handed over. */
function start(session: ImapSession, portion: ListedMessage[] | undefined): Promise<Portion> {
  if (portion === undefined) return Promise.resolve({ messages: [] })
  return fetchPortion(session, portion).then((messages) => ({ messages }), (error: unknown) => ({ error }))
}

async function fetchPortion(session: ImapSession, portion: ListedMessage[]): Promise<DownloadedMessage[]> {
  const wanted = new Map(portion.map((message) => [message.id, message]))
  const found: DownloadedMessage[] = []
  for (const set of uidSets(portion.map(({ id }) => id))) {
    const answers = await session.run('FETCH', null, () => session.client.fetchAll(set, { uid: true, source: true }, { uid: true })).catch((error: unknown) => {
      throw unreadable(error)
    })
    for (const answer of answers) {
      const message = wanted.get(String(answer.uid))
      if (message !== undefined && Buffer.isBuffer(answer.source)) found.push(whole(message, answer.source))
    }
  }
  return found
}

/** What is refused is a message, not the mailbox: the words are the server's. */
function unreadable(error: unknown): unknown {
  if (!(error instanceof ProblemError) || error.problem.code !== 'command-refused') return error
  return new ProblemError({ code: 'message-unreadable', reason: error.problem.serverSaid }, { cause: error })
}

/** Sizes may differ a little, for some servers count line ends as they store them; half a message is none. */
function whole(message: ListedMessage, raw: Buffer): DownloadedMessage {
  if (raw.length < message.size / 2 - 1_000) throw new ProblemError({ code: 'message-incomplete', expected: message.size, received: raw.length })
  return { id: message.id, size: message.size, raw }
}

function portionsOf(messages: readonly ListedMessage[]): ListedMessage[][] {
  const portions: ListedMessage[][] = []
  let bytes = 0
  for (const message of messages) {
    const last = portions.at(-1)
    if (last === undefined || last.length >= portionMessages || bytes + message.size > portionBytes) {
      portions.push([message])
      bytes = message.size
    } else {
      last.push(message)
      bytes += message.size
    }
  }
  return portions
}

import type { FetchMessageObject } from 'imapflow'
import { ProblemError, type Problem } from '#contract/problem.ts'
import type { DownloadedMessage, ListedMessage } from '../incoming-transport.ts'
import type { ImapSession } from './imap-session.ts'
import { uidSets } from './uid-set.ts'

/** One FETCH asks for at most this much (a larger message goes alone), so that no more than two such portions are in memory. */
const portionBytes = 4_000_000
const portionMessages = 100

/**
 * Downloads with BODY.PEEK[] (nothing is marked). The next portion is under way while the consumer works on one; a consumer that stops
 * holds the server back. A message that the server refuses, or of which it sends only a part, comes with a problem and what there is.
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
  try {
    const found: DownloadedMessage[] = []
    for (const set of uidSets(portion.map(({ id }) => id))) {
      const answers = await session.run('FETCH', null, () => session.client.fetchAll(set, { uid: true, source: true }, { uid: true }))
      found.push(...answers.flatMap((answer) => downloaded(answer, wanted)))
    }
    return found
  } catch (error) {
    const problem = refusedMessage(error)
    if (problem === null) throw error
    return portion.length > 1 ? oneByOne(session, portion) : portion.map((message) => ({ ...message, raw: Buffer.alloc(0), problem }))
  }
}

/** One message that cannot be read must not keep the others from being downloaded. */
async function oneByOne(session: ImapSession, portion: ListedMessage[]): Promise<DownloadedMessage[]> {
  const found: DownloadedMessage[] = []
  for (const message of portion) found.push(...(await fetchPortion(session, [message])))
  return found
}

function refusedMessage(error: unknown): Problem | null {
  return error instanceof ProblemError && (error.problem.code === 'command-refused' || error.problem.code === 'folder-access-denied') ? error.problem : null
}

function downloaded(answer: FetchMessageObject, wanted: Map<string, ListedMessage>): DownloadedMessage[] {
  const message = wanted.get(String(answer.uid))
  if (message === undefined || !Buffer.isBuffer(answer.source)) return []
  const raw = answer.source
  // Sizes may differ a little: some servers count line ends as they store them.
  const tooShort = raw.length < message.size / 2 - 1_000
  return [{ id: message.id, size: message.size, raw, problem: tooShort ? { code: 'message-incomplete', expected: message.size, received: raw.length } : null }]
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

import type { IncomingServer, IncomingServerDraft } from '#contract/incoming-server.ts'
import type { MessageContent, ProcessedMessage } from '#contract/message.ts'
import type { Problem } from '#contract/problem.ts'
import { wordsOf } from '#contract/problem-words.ts'
import type { Settings } from '#contract/settings.ts'
import type { Conversations, Decision } from '../requests/decide.ts'
import { parseMessage } from './parsing/parse-message.ts'
import type { ParsedMessage } from './parsing/parsed-message.ts'
import { decide } from './pipeline.ts'

export type ProcessNeeds = {
  settings: () => Promise<Settings>
  /** The server as configured, a draft too. Throws ProblemError `not-found`. */
  serverNamed: (name: string) => Promise<IncomingServer | IncomingServerDraft>
  /** What is known of earlier mail that this one may belong to or be a copy of. `takenBefore` is for people to read. */
  lookUp: (parsed: ParsedMessage, server: string | null) => Promise<{ conversations: Conversations; takenBefore: string | null }>
  /** Logs a bug in full and returns the problem that stands for it. */
  reportUnexpected: (thrown: unknown, during: string) => Problem
}
export type ProcessMessage = (raw: Buffer, server: string | null) => Promise<ProcessedMessage>

/**
 * Tries a message: what would become of it if it were fetched by this server, or by any for null. Nothing is stored or sent. Whatever
 * the bytes are there is an answer; it throws only where the server or the data cannot be had.
 */
export function createProcessMessage(needs: ProcessNeeds): ProcessMessage {
  return async (raw, name) => {
    const server = name === null ? null : ((await needs.serverNamed(name)) as IncomingServer)
    const settings = await needs.settings()
    const parsed = tryParsing(needs, raw)
    if (parsed === null) return failed({ code: 'message-unreadable', reason: 'the console failed over it, see the log' })
    const known = await needs.lookUp(parsed, name)
    try {
      return asProcessed(parsed.content, decide({ parsed, server, settings, ...known }))
    } catch (thrown) {
      return { ...failed(needs.reportUnexpected(thrown, 'deciding on a message')), message: parsed.content }
    }
  }
}

/** The message as parsed, with what a decision took off it. */
export const withStripped = (content: MessageContent, stripped: Decision['stripped']): MessageContent => {
  const byIndex = new Map(stripped.map((one) => [one.index, one.stripped]))
  return { ...content, attachments: content.attachments.map((attachment, index) => ({ ...attachment, stripped: byIndex.get(index) ?? null })) }
}

const asProcessed = (content: MessageContent, { outcome, reason, steps, stripped }: Decision): ProcessedMessage => ({ outcome, reason, message: withStripped(content, stripped), steps })

function tryParsing(needs: ProcessNeeds, raw: Buffer): ParsedMessage | null {
  try {
    return parseMessage(raw)
  } catch (thrown) {
    needs.reportUnexpected(thrown, 'parsing a message')
    return null
  }
}

function failed(problem: Problem): ProcessedMessage {
  const { title } = wordsOf(problem)
  return { outcome: 'error', reason: title, message: null, steps: [{ step: 'readable', outcome: 'error', detail: title }] }
}

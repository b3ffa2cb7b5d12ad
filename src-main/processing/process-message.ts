import type { IncomingServer, IncomingServerDraft, MailSource } from '#contract/incoming-server.ts'
import type { MessageContent, ProcessedMessage, WhatIsCreated } from '#contract/message.ts'
import type { Problem } from '#contract/problem.ts'
import { wordsOf } from '#contract/problem-words.ts'
import type { Partition, Settings } from '#contract/settings.ts'
import type { Decision, DecisionInput, OutgoingMailFacts } from '../requests/decide.ts'
import { intakeOrder } from '../requests/intake-order.ts'
import type { IntakeOrder } from '../intake/intake.ts'
import type { ParsedMessage } from './parsing/parsed-message.ts'
import { decide } from './pipeline.ts'

export type ProcessNeeds = {
  settings: () => Promise<Settings>
  partitions: () => Promise<Partition[]>
  /** The server as configured, a draft too; native mail has a name as well. Throws ProblemError `not-found`. */
  serverNamed: (name: string) => Promise<IncomingServer | IncomingServerDraft | MailSource | null>
  /** Parses a message as the intake does, with what has to be found out besides. Never throws for what the bytes are. */
  parse: (raw: Buffer, order: IntakeOrder) => Promise<ParsedMessage>
  /** What is known of earlier mail and people that this message may have to do with. `takenBefore` is for people to read. */
  lookUp: (parsed: ParsedMessage, server: string | null) => Promise<Pick<DecisionInput, 'conversations' | 'people' | 'recent' | 'next' | 'takenBefore' | 'endedBefore'>>
  /** For mail that goes out for this partition. */
  outgoing: (partition: string) => Promise<OutgoingMailFacts>
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
    const server = name === null ? null : ((await needs.serverNamed(name)) as MailSource)
    const settings = await needs.settings()
    const parsed = await tryParsing(needs, raw, server)
    if (parsed === null) return failed({ code: 'message-unreadable', reason: 'the console failed over it, see the log' })
    const known = await needs.lookUp(parsed, name)
    const partitions = await needs.partitions()
    const partition = partitions.find((one) => one.name === server?.partition) ?? null
    const place = server?.partition ?? partitions.find((one) => one.default)?.name ?? ''
    const outgoing = await needs.outgoing(place)
    try {
      return asProcessed(parsed.content, decide({ parsed, server, partition, settings, place, outgoing, ...known }))
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

/** What a decision makes, for people to read; null where it makes nothing. */
export function createdBy({ newRequest, replyTo, change, people, answers }: Pick<Decision, 'newRequest' | 'replyTo' | 'change' | 'people' | 'answers'>): WhatIsCreated | null {
  if (newRequest === null && replyTo === null && change === null && answers.length === 0) return null
  return {
    request: newRequest === null ? null : { ...newRequest, newPerson: people.some(({ existing }) => existing === null) },
    reply: replyTo === null ? null : { request: replyTo },
    change: change === null ? null : { request: change.request, operation: change.operation, fields: change.changes.map(({ field, to }) => ({ field, value: to })) },
    answers: answers.map(({ to, subject }) => ({ to, subject }))
  }
}

const asProcessed = (content: MessageContent, decision: Decision): ProcessedMessage =>
  ({ outcome: decision.outcome, reason: decision.reason, message: withStripped(content, decision.stripped), steps: decision.steps, creates: createdBy(decision) })

async function tryParsing(needs: ProcessNeeds, raw: Buffer, server: MailSource | null): Promise<ParsedMessage | null> {
  try {
    return await needs.parse(raw, intakeOrder(server))
  } catch (thrown) {
    needs.reportUnexpected(thrown, 'parsing a message')
    return null
  }
}

function failed(problem: Problem): ProcessedMessage {
  const { title } = wordsOf(problem)
  return { outcome: 'error', reason: title, message: null, steps: [{ step: 'readable', outcome: 'error', detail: title }], creates: null }
}

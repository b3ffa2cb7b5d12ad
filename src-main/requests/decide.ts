import type { IncomingServer } from '#contract/incoming-server.ts'
import type { Address, ExplainedStep, Outcome, Stripped } from '#contract/message.ts'
import type { Problem } from '#contract/problem.ts'
import type { Settings } from '#contract/settings.ts'
import type { ParsedMessage } from '../processing/parsing/parsed-message.ts'

/** What is known of earlier mail, as of the moment of the decision and with the messages decided just before. */
export type Conversations = {
  /** The request that a Message-ID belongs to. */
  requestOf(messageId: string): number | null
  exists(request: number): boolean
}

/** `takenBefore` says how the same message ended earlier, for people to read; null: it is new. */
export type DecisionInput = { parsed: ParsedMessage; server: IncomingServer | null; settings: Settings; conversations: Conversations; takenBefore: string | null }

/**
 * What is to become of a message. `replyTo` is the request it belongs to, for outcome `reply`. `stripped` says by attachment index
 * what was taken off. `leave`: the message is none of ours and stays on the server as it is. `problem` goes with outcome `error`.
 */
export type Decision = {
  outcome: Outcome
  reason: string | null
  steps: ExplainedStep[]
  replyTo: number | null
  stripped: { index: number; stripped: Stripped }[]
  leave: boolean
  problem: Problem | null
}
export type Decide = (input: DecisionInput) => Decision

/** Who a request is from: the address of the sender. */
export const requesterOf = (from: Address | null): string => from?.address ?? ''

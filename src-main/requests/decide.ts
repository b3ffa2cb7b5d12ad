import type { BounceReport } from '#contract/bounce.ts'
import type { MailSource } from '#contract/incoming-server.ts'
import type { Address, ExplainedStep, Outcome, Stripped } from '#contract/message.ts'
import type { Person } from '#contract/person.ts'
import type { Problem } from '#contract/problem.ts'
import type { RequestValues } from '#contract/request-values.ts'
import type { RequestRow } from '#contract/request.ts'
import type { Partition, Settings } from '#contract/settings.ts'
import type { ParsedMessage } from '../processing/parsing/parsed-message.ts'

/** What a decision may have to know of a request. */
export type KnownRequest = Pick<RequestRow, 'number' | 'subject' | 'status' | 'partition' | 'requester' | 'createdAt' | 'values'>

/** What is known of earlier mail, as of the moment of the decision and with the messages decided just before. */
export type Conversations = {
  /** The requests that a Message-ID belongs to, the oldest first. */
  requestsOf(messageId: string): readonly number[]
  /** null where there is no such request. */
  request(number: number): KnownRequest | null
  /** Mail that we sent under this Message-ID; null: none of ours. */
  sent(messageId: string): { request: number | null; recipient: string } | null
}

/** What is known of people and of the traffic of the last hour; addresses in any case. */
export type KnownPeople = {
  byAddress(address: string): Person | null
  /** The one person of this name, in any case; null where there is none, or more than one. */
  byName(name: string): Person | null
}
export type RecentTraffic = {
  /** Mails of this sender within the last hour, without this one. */
  mailsFrom(address: string): number
  /** Automatic answers that went to this address, or to all of a domain (`@example.com`), within the last hour. */
  answersTo(address: string): number
}

/** What mail that goes out has to know: addresses that are ours, as a set of `addressSet`, the name that mail is sent under, and the right side of Message-IDs where no mailbox gives one. */
export type OutgoingMailFacts = { ours: ReadonlySet<string>; senderName: string; domain: string }

/** `takenBefore` says how the same message ended earlier, for people to read; null: it is new. `partition` is null where no server is named; `endedBefore` tells of an earlier end that does not stand in the way. */
export type DecisionInput = {
  parsed: ParsedMessage
  server: MailSource | null
  partition: Partition | null
  settings: Settings
  conversations: Conversations
  people: KnownPeople
  recent: RecentTraffic
  outgoing: OutgoingMailFacts
  /** Name of the partition of new requests. */
  place: string
  /** What a new request gets; `at` is now, ISO 8601. */
  next: { number: number; at: string }
  takenBefore: string | null
  endedBefore?: string | null
}

/** A person that a message makes known, or who becomes a user by it. */
export type PersonChange = { address: string; name: string; user: true; existing: number | null }

/** What an e-mail command does to a request that exists. Values that are '' are taken away. */
export type CommandedChange = {
  operation: 'edit' | 'close' | 'pick-up'
  request: number
  by: string
  values: RequestValues
  status: 'open' | 'closed' | null
  requester: Address | null
  /** For the history and for people to read: what changes from what to what. */
  changes: { field: string; from: string; to: string }[]
}

/** Mail that goes out by itself because of a message. RFC 3834 says what it has to look like. */
export type AutomaticAnswer = {
  to: string
  kind: 'acknowledgement' | 'request-mail' | 'attachments-stripped' | 'request-mail-notice' | 'attachments-stripped-notice' | 'mail-returned-notice'
  subject: string
  text: string
  /** What goes out beside the text; left out: made of it where the format is HTML. */
  html?: string | null
}

/** Mail to technicians and to addresses that a rule names, which is no answer to anybody and does not count as one. */
export const isNotice = ({ kind }: Pick<AutomaticAnswer, 'kind'>): boolean => kind.endsWith('-notice')

/**
 * What is to become of a message. `replyTo` is the request it belongs to, for outcome `reply`. `stripped` says by attachment index
 * what was taken off. `leave`: the message is none of ours and stays on the server as it is. `problem` goes with outcome `error`.
 * `newRequest` is there for outcome `request`, and for a `command` that makes one; `change` for one that changes one.
 */
export type Decision = {
  outcome: Outcome
  reason: string | null
  steps: ExplainedStep[]
  replyTo: number | null
  stripped: { index: number; stripped: Stripped }[]
  leave: boolean
  problem: Problem | null
  newRequest: { subject: string; status: 'open' | 'closed'; requester: Address; values: RequestValues } | null
  change: CommandedChange | null
  people: PersonChange[]
  answers: AutomaticAnswer[]
  /** Who it is from, for counting the mail of each sender; null where it does not count. */
  sender: string | null
  /** A report on mail that we sent: the recipients that it failed for are marked. */
  bounce: (BounceReport & { request: number | null }) | null
  /** Name of the spam rule that dropped it. */
  spamRule: string | null
  /** Automatic answers that were left out because of a loop: who gets no more. */
  loop: { address: string; answers: number } | null
}
export type Decide = (input: DecisionInput) => Decision

import type { BounceReport } from '#contract/bounce.ts'
import type { Address, Stripped } from '#contract/message.ts'
import type { Person } from '#contract/person.ts'
import type { Problem } from '#contract/problem.ts'
import type { RequestTemplate, RequestValues } from '#contract/request-values.ts'
import type { AutomaticMail } from '../model/is-automatic-mail.ts'
import type { AutomaticAnswer, CommandedChange, DecisionInput, PersonChange } from '../requests/decide.ts'

/** What a step is given. */
export type StepInput = DecisionInput

/** What the steps have found out so far; each adds to it. */
export type Findings = {
  automatic: AutomaticMail | null
  /** Who the message is from: the original sender where it was forwarded. */
  sender: Address
  /** The person at that address; null: nobody is known there yet. */
  person: Person | null
  /** What the sender's domain says, in words for the request; '' where nothing has to be said. */
  mark: string
  bounce: (BounceReport & { request: number | null }) | null
  replyTo: number | null
  /** Template of the server, or the one that a command names. */
  template: RequestTemplate
  /** What a new request gets from an e-mail command, besides the template. */
  commanded: { subject: string | null; status: 'open' | 'closed' | null; requester: Address | null; values: RequestValues } | null
  /** A command that makes a request or changes one: the outcome is `command`. */
  operation: 'add' | CommandedChange | null
  stripped: { index: number; stripped: Stripped }[]
  values: RequestValues
  people: PersonChange[]
  answers: AutomaticAnswer[]
  loop: { address: string; answers: number } | null
}

/** A step lets the message pass or ends its way. `detail` says why, in words for an administrator; `found` is what it adds. */
export type StepAnswer =
  | { outcome: 'pass'; detail: string; found?: Partial<Findings> }
  | { outcome: 'dropped'; detail: string; leave?: boolean; spamRule?: string; found?: Partial<Findings> }
  | { outcome: 'error'; detail: string; problem: Problem }
export type Step = (input: StepInput, findings: Findings) => StepAnswer

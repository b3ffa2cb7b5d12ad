import type { Stripped } from '#contract/message.ts'
import type { Problem } from '#contract/problem.ts'
import type { AutomaticMail } from '../model/is-automatic-mail.ts'
import type { DecisionInput } from '../requests/decide.ts'

/** What a step is given. `takenBefore` says how the same message ended earlier, for people to read; null or left out: it is new. */
export type StepInput = DecisionInput & { takenBefore?: string | null }

/** What the steps have found out so far; each adds to it. */
export type Findings = {
  automatic: AutomaticMail | null
  replyTo: number | null
  stripped: { index: number; stripped: Stripped }[]
}

/** A step lets the message pass or ends its way. `detail` says why, in words for an administrator; `found` is what it adds. */
export type StepAnswer =
  | { outcome: 'pass'; detail: string; found?: Partial<Findings> }
  | { outcome: 'dropped'; detail: string; leave?: boolean }
  | { outcome: 'error'; detail: string; problem: Problem }
export type Step = (input: StepInput, findings: Findings) => StepAnswer

import type { ExplainedStep } from '#contract/message.ts'
import { requestSubject } from '../model/request-subject.ts'
import type { Decision } from '../requests/decide.ts'
import type { Findings, Step, StepInput } from './step.ts'
import { alreadySeen } from './steps/already-seen.ts'
import { attachments } from './steps/attachments.ts'
import { conversation } from './steps/conversation.ts'
import { loopGuard } from './steps/loop-guard.ts'
import { newRequests } from './steps/new-requests.ts'
import { readable } from './steps/readable.ts'
import { recipients } from './steps/recipients.ts'

/** The steps that every message takes, in their order. */
const steps: readonly (readonly [string, Step])[] = [
  ['readable', readable],
  ['loop-guard', loopGuard],
  ['already-seen', alreadySeen],
  ['recipients', recipients],
  ['conversation', conversation],
  ['new-requests', newRequests],
  ['attachments', attachments]
]

/** What is to become of a message, and why: the steps it took up to the one that ended its way. Pure; changes nothing. */
export function decide(input: StepInput): Decision {
  let findings: Findings = { automatic: null, replyTo: null, stripped: [] }
  const explained: ExplainedStep[] = []
  for (const [name, step] of steps) {
    const answer = step(input, findings)
    explained.push({ step: name, outcome: answer.outcome, detail: answer.detail })
    if (answer.outcome === 'pass') findings = { ...findings, ...answer.found }
    else return ended(answer, explained)
  }
  return taken(input, findings, explained)
}

function ended(answer: Exclude<ReturnType<Step>, { outcome: 'pass' }>, steps: ExplainedStep[]): Decision {
  const { outcome, detail } = answer
  return {
    outcome, reason: detail, steps, replyTo: null, stripped: [],
    leave: answer.outcome === 'dropped' && answer.leave === true,
    problem: answer.outcome === 'error' ? answer.problem : null
  }
}

function taken(input: StepInput, { automatic, replyTo, stripped }: Findings, steps: ExplainedStep[]): Decision {
  const outcome = replyTo === null ? 'request' : 'reply'
  const { subject, text } = input.parsed.content
  const what = replyTo === null ? `A new request is made: ${requestSubject(subject, text)}` : `The message is added to request ${replyTo}.`
  const silence = automatic === null ? '' : ' It is automatic mail, so no answer goes out.'
  return { outcome, reason: null, steps: [...steps, { step: 'outcome', outcome, detail: `${what}${silence}` }], replyTo, stripped, leave: false, problem: null }
}

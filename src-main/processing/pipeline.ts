import type { Address, ExplainedStep } from '#contract/message.ts'
import { plainTemplate } from '#contract/request-values.ts'
import { requestSubject } from '../model/request-subject.ts'
import type { Decision } from '../requests/decide.ts'
import type { Findings, Step, StepAnswer, StepInput } from './step.ts'
import { alreadySeen } from './steps/already-seen.ts'
import { answers } from './steps/answers.ts'
import { attachments } from './steps/attachments.ts'
import { authentication } from './steps/authentication.ts'
import { bounce } from './steps/bounce.ts'
import { conversation } from './steps/conversation.ts'
import { emailCommand } from './steps/email-command.ts'
import { loopGuard } from './steps/loop-guard.ts'
import { newRequests } from './steps/new-requests.ts'
import { people } from './steps/people.ts'
import { readable } from './steps/readable.ts'
import { recipients } from './steps/recipients.ts'
import { sender } from './steps/sender.ts'
import { senderLimit } from './steps/sender-limit.ts'
import { spamFilter } from './steps/spam-filter.ts'
import { template } from './steps/template.ts'

/** The steps that every message takes, in their order. */
const steps: readonly (readonly [string, Step])[] = [
  ['readable', readable],
  ['loop-guard', loopGuard],
  ['already-seen', alreadySeen],
  ['recipients', recipients],
  ['sender', sender],
  ['spam-filter', spamFilter],
  ['authentication', authentication],
  ['sender-limit', senderLimit],
  ['conversation', conversation],
  ['bounce', bounce],
  ['email-command', emailCommand],
  ['new-requests', newRequests],
  ['attachments', attachments],
  ['template', template],
  ['people', people],
  ['answers', answers]
]

/** What is to become of a message, and why: the steps it took up to the one that ended its way. Pure; changes nothing. */
export function decide(input: StepInput): Decision {
  let findings = firstFindings(input)
  const explained: ExplainedStep[] = []
  for (const [name, step] of steps) {
    const answer = step(input, findings)
    explained.push({ step: name, outcome: answer.outcome, detail: answer.detail })
    if (answer.outcome !== 'error') findings = { ...findings, ...answer.found }
    if (answer.outcome !== 'pass') return ended(answer, findings, explained)
  }
  return taken(input, findings, explained)
}

const nobody: Address = { name: '', address: '' }
const firstFindings = ({ parsed }: StepInput): Findings => ({
  automatic: null, sender: parsed.content.from ?? nobody, person: null, mark: '', bounce: null, replyTo: null, template: plainTemplate, commanded: null, operation: null,
  stripped: [], values: {}, people: [], answers: [], loop: null
})

function ended(answer: Exclude<StepAnswer, { outcome: 'pass' }>, { bounce, answers, sender }: Findings, explained: ExplainedStep[]): Decision {
  return {
    outcome: answer.outcome, reason: answer.detail, steps: explained, replyTo: null, stripped: [], newRequest: null, change: null, people: [], loop: null, sender: sender.address || null,
    leave: answer.outcome === 'dropped' && answer.leave === true,
    problem: answer.outcome === 'error' ? answer.problem : null,
    spamRule: answer.outcome === 'dropped' ? (answer.spamRule ?? null) : null,
    bounce: answer.outcome === 'dropped' ? bounce : null,
    answers: answer.outcome === 'dropped' ? answers : []
  }
}

function taken(input: StepInput, findings: Findings, explained: ExplainedStep[]): Decision {
  const { automatic, replyTo, stripped, operation, people, answers, bounce, loop } = findings
  const change = operation === 'add' ? null : operation
  const outcome = operation !== null ? 'command' : replyTo === null ? 'request' : 'reply'
  const newRequest = operation === 'add' || outcome === 'request' ? requestOf(input, findings) : null
  const silence = automatic === null ? '' : ' It is automatic mail, so no answer goes out.'
  const detail = newRequest !== null ? `A new request is made: ${newRequest.subject}` : change !== null ? `Request ${change.request} is changed.` : `The message is added to request ${replyTo}.`
  return {
    outcome, reason: null, steps: [...explained, { step: 'outcome', outcome, detail: `${detail}${silence}` }], replyTo: outcome === 'reply' ? replyTo : null,
    stripped, leave: false, problem: null, newRequest, change, people, answers, bounce, spamRule: null, loop, sender: findings.sender.address || null
  }
}

function requestOf({ parsed }: StepInput, { sender, commanded, values, mark }: Findings): NonNullable<Decision['newRequest']> {
  const { subject, text } = parsed.content
  return { subject: requestSubject(commanded?.subject ?? subject, text), status: commanded?.status ?? 'open', requester: commanded?.requester ?? sender, values: mark === '' ? values : { ...values, senderCheck: mark } }
}

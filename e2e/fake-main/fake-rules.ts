import type { CallAnswer, CallName, ParsedInput } from '../../src-contract/calls.ts'
import type { EventName, Events } from '../../src-contract/events.ts'
import type { ProcessedMessage } from '../../src-contract/message.ts'
import type { Problem } from '../../src-contract/problem.ts'
import type { Settings } from '../../src-contract/settings.ts'
import type { SpamCriterion, SpamHits, SpamRule, SpamTrial } from '../../src-contract/spam-rule.ts'
import { ago } from './sample-configuration.ts'
import { tried } from './sample-mail.ts'

type Part = 'spam.hits' | 'spam.reset-hits' | 'spam.try' | 'processing.try' | 'processing.take'
type Handlers = { [Name in Extract<Part, CallName>]: (input: ParsedInput<Name>) => CallAnswer<Name> }
type Needs = { announce: <Name extends EventName>(name: Name, detail: Events[Name]) => void; fail: (problem: Problem) => never; settings: () => Settings }

export const sampleRules: SpamRule[] = [
  { name: 'Out of office', enabled: true, match: 'any', criteria: [{ field: 'subject', condition: 'contains', values: ['out of office', 'not in today', 'Abwesenheitsnotiz', 'automatic reply', 'absence du bureau'] }, { field: 'header', header: 'X-Autoreply', condition: 'is', values: ['yes'] }] },
  { name: 'Newsletters', enabled: true, match: 'all', criteria: [{ field: 'sender', condition: 'ends-with', values: ['@news.example.com', '@promo.example'] }, { field: 'body', condition: 'contains', values: ['unsubscribe'] }] },
  { name: 'Marked by the gateway', enabled: true, match: 'any', criteria: [{ field: 'header', header: 'X-Spam-Flag', condition: 'is', values: ['YES'] }] },
  { name: 'Huge mail without a file', enabled: false, match: 'all', criteria: [{ field: 'size', condition: 'larger-than', values: ['20MB'] }, { field: 'has-attachment', condition: 'no', values: [] }] }
]

/** Spam rules on a message of which only sender, subject and text are looked at, and messages that end as their subject says. */
export const ruleCalls = ({ announce, fail, settings }: Needs): Handlers => {
  let hits: SpamHits[] = [{ rule: 'Out of office', hits: 1_482, lastAt: ago(4 * 60_000) }, { rule: 'Marked by the gateway', hits: 87, lastAt: ago(26 * 3_600_000) }]
  return {
    'spam.hits': () => hits,
    'spam.reset-hits': ({ rule }) => { hits = hits.filter((one) => one.rule !== rule); announce('spam-hits-changed', {}) },
    'spam.try': ({ rules, base64 }) => {
      const issues = patternIssues(rules, 'rules')
      return issues.length > 0 ? fail({ code: 'invalid-input', issues }) : rules.map((rule) => trialOf(rule, messageOf(base64)))
    },
    'processing.try': ({ base64, server }) => endOf(messageOf(base64), server, settings()),
    'processing.take': ({ base64, server }) => ({ ...endOf(messageOf(base64), server, settings()), request: 1_205 })
  }
}

/** The core compiles expressions; here, an opened bracket that is never closed is wrong. */
export const patternIssues = (rules: readonly SpamRule[], path: string): { path: string; message: string }[] =>
  rules.flatMap((rule, at) => rule.criteria.flatMap((criterion, place) => (criterion.condition !== 'matches' ? [] : criterion.values.flatMap((value, index) => (/(?<!\\)\[[^\]]*$/.test(value) ? [{ path: `${path}[${at}].criteria[${place}].values[${index}]`, message: 'missing closing ]' }] : [])))))

type Message = { from: string; subject: string; text: string; raw: string }
const messageOf = (base64: string): Message => {
  const raw = new TextDecoder().decode(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)))
  const [head = '', ...body] = raw.split(/\r?\n\r?\n/)
  const field = (name: string): string => new RegExp(`^${name}:\\s*(.*)$`, 'im').exec(head)?.[1]?.trim() ?? ''
  const text = body.join('\n\n')
  return { from: field('From'), subject: field('Subject'), text: /base64/i.test(field('Content-Transfer-Encoding')) ? new TextDecoder().decode(Uint8Array.from(atob(text.replace(/\s/g, '')), (char) => char.charCodeAt(0))) : text, raw }
}

const trialOf = (rule: SpamRule, message: Message): SpamTrial => {
  const criteria = rule.criteria.map((criterion) => met(criterion, message))
  return { rule: rule.name, criteria, matches: rule.match === 'all' ? criteria.every((one) => one.met) : criteria.some((one) => one.met) }
}

const met = ({ field, condition, values }: SpamCriterion, message: Message): { met: boolean; found: string | null } => {
  const looked = field === 'sender' ? message.from : field === 'body' ? message.text : field === 'subject' ? message.subject : ''
  const hit = values.find((value) => (condition === 'ends-with' ? looked.toLowerCase().endsWith(value.toLowerCase()) : looked.toLowerCase().includes(value.toLowerCase())))
  return hit === undefined || looked === '' ? { met: false, found: null } : { met: true, found: hit }
}

/** A command becomes a change or a request, "Re:" a reply, "Win a prize" is dropped, "Broken" fails; anything else is a request. */
const endOf = (message: Message, server: string | null, { processing: { emailCommand } }: Settings): ProcessedMessage => {
  const plain = { ...tried(), message: { ...(tried().message as NonNullable<ProcessedMessage['message']>), subject: message.subject } }
  const requester = { name: 'Ann Meyer', address: 'ann.meyer@example.com' }
  const first = plain.steps.slice(0, 2)
  if (message.subject.startsWith('Win')) return { ...plain, outcome: 'dropped', reason: 'The spam rule “Newsletters” fits.', steps: [...first, { step: 'spam-filter', outcome: 'dropped', detail: 'The rule “Newsletters” fits: the sender ends with @promo.example.' }], creates: null }
  if (message.subject.startsWith('Broken')) return { ...plain, outcome: 'error', reason: 'The message has no sender.', message: null, steps: [{ step: 'readable', outcome: 'error', detail: 'Neither From nor Sender names an address.' }], creates: null }
  if (emailCommand.enabled && message.subject.includes(emailCommand.subjectContains) && /Operation=(?!Add)/.test(message.text)) {
    const fields = [...message.text.matchAll(/(\w+)=([^$\n]*)/g)].filter(([, name]) => name !== 'Operation' && name !== 'RequestID').map(([, field = '', value = '']) => ({ field, value }))
    return { ...plain, outcome: 'command', reason: null, steps: [...first, { step: 'email-command', outcome: 'pass', detail: 'EditRequest on request 123 by Ann Meyer, who may change requests.' }, { step: 'outcome', outcome: 'command', detail: 'Request 123 is changed.' }], creates: { request: null, reply: null, change: { request: 123, operation: 'edit', fields }, answers: [] } }
  }
  if (message.subject.startsWith('Re:')) return { ...plain, outcome: 'reply', creates: { request: null, reply: { request: 123 }, change: null, answers: [] } }
  const values = { category: 'Hardware', impact: 'Affects user', urgency: server === 'hr' ? 'Low' : 'High', priority: server === 'hr' ? 'Low' : 'High', ...(server === null ? {} : { template: server === 'hr' ? 'Personnel' : 'Workplace' }), additional: { 'Cost centre': '4711' }, resources: { res_301: { qstn_select_302: ['ThinkPad T14'] } } }
  return {
    ...plain, message: plain.message && { ...plain.message, protection: 'smime-signed', calendar: { method: 'REQUEST', summary: 'Look at the printer', start: '2026-11-23T09:00:00Z', end: '2026-11-23T09:30:00Z', location: '3rd floor', organizer: 'ann.meyer@example.com' } },
    creates: { request: { subject: message.subject || 'Printer on the 3rd floor shows error 59.F0', status: 'open', requester, newPerson: true, values }, reply: null, change: null, answers: [{ to: 'ann.meyer@example.com', subject: 'Received: Printer on the 3rd floor shows error 59.F0' }, { to: 'admin@example.com', subject: 'Attachments taken off mail from ann.meyer@example.com' }] }
  }
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RequestMailEvent } from '#contract/mail-template.ts'
import type { Person } from '#contract/person.ts'
import { stepInput, type SaidOfStep } from '../../../testbed/step-input.ts'
import { decide } from '../pipeline.ts'

const tess: Person = { id: 1, name: 'Tess', address: 'tess@example.com', user: true, analyst: true, signIn: true, rights: [], format: null, source: 'console', createdAt: '', undeliverableSince: null }
const rule = (event: RequestMailEvent, to: string[], subject: string) => ({ name: event, event, to, template: { subject, text: '{{requester}}: {{message}}' } })
const rules = [
  rule('request-created', ['requester', 'technician', 'desk@example.com'], 'New {{number}}: {{subject}}'), rule('reply-received', ['technician'], 'Reply to {{number}}: {{subject}}'),
  rule('request-closed', ['requester'], 'Closed {{number}} {{status}} {{technician}}'), rule('request-reopened', ['requester'], 'Open again {{number}} {{status}}')
]
const settings = { requestMails: rules, processing: { emailCommand: { enabled: true } } }
const open = { number: 7, subject: 'Old printer', requester: 'bo@example.net', values: { technicianEmail: 'tess@example.com', technician: 'Tess' } }
const automatic = (name: string, value: string): SaidOfStep['parsed'] => ({ headers: [{ name, value }] })
const mails = (said: SaidOfStep) => decide(stepInput({ text: 'Help!', people: [tess], requests: [open, { ...open, number: 8, status: 'closed' }], nextNumber: 31, ...said, settings: { ...settings, ...said.settings } })).answers.map(({ to, subject, kind }) => `${to} ${subject} (${kind})`)

const table: [string, SaidOfStep, string[]][] = [
  ['a new request', { subject: 'Printer' }, ['ann@example.net New 31: Printer (request-mail)', 'desk@example.com New 31: Printer (request-mail-notice)']],
  ['a new request without a subject', { subject: '' }, ['ann@example.net New 31: Help! (request-mail)', 'desk@example.com New 31: Help! (request-mail-notice)']],
  ['a reply', { subject: 'Re: ##RE-7##' }, ['tess@example.com Reply to 7: Old printer (request-mail-notice)']],
  ['a command that closes', { from: 'tess@example.com', subject: '@@command@@ ##RE-7##', text: '$Operation=CloseRequest$' }, ['bo@example.net Closed 7 Closed Tess (request-mail)']],
  ['a command that closes what is closed', { from: 'tess@example.com', subject: '@@command@@ ##RE-8##', text: '$Operation=CloseRequest$' }, []],
  ['a command that edits', { from: 'tess@example.com', subject: '@@command@@ ##RE-7##', text: '$Operation=EditRequest$ $Priority=High$' }, []],
  ['a command that opens again', { from: 'tess@example.com', subject: '@@command@@ ##RE-8##', text: '$Operation=EditRequest$ $Status=Open$' }, ['bo@example.net Open again 8 Open (request-mail)']],
  ['a command that makes a request', { from: 'tess@example.com', subject: '@@command@@ New screen', text: '$Operation=AddRequest$ $RequesterEmail=bo@example.net$' }, ['bo@example.net New 31: New screen (request-mail)', 'desk@example.com New 31: New screen (request-mail-notice)']],
  ['an automatic answer', { parsed: automatic('auto-submitted', 'auto-replied') }, []],
  ['a notification', { subject: 'Disk full', parsed: automatic('auto-submitted', 'auto-generated') }, ['desk@example.com New 31: Disk full (request-mail-notice)']],
  ['another console', { parsed: { headers: [{ name: 'auto-submitted', value: 'auto-generated' }, { name: 'x-mailer', value: 'Mailroom' }] } }, []],
  ['bulk mail', { subject: 'News', parsed: automatic('precedence', 'bulk') }, ['desk@example.com New 31: News (request-mail-notice)']],
  ['an empty return path', { parsed: automatic('return-path', '<>') }, []],
  ['mail of our own mailbox', { subject: 'Hi', from: 'support@example.com', ours: ['support@example.com', 'desk@example.com'] }, []],
  ['a report on mail of ours', { parsed: { bounce: { messageId: '<ours@x>', recipients: [{ address: 'desk@example.com', action: 'failed', status: '5.1.1', diagnostic: '' }] } }, sent: { '<ours@x>': { request: 7, recipient: 'desk@example.com' } } }, []],
  ['what is dropped', { subject: 'Spam', settings: { processing: { spamRules: [{ name: 's', criteria: [{ field: 'subject', condition: 'contains', values: ['Spam'] }] }] } } }, []]
]
for (const [what, said, expected] of table) test(`mail about: ${what}`, () => assert.deepEqual(mails(said), expected))

test('whom a rule tells of a new request gets no acknowledgement besides, others do', () => {
  const acknowledge = { processing: { answers: { acknowledge: true, template: { subject: 'Thanks, {{requester}} ({{number}})', text: 't' } } } }
  assert.deepEqual(mails({ subject: 'Printer', settings: acknowledge }), ['ann@example.net New 31: Printer (request-mail)', 'desk@example.com New 31: Printer (request-mail-notice)'])
  assert.deepEqual(mails({ subject: 'Printer', settings: { ...acknowledge, requestMails: [] } }), ['ann@example.net Thanks, Ann (31) (acknowledgement)'])
  assert.deepEqual(mails({ subject: 'Printer', from: 'no-reply@example.net', settings: { ...acknowledge, requestMails: [] } }), [])
  assert.deepEqual(mails({ subject: 'Printer', settings: { ...acknowledge, requestMails: [] }, ours: ['ann@example.net'] }), [])
})

test('the trail of a mail says who gets mail and who does not', () => {
  const { steps } = decide(stepInput({ subject: 'Printer', text: 'x', ours: ['desk@example.com'], settings: { ...settings, processing: { answers: { mostPerHour: 3 } } }, answersTo: 3 }))
  const detail = steps.find(({ step }) => step === 'answers')?.detail ?? ''
  assert.match(detail, /no mail goes to ann@example\.net: it got 3 within the last hour/)
  assert.match(detail, /no mail goes to desk@example\.com: it is an address of ours/)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newIncomingServer, type IncomingServer } from '#contract/incoming-server.ts'
import { settings as settingsSchema } from '#contract/settings.ts'
import type { DecisionInput } from '../requests/decide.ts'
import { nothingKnown } from '../requests/nothing-known.ts'
import { parseMessage } from './parsing/parse-message.ts'
import { decide } from './pipeline.ts'

const settings = settingsSchema.parse({ processing: { attachments: { blockedExtensions: ['exe'] } } })
const base = { ...(newIncomingServer('imap', 'IT') as IncomingServer), name: 'it', addresses: ['it@example.com'] }
const conversations: DecisionInput['conversations'] = {
  requestsOf: (id) => (id === '<known@x>' ? [12] : id === '<gone@x>' ? [99] : id === '<hr@x>' ? [14] : []),
  request: (number) => (number >= 12 && number <= 14 ? { number, subject: 'Printer', createdAt: '2026-11-20T08:00:00.000Z', status: 'open', partition: number === 14 ? 'HR' : 'IT', requester: 'ann@example.net', values: {} } : null),
  sent: (id) => (id === '<ours@x>' ? { request: 12, recipient: 'ann@example.net' } : id === '<notice@x>' ? { request: null, recipient: 'ann@example.net' } : null)
}
const message = (...fields: string[]): Buffer => Buffer.from(['From: Ann <ann@example.net>', 'To: it@example.com', ...fields, '', 'Text'].join('\r\n'))
const bounceOf = (messageId: string): Buffer =>
  Buffer.from(['From: mailer-daemon@example.org', 'To: it@example.com', 'Subject: Undelivered', 'Content-Type: multipart/report; report-type=delivery-status; boundary=b', '', '--b', '', 'Sorry.', '--b', 'Content-Type: message/delivery-status', '', 'Reporting-MTA: dns; mx.example.org', '', 'Final-Recipient: rfc822; ann@example.net', 'Action: failed', 'Status: 5.1.1', 'Diagnostic-Code: smtp; 550 no such user', '', '--b', 'Content-Type: text/rfc822-headers', '', `Message-ID: ${messageId}`, '', '--b--', ''].join('\r\n'))
const decided = (raw: Buffer, server: Partial<IncomingServer> | null = {}, takenBefore: string | null = null) =>
  decide({ ...nothingKnown, parsed: parseMessage(raw), server: server === null ? null : { ...base, ...server }, partition: null, settings, conversations, takenBefore })

const table: [string, Buffer, Partial<IncomingServer> | null, string, string, number | null][] = [
  ['a question', message('Subject: Help'), {}, 'request', 'outcome', null],
  ['id in the subject', message('Subject: Re: ##RE-12## Help'), {}, 'reply', 'outcome', 12],
  ['id of a request that does not exist', message('Subject: ##RE-4711##'), {}, 'request', 'outcome', null],
  ['id without delimiters', message('Subject: RE-12'), {}, 'request', 'outcome', null],
  ['id of another module', message('Subject: ##CH-12##'), {}, 'request', 'outcome', null],
  ['In-Reply-To', message('In-Reply-To: <known@x>'), {}, 'reply', 'outcome', 12],
  ['References, the latest first', message('References: <known@x> <other@x>'), {}, 'reply', 'outcome', 12],
  ['subject before references', message('Subject: ##RE-13##', 'In-Reply-To: <known@x>'), {}, 'reply', 'outcome', 13],
  ['wrong id, right reference', message('Subject: ##RE-4711##', 'In-Reply-To: <known@x>'), {}, 'reply', 'outcome', 12],
  ['id of a request of another partition', message('Subject: ##RE-14##'), {}, 'request', 'outcome', null],
  ['reference to a request of another partition', message('In-Reply-To: <hr@x>'), {}, 'request', 'outcome', null],
  ['the line that we write into the text', Buffer.from('From: ann@example.net\r\nTo: it@example.com\r\n\r\nThanks\r\n\r\n> Reference: ##RE-12##\r\n'), {}, 'reply', 'outcome', 12],
  ['a report on our mail about a request', bounceOf('<ours@x>'), {}, 'reply', 'outcome', 12],
  ['a report on a notice of ours', bounceOf('<notice@x>'), {}, 'dropped', 'bounce', null],
  ['a report on mail that is none of ours', bounceOf('<forged@x>'), {}, 'request', 'outcome', null],
  ['reference to a request that is gone', message('In-Reply-To: <gone@x>'), {}, 'request', 'outcome', null],
  ['automatic answer to a request', message('Auto-Submitted: auto-replied', 'In-Reply-To: <known@x>'), {}, 'reply', 'outcome', 12],
  ['automatic mail of no request is not lost', message('Auto-Submitted: auto-replied'), {}, 'request', 'outcome', null],
  ['automatic answer of the mailbox itself', Buffer.from('From: IT@example.com\r\nTo: it@example.com\r\nAuto-Submitted: auto-replied\r\n\r\nx'), {}, 'dropped', 'loop-guard', null],
  ['mail of the mailbox to itself', Buffer.from('From: it@example.com\r\nTo: it@example.com\r\n\r\nx'), {}, 'request', 'outcome', null],
  ['our own notice', message('X-Mailroom-Notice: connectivity'), {}, 'dropped', 'loop-guard', null],
  ['other recipients left', Buffer.from('From: a@b.c\r\nTo: sales@example.com\r\n\r\nx'), { otherRecipients: 'leave' }, 'dropped', 'recipients', null],
  ['other recipients taken', Buffer.from('From: a@b.c\r\nTo: sales@example.com\r\n\r\nx'), { otherRecipients: 'take' }, 'request', 'outcome', null],
  ['no addresses named', Buffer.from('From: a@b.c\r\nTo: sales@example.com\r\n\r\nx'), { addresses: [], otherRecipients: 'leave' }, 'request', 'outcome', null],
  ['new requests disabled', message(), { newRequests: { allowed: false, except: [] } }, 'dropped', 'new-requests', null],
  ['new requests disabled, but a reply', message('In-Reply-To: <known@x>'), { newRequests: { allowed: false, except: [] } }, 'reply', 'outcome', 12],
  ['new requests disabled, but an exception', message(), { newRequests: { allowed: false, except: ['example.net'] } }, 'request', 'outcome', null],
  ['no server', message(), null, 'request', 'outcome', null],
  ['no sender', Buffer.from('To: it@example.com\r\n\r\nx'), {}, 'error', 'readable', null],
  ['no header', Buffer.from('x'), {}, 'error', 'readable', null],
  ['empty', Buffer.alloc(0), {}, 'error', 'readable', null]
]
for (const [what, raw, server, outcome, lastStep, replyTo] of table)
  test(`pipeline: ${what}`, () => {
    const decision = decided(raw, server)
    assert.deepEqual([decision.outcome, decision.steps.at(-1)?.step, decision.replyTo], [outcome, lastStep, replyTo])
    assert.equal(decision.reason === null, outcome === 'request' || outcome === 'reply')
    assert.equal(decision.problem === null, outcome !== 'error')
    assert.equal(decision.steps.at(-1)?.outcome, outcome)
    for (const step of decision.steps) assert.match(step.detail, /\S{2,}.*/)
  })

test('mail for others is left on the server, other dropped mail is not', () => {
  assert.equal(decided(Buffer.from('From: a@b.c\r\nTo: sales@example.com\r\n\r\nx'), { otherRecipients: 'leave' }).leave, true)
  assert.equal(decided(message(), { newRequests: { allowed: false, except: [] } }).leave, false)
})

test('a copy of what was taken is dropped, with the words of who knows it', () => {
  const decision = decided(message(), {}, 'Already taken as request 12.')
  assert.deepEqual([decision.outcome, decision.reason, decision.steps.at(-1)?.step], ['dropped', 'Already taken as request 12.', 'already-seen'])
})

test('bad attachments are taken off and the message goes on', () => {
  const file = (name: string, base64: string): string => `--b\r\nContent-Type: application/octet-stream; name=${name}\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64}\r\n`
  const raw = Buffer.from(`From: a@b.c\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${file('a.pdf', 'JVBERi0x')}${file('b.exe', 'AAAA')}${file('c.txt', 'iVBORw0KGgoAAAAN')}${file('d.txt', '')}--b--`)
  const { outcome, stripped, steps } = decided(raw)
  assert.equal(outcome, 'request')
  assert.deepEqual(stripped.map(({ index, stripped: { code } }) => [index, code]), [[1, 'extension-not-allowed'], [2, 'content-type-mismatch'], [3, 'empty-file']])
  assert.match(steps.find(({ step }) => step === 'attachments')?.detail ?? '', /^3 of 4 taken off\./)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newIncomingServer, type IncomingServer } from '#contract/incoming-server.ts'
import { settings as settingsSchema } from '#contract/settings.ts'
import { nothingKnown } from '../../requests/nothing-known.ts'
import type { DecisionInput } from '../../requests/decide.ts'
import { addressSet } from '../../model/is-for-mailbox.ts'
import { parseMessage } from '../parsing/parse-message.ts'
import { decide } from '../pipeline.ts'

const server = { ...(newIncomingServer('imap', 'IT') as IncomingServer), name: 'it', addresses: ['it@example.com'] }
const settings = settingsSchema.parse({ processing: { answers: { acknowledge: true, mostPerHour: 2 }, attachments: { blockedExtensions: ['exe'] } }, alerts: { applicationErrors: { enabled: true, to: ['tech@example.com'] } } })
const conversations: DecisionInput['conversations'] = { ...nothingKnown.conversations, request: (number) => (number === 7 ? { number, subject: 'Printer', createdAt: '2026-11-20T08:00:00.000Z', status: 'open', partition: 'IT', requester: '', values: {} } : null) }

const mail = (from: string, ...fields: string[]): Buffer => Buffer.from([`From: ${from}`, 'To: it@example.com', ...fields, '', 'Text'].join('\r\n'))
const withProgram = (...fields: string[]): Buffer =>
  Buffer.from(['From: ann@example.net', 'Subject: Tool', ...fields, 'Content-Type: multipart/mixed; boundary=b', '', '--b', '', 'Here', '--b', 'Content-Type: application/octet-stream; name=tool.exe', 'Content-Transfer-Encoding: base64', '', 'AAAA', '--b--', ''].join('\r\n'))
const decided = (raw: Buffer, answered = 0) =>
  decide({ ...nothingKnown, conversations, recent: { mailsFrom: () => 0, answersTo: () => answered }, parsed: parseMessage(raw), server, partition: null, settings })

const table: [string, Buffer, number, string[]][] = [
  ['a new request is acknowledged', mail('ann@example.net', 'Subject: Help'), 0, ['ann@example.net Received: Help']],
  ['a reply is not', mail('ann@example.net', 'Subject: Re: ##RE-7##'), 0, []],
  ['automatic mail is not', mail('ann@example.net', 'Auto-Submitted: auto-replied'), 0, []],
  ['mail that asks for no answer is not', mail('ann@example.net', 'X-Auto-Response-Suppress: DR, AutoReply'), 0, []],
  ['mail that asks for no delivery report only is', mail('ann@example.net', 'Subject: Help', 'X-Auto-Response-Suppress: DR'), 0, ['ann@example.net Received: Help']],
  ['a mailbox that nobody reads is not', mail('no-reply@example.net'), 0, []],
  ['an address that no server would take is not', mail('ann@example..net', 'Subject: Help'), 0, []],
  ['our own mailbox is not', mail('IT@example.com'), 0, []],
  ['who got one may get another', mail('ann@example.net', 'Subject: Help'), 1, ['ann@example.net Received: Help']],
  ['who got as many as are allowed gets none', mail('ann@example.net'), 2, []],
  ['what was taken off is told to sender and technicians', withProgram(), 0, ['ann@example.net Received: Tool', 'ann@example.net Attachments taken off: Tool', 'tech@example.com Attachments taken off mail from ann@example.net']],
  ['what was taken off automatic mail is told to technicians alone', withProgram('Auto-Submitted: auto-generated'), 0, ['tech@example.com Attachments taken off mail from ann@example.net']]
]
for (const [what, raw, answered, expected] of table)
  test(`answers: ${what}`, () => assert.deepEqual(decided(raw, answered).answers.map(({ to, subject }) => `${to} ${subject}`), expected))

test('a loop is told with who is in it', () => {
  assert.deepEqual(decided(mail('ann@example.net'), 2).loop, { address: 'ann@example.net', answers: 2 })
  assert.equal(decided(mail('ann@example.net'), 1).loop, null)
})

test('a domain that got fifty times as many is silent, unless it is ours', () => {
  const of = (from: string) => decide({ ...nothingKnown, outgoing: { ...nothingKnown.outgoing, ours: addressSet(['it@example.com']) }, recent: { mailsFrom: () => 0, answersTo: (whom) => (whom.startsWith('@') ? 100 : 0) }, conversations, parsed: parseMessage(mail(from, 'Subject: Help')), server, partition: null, settings })
  assert.deepEqual([of('ann@example.com').answers.length, of('ann@example.com').loop], [1, null])
  assert.deepEqual([of('ann@example.net').answers.length, of('ann@example.net').loop], [0, { address: 'example.net', answers: 100 }])
})

test('with room for one answer it is that of what was taken off, and nobody speaks of a loop', () => {
  const { answers, loop, steps } = decided(withProgram(), 1)
  assert.deepEqual([answers.filter(({ to }) => to === 'ann@example.net').map(({ subject }) => subject), loop], [['Attachments taken off: Tool'], null])
  assert.match(steps.find(({ step }) => step === 'answers')?.detail ?? '', /No other answer goes to ann@example\.net: more than 2 an hour would be too many\./)
})

test('a reply to what is told of attachments is no command', () => {
  const commands = settingsSchema.parse({ ...settings, processing: { ...settings.processing, emailCommand: { enabled: true } } })
  const raw = Buffer.from(withProgram().toString().replace('Subject: Tool', 'Subject: @@command@@ Tool'))
  const { answers } = decide({ ...nothingKnown, conversations, parsed: parseMessage(raw), server, partition: null, settings: commands })
  assert.equal(answers.find(({ kind }) => kind === 'attachments-stripped')?.subject, 'Attachments taken off: Tool')
})

test('the sender reads the file, the reason and the remedy', () => {
  const answer = decided(withProgram()).answers.find(({ kind }) => kind === 'attachments-stripped')
  assert.match(answer?.text ?? '', /\n- [^\n]+\.exe: Files with the extension \.exe are not accepted\.\n.*another format/s)
})

test('technicians are not told of every mail of a sender who sends many', () => {
  const told = (mails: number): number =>
    decide({ ...nothingKnown, recent: { mailsFrom: () => mails, answersTo: () => 0 }, parsed: parseMessage(withProgram()), server, partition: null, settings }).answers.filter(({ kind }) => kind === 'attachments-stripped-notice').length
  assert.deepEqual([told(0), told(1), told(2)], [1, 1, 0])
})

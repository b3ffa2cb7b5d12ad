import type { ErrorDetail, ErrorRow } from '../../src-contract/error-record.ts'
import type { ConversationEntry, RequestRow } from '../../src-contract/request.ts'
import type { ExplainedStep, ProcessedMessage } from '../../src-contract/message.ts'
import type { Problem } from '../../src-contract/problem.ts'
import { ago } from './sample-configuration.ts'
import { valuesOf } from './sample-records.ts'

const subjects = ['Printer on the 3rd floor shows error 59.F0', 'VPN drops every ten minutes since this morning', 'Access to the finance share', 'New colleague starts on Monday – laptop and accounts', 'Re: Monitor flickers', 'Outlook asks for my password again and again', 'Bestellung: zwei Headsets für das Empfangsteam', 'Scanner sends empty PDF files', 'Phone number shows up wrong on outgoing calls', 'Please restore a deleted folder in the project drive']
const people = ['ann.meyer@example.com', 'tomas.novak@example.com', 'j.okafor@example.com', 'priya.raman@example.com', 'lucas.martin@example.com']
export const requestTotal = 1_204

export const requestRow = (number: number): RequestRow => ({
  number, subject: subjects[number % subjects.length] ?? '', status: number % 7 === 3 ? 'closed' : 'open', requester: people[number % people.length] ?? '', server: number % 3 === 0 ? 'hr' : 'it',
  messageId: `<${number}.a7c1@example.com>`, createdAt: ago((requestTotal - number) * 17 * 60_000 + 9_000), replies: number % 4, attachments: number % 3, partition: number % 3 === 0 ? 'HR' : 'IT', values: valuesOf(number)
})

const steps: ExplainedStep[] = [
  { step: 'loop-guard', outcome: 'pass', detail: 'Not sent automatically: no Auto-Submitted, no Precedence, a return path is given.' },
  { step: 'already-seen', outcome: 'pass', detail: 'First time this message is seen in this mailbox.' },
  { step: 'conversation', outcome: 'pass', detail: 'No request number in the subject and no known message in References.' },
  { step: 'attachments', outcome: 'pass', detail: '2 attachments checked, 1 taken off: setup.exe.' },
  { step: 'request', outcome: 'request', detail: 'New request in partition IT.' }
]

const html = (remote: boolean): string => `<p>Hello,</p><p>since this morning the printer on the <b>3rd floor</b> shows <code>59.F0</code> and nothing comes out. I have switched it off and on twice.</p><p>${remote ? '<img alt="Company banner" src="data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22 width=%22220%22 height=%2248%22%3E%3Crect width=%22220%22 height=%2248%22 fill=%22%23cde%22/%3E%3C/svg%3E">' : ''}</p><p>Regards<br>Ann Meyer<br><a href="https://www.example.com">example.com</a></p>`

export const entry = (id: number, remote: boolean): ConversationEntry => ({
  id, kind: id % 10 === 1 ? 'request' : 'reply', from: { name: 'Ann Meyer', address: 'ann.meyer@example.com' }, to: [{ name: '', address: 'it@example.com' }], cc: [{ name: 'Team lead', address: 'lead@example.com' }],
  subject: subjects[0] ?? '', date: ago(3_600_000), receivedAt: ago(3_590_000), messageId: `<${id}@example.com>`, text: 'Hello,\n\nsince this morning the printer on the 3rd floor shows 59.F0 and nothing comes out.\n\nRegards\nAnn Meyer',
  html: id % 10 === 1 ? html(remote) : null, remoteContentBlocked: id % 10 === 1 && !remote,
  attachments: id % 10 === 1 ? [
    { index: 0, name: 'printer-display.png', contentType: 'image/png', size: 248_120, disposition: 'attachment', contentId: null, stripped: null },
    { index: 1, name: 'setup.exe', contentType: 'application/octet-stream', size: 1_048_576, disposition: 'attachment', contentId: null, stripped: { code: 'extension-not-allowed', reason: 'The extension exe is not allowed.', remedy: 'Send the file in another form, or ask an administrator to allow the extension.' } }
  ] : [], steps, originalKept: true
})

/** A request, a protected reply about a meeting, the report on mail of ours that came back, and for even numbers the command that changed it. */
export const conversationOf = (number: number): ConversationEntry[] => [
  entry(number * 10 + 1, false),
  { ...entry(number * 10 + 2, false), protection: 'smime-signed', calendar: { method: 'REQUEST', summary: 'Look at the printer', start: '2026-11-23T09:30', end: '2026-11-23T10:00', location: 'Room 3.17', organizer: 'ann.meyer@example.com' } },
  ...(number % 2 ? [] : [{ ...entry(number * 10 + 3, false), kind: 'command' as const, from: { name: 'Tomas Novak', address: 'tomas.novak@example.com' }, subject: `@@command@@ ##RE-${number}##`, text: '$Operation=EditRequest$\n$Priority=High$\n$Cost centre=4711$' }]),
  { ...entry(number * 10 + 4, false), kind: 'bounce', from: { name: 'Mail Delivery System', address: 'mailer-daemon@mail.example.com' }, subject: 'Undelivered Mail Returned to Sender', text: '<lucas.martin@example.com>: host mx.example.com said: 550 5.1.1 User unknown' }
]

const causes: Problem[] = [{ code: 'message-without-sender' }, { code: 'message-too-deeply-nested', depth: 2_000, limit: 100 }, { code: 'message-header-too-large', size: 1_048_576, limit: 262_144 }, { code: 'message-too-large', size: 62_000_000, limit: 50_000_000 }]
const errorSubjects = ['(no subject)', 'Fwd: Fwd: Fwd: Fwd: delivery schedule', 'Invoice 2026-1187', 'Video of the broken conveyor belt', 'Scan from device 0x00E1', 'Undelivered: minutes of the meeting']

export const errorRow = (id: number): ErrorRow => {
  const problem = causes[id % causes.length] as Problem
  return { id, server: id % 3 === 0 ? 'hr' : 'sales', subject: errorSubjects[id % errorSubjects.length] ?? '', from: people[id % people.length] ?? '', messageId: `<err-${id}@example.com>`, code: problem.code, failedAt: ago(id * 41 * 60_000), size: 4_200 * id, where: id % 3 === 0 ? 'skipped' : 'error-folder', request: null }
}
export const errorIds = [1, 2, 3, 4, 5, 6]

export const errorDetail = (id: number): ErrorDetail => ({
  ...errorRow(id), problem: causes[id % causes.length] as Problem, exception: 'ProblemError: message-without-sender\n  step: read-sender\n  header: From is missing, Sender is missing, Return-Path is <>', headers: `Return-Path: <>\nReceived: from device (unknown [192.0.2.77])\n  by mail.example.com with ESMTP\nSubject: ${errorSubjects[id % errorSubjects.length]}\nMessage-ID: <err-${id}@example.com>`,
  text: 'The scan is attached.\nDo not answer this message.', html: null, raw: `Return-Path: <>\nSubject: ${errorSubjects[id % errorSubjects.length]}\nMessage-ID: <err-${id}@example.com>\n\nThe scan is attached.\nDo not answer this message.\n`, rawTruncated: id === 4,
  steps: [{ step: 'parse', outcome: 'pass', detail: '2 parts, 1 attachment.' }, { step: 'sender', outcome: 'error', detail: 'Neither From nor Sender names an address.' }]
})

export const tried = (): ProcessedMessage => ({
  outcome: 'request', reason: null, steps,
  message: { from: { name: 'Ann Meyer', address: 'ann.meyer@example.com' }, to: [{ name: '', address: 'it@example.com' }], cc: [], replyTo: [], subject: subjects[0] ?? '', date: ago(60_000), messageId: '<try@example.com>', inReplyTo: null, references: [], text: 'Since this morning the printer shows 59.F0.', html: null, attachments: [{ name: 'printer-display.png', contentType: 'image/png', size: 248_120, disposition: 'attachment', contentId: null, stripped: null }] }
})

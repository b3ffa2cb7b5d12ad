import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settings } from '#contract/settings.ts'
import type { AutomaticMail } from './is-automatic-mail.ts'
import { isReadByNobody, requestMailRecipients, type MailGuards, type RequestHappening } from './request-mail-recipients.ts'

const rule = (name: string, to: string[], more: object = {}) => ({ name, event: 'request-created', to, template: { subject: 's', text: 't' }, ...more })
const rulesOf = (...rules: object[]) => settings.parse({ requestMails: rules }).requestMails
const guards: MailGuards = {
  isOurs: (address) => address === 'it@example.com', isOurDomain: (address) => address.endsWith('@example.com'), isUnusable: (address) => address === 'gone@example.net', answersTo: () => 0, mailsFrom: () => 0, mostPerHour: 2,
  addressOfName: (name) => (name === 'Tess' ? 'tess@example.com' : null)
}
const byAnn = { writer: 'ann@example.net', automatic: null, byConsole: false, asksForSilence: false }
const happening: RequestHappening = { event: 'request-created', partition: 'IT', requester: 'ann@example.net', values: {}, cc: ['bo@example.net', 'cy@example.net'], cause: byAnn }
const automatic = (kind: AutomaticMail['kind']): RequestHappening['cause'] => ({ ...byAnn, automatic: { kind, sign: 'Auto-Submitted: x' } })

type Row = [what: string, rules: object[], change: Partial<RequestHappening>, guards: Partial<MailGuards>, expected: string[]]
const toDomain = (answers: number) => (whom: string): number => (whom === '@example.net' ? answers : 0)
const everybody = ['requester', 'cc', 'technician', 'desk@example.com']
const table: Row[] = [
  ['all whom a rule names', [rule('a', everybody)], { values: { technicianEmail: 'tess@example.com' } }, {}, ['ann@example.net', 'bo@example.net', 'cy@example.net', 'tess@example.com', 'desk@example.com']],
  ['a technician by the address in the name', [rule('a', ['technician'])], { values: { technician: 'Tess <T@example.com>' } }, {}, ['T@example.com']],
  ['a technician by name', [rule('a', ['technician'])], { values: { technician: 'Tess' } }, {}, ['tess@example.com']],
  ['a technician whom nobody knows', [rule('a', ['technician'])], { values: { technician: 'Tom' } }, {}, []],
  ['no technician', [rule('a', ['technician'])], {}, {}, []],
  ['each once a rule', [rule('a', ['ANN@example.net', 'requester', 'cc'])], { cc: ['ann@EXAMPLE.net', 'bo@example.net'] }, {}, ['ann@example.net', 'bo@example.net']],
  ['each rule by itself', [rule('a', ['requester']), rule('b', ['requester'])], {}, {}, ['ann@example.net', 'ann@example.net']],
  ['a rule that is off', [rule('a', ['requester'], { enabled: false })], {}, {}, []],
  ['a rule of another event', [rule('a', ['requester'], { event: 'request-closed' })], {}, {}, []],
  ['a rule of another partition', [rule('a', ['requester'], { partitions: ['HR'] }), rule('b', ['cc'], { partitions: ['HR', 'IT'] })], {}, {}, ['bo@example.net', 'cy@example.net']],
  ['never an address of ours', [rule('a', ['requester', 'cc', 'it@example.com'])], { requester: 'it@example.com', cc: ['it@example.com'] }, {}, []],
  ['never one that mail came back from', [rule('a', ['requester', 'cc', 'gone@example.net'])], { requester: 'gone@example.net', cc: ['gone@example.net', 'bo@example.net'] }, {}, ['bo@example.net']],
  ['never what is no address', [rule('a', ['requester', 'cc'])], { requester: '', cc: ['undisclosed recipients', 'a@b\r\nBcc: x@example.org'] }, {}, []],
  ['never what no server would take, which would only lie refused in the outbox', [rule('a', ['cc'])], { cc: ['a@example..net', 'a@example.net.', 'a@exa_mple.net/x', 'b\u200b@example.net', `${'l'.repeat(65)}@example.net`, 'bo@bücher.example'] }, {}, ['bo@bücher.example']],
  ['nobody who does not read', [rule('a', ['requester', 'cc'])], { requester: 'no-reply@example.net', cc: ['MAILER-DAEMON@example.net', 'donotreply@example.net', 'postmaster@example.net', 'bo@example.net'] }, {}, ['bo@example.net']],
  ['an address of a rule, whatever its name', [rule('a', ['postmaster@example.com'])], {}, {}, ['postmaster@example.com']],
  ['at most 25 in Cc', [rule('a', ['cc'])], { cc: Array.from({ length: 100 }, (_, index) => `c${index}@example.net`) }, {}, Array.from({ length: 25 }, (_, index) => `c${index}@example.net`)],
  ['nobody who wrote, because of an automatic answer', [rule('a', everybody)], { cause: automatic('answer') }, {}, []],
  ['nobody because of a report', [rule('a', everybody)], { cause: automatic('bounce') }, {}, []],
  ...(['notification', 'list', 'bulk'] as const).map((kind): Row => [`technicians and addresses because of a ${kind}`, [rule('a', everybody)], { cause: automatic(kind), values: { technicianEmail: 'tess@example.com' } }, {}, ['tess@example.com', 'desk@example.com']]),
  ['not the program that wrote', [rule('a', ['ann@example.net', 'desk@example.com'])], { cause: automatic('notification') }, {}, ['desk@example.com']],
  ['nobody because of another console', [rule('a', everybody)], { cause: { ...byAnn, automatic: { kind: 'notification', sign: 'x' }, byConsole: true } }, {}, []],
  ['nobody because of an automatic reply', [rule('a', everybody, { event: 'reply-received' })], { event: 'reply-received', cause: automatic('notification') }, {}, []],
  ['the requester of what a program closes', [rule('a', ['requester'], { event: 'request-closed' })], { event: 'request-closed', requester: 'bo@example.net', cause: automatic('notification') }, {}, ['bo@example.net']],
  ['not the program that closes its own', [rule('a', ['requester'], { event: 'request-closed' })], { event: 'request-closed', cause: automatic('notification') }, {}, []],
  ['not who asks for silence', [rule('a', ['requester', 'cc', 'desk@example.com'])], { cause: { ...byAnn, asksForSilence: true } }, {}, ['bo@example.net', 'cy@example.net', 'desk@example.com']],
  ['who got one may get another', [rule('a', ['requester'])], {}, { answersTo: () => 1 }, ['ann@example.net']],
  ['who got as many as are allowed gets none', [rule('a', ['requester', 'desk@example.com'])], {}, { answersTo: () => 2 }, ['desk@example.com']],
  ['nobody of a domain that got fifty times as many', [rule('a', ['requester', 'cc', 'desk@example.com'])], { cc: ['bo@example.org'] }, { answersTo: toDomain(100) }, ['bo@example.org', 'desk@example.com']],
  ['the last of a domain that has room for one', [rule('a', ['requester', 'cc'])], {}, { answersTo: toDomain(99) }, ['ann@example.net']],
  ['anybody of our domain, where most write from', [rule('a', ['requester', 'cc'])], { requester: 'ann@example.com', cc: [] }, { answersTo: (whom) => (whom === '@example.com' ? 5_000 : 0) }, ['ann@example.com']],
  ['anybody by hand, which is no loop', [rule('a', ['requester'], { event: 'request-closed' })], { event: 'request-closed', cause: null }, { answersTo: toDomain(5_000) }, ['ann@example.net']],
  ['what other rules send counts', [rule('a', ['requester']), rule('b', ['requester']), rule('c', ['requester'])], {}, {}, ['ann@example.net', 'ann@example.net']],
  ['an address that wrote as many itself', [rule('a', ['ann@example.net'])], {}, { mailsFrom: () => 2 }, []],
  ['an address, of somebody who writes much', [rule('a', ['desk@example.com'])], {}, { mailsFrom: () => 19 }, ['desk@example.com']],
  ['an address, of somebody who writes without end', [rule('a', ['desk@example.com'])], {}, { mailsFrom: () => 20 }, []],
  ['those in Cc of somebody who writes as much as is answered', [rule('a', ['requester', 'cc'])], {}, { mailsFrom: () => 1 }, ['ann@example.net', 'bo@example.net', 'cy@example.net']],
  ['nobody else in Cc of somebody who writes more, whose words would reach any number of strangers under our name', [rule('a', ['requester', 'cc'])], {}, { mailsFrom: () => 2 }, ['ann@example.net']],
  ['requesters, of a technician who writes much', [rule('a', ['requester'], { event: 'reply-received' })], { event: 'reply-received', requester: 'bo@example.net' }, { mailsFrom: () => 19 }, ['bo@example.net']],
  ['no requesters of a stranger who writes without end', [rule('a', ['requester'], { event: 'reply-received' })], { event: 'reply-received', requester: 'bo@example.net' }, { mailsFrom: () => 20 }, []],
  ['by hand in the console', [rule('a', everybody, { event: 'request-reopened' })], { event: 'request-reopened', cause: null }, {}, ['ann@example.net', 'bo@example.net', 'cy@example.net', 'desk@example.com']],
  ['nobody who does not read, also by hand', [rule('a', ['requester', 'cc'], { event: 'request-closed' })], { event: 'request-closed', requester: 'no-reply@example.net', cause: null }, {}, ['bo@example.net', 'cy@example.net']]
]
for (const [what, rules, change, known, expected] of table)
  test(`request mail goes to: ${what}`, () => assert.deepEqual(requestMailRecipients(rulesOf(...rules), { ...happening, ...change }, { ...guards, ...known }).recipients.map(({ to }) => to), expected))

const written: [address: string, byNobody: boolean][] = [
  ['noreply@example.net', true], ['NO-REPLY@example.net', true], ['no_reply@example.net', true], ['no.reply+x@example.net', true], ['do_not_reply@example.net', true], ['noreply-billing@example.net', true], ['billing-noreply@example.net', true], ['mailer-daemon+1@example.net', true],
  ['inno-reply@example.net', false], ['reply@example.net', false], ['noreplying@example.net', false], ['ann@no-reply.example.net', false], ['postmasters@example.net', false]
]
for (const [address, byNobody] of written) test(`${address} is read by ${byNobody ? 'nobody' : 'somebody'}`, () => assert.equal(isReadByNobody(address), byNobody))

test('who gets none is told with the reason, and a loop with who is in it', () => {
  const { silent, loop } = requestMailRecipients(rulesOf(rule('a', ['requester', 'it@example.com'])), happening, { ...guards, answersTo: () => 2 })
  assert.deepEqual(silent, ['Rule a: no mail goes to ann@example.net: it got 2 within the last hour, which looks like a loop.', 'Rule a: no mail goes to it@example.com: it is an address of ours.'])
  assert.deepEqual(loop, { address: 'ann@example.net', answers: 2 })
})

test('of a domain that got too many it is the domain that is told', () => {
  const { silent, loop } = requestMailRecipients(rulesOf(rule('a', ['requester'])), happening, { ...guards, answersTo: toDomain(120) })
  assert.deepEqual([silent, loop], [['Rule a: no mail goes to ann@example.net: addresses of example.net got 120 within the last hour, which looks like a loop.'], { address: 'example.net', answers: 120 }])
})

test('requester and Cc are answers, technician and addresses are none', () => {
  const { recipients } = requestMailRecipients(rulesOf(rule('a', everybody)), { ...happening, values: { technician: 'Tess' }, cc: ['bo@example.net'] }, guards)
  assert.deepEqual(recipients.map(({ isAnswer }) => isAnswer), [true, true, false, false])
})

test('a rule for a technician says where there is none', () =>
  assert.deepEqual(requestMailRecipients(rulesOf(rule('a', ['technician'])), happening, guards).silent, ['Rule a: no technician is told: the request has none with an address.']))

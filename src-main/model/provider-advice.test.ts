import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Auth } from '#contract/fields.ts'
import { newIncomingServer, type IncomingServerDraft } from '#contract/incoming-server.ts'
import { newOutgoingServer, type OutgoingServerDraft } from '#contract/outgoing-server.ts'
import { adviceFor, type AdvisedServer } from './provider-advice.ts'
import { providerFacts, type ProviderFact } from './provider-facts.ts'

const password = (user = 'it@example.com'): Auth => ({ method: 'password', user, secret: 'keychain' })
const tokens = (user = 'it@example.com', clientId = 'abc'): Auth => ({ method: 'oauth2', provider: 'microsoft', flow: 'interactive', clientId, user, secret: 'keychain' })
const incoming = (protocol: IncomingServerDraft['protocol'], changes: Partial<IncomingServerDraft>): AdvisedServer => ({ kind: 'incoming', server: { ...newIncomingServer(protocol, 'Main'), name: 'it', ...changes } })
const outgoing = (protocol: OutgoingServerDraft['protocol'], changes: Partial<OutgoingServerDraft>): AdvisedServer => ({ kind: 'outgoing', server: { ...newOutgoingServer(protocol), name: 'main', ...changes } })
const oldTls = { minVersion: 'TLSv1.1' as const, caFile: null, pin: null }
const exchange = 'https://outlook.office365.com/EWS/Exchange.asmx'

/** Server, day, and the advice as `code severity date action`. */
const table: [title: string, server: AdvisedServer, today: string, advice: string[]][] = [
  ['EWS in the cloud before the block', incoming('ews', { endpoint: exchange, auth: tokens() }), '2026-09-30', ['ews-in-exchange-online warning 2026-10-01 move-to-graph']],
  ['EWS in the cloud while it is blocked', incoming('ews', { endpoint: exchange, auth: tokens() }), '2026-10-01', ['ews-in-exchange-online warning 2027-04-01 move-to-graph']],
  ['EWS in the cloud on the last day', incoming('ews', { endpoint: exchange, auth: tokens() }), '2027-03-31', ['ews-in-exchange-online warning 2027-04-01 move-to-graph']],
  ['EWS in the cloud when it is gone', incoming('ews', { endpoint: exchange, auth: tokens() }), '2027-04-01', ['ews-in-exchange-online broken null move-to-graph']],
  ['EWS for sending too', outgoing('ews', { endpoint: exchange, auth: tokens() }), '2026-11-21', ['ews-in-exchange-online warning 2027-04-01 move-to-graph']],
  ['EWS of a national cloud', incoming('ews', { endpoint: 'https://outlook.office365.us/EWS/Exchange.asmx', auth: tokens() }), '2026-11-21', ['ews-in-exchange-online warning 2027-04-01 move-to-graph']],
  ['EWS in the cloud by password', incoming('ews', { endpoint: exchange, auth: password() }), '2026-11-21', ['exchange-online-by-password broken null move-to-graph', 'ews-in-exchange-online warning 2027-04-01 move-to-graph']],
  ['EWS on the premises', incoming('ews', { endpoint: 'https://mail.example.com/EWS/Exchange.asmx', auth: { ...password(), method: 'ntlm' } }), '2027-06-01', ['hybrid-mailboxes-need-graph note null null']],
  ['EWS of which nothing is known yet', incoming('ews', { endpoint: '', auth: password() }), '2027-06-01', []],
  ['a host that only looks like the cloud', incoming('imap', { host: 'outlook.office365.com.example.net', auth: password() }), '2026-11-21', []],
  ['IMAP in the cloud by password', incoming('imap', { host: 'Outlook.Office365.com', auth: password() }), '2026-11-21', ['exchange-online-by-password broken null move-to-graph']],
  ['POP in the cloud by password and old TLS', incoming('pop3', { host: 'outlook.office365.com', auth: password(), tls: oldTls }), '2026-11-21', ['exchange-online-by-password broken null move-to-graph', 'tls-below-1.2 note null open-server']],
  ['old TLS before its end', incoming('imap', { host: 'outlook.office365.com', auth: tokens(), tls: oldTls }), '2026-06-30', ['tls-below-1.2 note 2026-07-01 open-server']],
  ['old TLS elsewhere', incoming('imap', { host: 'mail.example.com', auth: password(), tls: oldTls }), '2026-11-21', []],
  ['IMAP in the cloud by tokens', incoming('imap', { host: 'outlook.office365.com', auth: tokens() }), '2027-06-01', []],
  ['SMTP in the cloud by password, before', outgoing('smtp', { host: 'smtp.office365.com', auth: password() }), '2026-12-30', ['smtp-auth-by-password warning 2026-12-31 move-to-graph']],
  ['SMTP in the cloud by password, after', outgoing('smtp', { host: 'smtp.office365.com', auth: password() }), '2026-12-31', ['smtp-auth-by-password warning null move-to-graph']],
  ['SMTP in the cloud without sign-in', outgoing('smtp', { host: 'example-com.mail.protection.outlook.com', auth: { method: 'none', user: '', secret: 'keychain' } }), '2027-06-01', []],
  ['a personal account', incoming('imap', { host: 'outlook.office365.com', auth: password('ann@hotmail.co.uk') }), '2026-11-21', ['outlook-com-by-password broken null open-server']],
  ['a personal account at its own host', outgoing('smtp', { host: 'smtp-mail.outlook.com', auth: password('ann@example.com') }), '2026-11-21', ['outlook-com-by-password broken null open-server']],
  ['Google by password', incoming('imap', { host: 'imap.gmail.com', auth: password('ann@gmail.com') }), '2026-11-21', ['google-by-password warning null open-server']],
  ['Google by tokens', outgoing('smtp', { host: 'smtp.gmail.com', auth: { ...tokens(), provider: 'google' } }), '2026-11-21', []],
  ['Graph', incoming('graph', { auth: tokens() }), '2027-06-01', []]
]
for (const [title, server, today, advice] of table)
  test(`advice on ${today}: ${title}`, () => {
    assert.deepEqual(adviceFor(server, today, []).map(({ code, severity, date, action }) => `${code} ${severity} ${date} ${action}`), advice)
  })

test('nobody is sent to Graph whose mailbox is there already', () => {
  const ews = incoming('ews', { endpoint: exchange, auth: tokens() })
  assert.equal(adviceFor(ews, '2026-11-21', [incoming('graph', { auth: tokens('IT@example.com') })])[0]?.action, null)
  assert.equal(adviceFor(ews, '2026-11-21', [incoming('graph', { auth: tokens('hr@example.com') }), outgoing('graph', { auth: tokens() })])[0]?.action, 'move-to-graph')
})

test('an application that fetches from and sends as one mailbox is named at the outgoing server', () => {
  const fetching = incoming('graph', { mailbox: 'hr@example.com', auth: tokens('it@example.com', 'ABC') })
  const sending = (changes: Partial<OutgoingServerDraft>) => adviceFor(outgoing('graph', { auth: tokens('hr@example.com', 'abc'), ...changes }), '2026-11-21', [fetching]).map(({ code }) => code)
  assert.deepEqual([sending({}), sending({ auth: tokens('hr@example.com', 'other') }), sending({ mailbox: 'sales@example.com' })], [['client-id-shared'], [], []])
  assert.deepEqual(adviceFor(fetching, '2026-11-21', [outgoing('graph', { auth: tokens('hr@example.com', 'abc') })]), [])
})

test('every fact has a source, the day it was read, and stages in order that begin at once', () => {
  for (const { code, source, asOf, stages } of Object.values<ProviderFact>(providerFacts)) {
    assert.match(source, /^https:\/\//, code)
    assert.match(asOf, /^\d{4}-\d{2}-\d{2}$/, code)
    assert.equal(stages[0]?.from, '', code)
    assert.deepEqual(stages.map(({ from }) => from).toSorted(), stages.map(({ from }) => from), code)
    for (const { title, text } of stages) assert.ok(title.length > 10 && /\.$/.test(text) && !/\.$/.test(title), code)
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { incomingServerDraft } from '#contract/incoming-server.ts'
import { outgoingServerDraft } from '#contract/outgoing-server.ts'
import { findProvider, isWithin, unconfirmed } from './find-provider.ts'
import { nameFor } from './draft-servers.ts'
import { makeCandidates } from './make-candidates.ts'
import { setupOf } from './find-provider.ts'
import { providerTable } from './provider-table.ts'

const cases: [string, string[], string | null][] = [
  ['gmail.com', [], 'google'], ['firm.example', ['aspmx.l.google.com', 'alt1.aspmx.l.google.com'], 'google'], ['firm.example', ['smtp.google.com.'], 'google'],
  ['firm.example', ['firm-example.mail.protection.outlook.com'], 'microsoft-365'], ['firm.onmicrosoft.com', [], 'microsoft-365'], ['firm.example', ['firm-example.k-v1.mx.microsoft'], 'microsoft-365'],
  ['hotmail.com', [], 'outlook'], ['x.example', ['hotmail-com.olc.protection.outlook.com'], 'outlook'],
  ['yahoo.co.uk', [], 'yahoo'], ['x.example', ['mta5.am0.yahoodns.net'], 'yahoo'], ['x.example', ['mx-aol.mail.gm0.yahoodns.net'], 'aol'],
  ['me.com', [], 'icloud'], ['x.example', ['in1-smtp.messagingengine.com'], 'fastmail'], ['gmx.de', [], 'gmx'], ['gmx.com', [], 'gmx-com'], ['WEB.de', [], 'web-de'],
  ['x.example', ['mx00.kundenserver.de'], 'ionos'], ['x.example', ['mx00.ionos.com'], 'ionos-com'], ['x.example', ['smtpin.rzone.de'], 'strato'], ['t-online.de', [], 'telekom'],
  ['posteo.net', [], 'posteo'], ['x.example', ['mxext1.mailbox.org'], 'mailbox-org'], ['x.example', ['mx.zoho.eu'], 'zoho-eu'], ['x.example', ['mx1.mail.ovh.net'], 'ovh'],
  ['evilgmail.com', [], null], ['example.com', ['mx.notgoogle.com', 'google.com.evil.example'], null], ['x.example', [], null]
]
for (const [domain, exchangers, wanted] of cases) test(`${domain} ${exchangers.join(' ')}`, () => assert.equal(findProvider(domain, exchangers)?.id ?? null, wanted))

const address = { address: 'ann.lee@gmail.com', local: 'ann.lee', domain: 'gmail.com' }
const titles = async (domain: string): Promise<string[]> => {
  const provider = findProvider(domain)
  assert.ok(provider)
  return (await makeCandidates([setupOf(provider, { ...address, domain })], address, 'IT', null)).map(({ title, outgoing }) => `${title} / ${outgoing?.protocol}·${outgoing?.auth.method}`)
}

test('each way says what it needs: an application to be registered, or an app password', async () => {
  const provider = findProvider('gmail.com') ?? assert.fail()
  const needs = (await makeCandidates([setupOf(provider, address)], address, 'IT', null)).map(({ notes }) => notes.map((note) => /^(Register|Needs an app password|Settings of)/.exec(note)?.[1]))
  assert.deepEqual(needs, [['Register', 'Settings of'], ['Register', 'Settings of'], ['Needs an app password', 'Settings of']])
})

test('the API first, then IMAP; the way out goes with the way in', async () => {
  assert.deepEqual(await titles('gmail.com'), ['Google by the Gmail API / google·oauth2', 'Google by IMAP, signing in with OAuth / smtp·oauth2', 'Google by IMAP, by password / smtp·password'])
  assert.deepEqual(await titles('firm.onmicrosoft.com'), ['Microsoft 365 by Microsoft Graph / graph·oauth2', 'Microsoft 365 by IMAP, signing in with OAuth / smtp·oauth2'])
  assert.deepEqual(await titles('gmx.net'), ['GMX by IMAP, by password / smtp·password', 'GMX by POP3, by password / smtp·password'])
})

test('every row of the table makes drafts that fit their form, with a source and a day', async () => {
  for (const provider of providerTable) {
    assert.match(provider.source, /^https:\/\//)
    assert.match(provider.asOf, /^2026-\d\d-\d\d$/)
    const candidates = await makeCandidates([setupOf(provider, address)], address, 'IT', null)
    assert.ok(candidates.length > 0)
    for (const { incoming, outgoing, unconfirmedHosts, notes, incomingProbe } of candidates) {
      assert.deepEqual(incomingServerDraft.parse(incoming), incoming)
      assert.ok(outgoing)
      assert.deepEqual(outgoingServerDraft.parse(outgoing), outgoing)
      assert.deepEqual([incoming.name, incoming.addresses, outgoing.replyTo, incoming.partition], ['ann.lee gmail.com', ['ann.lee@gmail.com'], 'ann.lee@gmail.com', 'IT'])
      assert.deepEqual(unconfirmedHosts, [])
      assert.equal(incomingProbe.outcome, 'not-tried')
      assert.ok(notes.some((note) => note.includes(provider.source)))
      assert.ok(['ann.lee@gmail.com', 'ann.lee'].includes(incoming.auth.user))
    }
  }
})

test('hosts that nobody has confirmed', () => {
  assert.deepEqual(unconfirmed(['imap.example.com', 'example.com', 'imap.gmail.com', 'imap.evil.example', 'IMAP.EVIL.example', 'example.com.evil.example', 'notexample.com', ''], 'example.com'), ['imap.evil.example', 'example.com.evil.example', 'notexample.com'])
  assert.ok(!isWithin('badexample.com', 'example.com'))
})

test('names that a server may have', () => {
  const names: [string, string][] = [['it@example.com', 'it example.com'], ['a+b@x.de', 'a b x.de'], ['_x@y.de', 'x y.de'], ['jürgen@bücher.de', 'jürgen bücher.de'], [`${'x'.repeat(80)}@y.de`, 'x'.repeat(64)], ['.@.', 'Mail']]
  for (const [from, wanted] of names) assert.equal(nameFor(from), wanted)
})

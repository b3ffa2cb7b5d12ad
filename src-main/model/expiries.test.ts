import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expiriesOf, type ExpiryFacts } from './expiries.ts'

const none: ExpiryFacts = { server: 'it', kind: 'incoming', clientSecret: null, clientCertificate: null, signIn: null, serverCertificate: null, advice: [] }
const now = Date.parse('2026-11-21T12:00:00Z')

test('nothing is known: nothing ends', () => assert.deepEqual(expiriesOf(none, now), []))

test('everything that ends, soonest first, in days', () => {
  const advice = { code: 'x', severity: 'warning', date: '2027-04-01', title: 'EWS ends', text: '', source: '', asOf: '', action: null } as const
  const found = expiriesOf({ ...none, clientSecret: '2026-12-21', clientCertificate: '2026-11-20T00:00:00.000Z', signIn: '2026-11-28T13:00:00.000Z', serverCertificate: '2027-03-01', advice: [advice, { ...advice, date: null }] }, now)
  assert.deepEqual(found.map(({ what, daysLeft }) => [what, daysLeft]), [['client-certificate', -2], ['sign-in', 7], ['client-secret', 29], ['server-certificate', 99], ['provider', 130]])
  assert.match(found[0]?.text ?? '', /of it expired on 2026-11-20/)
  assert.match(found[2]?.text ?? '', /expires on 2026-12-21/)
  assert.equal(found[2]?.at, '2026-12-21T00:00:00.000Z')
  assert.equal(found[4]?.text, 'it: EWS ends (2027-04-01)')
})

test('a day that is none has no end, and a server certificate that is over was renewed', () => {
  assert.deepEqual(expiriesOf({ ...none, clientSecret: 'soon', serverCertificate: '2026-11-01' }, now), [])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { administrator, createConfiguredConsole } from '../../testbed/configured-console.ts'
import { testCertificates } from '../../testbed/certificates.ts'

/** The console's clock stands at 2026-11-20 08:00 UTC. */
const yaml = `version: 1
incoming:
  - { name: app, protocol: graph, auth: { tenant: t, clientId: c, flow: client-credentials, secretExpires: 2026-12-20 } }
  - { name: person, protocol: graph, auth: { clientId: c, user: it@example.com } }
  - { name: old, protocol: ews, auth: { method: oauth2, clientId: c } }
  - { name: shown, protocol: imap, host: h, auth: { user: u }, tls: { clientCertFile: /me.pem, clientKeyFile: /me.key } }
`

test('everything that ends is listed, soonest first, from settings, files, secrets, sign-ins, tests and announcements', async () => {
  const console = createConfiguredConsole()
  await console.file.import({ yaml, replace: false, reason: null, fileName: 'x' }, administrator)
  const { cert } = testCertificates().client
  console.files['/me.pem'] = cert
  console.secrets.set('server/app', `${cert}\n-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----`)
  console.tokens.set('incoming/person', 'x')
  await console.database.transaction((transaction) => transaction.run('UPDATE incoming_servers SET last_test = ? WHERE name = ?', [JSON.stringify({ steps: [{ step: 'tls', outcome: 'ok', ms: 1, detail: 'TLSv1.3, CN=h, until 2027-01-15', problem: null }] }), 'shown']))
  const found = await console.expiries.list()
  const days = new Map(found.map(({ server, what, daysLeft }) => [`${server} ${what}`, daysLeft]))
  assert.deepEqual([...days.keys()].sort(), ['app client-certificate', 'app client-secret', 'old provider', 'person sign-in', 'shown client-certificate', 'shown server-certificate'])
  assert.deepEqual([days.get('app client-secret'), days.get('old provider'), days.get('person sign-in'), days.get('shown server-certificate')], [29, 131, 90, 55])
  assert.equal(days.get('app client-certificate'), days.get('shown client-certificate'))
  assert.deepEqual(found.map(({ daysLeft }) => daysLeft), found.map(({ daysLeft }) => daysLeft).toSorted((one, other) => one - other))
})

test('a file that is gone or no certificate has no end, and hides nothing else', async () => {
  const console = createConfiguredConsole()
  await console.file.import({ yaml, replace: false, reason: null, fileName: 'x' }, administrator)
  console.secrets.set('server/app', '-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----')
  assert.deepEqual((await console.expiries.list()).map(({ server, what }) => [server, what]), [['app', 'client-secret'], ['old', 'provider']])
})

test('the certificate of native mail and private authorities end too', async () => {
  const console = createConfiguredConsole()
  const { cert } = testCertificates().client
  const more = `version: 1
incoming:
  - { name: private, protocol: imap, host: h, auth: { user: u }, tls: { caFile: /ca.pem } }
handOver: [{ name: desk, kind: json, url: https://desk.example.com/hook, caFile: /ca.pem, enabled: true }, { name: off, kind: json, url: https://off.example.com/hook, caFile: /ca.pem, enabled: false }]
nativeMail: { enabled: true, instance: abc123, host: mail.example.com, certFile: /mx.pem, keyFile: /mx.key }
`
  await console.file.import({ yaml: more, replace: false, reason: null, fileName: 'x', secrets: [] }, administrator)
  Object.assign(console.files, { '/ca.pem': cert, '/mx.pem': cert })
  assert.deepEqual((await console.expiries.list()).map(({ server, kind, what }) => `${server} ${kind} ${what}`).sort(), ['Native mail native-mail own-certificate', 'desk hand-over ca-certificate', 'private incoming ca-certificate'])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { IncomingServerDraft } from '#contract/incoming-server.ts'
import { incomingProtocolNames, incomingProtocols, outgoingProtocolNames, outgoingProtocols, type ProtocolRow } from '#contract/protocols.ts'
import { administrator, createConfiguredConsole } from '../../testbed/configured-console.ts'

/** A linear congruential generator: the same servers on every run. */
const chances = (seed: number) => {
  let state = seed
  const below = (most: number): number => (state = (state * 48_271) % 2_147_483_647) % most
  return { below, one: <Item>(items: readonly Item[]): Item => items[below(items.length)] as Item, maybe: (of: Record<string, unknown>): Record<string, unknown> => (below(2) === 0 ? {} : of) }
}
type Chances = ReturnType<typeof chances>

const odd = ['it@example.com', 'EXAMPLE\\svc-mail', "o'neil@example.com", 'true', '007', 'null', '~', 'a: b # c', ' x ', 'Ünï@example.com', '- y']

const authOf = ({ one, maybe }: Chances, row: ProtocolRow): Record<string, unknown> => ({
  ...maybe({ method: one(row.authMethods) }), ...maybe({ user: one(odd) }), ...maybe({ provider: one(['microsoft', 'google', 'other']) }), ...maybe({ flow: one(['interactive', 'device-code', 'client-credentials']) }),
  ...maybe({ authority: one(['https://login.microsoftonline.us', 'https://127.0.0.1:8443', 'login.example.com']) }), ...maybe({ tenant: one(['contoso.example', '0012', '1e3']) }), ...maybe({ clientId: one(['00000000-0000-0000-0000-000000000000', '0x1F', '']) }),
  ...maybe({ tokenUrl: 'https://id.example.com/token' }), ...maybe({ deviceUrl: 'https://id.example.com/device' }), ...maybe({ authorizationUrl: 'https://id.example.com/authorize' }), ...maybe({ redirectUrl: 'http://127.0.0.1:4711/' }),
  ...maybe({ scope: one([[], ['https://mail.google.com/'], ['a', 'b c']]) }), ...maybe({ account: 'svc@project.iam.gserviceaccount.com' }), ...maybe({ subject: one(odd) }), ...maybe({ secret: one(['env:NOT_SET', 'file:key.json', 'keychain']) }), ...maybe({ secretExpires: one(['2027-01-31', '']) })
})

const serverOf = (chance: Chances, name: string, protocol: string, row: ProtocolRow): Record<string, unknown> => {
  const { one, maybe } = chance
  const place = row.reach === 'host' ? { ...maybe({ host: one(['mail.example.com', '::1', '']) }), ...maybe({ port: one([1, 993, 65_535]) }), ...maybe({ security: one(['none', 'starttls', 'tls']) }) } : maybe({ endpoint: one(['https://graph.microsoft.us', 'https://[::1]:4443/EWS/Exchange.asmx', 'nowhere', '']) })
  const tls = { ...maybe({ minVersion: 'TLSv1.3' }), ...maybe({ caFile: 'ca.pem' }), ...maybe({ clientCertFile: '/etc/me.pem', clientKeyFile: '/etc/me.key', ...maybe({ clientKeySecret: 'env:KEY' }) }) }
  return { name, protocol, ...place, ...maybe({ mailbox: one(['hr@example.com', '']) }), auth: authOf(chance, row), ...maybe({ tls }), ...maybe({ proxy: one(['http://me@proxy:3128', 'socks5://[::1]:1080']) }), ...maybe({ proxySecret: one(['env:PROXY', 'keychain']) }), draft: true }
}

const firstDifference = (one: string, other: string): number => [...one].findIndex((character, index) => character !== other[index])

test('whatever servers of whatever protocol are configured, export, import and export give the same bytes', async () => {
  for (let seed = 1; seed <= 60; seed++) {
    const chance = chances(seed)
    const incoming = incomingProtocolNames.map((protocol, index) => ({ ...serverOf(chance, `in ${index}`, protocol, incomingProtocols[protocol]), ...chance.maybe({ forbiddenMailbox: 'boss@example.com' }) }))
    const outgoing = outgoingProtocolNames.map((protocol, index) => ({ ...serverOf(chance, `out ${index}`, protocol, outgoingProtocols[protocol]), replyTo: 'it@example.com' }))
    const first = createConfiguredConsole()
    await first.file.import({ yaml: JSON.stringify({ version: 1, incoming, outgoing, ...chance.maybe({ fetching: { mostListening: chance.below(200), publicUrl: chance.one([null, 'https://mail.example.com/x']) } }) }), replace: false, reason: null, fileName: 'x' }, administrator)
    const exported = (await first.file.export()).yaml
    const second = createConfiguredConsole()
    await second.file.import({ yaml: exported, replace: true, reason: null, fileName: 'x' }, administrator)
    const again = (await second.file.export()).yaml
    assert.ok(again === exported, `seed ${seed}, at ${JSON.stringify(again.slice(firstDifference(again, exported) - 100).slice(0, 200))}`)
    assert.deepEqual((await second.file.diff({ yaml: exported })).differences, [], `seed ${seed}`)
    assert.doesNotMatch(exported, /^ {4}(?:mailbox|endpoint|tenant): ""$/m)
  }
})

/** The page that describes the file names these; `flow` may be left out where the rest says it. */
const others = `version: 1
incoming:
  - name: hr
    protocol: graph
    mailbox: hr@example.com
    auth: { method: oauth2, tenant: contoso.example, clientId: 00000000-0000-0000-0000-000000000000, secret: env:HR_CLIENT_SECRET, authority: https://login.microsoftonline.us }
    tls: { caFile: ca.pem }
  - name: onprem
    protocol: ews
    endpoint: https://mail.example.com/EWS/Exchange.asmx
    auth: { method: ntlm, user: EXAMPLE\\svc-mail, secret: env:EWS_PASSWORD }
  - name: cloud
    protocol: ews
    auth: { method: oauth2, clientId: abc, user: it@example.com }
  - name: google
    protocol: gmail
    auth: { method: service-account, account: svc@project.iam.gserviceaccount.com, subject: it@example.com, secret: file:key.json }
outgoing:
  - { name: gmail, protocol: google, replyTo: it@example.com, auth: { clientId: abc } }
`

test('endpoint, provider and flow follow from the rest where they are left out', async () => {
  const console = createConfiguredConsole()
  console.files['/etc/mailroom/key.json'] = '{\n  "type": "service_account"\n}\n'
  console.environment['HR_CLIENT_SECRET'] = 'hunter2'
  await console.file.import({ yaml: others, replace: false, reason: null, fileName: '/etc/mailroom/a.yaml' }, administrator)
  const ready = async (name: string): Promise<IncomingServerDraft> => {
    const found = await console.sources.incomingNamed(name)
    assert.deepEqual(found.issues, [])
    return found.ready as IncomingServerDraft
  }
  assert.partialDeepStrictEqual(await ready('hr'), { endpoint: 'https://graph.microsoft.us', host: 'graph.microsoft.us', port: 443, security: 'tls', folder: 'Inbox', auth: { provider: 'microsoft', flow: 'client-credentials' } })
  assert.partialDeepStrictEqual(await ready('onprem'), { host: 'mail.example.com', auth: { method: 'ntlm', user: 'EXAMPLE\\svc-mail' } })
  assert.equal((await ready('onprem')).auth.flow, undefined)
  assert.partialDeepStrictEqual(await ready('cloud'), { endpoint: 'https://outlook.office365.com/EWS/Exchange.asmx', auth: { provider: 'microsoft', flow: 'interactive' } })
  assert.partialDeepStrictEqual(await ready('google'), { endpoint: 'https://gmail.googleapis.com', auth: { method: 'service-account' } })
  assert.deepEqual((await console.sources.outgoingNamed('gmail')).ready?.auth.provider, 'google')
  assert.equal(console.secrets.get('server/google'), '{\n  "type": "service_account"\n}')
  assert.equal(console.secrets.get('server/hr'), 'hunter2')
})

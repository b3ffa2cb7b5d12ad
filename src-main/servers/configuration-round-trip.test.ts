import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { IncomingServerDraft } from '#contract/incoming-server.ts'
import { ProblemError } from '#contract/problem.ts'
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
  ...maybe({ scope: one([[], ['https://mail.google.com/'], ['a', 'b c']]) }), ...maybe({ account: 'svc@project.iam.gserviceaccount.com' }), ...maybe({ subject: one(odd) }), ...maybe({ secret: one(['env:NOT_SET', 'file:key.json', 'keychain', 'ask']) }), ...maybe({ secretExpires: one(['2027-01-31', '']) })
})

const serverOf = (chance: Chances, name: string, protocol: string, row: ProtocolRow): Record<string, unknown> => {
  const { one, maybe } = chance
  const place = row.reach === 'host' ? { ...maybe({ host: one(['mail.example.com', '::1', '']) }), ...maybe({ port: one([1, 993, 65_535]) }), ...maybe({ security: one(['none', 'starttls', 'tls']) }) } : maybe({ endpoint: one(['https://graph.microsoft.us', 'https://[::1]:4443/EWS/Exchange.asmx', 'nowhere', '']) })
  const tls = { ...maybe({ minVersion: 'TLSv1.3' }), ...maybe({ caFile: 'ca.pem' }), ...maybe({ clientCertFile: '/etc/me.pem', clientKeyFile: '/etc/me.key', ...maybe({ clientKeySecret: 'env:KEY' }) }) }
  return { name, protocol, ...place, ...maybe({ mailbox: one(['hr@example.com', '']) }), auth: authOf(chance, row), ...maybe({ tls }), ...maybe({ proxy: one(['http://me@proxy:3128', 'socks5://[::1]:1080']) }), ...maybe({ proxySecret: one(['env:PROXY', 'keychain', 'ask']) }), draft: true }
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

/** Every key that settings, partitions and servers have for requests, people, help desks and native mail. */
const part3 = `version: 1
partitions:
  - name: IT
    default: true
    priorities:
      impacts: [Company, "1"]
      urgencies: [High, "no"]
      priorities: [P1, "~"]
      matrix:
        - { impact: Company, urgency: High, priority: P1 }
        - { impact: "1", urgency: "no", priority: "~" }
  - { name: HR, retention: { originals: 1, texts: 365 } }
incoming:
  - name: it
    protocol: imap
    host: h
    auth: { user: it }
    template: "Laptop: new"
    useLinkedAnalyst: true
    defaultLoggingAnalyst: ann@example.com
    authentication: { policy: mark, trustedServers: [mx.example.com, "007"] }
    forwarders: [list@example.com]
    silenceAlert: false
processing:
  baseDelimiter: "%%"
  emailCommand: { enabled: true, subjectContains: "@@do: it@@", delimiter: "#" }
  spamRules:
    - { name: "Ads # 1", match: any, criteria: [{ field: sender, condition: ends-with, values: ["@ads.example", "null", " x "] }, { field: header, header: X-Spam-Flag, condition: is, values: ["YES"] }] }
    - { name: Later, enabled: false, criteria: [{ field: size, condition: larger-than, values: [20MB] }, { field: has-attachment, condition: "yes" }, { field: subject, condition: matches, values: ['^\\s*(?:free|"win")\\b'] }] }
  senderLimit: { mailsPerHour: 100, then: drop }
  answers: { acknowledge: true, mostPerHour: 3 }
  attachments: { maxSize: 1500KB, blockedExtensions: [exe, "7z"], notify: true }
requestTemplates:
  - name: "Laptop: new"
    category: Hardware
    subCategory: Laptop
    item: "true"
    requestType: Incident
    mode: E-Mail
    level: Tier 1
    impact: Company
    urgency: High
    priority: P1
    group: Desk
    technician: Ann
    site: Zürich
    assignedOffice: "0123"
    additionalFields: [Cost centre, "on"]
    requesterFields: [Category, Cost centre]
    technicianFields: []
    resources:
      - { key: res_301, label: "Which: one", questions: [{ key: q_1, label: Size, kind: select, options: ["13", "15"] }, { key: q_2, label: Why, kind: string }] }
      - { key: res_2, label: Empty }
  - { name: Plain }
handOver:
  - { name: desk, kind: json, url: "https://desk.example.com/in?x=1", secret: env:DESK_SECRET, partitions: [IT, HR], attachments: false, caFile: desk.pem, timeout: 1500ms, enabled: true }
  - { name: sdp, kind: servicedesk-plus, url: "https://sdp.example.com" }
nativeMail: { enabled: true, instance: desk-1, host: mx.example.com, listen: "::", port: 2525, certFile: mx.pem, keyFile: /etc/mx.key, addresses: [it@example.com], maxMessageSize: 25MB, partition: HR, template: Plain, authentication: drop, forwarders: [old@example.com] }
alerts: { silence: { enabled: false, afterHours: 12 }, mailEveryMinutes: 60, rules: [{ name: Night 1, enabled: false, events: [mailbox-silent, expiry], servers: [it], to: [ops@example.com] }] }
retention: { originals: 30, texts: null, errorRecords: 7, logs: null }
access: { lockAfterMinutes: 5 }
`

test('every key of requests, people, help desks and native mail comes back byte for byte', async () => {
  const first = createConfiguredConsole()
  first.environment['DESK_SECRET'] = 'hunter3'
  const { warnings } = await first.file.import({ yaml: part3, replace: false, reason: null, fileName: '/etc/mailroom/a.yaml' }, administrator)
  assert.deepEqual(warnings.map(({ path, line, message }) => [path, line, message]), [
    ['incoming[0].auth.secret', 17, 'No secret is stored. Next: `mailroom secret set it`.'],
    ['handOver[1].secret', 57, 'No secret of the help desk is stored. Next: `mailroom hand-over secret sdp`.'],
    ...[['handOver[0].caFile', 56], ['nativeMail.certFile', 58], ['nativeMail.keyFile', 58]].map(([path, line]) => [path, line, 'This file cannot be read now. Put it there before it is used.'])
  ])
  assert.equal(first.secrets.get('hand-over/desk'), 'hunter3')
  const exported = (await first.file.export()).yaml
  assert.doesNotMatch(exported, /hunter3/)
  for (const line of ['      caFile: /etc/mailroom/desk.pem', '  certFile: /etc/mailroom/mx.pem', '    template: "Laptop: new"'].map((text) => text.trim())) assert.ok(exported.includes(line), line)
  const second = createConfiguredConsole()
  await second.file.import({ yaml: exported, replace: true, reason: null, fileName: 'x' }, administrator)
  assert.equal((await second.file.export()).yaml, exported)
  assert.deepEqual(await second.settings.get(), await first.settings.get())
  assert.deepEqual((await second.file.diff({ yaml: exported })).differences, [])
  const given = await first.settings.get()
  assert.deepEqual(given.processing.spamRules.map(({ name, enabled, match, criteria }) => [name, enabled, match, criteria.length]), [['Ads # 1', true, 'any', 2], ['Later', false, 'all', 3]])
  assert.deepEqual((await first.partitions.list()).find(({ name }) => name === 'IT')?.priorities.matrix[1], { impact: '1', urgency: 'no', priority: '~' })
  await second.file.import({ yaml: 'version: 1\nhandOver: []\n', replace: false, reason: null, fileName: 'x' }, administrator)
  assert.deepEqual((await second.settings.get()).handOver, [])
})

/** Every key of mail that goes out about requests. */
const requestMails = `version: 1
partitions: [{ name: IT, default: true }, { name: HR }]
processing:
  answers:
    acknowledge: true
    template: { subject: "Received: {{subject}} # {{number}}", text: "yes", html: null }
requestMails:
  - name: Told
    enabled: false
    event: reply-received
    partitions: [IT, HR]
    to: [requester, cc, technician, desk@example.com]
    template:
      subject: "  {{number}}: no"
      text: "Hello {{ requester }},\\n\\n  {{message}}\\n\\n-- \\n{{senderName}}\\n\\n"
      html: "<p title='it''s'>{{message}}</p>\\n<img src=\\"data:image/png;base64,iVBORw0KGgo=\\">"
  - { name: Short, event: request-created, to: [requester], template: { subject: New, text: "" } }
sending: { requireVerifiedSenders: true, giveUpAfterHours: 5, keepSentDays: 0 }
`

test('rules and templates of mail about requests come back byte for byte, and a faulty one is refused with its line', async () => {
  const first = createConfiguredConsole()
  await first.file.import({ yaml: requestMails, replace: false, reason: null, fileName: 'x' }, administrator)
  const given = await first.settings.get()
  assert.deepEqual([given.requestMails[0]?.template.text, given.requestMails[1]?.enabled, given.requestMails[1]?.template.html], ['Hello {{ requester }},\n\n  {{message}}\n\n-- \n{{senderName}}\n\n', true, null])
  const exported = (await first.file.export()).yaml
  const second = createConfiguredConsole()
  await second.file.import({ yaml: exported, replace: true, reason: null, fileName: 'x' }, administrator)
  assert.equal((await second.file.export()).yaml, exported)
  assert.deepEqual(await second.settings.get(), given)
  assert.deepEqual((await second.file.diff({ yaml: exported })).differences, [])
  const { differences } = await second.file.diff({ yaml: exported.replace('iVBORw0KGgo=', 'iVBORw0KGgoA') })
  assert.deepEqual(differences.flatMap(({ fields }) => fields.map(({ field }) => field)), ['requestMails[Told].template.html'])
  const issuesOf = async (yaml: string): Promise<[string, number | undefined, string][]> => {
    const thrown = await second.file.import({ yaml, replace: false, reason: null, fileName: 'x' }, administrator).then(() => null, (error: unknown) => error)
    return thrown instanceof ProblemError && 'issues' in thrown.problem ? thrown.problem.issues.map(({ path, line, message }) => [path, line, message]) : []
  }
  const issues = [...(await issuesOf(requestMails.replace('{{senderName}}', '{{sendername}}'))), ...(await issuesOf(requestMails.replace('partitions: [IT, HR]', 'partitions: [IT, HRR]'))), ...(await issuesOf(requestMails.replace('event: reply-received', 'event: reply-recieved')))]
  assert.deepEqual(issues.map(([path, line]) => [path, line]), [['requestMails[0].template.text', 15], ['requestMails[0].partitions[1]', 11], ['requestMails[0].event', 10]])
  assert.match(issues[0]?.[2] ?? '', /\(line 6, character 1\) — did you mean \{\{senderName\}\}\?/)
  assert.match(issues[1]?.[2] ?? '', /did you mean `HR`/)
  assert.deepEqual(await second.settings.get(), given)
})

test('a help desk that a file leaves out takes its secret along', async () => {
  const console = createConfiguredConsole()
  console.environment['DESK_SECRET'] = 'hunter3'
  await console.file.import({ yaml: part3, replace: false, reason: null, fileName: 'x' }, administrator)
  await console.file.import({ yaml: 'version: 1\nprocessing: { baseDelimiter: "##" }\n', replace: false, reason: null, fileName: 'x' }, administrator)
  assert.equal(console.secrets.get('hand-over/desk'), 'hunter3')
  await console.file.import({ yaml: 'version: 1\nhandOver: [{ name: sdp, kind: servicedesk-plus, url: "https://sdp.example.com" }]\n', replace: false, reason: null, fileName: 'x' }, administrator)
  assert.equal(console.secrets.get('hand-over/desk'), undefined)
})

import { test } from 'node:test'
import assert from 'node:assert/strict'
import type { ImportAnswer } from '#contract/calls.ts'
import { ProblemError, type Problem } from '#contract/problem.ts'
import { administrator, createConfiguredConsole } from '../../testbed/configured-console.ts'

/** The example of the page that describes the file. */
const example = `version: 1
partitions:
  - { name: IT, outgoing: main, default: true }
incoming:
  - name: it-support                # unique; how every command names it
    partition: IT
    protocol: imap                  # imap | pop3 | ews | graph | gmail
    host: mail.example.com
    port: 993                       # default by protocol and security
    security: tls                   # none | starttls | tls
    auth:
      method: password              # password | ntlm | oauth2 | service-account | none
      user: it@example.com
      secret: env:IT_PASSWORD       # env:NAME, file:PATH, or keychain (already stored); copied to the credential store on import
    addresses: [it@example.com, helpdesk@example.com]
    folder: INBOX
    fetchEvery: 60s
    push: true
    afterFetch: mark-seen           # mark-seen | move | delete
    keepOriginal: false
    maxMessageSize: 50MB            # larger mail is not processed: it goes to the error folder
    newRequests: { allowed: true, except: [example.com, boss@example.org] }
    errorFolder: { enabled: true, name: Mailroom errors, stopAfter: 50, notify: true }
    tls: { minVersion: TLSv1.2, caFile: null, pin: null }
    proxy: null                     # http://…, socks5://…
    debug: false
    enabled: false                  # a new server does not fetch until started
outgoing:
  - name: main
    protocol: smtp                  # smtp | ews | graph | google
    host: mail.example.com
    port: 587
    security: starttls
    auth: { method: password, user: it@example.com, secret: env:IT_PASSWORD }
    senderName: IT Support
    replyTo: it@example.com
    alternate: { host: mail2.example.com, port: 587, security: starttls, returnToPrimary: manual }
    timeout: 30s
    block: false
    overrideTo: null
    embeddedImages: cid             # cid | base64
    conversationId: { attach: true, location: subject, prefix: "##" }
processing:
  baseDelimiter: "##"
  emailCommand: { enabled: true, subjectContains: "@@command@@", delimiter: "$" }
  spamRules: []
  attachments: { maxSize: 20MB, blockedExtensions: [exe, bat], notify: true }
alerts: { connectivity: { enabled: true, afterFailures: 5 } }
`
/** Every key, with values that need care in YAML. */
const odd = `version: 1
partitions: [{ name: "0123" }, { name: no, outgoing: 1e3, default: true }, { name: Zürich, outgoing: null, retention: { originals: 30, texts: null } }]
incoming:
  - { name: "true", partition: "0123", protocol: pop3, host: "::1", security: none, auth: { user: "null", secret: 'file:C:\\secrets\\a b.txt' }, folder: "~", newRequests: { allowed: false }, fetchEvery: 90s, maxMessageSize: 1500KB, otherRecipients: leave, proxy: socks5://p:1080 }
  - { name: -a.b.replaced, protocol: imap, host: h, security: starttls, auth: { user: 'EXAMPLE\\svc' }, folder: "# Inbox: [x]", afterFetch: move, moveTo: "done\\u2028\\"x\\"", errorFolder: { stopAfter: null }, silenceAlert: false, tls: { pin: ${'ab'.repeat(32)} }, enabled: true, debug: true }
  - { name: unfinished, protocol: imap, host: "", draft: true }
outgoing:
  - { name: 1e3, protocol: smtp, host: h, replyTo: a@b.org, senderName: "- 'Ann': #1 & co, ", auth: { method: none }, alternate: { host: h2, security: tls, returnToPrimary: health-check }, overrideTo: x@y.org, embeddedImages: base64, timeout: 1500ms }
emailFormat: { default: plain }
processing: { baseDelimiter: "%%", attachments: { maxSize: 1GB, notify: false } }
alerts:
  applicationErrors: { enabled: true, to: [ops@example.com] }
  silence: { enabled: false, afterHours: 720 }
  mailEveryMinutes: 1440
  rules: [{ name: "no", events: [mailbox-silent, expiry], servers: ["true", gone], to: [a@example.org, b@example.org] }, { name: off, enabled: false, events: [disk-filling], to: [c@example.org] }]
history: { reasonRequired: true }
retention: { originals: 400, errorRecords: 36500, logs: null }
access: { lockAfterMinutes: 5 }
`.replace('-a.b.replaced', 'a.b-c d')

const priorities = { impacts: [], urgencies: [], priorities: [], matrix: [] }
type Console = ReturnType<typeof createConfiguredConsole>
const importInto = (console: Console, yaml: string, more: { replace?: boolean; reason?: string | null; fileName?: string } = {}): Promise<ImportAnswer> =>
  console.file.import({ yaml, replace: false, reason: null, fileName: '/etc/mailroom/a.yaml', ...more }, administrator)
const exportOf = async (console: Console): Promise<string> => (await console.file.export()).yaml
const problemOf = async (failing: Promise<unknown>): Promise<Problem> => {
  const thrown: unknown = await failing.then(() => null, (reason: unknown) => reason)
  assert.ok(thrown instanceof ProblemError, `a problem was expected: ${String(thrown)}`)
  return thrown.problem
}

for (const [title, yaml] of [['the example', example], ['odd values', odd], ['nothing', 'version: 1']] as const)
  test(`export and import into an empty console give the same bytes: ${title}`, async () => {
    const first = createConfiguredConsole()
    await importInto(first, yaml)
    const exported = await exportOf(first)
    for (const replace of [false, true]) {
      const second = createConfiguredConsole()
      await importInto(second, exported, { replace })
      assert.equal(await exportOf(second), exported)
      assert.deepEqual((await second.file.diff({ yaml: exported })).differences, [])
    }
    const again = await importInto(first, exported, { reason: 'again' })
    assert.deepEqual([again.added, again.changed, again.removed], [[], [], []])
    assert.equal(await exportOf(first), exported)
  })

test('the example arrives as it is written', async () => {
  const console = createConfiguredConsole()
  console.environment['IT_PASSWORD'] = 'hunter2'
  const answer = await importInto(console, example)
  assert.deepEqual(answer.added, ['partition IT', 'incoming server it-support', 'outgoing server main'])
  assert.deepEqual(await console.partitions.list(), [{ name: 'IT', outgoing: 'main', default: true, priorities, retention: null }])
  const { ready } = await console.sources.incomingNamed('it-support')
  assert.equal(ready?.fetchEveryMs, 60_000)
  assert.equal(ready?.maxMessageSize, 50_000_000)
  assert.deepEqual(ready?.newRequests.except, ['example.com', 'boss@example.org'])
  assert.partialDeepStrictEqual((await console.sources.outgoingFor('IT'))?.ready?.alternate, { host: 'mail2.example.com' })
  assert.equal((await console.settings.get()).processing.emailCommand.enabled, true)
  assert.ok(ready)
  assert.deepEqual((await console.sources.connectionFor('incoming', ready)).credentials, { kind: 'password', user: 'it@example.com', secret: 'hunter2' })
  for (const text of [await console.wholeDatabase(), await exportOf(console), JSON.stringify(console.events), JSON.stringify(answer)]) assert.doesNotMatch(text, /hunter2/)
  const [entry] = (await console.history.list({ name: 'it-support', limit: 10 })).slice(-1)
  assert.deepEqual(entry?.changes.at(-1), { field: 'secret', from: '', to: 'changed' })
})

test('left out means the default: ports, partition, and `enabled` as it is now', async () => {
  const console = createConfiguredConsole()
  const short = 'version: 1\npartitions: [{ name: A }, { name: B, default: true }]\nincoming:\n' +
    ['imap none 143', 'imap starttls 143', 'imap tls 993', 'pop3 none 110', 'pop3 tls 995'].map((row) => row.split(' ')).map(([protocol, security, port]) => `  - { name: ${protocol}-${security}-${port}, protocol: ${protocol}, security: ${security}, host: h, auth: { user: u } }\n`).join('')
  await importInto(console, short)
  const servers = await console.sources.incoming()
  for (const { id, server } of servers) {
    assert.equal(String(server.port), server.name.split('-')[2])
    assert.equal(server.partition, 'B')
    assert.equal(server.enabled, false)
    await console.incoming.setEnabled(id, true, 'Ann')
  }
  await importInto(console, short)
  assert.deepEqual((await console.sources.incoming()).map(({ server }) => server.enabled), servers.map(() => true))
})

test('secrets come from files beside the configuration; one that cannot be read is a warning with the next step', async () => {
  const console = createConfiguredConsole()
  console.files['/etc/mailroom/pw.txt'] = 'sec ret\r\n'
  console.environment['MAILROOM_PASSPHRASE'] = 'opens everything'
  const row = (name: string, secret: string): string => `  - { name: ${name}, protocol: imap, host: h, auth: { user: u, secret: '${secret}' }, tls: { caFile: ca.pem } }\n`
  const answer = await importInto(console, `version: 1\nincoming:\n${row('a', 'file:pw.txt')}${row('b', 'file:none.txt')}${row('c', 'env:NOT_SET')}${row('d', 'env:MAILROOM_PASSPHRASE')}${row('e', 'keychain')}`)
  assert.deepEqual([...console.secrets], [['server/a', 'sec ret']])
  const warnings = answer.warnings.filter(({ path }) => path.endsWith('secret'))
  assert.deepEqual(warnings.map(({ line, message }) => [line, /Next: `mailroom secret set (\w)`/.exec(message)?.[1]]), [[4, 'b'], [5, 'c'], [6, 'd'], [7, 'e']])
  assert.equal(answer.warnings.filter(({ path }) => path.endsWith('caFile')).length, 5)
  assert.equal((await console.sources.incomingNamed('a')).server.tls.caFile, '/etc/mailroom/ca.pem')
  console.secrets.set('server/c', 'kept')
  const again = await importInto(console, `version: 1\nincoming:\n${row('c', 'env:NOT_SET')}`)
  assert.match(again.warnings[0]?.message ?? '', /is kept/)
  assert.equal(console.secrets.get('server/c'), 'kept')
})

test('an import with an issue, or one that fails halfway, changes nothing', async () => {
  const console = createConfiguredConsole()
  console.environment['IT_PASSWORD'] = 'hunter2'
  const bad = await problemOf(importInto(console, `${example}histroy: {}\n`))
  assert.equal(bad.code, 'invalid-configuration')
  const broken = createConfiguredConsole()
  broken.environment['IT_PASSWORD'] = 'hunter2'
  broken.secrets.set('server/main', 'before')
  await broken.database.transaction((transaction) => transaction.run('DROP TABLE settings').then(() => transaction.run('CREATE TABLE settings (id INTEGER PRIMARY KEY, document TEXT NOT NULL CHECK (id > 1))')))
  await assert.rejects(importInto(broken, example), /CHECK/)
  for (const untouched of [console, broken]) {
    assert.deepEqual(await untouched.sources.incoming(), [])
    assert.deepEqual(await untouched.history.list({ name: null, limit: 10 }), [])
  }
  assert.deepEqual([...console.secrets], [])
  assert.deepEqual([...broken.secrets], [['server/main', 'before']])
})

test('replace removes what the file does not name, with its secrets; without it that stays', async () => {
  const console = createConfiguredConsole()
  await importInto(console, example)
  console.secrets.set('server/it-support', 'a').set('server/main', 'b')
  const other = 'version: 1\npartitions: [{ name: HR, outgoing: main }]\noutgoing: [{ name: main, protocol: smtp, host: h, replyTo: a@b.org, auth: { method: none } }]\n'
  const { differences } = await console.file.diff({ yaml: other })
  assert.deepEqual(differences.map(({ kind, what, name }) => `${kind} ${what} ${name}`), ['added partition HR', 'removed incoming server it-support', 'changed outgoing server main'])
  assert.deepEqual(differences[2]?.fields[0], { field: 'host', here: 'mail.example.com', there: 'h' })
  await importInto(console, other)
  assert.deepEqual((await console.partitions.list()).map(({ name, default: standard }) => [name, standard]), [['HR', false], ['IT', true]])
  assert.equal((await console.sources.incoming()).length, 1)
  const answer = await importInto(console, other, { replace: true })
  assert.deepEqual(answer.removed, ['partition IT', 'incoming server it-support'])
  assert.deepEqual(await console.partitions.list(), [{ name: 'HR', outgoing: 'main', default: true, priorities, retention: null }])
  assert.deepEqual([...console.secrets.keys()], ['server/main'])
  assert.equal((await console.settings.get()).processing.emailCommand.enabled, false)
})

test('a server that uses the first partition keeps it when a file brings others', async () => {
  const console = createConfiguredConsole()
  await importInto(console, 'version: 1\nincoming: [{ name: a, protocol: imap, host: h, auth: { user: u } }]')
  assert.deepEqual(await console.partitions.list(), [{ name: 'Main', outgoing: null, default: true, priorities, retention: null }])
  await importInto(console, 'version: 1\npartitions: [{ name: IT }]')
  assert.deepEqual((await console.partitions.list()).map(({ name, default: standard }) => [name, standard]), [['IT', false], ['Main', true]])
  assert.notEqual((await console.sources.incomingNamed('a')).ready, null)
})

test('a reason is asked for where the settings ask for one, and is written down', async () => {
  const console = createConfiguredConsole()
  await importInto(console, 'version: 1\nhistory: { reasonRequired: true }')
  assert.deepEqual(await problemOf(importInto(console, example)), { code: 'invalid-input', issues: [{ path: 'reason', message: 'Say why you make this change; the settings ask for a reason.' }] })
  await importInto(console, example, { reason: 'roll-out' })
  assert.equal((await console.history.list({ name: 'main', limit: 1 }))[0]?.reason, 'roll-out')
})

import { test } from 'node:test'
import assert from 'node:assert/strict'
import { validateConfiguration } from './configuration-file.ts'

const server = (line: string): string => `version: 1\nincoming:\n  - name: it\n    protocol: imap\n    host: mail.example.com\n    auth: { user: it }\n    ${line}\n`
const signIn = (auth: string): string => `version: 1\nincoming:\n  - name: it\n    protocol: imap\n    host: mail.example.com\n    auth: ${auth}\n`
const sender = (line: string): string => `version: 1\noutgoing:\n  - name: main\n    protocol: smtp\n    host: mail.example.com\n    replyTo: a@example.com\n    auth: { user: it }\n    ${line}\n`

/** Each bad file, the line of its first issue, and what is said of it. */
const bad: [title: string, text: string, line: number, says: RegExp][] = [
  ['an empty file', '', 1, /^The file is empty/],
  ['only a comment', '# nothing\n', 1, /^The file is empty/],
  ['no YAML at all', 'From: ann@example.com\n\tfolded: [', 2, /tab|bracket/],
  ['a text', 'hello world', 1, /no configuration file/],
  ['a list', '- 1\n- 2', 1, /no configuration file/],
  ['binary', 'version: 1\n\u0000\u0001', 2, /control character/],
  ['version left out', 'incoming: []', 1, /`version: 1` is missing/],
  ['a later version', 'version: 2', 1, /reads configuration files of `version: 1`/],
  ['version as text', 'version: "1"', 1, /`version` is a whole number/],
  ['a tab', 'version: 1\nincoming:\n\t- name: it', 3, /tab/],
  ['a quote that is not closed', 'version: 1\nalerts: "x\nhistory: y', 3, /missing here/],
  ['a bracket that is not closed', 'version: 1\nincoming: [', 2, /bracket/],
  ['a key twice', 'version: 1\nversion: 1', 2, /given twice/],
  ['a key twice in braces', server('tls: { pin: null, pin: null }'), 7, /given twice/],
  ['two documents', 'version: 1\n---\nversion: 1', 2, /second document/],
  ['a tag', 'version: 1\nincoming: !!js/function []', 2, /tag/i],
  ['an alias without anchor', 'version: 1\nincoming: *nobody', 2, /no anchor/],
  ['many aliases', `version: 1\npartitions:\n  - &p { name: IT }\n${'  - *p\n'.repeat(101)}`, 104, /too many aliases/],
  ['deep nesting', `version: 1\nincoming: ${'['.repeat(50_000)}`, 2, /too deeply/],
  ['a merge key', server('<<: { port: 1 }'), 7, /no key that is known/],
  ['an unknown section', 'version: 1\nincomming: []', 2, /^unknown key `incomming` — did you mean `incoming`\?$/],
  ['an unknown key, other case', server('fetchevery: 60s'), 7, /^unknown key `fetchevery` — did you mean `fetchEvery`\?$/],
  ['an unknown key, swapped letters', server('hots: x'), 7, /did you mean `host`/],
  ['an unknown key, near nothing', server('zebra: x'), 7, /unknown key `zebra`; known here: name, /],
  ['an unknown key in a group', server('errorFolder: { stopafter: 5 }'), 7, /did you mean `stopAfter`/],
  ['a colon without space', signIn('{ user: it, secret:hunter2 }'), 6, /no key that is known/],
  ['an endpoint for IMAP', server('endpoint: https://example.com'), 7, /`endpoint` is for protocols over HTTP; IMAP is named by `host`/],
  ['a host for Graph', 'version: 1\nincoming:\n  - { name: it, protocol: graph, auth: { clientId: x },\n      host: graph.microsoft.com }', 4, /`host` is named by `endpoint`: leave it out/],
  ['a port for EWS', sender('port: 443').replace('smtp', 'ews').replace('host: mail.example.com', 'endpoint: https://mail.example.com/EWS/Exchange.asmx'), 8, /`port` is named by `endpoint`/],
  ['EWS on-premises without endpoint', 'version: 1\nincoming:\n  - { name: it, protocol: ews, auth: { method: ntlm, user: X\\it } }', 3, /`endpoint` is missing\. Enter the URL of Exchange Web Services, such as https:/],
  ['an endpoint without https', 'version: 1\nincoming:\n  - { name: it, protocol: graph, auth: { clientId: x },\n      endpoint: http://graph.microsoft.com }', 4, /begins with https/],
  ['an endpoint with a question', 'version: 1\nincoming:\n  - { name: it, protocol: graph, auth: { clientId: x },\n      endpoint: "https://graph.microsoft.com/?a=b" }', 4, /without \?/],
  ['a section that is a text', 'version: 1\nincoming: yes', 2, /`incoming` is a list/],
  ['a section that is a group', 'version: 1\nincoming: { name: it }', 2, /`incoming` is a list/],
  ['a server that is a text', 'version: 1\nincoming:\n  - it', 3, /has keys of its own: name, partition/],
  ['an empty entry', 'version: 1\nincoming:\n  -', 3, /entry is empty/],
  ['a server without protocol', 'version: 1\nincoming:\n  - name: it', 3, /`protocol` is missing: imap or pop3 or ews or graph or gmail/],
  ['a server without name', server('port: 993').replace('name: it\n    ', ''), 3, /`name` is missing/],
  ['a server without host', server('port: 993').replace('    host: mail.example.com\n', ''), 3, /`host` is missing\. Enter the server name/],
  ['a host with scheme', server('port: 993').replace('mail.example.com', 'https://mail.example.com'), 5, /without http/],
  ['a name with a slash', server('port: 993').replace('name: it', 'name: it/x'), 3, /letters, digits/],
  ['an unknown protocol', 'version: 1\nincoming:\n  - { name: it, protocol: jmap }', 3, /`protocol` is one of imap, pop3/],
  ['Graph without client id', 'version: 1\nincoming:\n  - { name: it, protocol: graph }', 3, /`auth.clientId` is missing\. Enter the client id/],
  ['Graph by password', 'version: 1\nincoming:\n  - { name: it, protocol: graph, auth: { method: password, user: it } }', 3, /Microsoft Graph signs in by oauth2/],
  ['Graph with tokens of Google', 'version: 1\nincoming:\n  - { name: it, protocol: graph, auth: { provider: google, clientId: x } }', 3, /takes tokens of Microsoft only/],
  ['an application without tenant', 'version: 1\nincoming:\n  - { name: it, protocol: graph, auth: { flow: client-credentials, clientId: x } }', 3, /`auth.tenant` is missing/],
  ['IMAP by oauth2 without provider', signIn('{ method: oauth2, user: it, clientId: x }'), 6, /`auth.provider` is missing\. Choose who issues/],
  ['a provider of its own without URLs', signIn('{ method: oauth2, provider: other, user: it, clientId: x, authorizationUrl: https://a.example/x, scope: [mail] }'), 6, /`auth.tokenUrl` is missing/],
  ['a token URL that is none', signIn('{ method: oauth2, provider: other, user: it, clientId: x, authorizationUrl: https://a.example/x, tokenUrl: a.example, scope: [mail] }'), 6, /begins with https/],
  ['a redirect URL elsewhere', signIn('{ method: oauth2, provider: microsoft, user: it, clientId: x, redirectUrl: http://example.com }'), 6, /http:\/\/localhost or/],
  ['a service account without user', 'version: 1\nincoming:\n  - { name: it, protocol: gmail, auth: { method: service-account, account: a@b.c } }', 3, /`auth.subject` is missing/],
  ['a day that is none', signIn('{ user: it, secretExpires: soon }'), 6, /YYYY-MM-DD/],
  ['an unknown flow', signIn('{ method: oauth2, provider: google, clientId: x, user: it, flow: implicit }'), 6, /`flow` is one of interactive, device-code, client-credentials/],
  ['an unknown key of auth', signIn('{ user: it, tennant: x }'), 6, /did you mean `tenant`/],
  ['a client secret in clear', signIn('{ user: it, clientSecret: hunter2 }'), 6, /A secret is never written into this file/],
  ['a proxy secret in clear', server('proxySecret: hunter2'), 7, /env:NAME, file:PATH, keychain/],
  ['half a client certificate', server('tls: { clientCertFile: a.pem }'), 7, /`tls.clientKeyFile` is missing\. A client certificate needs both/],
  ['a public address without https', 'version: 1\nfetching:\n  publicUrl: http://mail.example.com', 3, /begins with https/],
  ['an unknown key of fetching', 'version: 1\nfetching:\n  mostListenning: 3', 3, /did you mean `mostListening`/],
  ['no sign-in over IMAP', signIn('{ method: none }'), 6, /IMAP signs in by password or oauth2/],
  ['ntlm over SMTP', sender('block: false').replace('{ user: it }', '{ method: ntlm, user: it }'), 7, /SMTP signs in by password or oauth2/],
  ['no user', signIn('{ method: password }'), 6, /`auth.user` is missing/],
  ['a secret in clear', signIn('{ user: it, secret: hunter2 }'), 6, /env:NAME, file:PATH, keychain/],
  ['a number as a secret', signIn('{ user: it, secret: 12345 }'), 6, /env:NAME, file:PATH, keychain/],
  ['a password in clear', signIn('{ user: it, password: hunter2 }'), 6, /A secret is never written into this file/],
  ['a secret beside auth', server('secret: hunter2'), 7, /`secret` belongs under `auth`/],
  ['a password in the proxy', server('proxy: http://me:hunter2@proxy:3128'), 7, /without a password/],
  ['another kind of proxy', server('proxy: ftp://proxy:21'), 7, /socks5/],
  ['port zero', server('port: 0'), 7, /between 1 and 65535/],
  ['a port as text', server('port: imaps'), 7, /`port` is a whole number/],
  ['half a port', server('port: 99.5'), 7, /`port` is a whole number/],
  ['a key without value', server('port:'), 7, /`port` has no value/],
  ['an unknown security', server('security: ssl'), 7, /`security` is one of none, starttls, tls/],
  ['a duration without unit', server('fetchEvery: 60'), 7, /number with a unit: ms, s, m or h/],
  ['too often', server('fetchEvery: 1s'), 7, /at most every 5 seconds/],
  ['a size without unit', server('maxMessageSize: 50'), 7, /such as 20MB/],
  ['a binary size', server('maxMessageSize: 50MiB'), 7, /such as 20MB/],
  ['yes for true', server('push: yes'), 7, /`push` is true or false/],
  ['an unknown action', server('afterFetch: archive'), 7, /`afterFetch` is one of mark-seen, move, delete/],
  ['move without folder', server('afterFetch: move'), 3, /`moveTo` is missing/],
  ['an address that is none', server('addresses: [it@example.com, nobody]'), 7, /Enter one address/],
  ['addresses as text', server('addresses: it@example.com'), 7, /is a list/],
  ['the error folder is the inbox', server('errorFolder: { name: INBOX }'), 7, /must be another folder/],
  ['stop after none', server('errorFolder: { stopAfter: 0 }'), 7, /at least one message/],
  ['a pin that is none', server('tls: { pin: abc }'), 7, /32 bytes/],
  ['an old TLS', server('tls: { minVersion: SSLv3 }'), 7, /`minVersion` is one of TLSv1, /],
  ['an unknown partition', `${server('partition: TI')}partitions: [{ name: IT }]\n`, 7, /no partition `TI` — did you mean `IT`/],
  ['an unknown outgoing server', 'version: 1\npartitions:\n  - { name: IT, outgoing: mian }\noutgoing:\n  - { name: main, protocol: smtp, host: h, replyTo: a@b.org, auth: { method: none } }', 3, /no outgoing server `mian` — did you mean `main`/],
  ['two default partitions', 'version: 1\npartitions:\n  - { name: A, default: true }\n  - { name: B, default: true }', 4, /`A` already is/],
  ['a partition twice', 'version: 1\npartitions:\n  - { name: A }\n  - { name: a }', 4, /given twice/],
  ['a partition without name', 'version: 1\npartitions:\n  - { default: true }', 3, /`name` is missing/],
  ['a server twice', `${server('port: 993')}  - { name: IT, protocol: pop3, host: h, auth: { user: u } }\n`, 8, /already taken by incoming\[0\]/],
  ['no sender address', sender('block: false').replace('    replyTo: a@example.com\n', ''), 3, /`replyTo` is missing/],
  ['a timeout too long', sender('timeout: 1h'), 8, /At most ten minutes/],
  ['an alternate without host', sender('alternate: { port: 25 }'), 8, /`alternate.host` is missing/],
  ['two sources for one secret', `${server('port: 993').replace('user: it', 'user: it, secret: env:A')}outgoing:\n  - { name: it, protocol: smtp, host: h, replyTo: a@b.org, auth: { user: u, secret: env:B } }\n`, 9, /share one secret/],
  ['a spam rule with a key that is none', 'version: 1\nprocessing:\n  spamRules:\n    - { name: Ads, macth: any, criteria: [{ field: subject, condition: is, values: [x] }] }', 4, /unknown key `macth` — did you mean `match`/],
  ['a spam rule without criteria', 'version: 1\nprocessing:\n  spamRules:\n    - { name: Ads, criteria: [] }', 4, /at least one criterion/],
  ['a spam rule without name', 'version: 1\nprocessing:\n  spamRules:\n    - { criteria: [{ field: size, condition: larger-than, values: [1MB] }] }', 4, /`processing\.spamRules\[0\]\.name` is missing\.$/],
  ['a condition that does not fit', 'version: 1\nprocessing:\n  spamRules:\n    - { name: Ads, criteria: [{ field: size, condition: contains, values: [x] }] }', 4, /`size` can be compared by larger-than/],
  ['a rule twice', 'version: 1\nprocessing:\n  spamRules:\n    - { name: Ads, criteria: [{ field: has-attachment, condition: yes }] }\n    - { name: ads, criteria: [{ field: has-attachment, condition: no }] }'.replaceAll(/condition: (yes|no)/g, 'condition: "$1"'), 5, /`ads` is given twice/],
  ['an unknown template', `${server('template: Priner')}requestTemplates: [{ name: Printer }]\n`, 7, /no request template `Priner` — did you mean `Printer`/],
  ['a help desk with an unknown partition', 'version: 1\npartitions: [{ name: IT }]\nhandOver:\n  - { name: desk, kind: json, url: https://desk.example.com, partitions: [IT, HR] }', 4, /no partition `HR`; there is `IT`/],
  ['native mail for an unknown partition', 'version: 1\npartitions: [{ name: IT }]\nnativeMail:\n  partition: Ti', 4, /no partition `Ti` — did you mean `IT`/],
  ['native mail with an unknown template', 'version: 1\nnativeMail: { template: Laptop }', 2, /no request template `Laptop`; there is `Default`/],
  ['a matrix with a value that is none', 'version: 1\npartitions:\n  - { name: IT, priorities: { impacts: [High], urgencies: [Low], priorities: [P1], matrix: [{ impact: High, urgency: Lo, priority: P1 }] } }', 3, /no urgency `Lo`/],
  ['a question without options', 'version: 1\nrequestTemplates:\n  - { name: Laptop, resources: [{ key: res_1, label: R, questions: [{ key: q_1, label: Q, kind: select }] }] }', 3, /at least one option/],
  ['a delimiter that is none', 'version: 1\nprocessing: { baseDelimiter: "RE" }', 2, /! @ # \$/],
  ['an extension with dot', 'version: 1\nprocessing: { attachments: { blockedExtensions: [.exe] } }', 2, /without the dot/],
  ['no failures at all', 'version: 1\nalerts: { connectivity: { afterFailures: 0 } }', 2, /At least one failure/]
]
for (const [title, text, line, says] of bad)
  test(`bad file: ${title}`, () => {
    const { issues } = validateConfiguration(text)
    assert.ok(issues[0], 'an issue was expected')
    assert.match(issues[0].message, says)
    assert.equal(issues[0].line, line)
    assert.ok((issues[0].column ?? 0) >= 1)
    assert.doesNotMatch(JSON.stringify(issues), /hunter2|12345/)
  })

test('a good file of every odd form has no issue', () => {
  const plain = server('port: 993')
  for (const text of [plain, `\uFEFF${plain}`, plain.replaceAll('\n', '\r\n'), '{"version":1,"incoming":[]}', 'version: 1\nincoming:\nprocessing:\n', `%YAML 1.2\n---\n${plain}...\n`])
    assert.deepEqual(validateConfiguration(text).issues, [], JSON.stringify(text.slice(0, 20)))
})

test('all faults are told at once, in the order of lines', () => {
  const { issues } = validateConfiguration('version: 1\nincoming:\n  - name: it\n    protocol: imap\n    port: x\n    fetchevery: 1s\n    errorFolder: { stopAfter: 0 }\n  - name: hr\n    protocol: ews\n')
  assert.deepEqual(issues.map((issue) => [issue.line, issue.path]), [
    [3, 'incoming[0].host'], [3, 'incoming[0].auth.user'], [5, 'incoming[0].port'], [6, 'incoming[0].fetchevery'], [7, 'incoming[0].errorFolder.stopAfter'], [8, 'incoming[1].endpoint'], [8, 'incoming[1].auth.user']
  ])
  assert.equal(validateConfiguration('version: 1\na: 1\na: 2\nb: *x\nb: !y z\n').issues.length, 3)
})

test('a file that is too large, or stands for too much, is refused quickly', () => {
  const started = performance.now()
  assert.match(validateConfiguration(`version: 1\n# ${'x'.repeat(16_000_000)}`).issues[0]?.message ?? '', /larger than 16 MB/)
  const many = `&a [${'x,'.repeat(2000)}]`
  const bomb = `version: 1\nincoming:\n  - { name: a, protocol: imap, addresses: ${many} }\n${'  - { name: b, protocol: imap, addresses: *a }\n'.repeat(99)}`
  assert.ok(validateConfiguration(bomb).issues.some((issue) => /too much/.test(issue.message)))
  assert.ok(performance.now() - started < 5_000)
})

test('what has no effect yet is a warning, once for each setting', () => {
  const two = `${sender('conversationId: { attach: true }')}  - { name: two, protocol: smtp, host: h, replyTo: a@b.org, auth: { method: none }, port: 465, security: starttls, conversationId: { prefix: x } }\nprocessing: { emailCommand: { enabled: true } }\n`
  const { issues, warnings } = validateConfiguration(two)
  assert.deepEqual(issues, [])
  assert.deepEqual(warnings.map(({ path, line }) => [path, line]), [['outgoing[1].security', 9], ['outgoing[1].conversationId.prefix', 9]])
  assert.deepEqual(validateConfiguration(server('push: true').replace('imap', 'pop3')).warnings.map(({ path }) => path), ['incoming[0].push'])
})

test('commands of senders whom nobody checks are a warning, once', () => {
  const warned = (more: string, rest = ''): string[] => validateConfiguration(`${server(more)}processing: { emailCommand: { enabled: true } }\n${rest}`).warnings.map(({ path }) => path)
  assert.deepEqual(warned('push: true'), ['incoming[0].authentication.policy'])
  assert.deepEqual(warned('authentication: { policy: ignore }', 'nativeMail: { enabled: true, host: mx.example.com, authentication: ignore }\n'), ['incoming[0].authentication.policy', 'nativeMail.authentication'])
  assert.deepEqual(warned('authentication: { policy: mark }', 'nativeMail: { enabled: true, host: mx.example.com }\n'), [])
  assert.deepEqual(validateConfiguration(server('push: true')).warnings, [])
})

test('two servers on one mailbox are a warning at the second', () => {
  const box = (name: string, user: string): string => `  - { name: ${name}, protocol: imap, host: Mail.example.com, auth: { user: ${user} } }\n`
  const { issues, warnings } = validateConfiguration(`version: 1\nincoming:\n${box('one', 'it')}${box('two', 'hr')}${box('three', 'IT').replace('Mail', 'mail')}`)
  assert.deepEqual(issues, [])
  assert.deepEqual(warnings.map(({ path, line, message }) => [path, line, message.slice(0, 5)]), [['incoming[2]', 5, '`one`']])
})

test('two servers on one mailbox are a warning over HTTP too, the default endpoint and shared mailboxes included', () => {
  const box = (name: string, more: string): string => `  - { name: ${name}, protocol: graph, auth: { clientId: abc, user: it@example.com }${more} }\n`
  const { issues, warnings } = validateConfiguration(`version: 1\nincoming:\n${box('one', '')}${box('two', ', mailbox: HR@example.com')}${box('three', ', mailbox: hr@example.com')}${box('four', ', folder: Other')}${box('five', ', mailbox: IT@example.com')}`)
  assert.deepEqual(issues, [])
  assert.deepEqual(warnings.map(({ path, message }) => [path, message.slice(0, 5)]), [['incoming[2]', '`two`'], ['incoming[4]', '`one`']])
})

test('an application that fetches from and sends as one mailbox is a warning at the outgoing server', () => {
  const box = 'protocol: graph, auth: { clientId: abc, user: it@example.com }'
  const { issues, warnings } = validateConfiguration(`version: 1\nincoming:\n  - { name: in, ${box} }\noutgoing:\n  - { name: same, replyTo: a@b.org, ${box} }\n  - { name: own, replyTo: a@b.org, ${box.replace('abc', 'xyz')} }\n`)
  assert.deepEqual(issues, [])
  assert.deepEqual(warnings.map(({ path, line }) => [path, line]), [['outgoing[0].auth.clientId', 5]])
})

test('whatever a file is mangled to, it is answered with issues and never with an error', () => {
  const whole = `${server('errorFolder: { name: "X", stopAfter: 5 }')}outgoing: []\nprocessing: { attachments: { maxSize: 5MB } }\n`
  const pieces = ['{', '}', '[', ']', ':', '- ', '\n', '  ', '"', "'", '&a ', '*a', '!x ', '|', '>', '? ', '#', '%', 'null', '~', '0x1F', '.inf', '<<: ', ',', '\t', '\u2028', '__proto__: 1', 'constructor: 2']
  let seed = 7
  const chance = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below
  for (let round = 0; round < 1500; round++) {
    let text = whole
    for (let change = 0; change <= chance(3); change++) {
      const at = chance(text.length)
      text = text.slice(0, at) + (pieces[chance(pieces.length)] ?? '') + text.slice(at + chance(6))
    }
    const { issues } = validateConfiguration(text)
    for (const issue of issues) assert.ok(issue.line !== undefined && issue.line >= 1 && issue.message.length > 0, text)
  }
})

test('a help desk that is reached without encryption is warned of', () => {
  const { warnings } = validateConfiguration('version: 1\nhandOver:\n  - { name: a, kind: json, url: "https://a.example/hook" }\n  - { name: b, kind: servicedesk-plus, url: "http://b.example:8080" }\n')
  assert.deepEqual(warnings.map(({ path }) => path), ['handOver[1].url'])
})

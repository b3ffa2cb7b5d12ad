import { test } from 'node:test'
import assert from 'node:assert/strict'
import { administrator, createConfiguredConsole } from '../../testbed/configured-console.ts'
import { validateConfiguration } from './configuration-file.ts'

const header = 'kind,name,protocol,host,auth.user,auth.secret,replyTo'
const row = 'incoming,it,imap,mail.example.com,it@example.com,env:IT_PASSWORD,'
const csv = (...rows: string[]): string => [header, ...rows, ''].join('\r\n')

/** Each bad file, place of its first issue, what is said of it. */
const bad: [title: string, text: string, line: number, column: number, says: RegExp][] = [
  ['no row', `${header}\n`, 1, 1, /no row/],
  ['an unknown column', `${header},fetchEverry\n${row},60s\n`, 1, 8, /^unknown column `fetchEverry` — did you mean `fetchEvery`\?$/],
  ['a column of a group without the group', `${header},stopAfter\n${row},5\n`, 1, 8, /did you mean `errorFolder.stopAfter`/],
  ['a group as a column', `${header},errorFolder\n${row},5\n`, 1, 8, /errorFolder\.enabled, errorFolder\.name/],
  ['a password column', `${header},password\n${row},hunter2\n`, 1, 8, /A secret is never written into this file: name the column `auth\.secret`/],
  ['a column of another language', `${header},auth.Kennwort\n${row},hunter2\n`, 1, 8, /A secret is never written/],
  ['a column twice', `${header},Name\n${row},x\n`, 1, 8, /`name` is given twice/],
  ['no header', 'it,imap,mail.example.com,hunter2\n', 1, 1, /unknown column `it`/],
  ['no name', 'kind;protocol\nincoming;imap\n', 1, 1, /column `name` is missing/],
  ['a password for a source', csv(row.replace('env:IT_PASSWORD', 'hunter2')), 2, 6, /env:NAME, file:PATH, keychain, or ask/],
  ['no such protocol', csv(row, row.replace(',it,', ',hr,').replace('imap', 'imapp')), 3, 3, /`protocol` is one of imap, pop3/],
  ['a port that is none', `${header},port\n${row},imaps\n`, 2, 8, /`port` is a whole number/],
  ['a time without unit', `${header},fetchEvery\n${row},60\n`, 2, 8, /`fetchEvery` is a number with a unit/],
  ['a switch that is none', `${header},push\n${row},maybe\n`, 2, 8, /`push` is true or false/],
  ['no such kind', csv(row.replace('incoming', 'inbound')), 2, 1, /incoming or an outgoing server/],
  ['a protocol of both kinds without a kind', 'name,protocol\nhr,graph\n', 2, 1, /incoming or an outgoing server/],
  ['a cell of the other kind', csv(`${row}it@example.com`), 2, 7, /nothing that an incoming server has/],
  ['too many cells', csv(`${row},x`), 2, 8, /has no column: the row has 8 fields, and the header 7/],
  ['the same name twice', csv(row, row), 3, 2, /name `it` is already taken/],
  ['what is missing', csv(row.replace('mail.example.com', '')), 2, 1, /`host` is missing/],
  ['an open quote', csv(row, 'incoming,"hr,imap'), 3, 1, /quotation marks/],
  ['a faulty row after a cell of two lines', `${header},addresses,senderName\nincoming,hr,imap,mail.example.com,hr@example.com,env:A,,"hr@example.com\njobs@example.com",\n${row},,x\n`, 4, 9, /nothing that an incoming server has/]
]
for (const [title, text, line, column, says] of bad)
  test(`a CSV file with ${title} is refused and says where`, () => {
    const [first] = validateConfiguration(text).issues
    assert.ok(first, 'is refused')
    assert.match(first.message, says)
    assert.doesNotMatch(JSON.stringify(validateConfiguration(text)), /hunter2/)
    assert.deepEqual([first.line, first.column ?? 1], [line, column])
  })

const office = `kind;name;protocol;host;port;security;auth.method;auth.user;auth.secret;partition;addresses;fetchEvery;push;errorFolder.stopAfter;newRequests.except;replyTo;alternate.host
incoming;it;imap;mail.example.com;143;STARTTLS;password;it@example.com;ask;;it@example.com help@example.com;5m;no;null;"example.com; boss@example.org";;
outgoing;main;smtp;mail.example.com;;;;it@example.com;keychain;;;;;;;it@example.com;mx2.example.com
`

test('a CSV file is imported as the same file in YAML or JSON is', async () => {
  const yaml = {
    version: 1,
    incoming: [{ name: 'it', protocol: 'imap', host: 'mail.example.com', port: 143, security: 'starttls', auth: { method: 'password', user: 'it@example.com', secret: 'ask' }, addresses: ['it@example.com', 'help@example.com'], fetchEvery: '5m', push: false, errorFolder: { stopAfter: null }, newRequests: { except: ['example.com', 'boss@example.org'] } }],
    outgoing: [{ name: 'main', protocol: 'smtp', host: 'mail.example.com', auth: { user: 'it@example.com', secret: 'keychain' }, replyTo: 'it@example.com', alternate: { host: 'mx2.example.com' } }]
  }
  const [asCsv, asJson] = [createConfiguredConsole(), createConfiguredConsole()]
  const order = { replace: false, reason: null, fileName: 'servers' }
  assert.deepEqual((await asCsv.file.preview({ yaml: office, replace: false, fileName: 'servers.csv' }, administrator)).secrets.map(({ server, source }) => [server, source]), [['it', 'ask'], ['main', 'keychain']])
  await asCsv.file.import({ yaml: office, ...order, secrets: [{ server: 'it', purpose: 'sign-in', secret: 'typed' }] }, administrator)
  await asJson.file.import({ yaml: JSON.stringify(yaml), ...order }, administrator)
  const exported = (await asCsv.file.export()).yaml
  assert.equal(exported, (await asJson.file.export()).yaml)
  assert.match(exported, /stopAfter: null/)
  assert.deepEqual([...asCsv.secrets.values()], ['typed'])
  const { csv: printed } = await asCsv.file.exportCsv()
  assert.deepEqual((await asCsv.file.diff({ yaml: printed })), { issues: [], differences: [] })
  const [before] = await asCsv.file.earlier()
  await asCsv.file.rollback({ id: before?.id ?? 0, reason: null }, administrator)
  assert.match((await asCsv.file.export()).yaml, /incoming: \[\]/)
})

test('kinds are taken from the file, from the choice, or from the protocol', () => {
  const graph = 'name,protocol,auth.clientId,auth.flow\nhr,graph,x,interactive\n'
  assert.deepEqual(validateConfiguration(graph, 'incoming').issues, [])
  assert.match(validateConfiguration(graph).issues[0]?.message ?? '', /incoming or an outgoing/)
  assert.deepEqual(validateConfiguration('name\tprotocol\thost\tauth.user\nhr\tpop3\tmail.example.com\thr\n').issues, [])
  assert.deepEqual(validateConfiguration(csv(row).replaceAll(',', ';'), 'outgoing').issues, [], 'the column counts more than the choice')
})

test('two hundred servers in one CSV file: added, found the same again, and each fault has its line', async () => {
  const console = createConfiguredConsole()
  await console.file.import({ yaml: 'version: 1\npartitions: [{ name: IT }, { name: HR }]\n', replace: false, reason: null, fileName: 'p' }, administrator)
  const rows = Array.from({ length: 200 }, (_, index) => `office ${index},imap,mail${index}.example.com,${index % 2 ? 'IT' : 'HR'},office${index}@example.com,env:OFFICE_${index},${index + 5}s`)
  const text = ['\ufeffname,protocol,host,partition,auth.user,auth.secret,fetchEvery', ...rows, ''].join('\r\n')
  const added = await console.file.import({ yaml: text, replace: false, reason: null, fileName: 'offices.csv' }, administrator)
  assert.deepEqual([added.added.length, added.changed.length], [200, 0])
  assert.equal((await console.file.import({ yaml: text, replace: false, reason: null, fileName: 'offices.csv' }, administrator)).unchanged.length, 200)
  assert.deepEqual(validateConfiguration(text).issues, [], 'partitions are where it is imported')
  const { issues } = await console.file.preview({ yaml: text.replace('office 150,imap', 'office 150,imapp').replace('office 42,imap,mail42.example.com,HR', 'office 42,imap,mail42.example.com,HQ').replace('104s', 'soon'), replace: false, fileName: 'offices.csv' }, administrator)
  assert.deepEqual(issues.map(({ line, column }) => [line, column]), [[44, 4], [101, 7], [152, 2]])
  const refused = await console.file.preview({ yaml: text, replace: true, fileName: 'offices.csv' }, administrator)
  assert.match(refused.issues[0]?.message ?? '', /cannot take the place of everything/)
})

test('the templates of a file are valid', async () => {
  const { template } = createConfiguredConsole().file
  for (const isCsv of [true, false]) {
    const { text } = await template({ csv: isCsv })
    assert.deepEqual(validateConfiguration(text).issues, [])
    assert.match(text, isCsv ? /^kind,name,protocol,host,/ : /^version: 1/)
  }
})

test('a text is taken for CSV by its first line, and JSON and YAML are not', () => {
  for (const text of ['{"version":1,"incoming":[]}', 'version: 1 # a, b', '# name, protocol\nversion: 1\n', '[a, b]', '- a, b', 'hello world', '\n\nversion: 1']) assert.doesNotMatch(JSON.stringify(validateConfiguration(text).issues), /column `name`/, text)
  for (const text of ['"names";"protocol"\n', '\ufeffA,B\n', '\n a\tb\n']) assert.match(JSON.stringify(validateConfiguration(text).issues), /column `name`/, text)
})

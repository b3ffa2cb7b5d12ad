import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { settings as settingsSchema } from '#contract/settings.ts'
import { createRig, createWorld, mailOf, testServer } from '../../testbed/fetching-rig.ts'
import type { NewPerson } from '../database/people-table.ts'
import { decide } from '../processing/pipeline.ts'

const technician: NewPerson = { name: 'Tess', address: 'tess@example.com', user: true, analyst: true, signIn: true, rights: [], format: null, source: 'console', createdAt: '2026-11-20T08:00:00.000Z' }

async function office(processing: object = {}, categories: object = {}) {
  const world = createWorld()
  world.settings = settingsSchema.parse({ processing, alerts: { applicationErrors: { enabled: true, to: ['tech@example.com'] }, categories } })
  const rig = createRig(world, { decide })
  await world.database.transaction((transaction) => rig.tables.people.insert(transaction, [technician]))
  return { world, rig, tables: rig.tables, fetch: async (...mails: string[]) => (world.mail.deliver(...mails), (await rig.round({ server: testServer() })).result) }
}
const bounceOf = (messageId: string, recipient: string): string =>
  mailOf('bounce', 'Undelivered', ['Content-Type: multipart/report; report-type=delivery-status; boundary=b']).replace(/^From: .*$/m, 'From: mailer-daemon@mx.example').replace(/\r\n\r\n[^]*$/, '\r\n\r\n') +
  ['--b', '', 'Sorry.', '--b', 'Content-Type: message/delivery-status', '', 'Reporting-MTA: dns; mx.example', '', `Final-Recipient: rfc822; ${recipient}`, 'Action: failed', 'Status: 5.1.1', 'Diagnostic-Code: smtp; 550 no such user', '', '--b', 'Content-Type: text/rfc822-headers', '', `Message-ID: ${messageId}`, '', '--b--', ''].join('\r\n')
const from = (mail: string, address: string): string => mail.replace(/^From: .*$/m, `From: <${address}>`)

test('an acknowledgement waits in the outbox under a Message-ID by which its answer and its bounce find the request', async () => {
  const { world, fetch, tables, rig } = await office({ answers: { acknowledge: true } })
  await fetch(mailOf('1', 'Help'))
  const [answer] = await tables.outbox.list(world.database, 10)
  assert.deepEqual([answer?.to, answer?.request, answer?.inReplyTo], ['ann@example.com', 1, '<1@example.com>'])
  const id = answer?.messageId ?? ''
  const answered = await fetch(mailOf('2', 'Thanks', [`In-Reply-To: ${id}`]))
  assert.deepEqual([answered.replies, answered.requests], [1, 0])
  const returned = await fetch(bounceOf(id, 'ann@example.com'))
  assert.deepEqual([returned.replies, returned.requests, returned.errors], [1, 0, 0])
  assert.deepEqual((await tables.entries.ofRequest(world.database, 1)).map(({ kind }) => kind), ['request', 'reply', 'bounce'])
  assert.ok((await tables.people.byAddresses(world.database, ['ann@example.com'])).get('ann@example.com')?.undeliverableSince)
  assert.ok((await tables.outbox.list(world.database, 10)).some(({ to, subject }) => to === 'tech@example.com' && subject.includes('ann@example.com')))
  assert.ok((await tables.notices.newest(world.database, 10)).some(({ kind }) => kind === 'mail-returned'))
  assert.equal(rig.unexpected.length, 0)
})

test('a bounce of mail that we did not send marks nobody', async () => {
  const { world, fetch, tables } = await office()
  await fetch(mailOf('1', 'Help'), bounceOf('<1@example.com>', 'ann@example.com'))
  assert.equal((await tables.people.byAddresses(world.database, ['ann@example.com'])).get('ann@example.com')?.undeliverableSince, null)
})

test('a sender becomes known once, however many mails of one batch are his', async () => {
  const { world, fetch, tables } = await office()
  const { requests } = await fetch(mailOf('1', 'one'), mailOf('2', 'two'), from(mailOf('3', 'three'), 'ANN@example.com'))
  assert.equal(requests, 3)
  assert.equal(await tables.people.count(world.database, 'ann@'), 1)
})

test('commands of one batch stand on each other and are in the history with their mail', async () => {
  const { world, fetch, tables } = await office({ emailCommand: { enabled: true } })
  const command = (id: string, text: string): string => from(mailOf(id, '@@command@@ ##RE-1##'), technician.address).replace(`Text of ${id}.`, text)
  await fetch(mailOf('1', 'Help'))
  const result = await fetch(command('2', '$Operation=EditRequest$ $Priority=High$'), command('3', '$Operation=PickupRequest$'), command('4', '$Operation=CloseRequest$ $Resolution=Restarted$'))
  assert.deepEqual([result.commands, result.requests, result.errors], [3, 0, 0])
  const request = await tables.requests.get(world.database, 1)
  assert.deepEqual([request?.status, request?.values.priority, request?.values.resolution, request?.values.technicianEmail ?? request?.values.technician], ['closed', 'High', 'Restarted', technician.address])
  const changes = await tables.requestChanges.ofRequest(world.database, 1)
  assert.deepEqual(changes.map(({ action, by }) => [action, by]), [['edited', technician.address], ['picked up', technician.address], ['closed', technician.address]])
  assert.deepEqual((await tables.entries.ofRequest(world.database, 1)).map(({ id, kind }) => [id, kind]), [[1, 'request'], ...changes.map(({ entry }) => [entry, 'command'])])
})

test('a command that is refused changes nothing and is kept in the error folder', async () => {
  const { world, fetch, tables } = await office({ emailCommand: { enabled: true } })
  await fetch(mailOf('1', 'Help'))
  const before = await tables.requests.get(world.database, 1)
  const result = await fetch(from(mailOf('2', '@@command@@ ##RE-99##'), technician.address).replace('Text of 2.', '$Operation=CloseRequest$'))
  assert.deepEqual([result.errors, result.commands, result.requests], [1, 0, 0])
  assert.deepEqual(await tables.requests.get(world.database, 1), before)
  assert.equal((await tables.errors.countOpen(world.database, 1)).open, 1)
})

test('the same command under another uid is carried out once', async () => {
  const { world, fetch, tables } = await office({ emailCommand: { enabled: true } })
  const add = from(mailOf('1', '@@command@@ New screen'), technician.address).replace('Text of 1.', '$Operation=AddRequest$ $Priority=Low$')
  assert.equal((await fetch(add)).commands, 1)
  const again = await fetch(add)
  assert.deepEqual([again.commands, again.dropped, await tables.requests.newest(world.database)], [0, 1, 1])
})

test('what a spam rule drops is counted', async () => {
  const { world, fetch, tables } = await office({ spamRules: [{ name: 'Away', criteria: [{ field: 'subject', condition: 'contains', values: ['Out of office', 'Not in today'] }] }] })
  const result = await fetch(mailOf('1', 'Not in today'), mailOf('2', 'Out of Office until Monday'), mailOf('3', 'Help'))
  assert.deepEqual([result.dropped, result.requests], [2, 1])
  assert.deepEqual((await tables.spamHits.all(world.database)).map(({ rule, hits }) => [rule, hits]), [['Away', 2]])
})

test('a report says something of the recipient of our mail alone, whomever else it names, and technicians hear of it once', async () => {
  const { world, fetch, tables } = await office({ answers: { acknowledge: true } })
  await fetch(mailOf('1', 'Help'))
  const id = (await tables.outbox.list(world.database, 10))[0]?.messageId ?? ''
  await fetch(bounceOf(id, technician.address))
  const people = await tables.people.byAddresses(world.database, ['ann@example.com', technician.address])
  assert.deepEqual([people.get(technician.address)?.undeliverableSince, typeof people.get('ann@example.com')?.undeliverableSince], [null, 'string'])
  for (const again of ['2', '3']) await fetch(bounceOf(id, 'ann@example.com').replace('Undelivered', `Undelivered ${again}`))
  assert.equal((await tables.outbox.list(world.database, 10)).filter(({ to }) => to === 'tech@example.com').length, 1)
})

test('a notice to technicians that comes back makes no other notice', async () => {
  const { world, fetch, tables } = await office({ answers: { acknowledge: true } })
  await fetch(mailOf('1', 'Help'))
  await fetch(bounceOf((await tables.outbox.list(world.database, 10))[0]?.messageId ?? '', 'ann@example.com'))
  const notice = (await tables.outbox.list(world.database, 10)).find(({ to }) => to === 'tech@example.com')
  const result = await fetch(bounceOf(notice?.messageId ?? '', 'tech@example.com').replace('Undelivered', 'Undelivered too'))
  assert.deepEqual([result.fetched, result.errors], [1, 0])
  assert.equal((await tables.outbox.list(world.database, 10)).length, 2)
})

test('mail counts for the limit of its sender when it is on disk, and not for every try', async () => {
  const { world, tables, fetch } = await office({ senderLimit: { mailsPerHour: 2, then: 'drop' } })
  const broken = mock.method(tables.ledger, 'add', () => Promise.reject(new Error('a fault')))
  for (let failures = 0; failures < 3; failures++) await fetch(...(failures === 0 ? [mailOf('1', 'one'), mailOf('2', 'two'), mailOf('3', 'three')] : [])).catch(() => undefined)
  assert.equal(await tables.requests.newest(world.database), 0)
  broken.mock.restore()
  await fetch()
  assert.equal(await tables.requests.newest(world.database), 2)
})

test('who uses a Message-ID again does not get the answers to the mail that had it first', async () => {
  const { world, fetch, tables } = await office()
  await fetch(mailOf('1', 'Help'))
  await fetch(from(mailOf('1', 'Mine'), 'eve@example.org'))
  await fetch(mailOf('2', 'More', ['References: <1@example.com>']))
  assert.deepEqual((await tables.entries.ofRequest(world.database, 1)).map(({ kind }) => kind), ['request', 'reply'])
  assert.deepEqual((await tables.entries.ofRequest(world.database, 2)).map(({ kind }) => kind), ['request'])
})

test('numbers in a subject do not hide the one that is an id', async () => {
  const { fetch } = await office()
  await fetch(mailOf('1', 'Help'))
  assert.equal((await fetch(mailOf('2', `${Array.from({ length: 80 }, (_, index) => index + 1000).join(' ')} ##RE-1##`))).replies, 1)
})

const withProgram = mailOf('2', 'Tool', ['Content-Type: multipart/mixed; boundary=b']).replace(/\r\n\r\n[^]*$/, '\r\n\r\n') + ['--b', '', 'Here', '--b', 'Content-Type: application/octet-stream; name=tool.exe', 'Content-Transfer-Encoding: base64', '', 'AAAA', '--b--', ''].join('\r\n')
const ways: [what: string, category: object, expected: (string | null)[]][] = [['the server of the partition', {}, [null, null]], ['the server of its category', { through: 'safe' }, ['safe', 'safe']], ['nobody where its category is switched off', { enabled: false }, []]]
for (const [what, category, expected] of ways)
  test(`what technicians are told of mail that came back and of what was taken off goes to ${what}`, async () => {
    const { world, fetch, tables } = await office({ answers: { acknowledge: true }, attachments: { blockedExtensions: ['exe'] } }, { 'mail-flow': category })
    await fetch(mailOf('1', 'Help'))
    await fetch(bounceOf((await tables.outbox.list(world.database, 10))[0]?.messageId ?? '', 'ann@example.com'), withProgram)
    const mails = await tables.outbox.list(world.database, 10)
    assert.deepEqual(mails.filter(({ to }) => to === 'tech@example.com').map(({ wantedServer }) => wantedServer), expected)
    assert.deepEqual(mails.filter(({ to }) => to === 'ann@example.com').map(({ wantedServer }) => wantedServer), [null])
  })

for (const [what, given, expected] of [['in other letters', { addresses: ['it@bücher.example'] }, 'xn--bcher-kva.example'], ['that is none', { addresses: [], auth: { method: 'password' as const, user: 'desk@our company>', secret: 'keychain' } }, 'mailroom.invalid']] as const)
  test(`a Message-ID is in ASCII where the domain of the mailbox is one ${what}`, async () => {
    const { world, rig, tables } = await office({ answers: { acknowledge: true } })
    world.mail.deliver(mailOf('1', 'Help'))
    await rig.round({ server: testServer({ ...given, addresses: [...given.addresses] }) })
    assert.equal((await tables.outbox.list(world.database, 10))[0]?.messageId.split('@')[1], `${expected}>`)
  })

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ErrorRow } from '#contract/error-record.ts'
import type { PeoplePage } from '#contract/person.ts'
import type { OutboxPage } from '#contract/outbox.ts'
import type { RequestDetail, RequestPage } from '#contract/request.ts'
import type { SpamHits } from '#contract/spam-rule.ts'
import { openConsole } from '../compose.ts'
import type { MailroomConsole } from '../console.ts'
import { silentLog } from '../log/create-log.ts'

const folder = mkdtempSync(join(tmpdir(), 'mailroom-demo-shows-'))
let demo: MailroomConsole
before(async () => {
  demo = await openConsole({ dataFolder: folder, host: 'browser', demo: true, passphrase: 'a passphrase for this test', log: silentLog, env: { DBUS_SESSION_BUS_ADDRESS: '' } })
  await demo.start()
})
after(async () => {
  await demo.close()
  rmSync(folder, { recursive: true, force: true })
})

const must = async <Value>(name: string, input: object): Promise<Value> => {
  const answer = await demo.answer(name, input, { role: 'administrator', who: 'test' })
  assert.ok(answer.ok, JSON.stringify(answer))
  return answer.value as Value
}
async function requestAbout(query: string): Promise<RequestDetail | null> {
  const [row] = (await must<RequestPage>('requests.list', { query, limit: 1, before: null })).rows
  return row === undefined ? null : must<RequestDetail>('requests.show', { number: row.number })
}
/** The request as soon as what it is to show is there. */
async function shown(query: string, isThere: (request: RequestDetail) => boolean): Promise<RequestDetail> {
  for (const ends = Date.now() + 30_000; Date.now() < ends; await sleep(200)) {
    const found = await requestAbout(query)
    if (found !== null && isThere(found)) return found
  }
  assert.fail(`${query} is not there: ${JSON.stringify(await requestAbout(query))}`)
}
const kinds = ({ conversation }: RequestDetail): string[] => conversation.map(({ kind }) => kind)

test('a technician edits a request by e-mail command, and the matrix gives it another priority', async () => {
  const request = await shown('Outlook keeps asking', ({ changes }) => changes.length > 0)
  assert.deepEqual([request.values.template, request.values.category, request.values.subCategory, request.values.technician, request.values.priority], ['IT', 'Software', 'Outlook', 'Lars Berg', 'High'])
  assert.deepEqual([request.changes[0]?.by, kinds(request)], ['lars.berg@demo.example', ['request', 'command']])
})

test('a requester closes her own request', async () => {
  const request = await shown('Shared calendar', ({ status }) => status === 'closed')
  assert.deepEqual([request.changes[0]?.action, request.changes[0]?.by], ['closed', 'sofia.rossi@demo.example'])
})

test('a command without the right to it ends in the error folder, and the request stays as it was', async () => {
  const request = await shown('Certificate warning', () => true)
  for (const ends = Date.now() + 30_000; ; await sleep(200)) {
    const refused = (await must<{ rows: ErrorRow[] }>('errors.list', {})).rows.filter(({ code }) => code === 'email-command-refused')
    if (refused.length > 0 || Date.now() > ends) {
      assert.deepEqual(refused.map(({ subject }) => subject), [`@@command@@ ##RE-${request.number}##`])
      break
    }
  }
  assert.equal(request.values.technician, undefined)
})

test('a command of somebody who may not sign in is ordinary mail', async () => {
  const request = await shown('Coffee machine', () => true)
  assert.deepEqual([kinds(request), request.values.priority], [['request'], 'Low'])
  assert.match(request.conversation[0]?.steps.find(({ step }) => step === 'email-command')?.detail ?? '', /no permission to sign in/)
})

test('a command makes a request for somebody else, with additional fields and answers', async () => {
  const { requester, values } = await shown('Laptop for Elena', () => true)
  assert.deepEqual([requester, values.additional, values.resources], ['elena.petrova@demo.example', { 'Cost centre': '4410' }, { res_301: { qstn_select_302: ['14 inch'], qstn_check_303: ['Headset', 'Dock'] } }])
})

test('what Mailroom sent and what came back is tied to its request and its person', async () => {
  await shown('Working student', (request) => kinds(request).includes('bounce'))
  const [person] = (await must<PeoplePage>('people.list', { query: 'rahul.verma' })).rows
  assert.ok(person?.undeliverableSince)
})

test('mail as it really is: forwarded, winmail.dat, signed, wrongly labelled', async () => {
  assert.equal((await shown('Door badge', () => true)).requester, 'noah.williams@demo.example')
  assert.deepEqual((await shown('Measurements', () => true)).conversation[0]?.attachments.map(({ name }) => name), ['server-room.csv'])
  const signed = (await shown('licences CAO', () => true)).conversation[0]
  assert.deepEqual([signed?.protection, signed?.text.includes('message signé')], ['smime-signed', true])
  assert.match((await shown('Impressora', () => true)).conversation[0]?.text ?? '', /rés-do-chão não tem ligação à rede/)
})

test('both out-of-office notes and the full mailbox are counted by their rules', async () => {
  await shown('Shared calendar', () => true)
  const hits = await must<SpamHits[]>('spam.hits', {})
  assert.deepEqual(hits.map(({ rule, hits: count }) => [rule, count]).sort(), [['Full mailboxes', 1], ['Out of office', 2]])
})

test('every acknowledgement is delivered, and none comes back as a request', async () => {
  await shown('Shared calendar', ({ status }) => status === 'closed')
  for (const ends = Date.now() + 30_000; Date.now() < ends && (await must<OutboxPage>('outbox.list', {})).total > 0; await sleep(50));
  const { rows, counts } = await must<OutboxPage>('outbox.list', {})
  assert.deepEqual([rows, counts.refused], [[], 0])
  assert.ok(counts.sent > 0)
  assert.equal((await must<RequestPage>('requests.list', { query: 'Received:', limit: 10, before: null })).total, 0)
})

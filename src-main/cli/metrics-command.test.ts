import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { Dashboard } from '#contract/dashboard.ts'
import { newOutgoingServer } from '#contract/outgoing-server.ts'
import type { Problem } from '#contract/problem.ts'
import { run } from '../../testbed/command-line.ts'
import { noteServingProcess } from '../data-folder/serving-process.ts'
import type { Handlers } from '../ipc/handlers-type.ts'
import { createDoor } from '../ipc/door.ts'
import { createLog } from '../log/create-log.ts'
import { openOwnersDoor } from '../web/owners-door.ts'

const silentLog = createLog({ write: () => undefined, now: () => new Date() })
const empty: Dashboard = { at: '2026-11-21T12:00:00.000Z', stepHours: 1, traffic: [], delay: [], queues: [], rounds: [], servers: [] }
const text = '# TYPE mailroom_working gauge\nmailroom_working 1\n'
const asked: unknown[] = []
const handlers: Partial<Handlers> = { 'metrics.text': async () => ({ text }), 'dashboard.get': async (input) => (asked.push(input), empty), 'requests.list': async () => assert.fail('not through this door') }

test('metrics are printed as they are, with --json what the dashboard draws', async () => {
  assert.deepEqual(await run('metrics', { handlers }).then(({ status, out }) => [status, out]), [0, text])
  const { out, status } = await run('metrics --json --hours 168 --server it', { handlers })
  assert.deepEqual([status, JSON.parse(out)], [0, empty])
  assert.deepEqual(asked.at(-1), { hours: 168, server: 'it', offsetMinutes: -new Date().getTimezoneOffset() })
})

const faults: [string, RegExp][] = [['metrics --json --hours 25', /24, 168 or 720/], ['metrics --hours 24', /go with --json/], ['metrics --server it', /go with --json/], ['metrics it', /metrics/]]
for (const [line, words] of faults)
  test(`“mailroom ${line}” ends with 2 before anything is opened`, async () => {
    const { status, said, opened } = await run(line, { handlers })
    assert.deepEqual([status, opened], [2, 0])
    assert.match(said, words)
  })

/** A data folder that another process holds, which serves it or does not. */
async function heldFolder(context: TestContext, serves: boolean) {
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-held-'))
  writeFileSync(join(folder, 'owner.json'), JSON.stringify({ processId: 4711 }))
  const door = await openOwnersDoor({ answer: createDoor({ handlers, log: silentLog, newReference: () => 'REF' }) })
  const forget = serves ? await noteServingProcess(folder, { processId: 4711, port: door.port, key: door.key }) : async () => undefined
  context.after(async () => {
    await door.close()
    rmSync(folder, { recursive: true })
  })
  const openFails: Problem = { code: 'data-folder-in-use', folder, processId: 4711 }
  return { folder, door, forget, run: (line: string) => run(`${line} --data ${folder}`, { openFails }) }
}

test('while another process serves the folder, that one answers', async (context) => {
  const held = await heldFolder(context, true)
  assert.deepEqual(await held.run('metrics').then(({ status, out }) => [status, out]), [0, text])
  assert.deepEqual(await held.run('metrics --json').then(({ status, out }) => [status, JSON.parse(out)]), [0, empty])
})

test('other commands end with 4 as before', async (context) => {
  const held = await heldFolder(context, true)
  assert.equal((await held.run('requests list')).status, 4)
})

test('a desktop window serves nobody: the command ends with 4 and says who holds the folder', async (context) => {
  const { status, said } = await (await heldFolder(context, false)).run('status')
  assert.equal(status, 4)
  assert.match(said, /4711/)
})

test('what a killed process left behind, and another now holds, does not count', async (context) => {
  const held = await heldFolder(context, true)
  writeFileSync(join(held.folder, 'owner.json'), JSON.stringify({ processId: 4712 }))
  assert.equal((await held.run('metrics')).status, 4)
  for (const wrong of ['', '{', '{"processId":4711,"port":0,"key":""}']) {
    writeFileSync(join(held.folder, 'serving.json'), wrong)
    assert.equal((await held.run('metrics')).status, 4, wrong)
  }
})

test('a process that does not answer any more is out of reach', async (context) => {
  const held = await heldFolder(context, true)
  await held.door.close()
  const { status, said } = await held.run('metrics')
  assert.equal(status, 3)
  assert.doesNotMatch(said, /Error|at /)
})

test('a process that goes away in the middle of its answer is out of reach', async (context) => {
  const held = await heldFolder(context, false)
  const dying = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.write('{"ok":', () => response.destroy())
  })
  await new Promise<void>((resolve) => dying.listen(0, '127.0.0.1', resolve))
  context.after(() => dying.close())
  await noteServingProcess(held.folder, { processId: 4711, port: (dying.address() as AddressInfo).port, key: 'k'.repeat(43) })
  const { status, said } = await held.run('metrics')
  assert.equal(status, 3, said)
})

test('the key lies where only the owner reads it, opens these calls alone, and goes away', { skip: process.platform === 'win32' && 'Windows has no such modes' }, async (context) => {
  const { folder, door, forget } = await heldFolder(context, true)
  const file = join(folder, 'serving.json')
  assert.equal(statSync(file).mode & 0o777, 0o600)
  assert.match(readFileSync(file, 'utf8'), new RegExp(door.key))
  const call = async (name: string, key = door.key, more: Record<string, string> = {}): Promise<{ status: number; body: string }> => {
    const answer = await fetch(`http://127.0.0.1:${door.port}/call`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${key}`, ...more }, body: JSON.stringify({ name, input: {} }) })
    return { status: answer.status, body: await answer.text() }
  }
  assert.equal((await call('metrics.text')).status, 200)
  assert.match((await call('requests.list')).body, /"not-allowed"/)
  assert.deepEqual([(await call('metrics.text', 'wrong')).status, (await call('metrics.text', '')).status, (await call('metrics.text', door.key, { 'content-type': 'text/plain' })).status], [403, 403, 400])
  assert.equal((await fetch(`http://127.0.0.1:${door.port}/`, { headers: { authorization: `Bearer ${door.key}` } })).status, 403)
  await forget()
  assert.throws(() => statSync(file), /ENOENT/)
})

test('which server stands in for another is known to the process that serves, and printed by outgoing list and status', async (context) => {
  const server = { ...newOutgoingServer('smtp'), name: 'main', host: 'mail.example.com' }
  const view = { server, issues: [], hasSecret: true, hasProxySecret: false, hasClientKeySecret: false, hasDkimKey: false, signIn: null, advice: [], delayedUntil: null, usedBy: ['IT'], isDefault: true, onAlternateSince: '2026-11-21T12:00:00.000Z', throughAlternate: 'reserve', outbox: { waiting: 7, stuck: 2 }, trouble: null, senderVerified: null, lastTest: null }
  handlers['outgoing.list'] = async () => [view]
  context.after(() => void delete handlers['outgoing.list'])
  const held = await heldFolder(context, true)
  const { status, out } = await held.run('outgoing list')
  assert.equal(status, 0)
  assert.match(out, /main \(default\).*through reserve.*7 \(2 stuck\)/)
  const [row] = JSON.parse((await held.run('outgoing list --json')).out) as object[]
  assert.partialDeepStrictEqual(row, { name: 'main', throughAlternate: 'reserve', onAlternateSince: '2026-11-21T12:00:00.000Z', outbox: { waiting: 7, stuck: 2 }, trouble: null })
  const trouble = { since: '2026-11-21T12:00:00.000Z', problem: { code: 'connection-refused', host: 'mail.example.com', port: 587 } as const }
  handlers['outgoing.list'] = async () => [{ ...view, onAlternateSince: null, throughAlternate: null, trouble }]
  assert.match((await held.run('outgoing list')).out, /main \(default\).*mail waits: connection-refused/)
  assert.partialDeepStrictEqual(JSON.parse((await held.run('outgoing list --json')).out), [{ trouble: { since: trouble.since, code: 'connection-refused' } }])
})

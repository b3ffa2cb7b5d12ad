import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { ProblemError, type Problem } from '#contract/problem.ts'
import type { HandOverTarget } from '#contract/hand-over.ts'
import { testCertificates } from '../../testbed/certificates.ts'
import { createChance } from '../../testbed/chance.ts'
import { createFastClock, createHandOverRig, targetOf, until, type Happening } from '../../testbed/hand-over-rig.ts'
import { startJsonReceiver, type DeskPlace, type JsonReceiver, type Mishap } from '../../testbed/help-desk.ts'

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const key = Buffer.from(secret.slice(6), 'base64')
const administrator = { who: 'Ann' }

const receive = async (t: TestContext, place: DeskPlace & { repeats?: 200 | 409 } = {}): Promise<JsonReceiver> => {
  const receiver = await startJsonReceiver(key, place)
  t.after(() => receiver.stop())
  return receiver
}
const desk = (t: TestContext, targets: HandOverTarget[], times = 200, readingMs = 0) => {
  const rig = createHandOverRig({ clock: createFastClock(times), chance: () => 0, readingMs })
  rig.settings.handOver = targets
  for (const { name } of targets) rig.credentials.secrets.set(`hand-over/${name}`, secret)
  const opened: { close(): Promise<void> }[] = []
  t.after(async () => {
    for (const one of opened) await one.close()
    await rig.database.close()
    assert.deepEqual(rig.unexpected, [])
  })
  const open = () => {
    const handOver = rig.open()
    opened.push(handOver)
    return handOver
  }
  return { ...rig, open }
}
const created = (request: number, more: Partial<Happening> = {}): Happening => ({ request, event: 'request-created', ...more })
const problemOf = (work: Promise<unknown>): Promise<Problem | null> => work.then(() => null, (thrown: unknown) => (thrown instanceof ProblemError ? thrown.problem : Promise.reject(thrown)))

test('A request, its reply and its change arrive signed, in order and with all that is told of them', async (t) => {
  const receiver = await receive(t)
  const { open, happen, list } = desk(t, [targetOf('desk', receiver.url)], 1)
  const handOver = open()
  handOver.begin()
  const raw = [
    'From: Ann Lee <ann@example.com>', 'To: it@example.com', 'Subject: Printer', 'Message-ID: <1@example.com>', 'Date: Fri, 20 Nov 2026 08:00:00 +0000', 'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=b', '',
    '--b', 'Content-Type: text/html', '', '<p onclick="x()">It <b>burns</b><script>alert(1)</script><img src="https://tracker.example/1.png"></p>',
    '--b', 'Content-Type: text/plain; name=a.txt', 'Content-Disposition: attachment; filename=a.txt', '', 'hello', '--b', 'Content-Type: application/octet-stream', 'Content-Disposition: attachment; filename=bad.exe', '', 'MZ', '--b--', ''
  ].join('\r\n')
  await happen(handOver, [created(7, { raw, stripped: [{ index: 1, stripped: { code: 'extension-not-allowed', reason: '.exe', remedy: '' } }] })], { values: { priority: 'High', additional: { Room: '12' } } })
  await until(() => receiver.taken.length === 1)
  await happen(handOver, [{ request: 7, event: 'reply-added' }, { request: 7, event: 'request-changed', change: { at: '2026-11-20T09:00:00.000Z', by: 'tom@example.com', action: 'edited', changes: [{ field: 'Priority', from: 'High', to: 'Low' }] } }])
  await until(async () => (await list(handOver, { state: 'delivered' })).length === 3)
  assert.deepEqual(receiver.refused, [])
  const [first, second, third] = receiver.taken.map(({ body }) => body as { type: string; timestamp: string; request: { number: number; values: object; remoteId: string | null }; message: { text: string; html: string | null; from: object }; change: { changes: object[] } | null; attachments: object[] })
  assert.deepEqual([first?.type, second?.type, third?.type], ['request.created', 'reply.added', 'request.changed'])
  assert.deepEqual(first?.request, { number: 7, subject: 'Request 7', status: 'open', requester: 'ann@example.com', partition: 'IT', server: 'it', createdAt: (first?.request as { createdAt?: string }).createdAt, values: { priority: 'High', additional: { Room: '12' } }, remoteId: null })
  assert.equal(first?.message.html, '<p>It <b>burns</b></p>')
  assert.deepEqual(first?.message.from, { name: 'Ann Lee', address: 'ann@example.com' })
  assert.deepEqual(first?.attachments, [{ name: 'a.txt', contentType: 'text/plain', size: 5, contentId: null, content: Buffer.from('hello').toString('base64') }])
  assert.equal(second?.request.remoteId, 'desk-7')
  assert.deepEqual(third?.change?.changes, [{ field: 'Priority', from: 'High', to: 'Low' }])
  assert.deepEqual((await list(handOver)).map(({ remoteId, state, tries, problem }) => [remoteId, state, tries, problem]), Array(3).fill(['desk-7', 'delivered', 1, null]))
})

test('Attachments over 20 MB are named, and none go where the target wants none', async (t) => {
  const receiver = await receive(t)
  const { open, happen } = desk(t, [targetOf('desk', receiver.url, { timeoutMs: 20_000 }), targetOf('bare', receiver.url, { attachments: false })], 1)
  const handOver = open()
  handOver.begin()
  const part = (name: string, size: number): string => `--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=${name}\r\n\r\n${'x'.repeat(size)}\r\n`
  await happen(handOver, [created(1, { raw: `From: ann@example.com\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${part('one.txt', 15_000_000)}${part('two.txt', 6_000_000)}${part('three.txt', 4_000_000)}--b--\r\n` })])
  await until(() => receiver.taken.length === 2)
  const attachments = receiver.taken.map(({ body }) => (body['attachments'] as { name: string; size: number; content: string | null }[]).map(({ name, size, content }) => [name, size, content === null ? null : Buffer.from(content, 'base64').length]))
  assert.deepEqual(attachments.sort((a, b) => a.length - b.length), [[], [['one.txt', 15_000_000, 15_000_000], ['two.txt', 6_000_000, null], ['three.txt', 4_000_000, 4_000_000]]])
})

for (const mishap of ['broken', 'busy', 'take-and-die', 'die', 'garbage', 'silent'] as const)
  test(`What is ${mishap} for a while is sent again under the same key, and taken once`, async (t) => {
    const receiver = await receive(t)
    let left = 2
    receiver.mishap = () => (left-- > 0 ? mishap : 'take')
    const { open, happen, list } = desk(t, [targetOf('desk', receiver.url)])
    const handOver = open()
    handOver.begin()
    await happen(handOver, [created(1)])
    await until(async () => (await list(handOver, { state: 'delivered' })).length === 1)
    assert.equal(receiver.taken.length, 1)
    assert.equal(new Set(receiver.tries).size, 1)
    assert.equal(receiver.tries.length, mishap === 'take-and-die' ? 2 : 3)
  })

for (const [mishap, status] of [['wrong', 422], ['conflict', 409], ['redirect', 302]] as const)
  test(`${status} waits for a person, holds back later events of its request alone, and goes out after a retry`, async (t) => {
    const receiver = await receive(t)
    receiver.mishap = ({ request }) => (request === 1 ? mishap : 'take')
    const { open, happen, list, rung } = desk(t, [targetOf('desk', receiver.url)])
    const handOver = open()
    handOver.begin()
    await happen(handOver, [created(1), { request: 1, event: 'reply-added' }, created(2), { request: 2, event: 'reply-added' }])
    await until(async () => (await list(handOver, { state: 'delivered' })).length === 2)
    const [refused] = await list(handOver, { state: 'refused' })
    assert.equal(refused?.problem?.code === 'hand-over-refused' && refused.problem.status === status && refused.problem.final, true)
    assert.deepEqual((await list(handOver, { state: 'waiting' })).map(({ request, event, tries }) => [request, event, tries]), [[1, 'reply-added', 0]])
    assert.match(rung.map(({ text }) => text).join(), /desk refused requests/)
    const { rows: _rows, ...counts } = await handOver.list({ limit: 2, before: null, target: 'desk', state: null })
    assert.deepEqual(counts, { next: 3, waiting: 1, refused: 1 })
    receiver.mishap = () => 'take'
    assert.deepEqual(await handOver.retry({ target: 'desk', ids: null }), { retried: 2 })
    await until(async () => (await list(handOver, { state: 'delivered' })).length === 4)
    assert.deepEqual(receiver.taken.filter(({ request }) => request === 1).map(({ event }) => event), ['request-created', 'reply-added'])
  })

test('409 to a repeat whose first try got no answer is delivered; an answer of 100 MB is read no further than its first', async (t) => {
  const receiver = await receive(t)
  receiver.mishap = ({ request }) => (request === 1 ? 'take-and-die' : 'huge')
  const { open, happen, list } = desk(t, [targetOf('desk', receiver.url)])
  const handOver = open()
  handOver.begin()
  const before = process.memoryUsage().arrayBuffers
  await happen(handOver, [created(1), created(2)])
  await until(async () => (await list(handOver, { state: 'delivered' })).length === 2)
  assert.deepEqual((await list(handOver)).map(({ request, tries, remoteId }) => [request, tries, remoteId]), [[2, 1, null], [1, 2, null]])
  assert.ok(process.memoryUsage().arrayBuffers - before < 50_000_000)
})

test('Who asks for patience gets it, for all of its events', async (t) => {
  const receiver = await receive(t)
  receiver.mishap = () => 'patience'
  const { open, happen, list } = desk(t, [targetOf('desk', receiver.url)], 1)
  const handOver = open()
  handOver.begin()
  const began = Date.now()
  await happen(handOver, [created(1)])
  await until(async () => (await list(handOver))[0]?.tries === 1)
  await happen(handOver, [created(2)])
  await new Promise((done) => setTimeout(done, 400))
  assert.equal(receiver.tries.length, 1)
  const next = Date.parse((await list(handOver)).at(-1)?.nextTryAt ?? '') - began
  assert.ok(next > 7_100_000 && next < 7_300_000, String(next))
})

test('A dead help desk is probed by one event at a time, rings once and once more when it is back, and holds nobody else up', async (t) => {
  const dead = await receive(t)
  const alive = await receive(t)
  await dead.stop()
  const { open, happen, list, rung } = desk(t, [targetOf('dead', dead.url), targetOf('alive', alive.url)], 100)
  const handOver = open()
  handOver.begin()
  await happen(handOver, Array.from({ length: 40 }, (_, index) => created(index + 1)))
  await until(() => alive.taken.length === 40)
  await until(() => rung.length === 1)
  const tried = (await list(handOver, { target: 'dead' })).reduce((sum, { tries }) => sum + tries, 0)
  assert.ok(tried >= 5 && tried <= 9, `${tried} tries`)
  const back = await startJsonReceiver(key, { port: dead.port })
  t.after(() => back.stop())
  await until(() => back.taken.length === 40, 20_000)
  await until(() => rung.length === 2)
  assert.match(rung[0]?.text ?? '', /cannot be handed over to dead/)
  assert.equal(rung[0]?.problem?.code, 'hand-over-unreachable')
  assert.match(rung[1]?.text ?? '', /dead answers again/)
  assert.ok(back.atOnce.most <= 4 && alive.atOnce.most <= 4)
})

test('One that takes connections and says nothing holds up neither what is stored nor another', async (t) => {
  const silent = await receive(t)
  const alive = await receive(t)
  silent.mishap = () => 'silent'
  const { open, happen } = desk(t, [targetOf('silent', silent.url, { timeoutMs: 60_000 }), targetOf('alive', alive.url, { timeoutMs: 60_000 })], 1)
  const handOver = open()
  handOver.begin()
  await happen(handOver, [created(1), created(2), created(3), created(4), created(5)])
  await until(() => silent.tries.length === 4)
  const began = Date.now()
  for (let request = 6; request <= 205; request++) await happen(handOver, [created(request)])
  assert.ok(Date.now() - began < 2_000)
  await until(() => alive.taken.length === 205)
  assert.equal(silent.tries.length, 4)
  const closing = Date.now()
  await handOver.close()
  assert.ok(Date.now() - closing < 1_000)
})

test('Only a certificate of the own authority is trusted', async (t) => {
  const { good, ca, wrongName } = testCertificates()
  const receiver = await receive(t, { certificate: good })
  const other = await receive(t, { certificate: wrongName })
  const targets = [targetOf('own', receiver.url, { caFile: ca.certFile }), targetOf('strange', receiver.url), targetOf('wrong-name', other.url, { caFile: ca.certFile })]
  const { open, happen, list } = desk(t, targets, 1)
  const handOver = open()
  handOver.begin()
  await happen(handOver, [created(1)])
  await until(async () => (await list(handOver)).every(({ tries }) => tries === 1))
  assert.deepEqual((await list(handOver)).map(({ target, state, problem }) => [target, state, problem?.code ?? null]), [['wrong-name', 'waiting', 'hand-over-unreachable'], ['strange', 'waiting', 'hand-over-unreachable'], ['own', 'delivered', null]])
  assert.equal(receiver.taken.length, 1)
  assert.equal(other.taken.length, 0)
})

for (const repeats of [200, 409] as const)
  test(`200 requests with three events each, failures at random and three consoles one after the other: each is taken once and in order (repeats get ${repeats})`, async (t) => {
    const receiver = await receive(t, { repeats })
    const { pick } = createChance(20261120 + repeats)
    const mishaps: Mishap[] = ['take', 'take', 'take', 'take', 'take', 'broken', 'busy', 'take-and-die', 'die', 'garbage']
    receiver.mishap = () => pick(mishaps)
    const { open, happen, list, database } = desk(t, [targetOf('desk', receiver.url)], 5_000)
    let handOver = open()
    handOver.begin()
    for (let start = 1; start <= 200; start += 50) {
      await happen(handOver, Array.from({ length: 50 }, (_, index) => created(start + index)))
      await happen(handOver, Array.from({ length: 50 }, (_, index): Happening => ({ request: start + index, event: 'reply-added' })))
      await happen(handOver, Array.from({ length: 50 }, (_, index): Happening => ({ request: start + index, event: 'request-changed', change: { at: '2026-11-20T09:00:00.000Z', by: 'tom@example.com', action: 'edited', changes: [] } })))
      if (start === 51 || start === 101) {
        await until(() => receiver.taken.length > start)
        await handOver.close()
        handOver = open()
        handOver.begin()
      }
    }
    const waiting = async (): Promise<number> => (await database.all<{ n: number }>(`SELECT COUNT(*) AS n FROM hand_over WHERE state <> 'delivered'`))[0]?.n ?? -1
    await until(async () => (await waiting()) === 0, 60_000)
    assert.equal(receiver.taken.length, 600)
    assert.equal(new Set(receiver.taken.map(({ id }) => id)).size, 600)
    for (let request = 1; request <= 200; request++) assert.deepEqual(receiver.taken.filter((one) => one.request === request).map(({ event }) => event), ['request-created', 'reply-added', 'request-changed'], `request ${request}`)
    assert.deepEqual(receiver.refused, [])
    assert.ok(receiver.atOnce.most <= 8)
    assert.equal((await list(handOver)).length, 500)
  })

test('An event that was delivered while the queue was read is not sent again', async (t) => {
  const receiver = await receive(t)
  const { open, happen, list } = desk(t, [targetOf('desk', receiver.url)], 1, 4)
  const handOver = open()
  handOver.begin()
  for (let request = 1; request <= 30; request++) {
    await happen(handOver, [created(request), { request, event: 'reply-added' }, { request, event: 'reply-added' }])
    handOver.wake()
  }
  await until(async () => (await list(handOver, { state: 'delivered' })).length === 90)
  assert.equal(receiver.tries.length, 90)
})

test('What waits for a disabled help desk is kept; for a deleted one it is dropped, which the log says', async (t) => {
  const receiver = await receive(t)
  receiver.mishap = () => 'broken'
  const { open, happen, list, settings, warnings, announce } = desk(t, [targetOf('desk', receiver.url)])
  const handOver = open()
  handOver.begin()
  await happen(handOver, [created(1)])
  await until(() => receiver.tries.length > 0)
  const change = (wish: Partial<HandOverTarget> | null): void => {
    settings.handOver = wish === null ? [] : [targetOf('desk', receiver.url, wish)]
    announce('settings-changed', {})
  }
  change({ enabled: false })
  await happen(handOver, [created(2)])
  await new Promise((done) => setTimeout(done, 50))
  receiver.mishap = () => 'take'
  const tries = receiver.tries.length
  await new Promise((done) => setTimeout(done, 300))
  assert.equal(receiver.tries.length, tries)
  assert.deepEqual((await list(handOver)).map(({ request, state }) => [request, state]), [[1, 'waiting']])
  change({ enabled: true })
  await until(() => receiver.taken.length === 1)
  receiver.mishap = () => 'wrong'
  await happen(handOver, [created(3), { request: 3, event: 'reply-added' }])
  await until(async () => (await list(handOver, { state: 'refused' })).length === 1)
  change(null)
  await until(() => warnings.length === 1)
  assert.match(warnings[0] ?? '', /desk was deleted: 2 events/)
  assert.deepEqual((await list(handOver)).map(({ state }) => state), ['delivered'])
})

test('Without a secret events wait; with one they go out, and it is nowhere to be read', async (t) => {
  const receiver = await receive(t)
  const { open, happen, list, credentials, database } = desk(t, [targetOf('desk', receiver.url)])
  credentials.secrets.clear()
  const handOver = open()
  handOver.begin()
  await happen(handOver, [created(1)])
  await until(async () => (await list(handOver))[0]?.problem?.code === 'hand-over-secret-missing')
  assert.equal((await problemOf(handOver.setSecret({ target: 'dsek', secret }, administrator)))?.code, 'not-found')
  assert.equal((await problemOf(handOver.setSecret({ target: 'desk', secret: 'whsec_?' }, administrator)))?.code, 'invalid-input')
  await handOver.setSecret({ target: 'desk', secret }, administrator)
  await until(() => receiver.taken.length === 1)
  assert.deepEqual(await handOver.secrets(), ['desk'])
  const history = await database.all<{ what: string; name: string; action: string; changes: string }>('SELECT what, name, action, changes FROM history')
  assert.deepEqual(history.map(({ what, name, action }) => [what, name, action]), [['secret', 'desk', 'added']])
  assert.ok(!JSON.stringify([history, await list(handOver)]).includes(secret))
  await handOver.setSecret({ target: 'desk', secret: null }, administrator)
  assert.deepEqual(await handOver.secrets(), [])
  assert.equal((await problemOf(handOver.setSecret({ target: 'desk', secret: null }, administrator)))?.code, 'not-found')
})

test('A test says that it is one, and what came of it', async (t) => {
  const receiver = await receive(t)
  const { open } = desk(t, [], 1)
  const handOver = open()
  const ask = (target: HandOverTarget, used: string | null = secret) => handOver.test({ target, secret: used, workId: 'work-1234' }, { role: 'administrator' })
  const { status, answer } = await ask(targetOf('new', receiver.url))
  assert.deepEqual([status, answer], [200, '{"id":"desk-0"}'])
  assert.deepEqual([receiver.taken[0]?.body['type'], receiver.taken[0]?.body['test'], receiver.taken[0]?.body['request']], ['mailroom.test', true, null])
  assert.equal((await ask(targetOf('new', receiver.url), 'whsec_d3Jvbmc=')).status, 401)
  assert.equal((await problemOf(ask(targetOf('new', receiver.url), null)))?.code, 'hand-over-secret-missing')
  receiver.mishap = () => 'silent'
  const silent = await problemOf(ask(targetOf('new', receiver.url)))
  assert.equal(silent?.code === 'hand-over-unreachable' && silent.reason, 'It did not answer within 1 s.')
  await receiver.stop()
  assert.equal((await problemOf(ask(targetOf('new', receiver.url))))?.code, 'hand-over-unreachable')
})

test('Support sends the stored secret nowhere but where it goes already', async (t) => {
  const [receiver, elsewhere] = [await receive(t), await receive(t)]
  const target = targetOf('desk', receiver.url)
  const handOver = desk(t, [target], 1).open()
  const ask = (changes: Partial<HandOverTarget>, role: 'administrator' | 'support') => handOver.test({ target: { ...target, ...changes }, secret: null, workId: 'work-1234' }, { role })
  assert.equal((await ask({}, 'support')).status, 200)
  for (const changes of [{ url: elsewhere.url }, { url: elsewhere.url, kind: 'servicedesk-plus' as const }, { timeoutMs: 2_000 }])
    assert.equal((await problemOf(ask(changes, 'support')))?.code, 'hand-over-secret-missing')
  assert.equal(elsewhere.tries.length, 0)
  assert.equal((await ask({ url: elsewhere.url }, 'administrator')).status, 200)
})

test('A console that does not run sends what is due when it is told to retry, and answers then', async (t) => {
  const receiver = await receive(t)
  const { open, happen, list } = desk(t, [targetOf('desk', receiver.url)], 1)
  const handOver = open()
  await happen(handOver, [created(1), { request: 1, event: 'reply-added' }, created(2)])
  receiver.mishap = ({ request }) => (request === 2 ? 'broken' : 'take')
  assert.equal(receiver.tries.length, 0)
  assert.deepEqual(await handOver.retry({ target: 'desk', ids: null }), { retried: 3 })
  assert.deepEqual((await list(handOver)).map(({ request, state, tries }) => [request, state, tries]), [[2, 'waiting', 1], [1, 'delivered', 1], [1, 'delivered', 1]])
  const unknown = await problemOf(handOver.retry({ target: 'dek', ids: null }))
  assert.deepEqual(unknown, { code: 'not-found', what: 'help desk', name: 'dek', nearest: 'desk' })
})

test('A damaged message is told as what is wrong with it', async (t) => {
  const receiver = await receive(t)
  const { open, happen, contents } = desk(t, [targetOf('desk', receiver.url)], 1)
  const handOver = open()
  await happen(handOver, [created(1)])
  contents.clear()
  handOver.begin()
  await until(() => receiver.taken.length === 1)
  assert.match((receiver.taken[0]?.body['message'] as { text: string }).text, /damaged/i)
})

test('What was delivered over 30 days ago is forgotten', async (t) => {
  const { open, database } = desk(t, [targetOf('desk', 'http://localhost:1/')], 1)
  const days = (count: number): string => new Date(Date.now() - count * 86_400_000).toISOString()
  await database.transaction(async (transaction) => {
    for (const [id, at] of [[1, days(31)], [2, days(29)]] as const) await transaction.run(`INSERT INTO hand_over (id, target, request, event, event_key, state, tries, created_at, delivered_at) VALUES (?, 'desk', 1, 'reply-added', ?, 'delivered', 1, ?, ?)`, [id, `k${id}`, at, at])
  })
  const handOver = open()
  handOver.begin()
  await until(async () => (await database.all('SELECT id FROM hand_over')).length === 1)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { calls, type CallName, type NeededRole, type Role } from '#contract/calls.ts'
import { ProblemError } from '#contract/problem.ts'
import { createLog } from '../log/create-log.ts'
import { createDoor, mayCall } from './door.ts'
import type { Handlers } from './handlers-type.ts'

const support = { role: 'support', who: 'sue' } as const
const administrator = { role: 'administrator', who: 'ann' } as const

function doorWith(handlers: Partial<Handlers>) {
  const lines: string[] = []
  const log = createLog({ write: (line) => lines.push(line), now: () => new Date(0) })
  return { lines, answer: createDoor({ handlers, log, newReference: () => 'REF12345' }) }
}

test('passes the parsed input and the context on and wraps the answer', async () => {
  const seen: unknown[] = []
  const { answer } = doorWith({ 'requests.list': async (input, context) => { seen.push(input, context); return { rows: [], next: null, total: 0 } } })
  assert.deepEqual(await answer('requests.list', {}, support), { ok: true, value: { rows: [], next: null, total: 0 } })
  assert.deepEqual(seen, [{ limit: 100, before: null, query: '', server: null }, support])
})

for (const name of ['requests.lst', 'constructor', '__proto__', 'toString', '', 'hasOwnProperty'])
  test(`“${name}” is no call`, async () => {
    const answer = await doorWith({}).answer(name, {}, administrator)
    assert.deepEqual(answer, { ok: false, problem: { code: 'not-found', what: 'call', name, nearest: name === 'requests.lst' ? 'requests.list' : null } })
  })

test('a name that is not a string is no call', async () => {
  const answer = await doorWith({}).answer({ toString: () => 'requests.list' } as unknown as string, {}, administrator)
  assert.equal(answer.ok, false)
})

test('the role is asked before the input is looked at', async () => {
  const door = doorWith({ 'incoming.delete': async () => assert.fail('called') })
  const answer = await door.answer('incoming.delete', { wrong: true }, support)
  assert.deepEqual(answer, { ok: false, problem: { code: 'not-allowed', call: 'incoming.delete', role: 'support' } })
  assert.match(door.lines.join(''), /sue as support may not call incoming\.delete/)
})

test('input that does not fit names each place and never repeats what was typed', async () => {
  const { answer, lines } = doorWith({ 'secret.set': async () => assert.fail('called') })
  const answered = await answer('secret.set', { server: 7, secret: 's3cret', extra: 1 }, administrator)
  assert.equal(answered.ok, false)
  assert.ok(!answered.ok && answered.problem.code === 'invalid-input')
  assert.deepEqual(answered.problem.issues.map((issue) => issue.path).sort(), ['', 'server'])
  assert.doesNotMatch(JSON.stringify(answered) + lines.join(''), /s3cret/)
})

test('a problem leaves as it is', async () => {
  const { answer, lines } = doorWith({ 'incoming.stop': async () => { throw new ProblemError({ code: 'vault-locked' }) } })
  assert.deepEqual(await answer('incoming.stop', { name: 'it' }, administrator), { ok: false, problem: { code: 'vault-locked' } })
  assert.deepEqual(lines, [])
})

test('a bug is logged in full and leaves as a reference, without the secret of the input', async () => {
  const { answer, lines } = doorWith({ 'secret.set': async ({ secret }) => { throw new TypeError(`cannot read ${secret}`) } })
  assert.deepEqual(await answer('secret.set', { server: 'it', secret: 's3cret' }, administrator), { ok: false, problem: { code: 'unexpected', reference: 'REF12345' } })
  assert.match(lines.join(''), /unexpected \[REF12345\] during call secret\.set as administrator: TypeError: cannot read •••/)
  assert.doesNotMatch(lines.join(''), /s3cret/)
})

test('something thrown that is no error still does not get through', async () => {
  const { answer } = doorWith({ 'incoming.list': async () => { throw null } })
  assert.deepEqual(await answer('incoming.list', {}, support), { ok: false, problem: { code: 'unexpected', reference: 'REF12345' } })
})

test('a call without a handler is not found rather than a crash', async () => {
  const answer = await doorWith({}).answer('incoming.list', {}, support)
  assert.ok(!answer.ok && answer.problem.code === 'not-found')
})

const roleTable: [NeededRole, Role, boolean][] = [
  ['anyone', 'support', true], ['anyone', 'administrator', true], ['support', 'support', true],
  ['support', 'administrator', true], ['administrator', 'support', false], ['administrator', 'administrator', true]
]
for (const [needed, role, may] of roleTable) test(`${role} ${may ? 'may' : 'may not'} ask what needs ${needed}`, () => assert.equal(mayCall(needed, role), may))
test('an unknown role may nothing', () => assert.equal(mayCall('anyone', 'guest' as Role), false))

test('support may change nothing that is kept', () => {
  const changing = /\.(save|delete|set|import|start|stop|start-all|stop-all|requeue|make-default|return-to-primary|take|close)$/
  for (const name of Object.keys(calls) as CallName[]) if (changing.test(name)) assert.equal(calls[name].role, 'administrator', name)
})

test('support ends no work that an administrator began; an administrator ends any', async () => {
  const cancelled: string[] = []
  const { answer } = doorWith({
    'storage.clean-up': async () => ({ originals: 0, texts: 0, errorRecords: 0, logLines: 0, freedBytes: 0, pendingBytes: 0 }),
    'incoming.fetch-all': async () => [],
    'work.cancel': async ({ workId }) => void cancelled.push(workId)
  })
  await answer('storage.clean-up', { workId: 'of-the-admin' }, administrator)
  await answer('incoming.fetch-all', { workId: 'of-support' }, support)
  // Naming it makes it nobody else's.
  await answer('incoming.fetch-all', { workId: 'of-the-admin' }, support)
  const asked: [string, typeof support | typeof administrator, boolean][] = [['of-the-admin', support, false], ['of-support', support, true], ['of-the-admin', administrator, true], ['of-support', administrator, true], ['never-begun', support, true]]
  for (const [workId, who, isHeard] of asked) assert.equal((await answer('work.cancel', { workId }, who)).ok, isHeard, `${workId} by ${who.role}`)
  assert.deepEqual(cancelled, ['of-support', 'of-the-admin', 'of-support', 'never-begun'])
})

test('whatever support begins, the work of an administrator stays the administrator’s', async () => {
  const { answer } = doorWith({ 'storage.clean-up': () => new Promise(() => undefined), 'incoming.fetch-all': async () => [], 'work.cancel': async () => undefined })
  void answer('storage.clean-up', { workId: 'of-the-admin' }, administrator)
  for (let begun = 0; begun < 1_100; begun++) await answer('incoming.fetch-all', { workId: `of-support-${begun}` }, support)
  assert.deepEqual(await answer('work.cancel', { workId: 'of-the-admin' }, support), { ok: false, problem: { code: 'not-allowed', call: 'work.cancel', role: 'support' } })
})

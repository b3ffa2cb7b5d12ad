import assert from 'node:assert/strict'
import { test } from 'node:test'
import { handOverTarget, type HandOverRow } from '#contract/hand-over.ts'
import { ProblemError } from '#contract/problem.ts'
import { settings } from '#contract/settings.ts'
import { run } from '../../testbed/command-line.ts'

const row: HandOverRow = {
  id: 9, target: 'desk', request: 7, event: 'reply-added', state: 'refused', tries: 2, createdAt: '2026-11-20T08:00:00.000Z', nextTryAt: null, deliveredAt: null, remoteId: 'D-1',
  problem: { code: 'hand-over-refused', target: 'desk', status: 422, serverSaid: 'no', final: true }
}
const configured = settings.parse({ handOver: [handOverTarget.parse({ name: 'desk', kind: 'json', url: 'https://desk.example.com/in' })] })

test('hand-over list shows a page, whole as JSON, and asks for what was wished', async () => {
  const asked: unknown[] = []
  const handlers = { 'hand-over.list': async (input: object) => (asked.push(input), { rows: [row], next: 9, waiting: 3, refused: 1 }) }
  const shown = await run('hand-over list --target desk --state refused --limit 1 --before 12', { handlers })
  assert.equal(shown.status, 0)
  assert.match(shown.out, /^ID +TARGET +REQUEST[\s\S]*9 +desk +7 +reply-added +refused +2 /)
  assert.match(shown.said, /3 waiting, 1 refused; older ones: --before 9/)
  assert.deepEqual(JSON.parse((await run('hand-over list --json', { handlers })).out), [row])
  assert.deepEqual(asked, [{ target: 'desk', state: 'refused', limit: 1, before: 12 }, { target: null, state: null, limit: 100, before: null }])
})

test('hand-over retry tells what is left, and ends with 1 while anything is', async () => {
  const left = { waiting: 0, refused: 0 }
  const handlers = { 'hand-over.retry': async () => ({ retried: 2 }), 'hand-over.list': async () => ({ rows: [], next: null, ...left }) }
  const good = await run('hand-over retry desk --json', { handlers })
  assert.deepEqual([good.status, JSON.parse(good.out)], [0, { target: 'desk', retried: 2, waiting: 0, refused: 0 }])
  left.waiting = 1
  const bad = await run('hand-over retry desk', { handlers })
  assert.deepEqual([bad.status, bad.out], [1, '2 tried; 1 waiting, 0 refused. What holds them up: mailroom hand-over list --target desk\n'])
})

for (const [status, ends] of [[200, 0], [204, 0], [0, 1], [302, 1], [401, 1], [500, 1]] as const)
  test(`hand-over test ends with ${ends} where the help desk answers ${status}`, async () => {
    const handlers = { 'settings.get': async () => configured, 'hand-over.test': async () => ({ status, answer: 'said', ms: 12 }) }
    const ended = await run('hand-over test desk --json', { handlers })
    assert.deepEqual([ended.status, JSON.parse(ended.out)], [ends, { status, answer: 'said', ms: 12 }])
    assert.match((await run('hand-over test desk', { handlers })).out, /after 12 ms\.\n {2}said\n$/)
  })

test('hand-over test of nobody is a wrong request, of one that is away unreachable', async () => {
  const handlers = { 'settings.get': async () => configured, 'hand-over.test': async () => { throw new ProblemError({ code: 'hand-over-unreachable', target: 'desk', reason: 'It refused.' }) } }
  const unknown = await run('hand-over test dsek', { handlers })
  assert.equal(unknown.status, 2)
  assert.match(unknown.said, /dsek[\s\S]*desk/)
  assert.equal((await run('hand-over test desk', { handlers })).status, 3)
})

test('hand-over secret takes it from stdin or asks, never from the command line, and shows it nowhere', async () => {
  const stored: unknown[] = []
  const handlers = { 'hand-over.secret': async (input: object) => void stored.push(input) }
  const given = await run('hand-over secret desk', { handlers, stdin: 'whsec_abc=\n' })
  const asked = await run('hand-over secret desk', { handlers, answers: ['typed'] })
  const deleted = await run('hand-over secret desk --delete --json', { handlers })
  assert.deepEqual(stored, [{ target: 'desk', secret: 'whsec_abc=' }, { target: 'desk', secret: 'typed' }, { target: 'desk', secret: null }])
  assert.deepEqual([given.status, asked.status, deleted.status, JSON.parse(deleted.out)], [0, 0, 0, { target: 'desk', deleted: true }])
  assert.ok(!JSON.stringify([given, asked]).includes('whsec_abc') && !asked.out.includes('typed'))
  for (const line of ['hand-over secret desk', 'hand-over secret', 'hand-over secret desk whsec_abc', 'hand-over list --state gone', 'hand-over retry', 'hand-over']) assert.equal((await run(line, { handlers, stdin: '' })).status, 2, line)
})

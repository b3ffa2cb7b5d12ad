import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HistoryEntry, HistoryVersion } from '#contract/history.ts'
import { ProblemError } from '#contract/problem.ts'
import { run } from '../../testbed/command-line.ts'

const entry: HistoryEntry = { id: 42, at: '2026-11-21T13:00:00.000Z', who: 'ann', what: 'incoming server', name: 'it', action: 'changed', changes: [{ field: 'host', from: 'a.example', to: 'b.example' }], reason: 'moved', hash: 'f'.repeat(64), hasVersion: true }
const version: HistoryVersion = { entry, isGone: false, differences: [{ field: 'host', now: 'c.example', then: 'b.example' }], issues: [], warnings: ['Its password stays.'], canRestore: true }
const proof = { isIntact: true, entries: 7, unchained: 2, head: 'f'.repeat(64), at: '2026-11-21T13:00:00.000Z', broken: null }

test('history list asks for what was named', async () => {
  const asked: unknown[] = []
  const handlers = { 'history.list': async (input: unknown) => (asked.push(input), [entry]) }
  const { status, out } = await run(['history', 'list', '--server', 'it', '--what', 'incoming server', '--limit', '5'], { handlers })
  assert.equal(status, 0)
  assert.match(out, /42 .*ann .*host: a\.example → b\.example/)
  assert.deepEqual(asked, [{ name: 'it', what: 'incoming server', who: null, query: '', before: null, limit: 5 }])
  assert.deepEqual(JSON.parse((await run('history list --json', { handlers })).out), [entry])
  const none = { 'history.list': async () => [] }
  assert.deepEqual([(await run('history list', { handlers: none })).said, (await run('history list --query host', { handlers: none })).said], ['Nothing was changed yet.\n', 'No change matches.\n'])
  assert.equal((await run('history list --what servers', { handlers })).status, 2)
  assert.equal((await run('history list --limit 0', { handlers })).status, 2)
})

test('history verify says yes with 0 and no with 1', async () => {
  const good = await run('history verify', { handlers: { 'history.verify': async () => proof } })
  assert.deepEqual([good.status, good.out], [0, `The history is as it was written: 7 entries, 2 of them from before there was a chain.\nHead: ${'f'.repeat(64)}\n`])
  const broken = { ...proof, isIntact: false, broken: { id: 3, reason: 'it was changed after it was written' } }
  const bad = await run('history verify', { handlers: { 'history.verify': async () => broken } })
  assert.deepEqual([bad.status, bad.out.split('\n')[0]], [1, 'The history is not as it was written, from entry 3 on: it was changed after it was written.'])
  assert.deepEqual(JSON.parse((await run('history verify --json', { handlers: { 'history.verify': async () => broken } })).out), broken)
})

test('history show shows the change and what restoring would change', async () => {
  const handlers = { 'history.list': async () => [entry], 'history.version': async () => version }
  const { status, out } = await run('history show 42', { handlers })
  assert.equal(status, 0)
  assert.match(out, /Entry 42: incoming server it changed by ann[\s\S]*Reason: moved[\s\S]*host +a\.example +b\.example[\s\S]*host +c\.example +b\.example[\s\S]*Its password stays\./)
  const without = await run('history show 42', { handlers: { 'history.list': async () => [{ ...entry, hasVersion: false }] } })
  assert.match(without.out, /no version to go back to/)
  assert.equal((await run('history show it', { handlers })).status, 2)
})

test('history restore gives the reason on and tells the warnings', async () => {
  const asked: unknown[] = []
  const done = await run(['history', 'restore', '42', '--reason', 'wrong host'], { handlers: { 'history.restore': async (input) => (asked.push(input), { warnings: ['Enter the password again.'] }) } })
  assert.deepEqual([done.status, done.out, done.said], [0, 'Version 42 is in place.\n', 'Enter the password again.\n'])
  assert.deepEqual(asked, [{ id: 42, reason: 'wrong host' }])
  const refused = await run('history restore 9', { handlers: { 'history.restore': async () => { throw new ProblemError({ code: 'not-found', what: 'history entry', name: '9', nearest: null }) } } })
  assert.equal(refused.status, 2)
})

test('access add prints the token this one time, and nothing else on stdout', async () => {
  const asked: unknown[] = []
  const handlers = { 'access.add-token': async (input: unknown) => (asked.push(input), { token: 'a-token' }) }
  const added = await run('access add monitor --role administrator', { handlers })
  assert.deepEqual([added.status, added.out], [0, 'a-token\n'])
  assert.match(added.said, /shown this one time/)
  assert.deepEqual(JSON.parse((await run('access add monitor --json', { handlers })).out), { name: 'monitor', role: 'support', secondFactor: null, token: 'a-token' })
  assert.deepEqual(asked, [{ name: 'monitor', role: 'administrator', secondFactor: null, reason: null }, { name: 'monitor', role: 'support', secondFactor: null, reason: null }])
  assert.equal((await run('access add monitor --role owner', { handlers })).status, 2)
  assert.equal((await run('access add ann --second-factor nobody', { handlers })).status, 2)
  const guarded = await run('access add ann --second-factor ann@example.com --json', { handlers })
  assert.match(guarded.said, /a code is sent to ann@example.com/)
  assert.deepEqual(JSON.parse(guarded.out), { name: 'ann', role: 'support', secondFactor: 'ann@example.com', token: 'a-token' })
  assert.equal((await run('access add ../x', { handlers })).status, 2)
})

test('access list, revoke and reset-pin', async () => {
  const row = { name: 'monitor', role: 'support' as const, createdAt: '2026-11-21T13:00:00.000Z', lastUsedAt: null, secondFactor: 'ann@example.com' }
  assert.match((await run('access list', { handlers: { 'access.tokens': async () => [row] } })).out, /monitor +support +ann@example.com/)
  assert.match((await run('access list', { handlers: { 'access.tokens': async () => [] } })).said, /no named tokens/)
  assert.equal((await run('access revoke monitor', { handlers: { 'access.revoke-token': async () => undefined } })).out, 'The token monitor is revoked.\n')
  const reset = await run('access reset-pin', { handlers: { 'access.reset-pin': async () => ({ wasSet: true }) } })
  assert.match(reset.out, /PIN is taken away/)
  assert.match(reset.said, /guards the window, not the files/)
})

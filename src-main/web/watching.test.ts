import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { after, before, beforeEach, test } from 'node:test'
import type { Answer } from '#contract/bridge.ts'
import type { Health } from '#contract/health.ts'
import { createLog } from '../log/create-log.ts'
import { createWebHost, type WebHost } from './web-host.ts'

const well: Health = {
  alive: true, working: true, at: '2026-11-21T12:00:00.000Z', reasons: [],
  servers: [{ name: 'it-secret-name', working: true, reasons: [], fetching: 'waiting', problem: null, failuresInARow: 0, lastSuccessAt: '2026-11-21T11:59:30.000Z', secondsSinceSuccess: 30, lastMailAt: null, secondsSinceMail: null }]
}
let health: Health
let answer: Answer<unknown>
let asked: unknown[]
let host: WebHost
let base: string
let token: string

before(async () => {
  const core = {
    answer: async (...call: unknown[]) => (asked.push(call), answer), health: async () => health,
    receive: () => false, subscribe: () => () => undefined, namedToken: () => null, secondFactor: { step: async () => null, look: async () => null, check: async () => undefined }, guessed: () => undefined
  }
  host = await createWebHost({ console: core, pages: tmpdir(), host: '127.0.0.1', port: 0, log: createLog({ write: () => undefined, now: () => new Date() }) })
  const url = new URL(host.url)
  base = url.origin
  token = new URL(host.supportUrl).searchParams.get('token') ?? ''
})
beforeEach(() => {
  health = well
  answer = { ok: true, value: { text: 'mailroom_working 1\n' } }
  asked = []
})
after(() => host.close())

const get = (path: string, headers: Record<string, string> = {}, method = 'GET') => fetch(base + path, { method, headers })
const bearer = (): Record<string, string> => ({ authorization: `Bearer ${token}` })

test('liveness is told to anybody, whatever the core says', async () => {
  health = { ...well, working: false, reasons: [{ code: 'not-answering', count: 1 }] }
  const found = await get('/health/live')
  assert.deepEqual([found.status, await found.json()], [200, { alive: true }])
})

test('without a token health tells codes and counts, and no name', async () => {
  for (const path of ['/health', '/health/ready']) {
    const found = await get(path)
    const text = await found.text()
    assert.deepEqual([found.status, JSON.parse(text)], [200, { alive: true, working: true, at: well.at, reasons: [] }], path)
    assert.doesNotMatch(text, /it-secret-name/)
  }
})

test('what does not work answers with 503 and the reasons', async () => {
  health = { ...well, working: false, reasons: [{ code: 'server-failing', count: 2 }, { code: 'disk-filling', count: 1 }] }
  const found = await get('/health')
  assert.deepEqual([found.status, await found.json()], [503, { alive: true, working: false, at: well.at, reasons: health.reasons }])
})

test('with a token health tells of each server', async () => {
  assert.deepEqual(await (await get('/health', bearer())).json(), well)
  assert.equal('servers' in ((await (await get('/health', { authorization: 'Bearer wrong' })).json()) as object), false)
})

test('metrics need a token, and are Prometheus text', async () => {
  const refused = await get('/metrics')
  assert.equal(refused.status, 401)
  assert.match(refused.headers.get('www-authenticate') ?? '', /^Bearer /)
  assert.match(await refused.text(), /Metrics need a token/)
  assert.equal((await get('/metrics', { authorization: 'Bearer wrong' })).status, 401)
  assert.deepEqual(asked, [])
  const found = await get('/metrics', bearer())
  assert.deepEqual([found.status, found.headers.get('content-type'), await found.text()], [200, 'text/plain; version=0.0.4; charset=utf-8', 'mailroom_working 1\n'])
  assert.deepEqual(asked, [['metrics.text', {}, { role: 'support', who: 'metrics' }]])
})

test('a session may read metrics too', async () => {
  const opened = await fetch(host.supportUrl, { redirect: 'manual' })
  assert.equal((await get('/metrics', { cookie: opened.headers.get('set-cookie')?.split(';')[0] ?? '' })).status, 200)
})

test('while the vault is locked metrics say so, as unavailable', async () => {
  answer = { ok: false, problem: { code: 'vault-locked' } }
  const found = await get('/metrics', bearer())
  assert.equal(found.status, 503)
  assert.match(await found.text(), /vault/i)
})

test('watchers read: nothing else is answered, and other names of this host are not served', async () => {
  for (const path of ['/health', '/health/live', '/metrics']) {
    assert.equal((await get(path, bearer(), 'POST')).status, 405, path)
    assert.equal((await get(path, bearer(), 'HEAD')).status, 200, path)
  }
  assert.equal((await get('/health/else')).status, 401)
})

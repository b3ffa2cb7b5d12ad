import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HttpAnswer } from '../mail/connection/http-client.ts'
import { createMsalNetwork } from './msal-network.ts'
import type { TokenRequest } from './token-issuer.ts'

function networkOf(answers: unknown[], waited: number[] = []): ReturnType<typeof createMsalNetwork> {
  const request = async (): Promise<HttpAnswer> => {
    const next = answers.shift()
    if (next instanceof Error) throw next
    return { status: 200, headers: {}, connection: { id: 1, certificate: () => null }, body: Buffer.from(typeof next === 'string' ? next : JSON.stringify(next)) }
  }
  const asked = { http: { request }, signal: AbortSignal.timeout(5_000), wait: async (ms: number) => void waited.push(ms) }
  return createMsalNetwork(asked as unknown as TokenRequest)
}
const poll = { body: 'grant_type=device_code&device_code=x' }

test('slow_down lengthens the pause by five seconds each time, and goes on', async () => {
  const waited: number[] = []
  const { module } = networkOf([{ error: 'slow_down' }, { error: 'authorization_pending' }, { error: 'slow_down' }, { access_token: 'y' }], waited)
  const bodies: unknown[] = []
  for (let turn = 0; turn < 4; turn++) bodies.push((await module.sendPostRequestAsync<{ error?: string }>('https://a.example/token', poll)).body.error)
  assert.deepEqual(bodies, ['authorization_pending', 'authorization_pending', 'authorization_pending', undefined])
  assert.deepEqual(waited, [5_000, 5_000, 10_000])
})

test('a device code without an interval is asked for every five seconds', async () => {
  const { module } = networkOf([{ device_code: 'x' }, { device_code: 'x', interval: 2 }])
  for (const interval of [5, 2]) assert.equal((await module.sendPostRequestAsync<{ interval: number }>('https://a.example/devicecode', { body: '' })).body.interval, interval)
})

test('the last answer or failure is kept, without the query of its URL', async () => {
  const failure = new Error('no way')
  const { module, last } = networkOf(['<html>', '[1]', failure])
  assert.equal(last().kind, 'none')
  for (let turn = 0; turn < 2; turn++) {
    await module.sendGetRequestAsync('https://a.example/x?client_secret=s')
    const seen = last()
    assert.ok(seen.kind === 'answered' && seen.json === null && seen.url === 'https://a.example/x')
  }
  await assert.rejects(module.sendGetRequestAsync('https://a.example/x'), failure)
  assert.deepEqual(last(), { kind: 'failed', error: failure })
})

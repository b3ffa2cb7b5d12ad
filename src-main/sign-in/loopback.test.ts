import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePorts } from '../../testbed/free-ports.ts'
import { problemOf } from '../mail/incoming-transport-promises.ts'
import { openLoopback } from './loopback.ts'

test('a port that the redirect URL names is kept; one that is taken is told', async () => {
  const [port = 0] = await freePorts(1)
  const redirectUrl = `http://127.0.0.1:${port}/done`
  const loopback = await openLoopback('it', redirectUrl, 'state')
  assert.equal(loopback.redirectUrl, redirectUrl)
  assert.deepEqual(await problemOf(openLoopback('it', redirectUrl, 'state')), { code: 'redirect-port-taken', server: 'it', redirectUrl })
  await loopback.close()
  const another = createServer()
  await new Promise<void>((done) => another.listen(port, '127.0.0.1', done))
  assert.equal((await problemOf(openLoopback('it', `http://localhost:${port}`, 'state'))).code, 'redirect-port-taken')
  await new Promise((done) => another.close(done))
})

test('port 80 is a port like any other', async () => {
  const loopback = await openLoopback('it', 'http://127.0.0.1:80/', 's').catch(() => null)
  if (loopback !== null) assert.equal(loopback.redirectUrl, 'http://127.0.0.1:80/')
  await loopback?.close()
})

test('a redirect URL keeps its letters apart from the port', async () => {
  for (const [configured, pattern] of [
    ['http://localhost', /^http:\/\/localhost:\d+$/], ['http://localhost/', /^http:\/\/localhost:\d+\/$/], ['http://127.0.0.1/Sign/In', /^http:\/\/127\.0\.0\.1:\d+\/Sign\/In$/], ['http://[::1]', /^http:\/\/\[::1\]:\d+$/],
    ['https://mail.example.com/back', /^https:\/\/mail\.example\.com\/back$/]
  ] as const) {
    const loopback = await openLoopback('it', configured, 'state')
    assert.match(loopback.redirectUrl, pattern)
    await loopback.close()
  }
})

test('answers come by query or by form, with the right state alone', async () => {
  const loopback = await openLoopback('it', 'http://localhost/back', 's3cret')
  const answered = (init: RequestInit, query = '') => fetch(`${loopback.redirectUrl}${query}`, init).then((answer) => answer.status)
  assert.equal(await answered({ method: 'PUT', body: 'x' }), 405)
  assert.equal(await answered({ method: 'POST', body: new URLSearchParams({ code: 'x', state: 'wrong' }) }), 400)
  assert.equal(await answered({ method: 'POST', body: 'a'.repeat(100_000) }), 404)
  assert.equal(await answered({}, '?state=s3cret'), 404)
  assert.equal(await answered({ method: 'POST', body: new URLSearchParams({ code: 'the code', state: 's3cret' }) }), 200)
  assert.equal((await loopback.answer).get('code'), 'the code')
  await loopback.close()
})

test('a pasted address, a fragment, an error page and rubbish', async () => {
  for (const [text, taken] of [
    ['http://localhost:1/?code=c&state=s', true], [' https://mail.example.com/back#code=c&state=s\n', true], ['http://localhost/?error=access_denied&state=s', true],
    ['http://localhost:1/?code=c&state=other', false], ['AADSTS50011: The redirect URI does not match.', true], ['http://localhost/?code=AADSTS50011&state=other', false], ['code=c', false], ['', false]
  ] as const) {
    const loopback = await openLoopback('it', 'https://mail.example.com/back', 's')
    assert.equal(loopback.paste(text), taken, text)
    await loopback.close()
  }
})

test('closing does not wait for a browser that keeps its connection, and fails who still waits', async () => {
  const loopback = await openLoopback('it', 'http://localhost', 's')
  await fetch(loopback.redirectUrl, { headers: { connection: 'keep-alive' } })
  const problem = problemOf(loopback.answer)
  const began = Date.now()
  await loopback.close()
  assert.equal((await problem).code, 'cancelled')
  assert.ok(Date.now() - began < 1_500)
  await sleep(1)
})

import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { TestStep } from '#contract/connection-test.ts'
import { testCertificates } from '../../../testbed/certificates.ts'
import { closedPort } from '../../../testbed/free-ports.ts'
import { startScriptedServer, type ScriptMove } from '../../../testbed/scripted-server.ts'
import { startTestProxy } from '../../../testbed/test-proxy.ts'
import { defaultLimits, type Attempt, type Destination } from '../connection/destination.ts'
import { explainFailure } from '../connection/explain-failure.ts'
import { diagnoseConnection, diagnoseReach } from './diagnose-connection.ts'
import { createStepRunner, type StepRunner } from './run-step.ts'

const attempt: Attempt = { signal: AbortSignal.timeout(30_000), limits: { ...defaultLimits, connectMs: 700, handshakeMs: 700, greetingMs: 500, probeMs: 500 } }
const to = (speaks: Destination['speaks'], port: number, change: Partial<Destination> = {}): Destination => ({ speaks, host: 'localhost', port, security: 'tls', tls: { minVersion: 'TLSv1.2', caFile: testCertificates().ca.certFile, pin: null }, proxy: null, proxyPassword: null, clientKeyPassphrase: null, ...change })

function runner(destination: Destination): { step: StepRunner; told: () => string[]; steps: TestStep[] } {
  const steps: TestStep[] = []
  const step = createStepRunner({ report: (done) => steps.push(done), stepMs: 5_000, signal: attempt.signal, problemOf: (error, name) => explainFailure(error, destination, attempt, name) })
  return { step, steps, told: () => steps.map(({ step: name, outcome, problem }) => `${name} ${problem?.code ?? outcome}`) }
}
async function server(context: TestContext, script: ScriptMove[], secure = true): Promise<number> {
  const started = await startScriptedServer(script, secure ? { certificate: testCertificates().good } : null)
  context.after(() => started.stop())
  return started.port
}

test('an HTTP server is reached in three steps, and its connection is closed', async (context) => {
  const port = await server(context, [])
  const destination = to('http', port)
  const { step, told, steps } = runner(destination)
  const notes: string[] = []
  assert.equal(await diagnoseReach(destination, attempt, step, { client: () => undefined, server: () => undefined, note: (text) => notes.push(text) }), true)
  assert.deepEqual(told(), ['resolve ok', 'connect ok', 'tls ok'])
  assert.match(steps[2]?.detail ?? '', /^TLSv1.3, CN=localhost, until \d{4}-\d\d-\d\d$/)
  assert.match(notes.join(), /TLSv1.3/)
})

test('each way in which an HTTP server is not reached is a step of its own', async (context) => {
  const plain = await server(context, [{ line: 'HTTP/1.1 400 Bad Request' }], false)
  const wrong: [Destination, string[]][] = [
    [to('http', 443, { host: 'nowhere.invalid' }), ['resolve host-not-found']],
    [to('http', await closedPort()), ['resolve ok', 'connect connection-refused']],
    [to('http', plain), ['resolve ok', 'connect ok', 'tls server-speaks-plain-text']],
    [to('http', await server(context, []), { tls: { minVersion: 'TLSv1.2', caFile: null, pin: null } }), ['resolve ok', 'connect ok', 'tls certificate-untrusted']]
  ]
  for (const [destination, expected] of wrong) {
    const { step, told } = runner(destination)
    assert.equal(await diagnoseReach(destination, attempt, step, null), false)
    assert.deepEqual(told(), expected)
  }
})

test('the proxy has a step of its own, and so has what it does not reach', async (context) => {
  const port = await server(context, [])
  const wanting = await server(context, [{ send: 'HTTP/1.1 407 Proxy Authentication Required\r\n\r\n' }], false)
  const mail = await server(context, [{ line: '220 mail.example.com ESMTP' }], false)
  const open = await startTestProxy('socks5')
  const refusing = await startTestProxy('http', true)
  const lying = await startTestProxy('http', false, await server(context, [], false))
  context.after(() => Promise.all([open.stop(), refusing.stop(), lying.stop()]))
  const cases: [string, string[]][] = [
    [open.url, ['proxy ok', 'connect ok', 'tls ok']],
    [refusing.url, ['proxy ok', 'connect proxy-failed']],
    [`http://127.0.0.1:${await closedPort()}`, ['proxy proxy-failed']],
    [`http://me@127.0.0.1:${wanting}`, ['proxy proxy-asks-for-credentials']],
    [`http://127.0.0.1:${mail}`, ['proxy not-a-proxy']],
    [`socks5://127.0.0.1:${mail}`, ['proxy not-a-proxy']],
    [lying.url, ['proxy ok', 'connect ok', 'tls server-silent']]
  ]
  for (const [proxy, expected] of cases) {
    const destination = to('http', port, { proxy, proxyPassword: 'secret-of-it' })
    const { step, told, steps } = runner(destination)
    await diagnoseReach(destination, attempt, step, null)
    assert.deepEqual(told(), expected, proxy)
    assert.doesNotMatch(JSON.stringify(steps), /secret-of-it/)
  }
})

test('the steps of a mail server go on to its capabilities, with STARTTLS in their usual order', async (context) => {
  const { good } = testCertificates()
  const port = await server(context, [{ line: '220-hi' }, { line: '220 there' }, { expect: /EHLO/ }, { line: '250-me' }, { line: '250 STARTTLS' }, { expect: /STARTTLS/ }, { line: '220 go' }, { startTls: good }, { expect: /EHLO/ }, { line: '250-me' }, { line: '250 AUTH PLAIN' }], false)
  const destination = to('smtp', port, { security: 'starttls' })
  const { step, told } = runner(destination)
  assert.deepEqual(await diagnoseConnection(destination, attempt, step, null), ['AUTH PLAIN'])
  assert.deepEqual(told(), ['resolve ok', 'connect ok', 'tls ok', 'greeting ok', 'capabilities ok'])
})

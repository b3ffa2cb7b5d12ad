import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { dirname } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { startScriptedServer } from '../../../testbed/scripted-server.ts'
import { startTestProxy } from '../../../testbed/test-proxy.ts'
import { problemOf } from '../incoming-transport-promises.ts'
import { defaultLimits, type Attempt, type Destination } from './destination.ts'
import { createLineWire } from './line-wire.ts'
import { tunnelAsPipe } from './tunnel-as-pipe.ts'

const attempt: Attempt = { signal: AbortSignal.timeout(10_000), limits: { ...defaultLimits, connectMs: 500 } }
const to = (port: number, proxy: string): Destination => ({ speaks: 'imap', host: 'localhost', port, security: 'none', tls: { minVersion: 'TLSv1.2', caFile: null, pin: null }, proxy, proxyPassword: null, clientKeyPassphrase: null })

test('the pipe carries one connection in both directions, ends with either side, and is gone then', async (context) => {
  const proxy = await startTestProxy('socks5')
  const server = await startScriptedServer([{ line: '* OK hello' }, { expect: /QUIT/ }, { line: 'bye' }, { drop: 'end' }])
  context.after(() => Promise.all([proxy.stop(), server.stop()]))
  const { path } = await tunnelAsPipe(to(server.port, proxy.url), attempt)
  const near = connect({ path })
  const wire = createLineWire(near, null)
  assert.equal(await wire.line(500), '* OK hello')
  const second = connect({ path })
  assert.equal(await new Promise((done) => second.once('error', () => done('refused')).once('connect', () => done('taken'))), 'refused')
  wire.send('QUIT')
  assert.equal(await wire.line(500), 'bye')
  await assert.rejects(wire.line(500), { code: 'CLOSED' })
  await sleep(50)
  assert.ok(!existsSync(dirname(path)), 'the folder of the pipe is left behind')
})

test('a pipe that nobody takes is gone when it is closed; a proxy that fails makes none', async (context) => {
  const [proxy, refusing] = [await startTestProxy('http'), await startTestProxy('http', true)]
  const server = await startScriptedServer([{ line: '* OK hello' }])
  context.after(() => Promise.all([proxy.stop(), refusing.stop(), server.stop()]))
  const tunnel = await tunnelAsPipe(to(server.port, proxy.url), attempt)
  tunnel.close()
  tunnel.close()
  await sleep(50)
  assert.ok(!existsSync(dirname(tunnel.path)))
  assert.equal((await problemOf(tunnelAsPipe(to(server.port, refusing.url), attempt))).code, 'proxy-failed')
})

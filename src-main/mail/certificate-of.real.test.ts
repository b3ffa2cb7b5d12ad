import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newIncomingServer } from '#contract/incoming-server.ts'
import { testCertificates } from '../../testbed/certificates.ts'
import { missingProgram, startMicrosocks } from '../../testbed/real-proxies.ts'
import { startScriptedServer } from '../../testbed/scripted-server.ts'
import { certificateOf } from './certificate-of.ts'
import { problemOf } from './incoming-transport-promises.ts'

const soon = (): AbortSignal => AbortSignal.timeout(5_000)

test('a proxy that wants a password is given it', { skip: missingProgram('microsocks') }, async (context) => {
  const { good } = testCertificates()
  const server = await startScriptedServer([], { certificate: good })
  const proxy = await startMicrosocks({ user: 'mailroom', password: 'p@ss' })
  context.after(() => Promise.all([server.stop(), proxy.stop()]))
  const draft = { ...newIncomingServer('ews', 'IT'), endpoint: `https://localhost:${server.port}/`, proxy: proxy.url }
  assert.equal((await certificateOf(draft, soon(), 'p@ss')).fingerprint256, good.fingerprint)
  assert.equal((await problemOf(certificateOf(draft, soon()))).code, 'proxy-asks-for-credentials')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newIncomingServer } from '#contract/incoming-server.ts'
import { newOutgoingServer } from '#contract/outgoing-server.ts'
import { testCertificates } from '../../testbed/certificates.ts'
import { startScriptedServer } from '../../testbed/scripted-server.ts'
import { certificateOf } from './certificate-of.ts'
import { problemOf } from './incoming-transport-promises.ts'

const soon = (): AbortSignal => AbortSignal.timeout(5_000)

test('the certificate of an endpoint is shown of a draft that has only its URL', async (context) => {
  const { selfSigned } = testCertificates()
  const server = await startScriptedServer([], { certificate: selfSigned })
  context.after(() => server.stop())
  const endpoint = `https://localhost:${server.port}/EWS/Exchange.asmx`
  for (const draft of [{ ...newIncomingServer('ews', 'IT'), endpoint }, { ...newIncomingServer('graph', 'IT'), endpoint }, { ...newOutgoingServer('google'), endpoint }])
    assert.equal((await certificateOf(draft, soon())).fingerprint256, selfSigned.fingerprint)
})

test('an endpoint that is missing or no URL is told at its field', async () => {
  for (const endpoint of ['', 'mail.example.com', 'http://mail.example.com/', 'https://']) {
    const problem = await problemOf(certificateOf({ ...newIncomingServer('ews', 'IT'), endpoint }, soon()))
    assert.ok(problem.code === 'invalid-input' && problem.issues[0]?.path === 'endpoint', `${endpoint} ${JSON.stringify(problem)}`)
  }
})

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { describe, test, type TestContext } from 'node:test'
import type { TlsSettings } from '#contract/fields.ts'
import { testCertificates, type TestCertificate } from '../../../testbed/certificates.ts'
import { closedPort } from '../../../testbed/free-ports.ts'
import { missingProgram } from '../../../testbed/real-proxies.ts'
import { problemOf } from '../incoming-transport-promises.ts'
import { defaultLimits, type Attempt, type Destination } from './destination.ts'
import { createHttpClient } from './http-client.ts'

const { good, ca, client, strangeClient } = testCertificates()
const attempt = (): Attempt => ({ signal: AbortSignal.timeout(10_000), limits: { ...defaultLimits, probeMs: 1_000 } })
const route = (tls: Partial<TlsSettings>): Omit<Destination, 'speaks'> => ({ host: 'localhost', port: 0, security: 'tls', tls: { minVersion: 'TLSv1.2', caFile: ca.certFile, pin: null, ...tls }, proxy: null, proxyPassword: null, clientKeyPassphrase: null })
const shows = ({ certFile, keyFile }: TestCertificate): Partial<TlsSettings> => ({ clientCertFile: certFile, clientKeyFile: keyFile })

/** `openssl s_server`, which sends the alerts of RFC 8446 6.2 and answers every GET with a page. */
async function openssl(context: TestContext, version: '-tls1_2' | '-tls1_3'): Promise<number> {
  const port = await closedPort()
  const started = spawn('openssl', ['s_server', '-accept', `127.0.0.1:${port}`, '-cert', good.certFile, '-key', good.keyFile, '-CAfile', ca.certFile, '-Verify', '2', '-verify_return_error', version, '-www'], { stdio: ['ignore', 'pipe', 'ignore'] })
  context.after(() => started.kill('SIGKILL'))
  // It says other things before it listens.
  let said = ''
  for await (const part of started.stdout) {
    said += String(part)
    if (said.includes('ACCEPT')) break
  }
  return port
}

for (const version of ['-tls1_2', '-tls1_3'] as const) {
  describe(`openssl s_server ${version}`, { skip: missingProgram('openssl'), timeout: 30_000 }, () => {
    test('takes the certificate of its authority, and wants another in place of a stranger’s or none', async (context) => {
      const port = await openssl(context, version)
      const ask = async (tls: Partial<TlsSettings>): Promise<number> => {
        const http = createHttpClient({ route: route(tls), attempt: attempt(), transcript: null })
        context.after(() => http.close())
        return (await http.request({ method: 'GET', url: `https://localhost:${port}/` })).status
      }
      assert.equal(await ask(shows(client)), 200)
      for (const [tls, said] of [[{}, /certificate required|handshake failure|alert/], [shows(strangeClient), /unknown ca|alert/]] as const) {
        const problem = await problemOf(ask(tls))
        assert.ok(problem.code === 'client-certificate-wanted' && said.test(problem.serverSaid), JSON.stringify(problem))
      }
    })
  })
}

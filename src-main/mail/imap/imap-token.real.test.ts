import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { newIncomingServer, type IncomingServer } from '#contract/incoming-server.ts'
import type { TestStep } from '#contract/connection-test.ts'
import { testCertificates } from '../../../testbed/certificates.ts'
import { dovecotMissing, startDovecot, type Dovecot } from '../../../testbed/dovecot.ts'
import { startTokenIntrospection, type TokenIntrospection } from '../../../testbed/token-introspection.ts'
import { transportNeeds } from '../../../testbed/transport-needs.ts'
import { incomingTransportPromises, mail, problemOf, type PromiseGround } from '../incoming-transport-promises.ts'
import type { ConnectionNeeds } from '../incoming-transport.ts'
import { createImapTransport } from './imap-transport.ts'

const skip = dovecotMissing() ?? false
const token = 'a-token-of-the-testbed'

for (const security of ['none', 'tls'] as const) incomingTransportPromises(`IMAP on Dovecot by token, ${security}`, { protocol: 'imap', security, signIn: 'token', skip }, tokenGround)

async function tokenGround(): Promise<PromiseGround> {
  const introspection = await startTokenIntrospection(new Map([[token, 'anybody']]))
  const dovecot = await startDovecot({ oauth2: { introspectionUrl: introspection.url, anyUser: true } })
  return {
    ports: { plain: dovecot.ports.imap, tls: dovecot.ports.imaps },
    secret: token,
    caFile: testCertificates().ca.certFile,
    createTransport: (limits) => createImapTransport(transportNeeds(limits)),
    auth: (user) => ({ method: 'oauth2', provider: 'other', flow: 'interactive', user, secret: 'keychain' }),
    deliver: (user, raw) => void dovecot.deliver(user, raw),
    stored: (user, folder) => dovecot.mailbox(user, folder).messages(),
    denyFolder(user, folder) {
      dovecot.deliver(user, mail('x'), { folder })
      dovecot.mailbox(user, folder).deny()
    },
    async stop() {
      await dovecot.stop()
      await introspection.stop()
    }
  }
}

for (const mechanism of ['xoauth2', 'oauthbearer'] as const) {
  describe(`IMAP on Dovecot with ${mechanism} alone`, { skip, timeout: 60_000 }, () => {
    let introspection: TokenIntrospection
    let dovecot: Dovecot
    const transport = createImapTransport(transportNeeds())
    before(async () => {
      introspection = await startTokenIntrospection(new Map([['anns-token', 'ann'], ['shared-token', 'support']]))
      dovecot = await startDovecot({ oauth2: { introspectionUrl: introspection.url, mechanisms: [mechanism] } })
    })
    after(async () => {
      await dovecot.stop()
      await introspection.stop()
    })
    const serverFor = (change: Partial<IncomingServer> = {}): IncomingServer => ({
      ...(newIncomingServer('imap', 'IT') as IncomingServer), name: 'it', host: 'localhost', port: dovecot.ports.imaps, security: 'tls',
      auth: { method: 'oauth2', provider: 'other', flow: 'interactive', user: 'ann', secret: 'keychain' }, tls: { minVersion: 'TLSv1.2', caFile: dovecot.caFile, pin: null }, ...change
    })
    const needs = (shown: string, lines: string[] = [], scope: string[] = []): ConnectionNeeds => ({
      credentials: { kind: 'token', user: 'ann', token: async () => ({ token: shown, expiresAt: Date.now() + 1_800_000, scope, account: 'ann' }) }, proxyPassword: null, clientKeyPassphrase: null,
      signal: AbortSignal.timeout(20_000), transcript: (line) => void lines.push(line), cursor: null
    })

    test('opens the mailbox of the token, and that of a shared mailbox', async () => {
      dovecot.deliver('ann', mail('hers'))
      dovecot.deliver('support', mail('shared'))
      const lines: string[] = []
      const own = await transport.open(serverFor(), needs('anns-token', lines))
      assert.equal((await own.find('<hers@example.com>'))?.id, '1')
      await own.close()
      assert.ok(lines.some((line) => line.includes(`AUTHENTICATE ${mechanism.toUpperCase()}`)), lines.join('\n'))
      const shared = await transport.open(serverFor({ mailbox: 'support' }), needs('shared-token'))
      assert.notEqual(await shared.find('<shared@example.com>'), null)
      await shared.close()
    })

    test('a token for somebody else is refused, with the words of the challenge', async () => {
      const problem = await problemOf(transport.open(serverFor({ mailbox: 'support' }), needs('anns-token')))
      assert.ok(problem.code === 'credentials-refused' && problem.user === 'support' && /status (?:401|400|invalid_token)/.test(problem.serverSaid), JSON.stringify(problem))
    })

    test('the test names account, scopes and time left, and a scope that is missing', async () => {
      const steps: TestStep[] = []
      await transport.diagnose(serverFor({ auth: { ...serverFor().auth, scope: ['mail', 'offline_access'] } }), needs('anns-token', [], ['mail']), (step) => steps.push(step))
      assert.equal(steps.find(({ step }) => step === 'token')?.detail, 'ann; mail; good for 30 minutes more')
      const missing: TestStep[] = []
      await transport.diagnose(serverFor({ auth: { ...serverFor().auth, scope: ['mail', 'send'] } }), needs('anns-token', [], ['mail']), (step) => missing.push(step))
      const last = missing.at(-1)
      assert.ok(last?.step === 'token' && last.problem?.code === 'scope-missing' && last.problem.missing.join() === 'send', JSON.stringify(last))
    })
  })
}

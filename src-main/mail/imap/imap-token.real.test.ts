import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { newIncomingServer, type IncomingServer } from '#contract/incoming-server.ts'
import type { TestStep } from '#contract/connection-test.ts'
import { testCertificates } from '../../../testbed/certificates.ts'
import { annShows, startDovecotByToken } from '../../../testbed/dovecot-by-token.ts'
import { dovecotMissing, type Dovecot } from '../../../testbed/dovecot.ts'
import { transportNeeds } from '../../../testbed/transport-needs.ts'
import { incomingTransportPromises, mail, problemOf, type PromiseGround } from '../incoming-transport-promises.ts'
import { createImapTransport } from './imap-transport.ts'

const skip = dovecotMissing() ?? false
const token = 'a-token-of-the-testbed'

for (const security of ['none', 'tls'] as const) incomingTransportPromises(`IMAP on Dovecot by token, ${security}`, { protocol: 'imap', security, signIn: 'token', skip }, tokenGround)

async function tokenGround(): Promise<PromiseGround> {
  const { dovecot, stop } = await startDovecotByToken({ [token]: 'anybody' }, { anyUser: true })
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
    stop
  }
}

for (const mechanism of ['xoauth2', 'oauthbearer'] as const) {
  describe(`IMAP on Dovecot with ${mechanism} alone`, { skip, timeout: 60_000 }, () => {
    let dovecot: Dovecot
    let stop: () => Promise<void>
    const transport = createImapTransport(transportNeeds())
    before(async () => {
      ;({ dovecot, stop } = await startDovecotByToken({ 'anns-token': 'ann', 'shared-token': 'support' }, { mechanisms: [mechanism] }))
    })
    after(() => stop())
    const serverFor = (change: Partial<IncomingServer> = {}): IncomingServer => ({
      ...(newIncomingServer('imap', 'IT') as IncomingServer), name: 'it', host: 'localhost', port: dovecot.ports.imaps, security: 'tls',
      auth: { method: 'oauth2', provider: 'other', flow: 'interactive', user: 'ann', secret: 'keychain' }, tls: { minVersion: 'TLSv1.2', caFile: dovecot.caFile, pin: null }, ...change
    })

    test('opens the mailbox of the token, and that of a shared mailbox', async () => {
      dovecot.deliver('ann', mail('hers'))
      dovecot.deliver('support', mail('shared'))
      const lines: string[] = []
      const own = await transport.open(serverFor(), annShows('anns-token', lines))
      assert.equal((await own.find('<hers@example.com>'))?.id, '1')
      await own.close()
      assert.ok(lines.some((line) => line.includes(`AUTHENTICATE ${mechanism.toUpperCase()}`)), lines.join('\n'))
      const shared = await transport.open(serverFor({ mailbox: 'support' }), annShows('shared-token'))
      assert.notEqual(await shared.find('<shared@example.com>'), null)
      await shared.close()
    })

    test('a token for somebody else is refused, with the words of the challenge', async () => {
      const problem = await problemOf(transport.open(serverFor({ mailbox: 'support' }), annShows('anns-token')))
      assert.ok(problem.code === 'credentials-refused' && problem.user === 'support' && /status (?:401|400|invalid_token)/.test(problem.serverSaid), JSON.stringify(problem))
    })

    test('the test names account, scopes and time left, and a scope that is missing', async () => {
      const steps: TestStep[] = []
      await transport.diagnose(serverFor({ auth: { ...serverFor().auth, scope: ['mail', 'offline_access'] } }), annShows('anns-token', [], ['mail']), (step) => steps.push(step))
      assert.equal(steps.find(({ step }) => step === 'token')?.detail, 'ann; mail; good for 30 minutes more')
      const missing: TestStep[] = []
      await transport.diagnose(serverFor({ auth: { ...serverFor().auth, scope: ['mail', 'send'] } }), annShows('anns-token', [], ['mail']), (step) => missing.push(step))
      const last = missing.at(-1)
      assert.ok(last?.step === 'token' && last.problem?.code === 'scope-missing' && last.problem.missing.join() === 'send', JSON.stringify(last))
    })
  })
}

import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TestStep } from '#contract/connection-test.ts'
import { newIncomingServer, type IncomingServer } from '#contract/incoming-server.ts'
import { dovecotMissing, startDovecot, type Dovecot, type DovecotWishes } from '../../../testbed/dovecot.ts'
import { missingProgram, startMicrosocks, startTinyproxy } from '../../../testbed/real-proxies.ts'
import { startTestProxy } from '../../../testbed/test-proxy.ts'
import { passwordConnection } from '../../../testbed/password-connection.ts'
import { transportNeeds } from '../../../testbed/transport-needs.ts'
import { mail, problemOf } from '../incoming-transport-promises.ts'
import type { OpenMailbox } from '../incoming-transport.ts'
import { createImapTransport } from './imap-transport.ts'

const skip = dovecotMissing() ?? false
const transport = createImapTransport(transportNeeds({ greetingMs: 1_000, silenceMs: 1_500, probeMs: 800 }))

/** A describe block with a Dovecot of its own. */
function onDovecot(name: string, wishes: DovecotWishes, tests: (ground: { dovecot(): Dovecot; serverFor(user: string, change?: Partial<IncomingServer>): IncomingServer; open(server: IncomingServer): Promise<OpenMailbox> }) => void): void {
  describe(name, { skip, timeout: 60_000 }, () => {
    let dovecot: Dovecot
    before(async () => void (dovecot = await startDovecot(wishes)))
    after(() => dovecot.stop())
    tests({
      dovecot: () => dovecot,
      serverFor: (user, change) => ({
        ...(newIncomingServer('imap', 'IT') as IncomingServer), name: 'it', host: 'localhost', port: dovecot.ports.imap, security: 'none',
        auth: { method: 'password', user, secret: 'keychain' }, tls: { minVersion: 'TLSv1.2', caFile: dovecot.caFile, pin: null }, ...change
      }),
      open: (server) => transport.open(server, { ...passwordConnection(server.auth.user, dovecot.password), signal: AbortSignal.timeout(30_000), transcript: null, cursor: null })
    })
  })
}

onDovecot('waiting for news', {}, ({ dovecot, serverFor, open }) => {
  test('IDLE reports a delivery at once, also over several silences, and the mailbox goes on', async () => {
    dovecot().deliver('idler', mail('old'))
    const mailbox = await open(serverFor('idler'))
    const wait = mailbox.waitForNews
    assert.ok(wait)
    assert.equal((await mailbox.listWaiting()).length, 1)
    assert.equal(await wait(2_500, AbortSignal.timeout(20_000)), false)
    const waiting = wait(10_000, AbortSignal.timeout(20_000))
    await sleep(300)
    const delivered = performance.now()
    dovecot().deliver('idler', mail('new'))
    assert.equal(await waiting, true)
    assert.ok(performance.now() - delivered < 3_000)
    assert.equal((await mailbox.listWaiting()).length, 2)
    assert.equal(await wait(200, AbortSignal.abort()), false)
    await mailbox.close()
  })

  test('a session that the server ends while waiting is a problem', async () => {
    const mailbox = await open(serverFor('kicked'))
    const waiting = problemOf(mailbox.waitForNews?.(10_000, AbortSignal.timeout(20_000)) ?? Promise.resolve())
    await sleep(300)
    dovecot().kick('kicked')
    assert.ok(['connection-dropped', 'server-busy', 'server-refused'].includes((await waiting).code))
  })
})

onDovecot('identity and rights', {}, ({ dovecot, serverFor, open }) => {
  test('a rebuilt mailbox has another identity', async () => {
    dovecot().deliver('rebuilt', mail('one'))
    const first = await open(serverFor('rebuilt'))
    await first.close()
    await sleep(1_100)
    for (const file of ['dovecot-uidlist', 'dovecot-uidvalidity', 'dovecot.index', 'dovecot.index.log', 'dovecot.list.index', 'dovecot.list.index.log', 'dovecot.index.cache']) rmSync(join(dovecot().mailbox('rebuilt').path, file), { force: true })
    const second = await open(serverFor('rebuilt'))
    await second.close()
    assert.notEqual(first.identity, second.identity)
    assert.match(second.identity, /^INBOX;\d+$/)
  })

  test('through an HTTP and a SOCKS5 proxy; a proxy that refuses is named', async () => {
    dovecot().deliver('proxied', mail('one'))
    for (const kind of ['http', 'socks5'] as const) {
      const proxy = await startTestProxy(kind)
      for (const [security, port] of [['none', dovecot().ports.imap], ['starttls', dovecot().ports.imap], ['tls', dovecot().ports.imaps]] as const) {
        const server = serverFor('proxied', { security, port, proxy: proxy.url })
        const mailbox = await open(server)
        assert.equal((await mailbox.listWaiting()).length, 1)
        await mailbox.close()
        const steps: TestStep[] = []
        await transport.diagnose(server, { ...passwordConnection('proxied', dovecot().password), signal: AbortSignal.timeout(20_000), transcript: null, cursor: null }, (step) => steps.push(step))
        assert.deepEqual(steps.map(({ step }) => step).slice(0, 2), ['proxy', 'connect'])
        assert.ok(steps.every(({ outcome }) => outcome === 'ok'), JSON.stringify(steps))
      }
      await proxy.stop()
      const refusing = await startTestProxy(kind, true)
      const problem = await problemOf(open(serverFor('proxied', { proxy: refusing.url })))
      await refusing.stop()
      assert.ok(problem.code === 'proxy-failed' && refusing.url.endsWith(problem.proxy), JSON.stringify(problem))
    }
  })

  test('through real proxies with user and password, whatever characters they have', { skip: missingProgram('tinyproxy') || missingProgram('microsocks') }, async () => {
    dovecot().deliver('signed', mail('one'))
    for (const [start, password] of [[startTinyproxy, 'pa55-word_.x'], [startMicrosocks, 'p@ss:wörd /%']] as const) {
      const proxy = await start({ user: 'mailroom', password })
      for (const [security, port] of [['none', dovecot().ports.imap], ['starttls', dovecot().ports.imap], ['tls', dovecot().ports.imaps]] as const) {
        const server = serverFor('signed', { security, port, proxy: proxy.url })
        const lines: string[] = []
        const needs = { ...passwordConnection('signed', dovecot().password), signal: AbortSignal.timeout(20_000), transcript: (line: string) => void lines.push(line), cursor: null }
        const mailbox = await transport.open(server, { ...needs, proxyPassword: password })
        assert.equal((await mailbox.listWaiting()).length, 1)
        await mailbox.close()
        assert.equal((await problemOf(transport.open(server, { ...needs, proxyPassword: 'wrong' }))).code, 'proxy-asks-for-credentials')
        const steps: TestStep[] = []
        await transport.diagnose(server, { ...needs, proxyPassword: 'wrong' }, (step) => steps.push(step))
        assert.deepEqual(steps.map(({ step, outcome }) => `${step} ${outcome}`), ['proxy failed'])
        assert.doesNotMatch(lines.join('\n'), /pa55|p@ss|p%40ss/)
      }
      await proxy.stop()
    }
  })

  test('folders with spaces, umlauts and ampersands', async () => {
    dovecot().deliver('names', mail('one'))
    const server = serverFor('names', { afterFetch: 'move', moveTo: 'Erledigt & geprüft/2026 Q4' })
    for (let times = 0; times < 2; times++) {
      if (times === 1) dovecot().deliver('names', mail('two'))
      const mailbox = await open(server)
      await mailbox.acknowledge((await mailbox.listWaiting()).map(({ id }) => id))
      await mailbox.close()
    }
    const archive = await open(serverFor('names', { folder: 'Erledigt & geprüft/2026 Q4' }))
    assert.equal((await archive.listWaiting()).length, 2)
    await archive.close()
  })
})

onDovecot('a server that wants TLS before sign-in', { needsTls: true }, ({ serverFor, open }) => {
  // Without TLS Dovecot still trusts loopback, so that refusal is played in imap-faults.test.ts.
  test('STARTTLS satisfies it', async () => {
    const mailbox = await open(serverFor('ann', { security: 'starttls' }))
    await mailbox.close()
  })
})

onDovecot('personal folders below a prefix, without MOVE', { namespacePrefix: 'INBOX/', settings: 'imap_capability = IMAP4rev1 SASL-IR LITERAL+ ENABLE IDLE UIDPLUS NAMESPACE' }, ({ dovecot, serverFor, open }) => {
  test('the error folder is found and made below the prefix; messages are copied once and removed', async () => {
    for (const text of ['a', 'b', 'c']) dovecot().deliver('prefixed', mail(text))
    const mailbox = await open(serverFor('prefixed'))
    const [first, second] = (await mailbox.listWaiting()).map(({ id }) => id)
    await mailbox.moveToErrorFolder([first ?? ''])
    await mailbox.moveToErrorFolder([second ?? ''])
    assert.equal((await mailbox.listWaiting()).length, 1)
    assert.equal(dovecot().mailbox('prefixed', 'Mailroom errors').messages().length, 2)
    assert.deepEqual(await mailbox.moveBackToInbox(null), { moved: 2, missing: 0 })
    assert.equal((await mailbox.listWaiting()).length, 3)
    await mailbox.close()
    assert.equal(dovecot().mailbox('prefixed', 'Mailroom errors').messages().length, 0)
  })
})

onDovecot('limits of the server', { settings: 'protocol imap {\n  mail_max_userip_connections = 1\n}' }, ({ serverFor, open }) => {
  test('too many connections is a busy server, not a wrong password', async () => {
    const first = await open(serverFor('crowd'))
    const problem = await problemOf(open(serverFor('crowd')))
    assert.equal(problem.code, 'server-busy', JSON.stringify(problem))
    await first.close()
  })
})

import assert from 'node:assert/strict'
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { after, before, test } from 'node:test'
import dkimLibrary from 'mailauth/lib/dkim/verify.js'
import { newOutgoingServer, type OutgoingServer } from '#contract/outgoing-server.ts'
import { ProblemError, type Problem } from '#contract/problem.ts'
import { startDnsServer, type DnsServer } from '../../../testbed/dns-server.ts'
import { createDns, type Dns } from '../../intake/look-up.ts'
import { composeMessage, type MessageToCompose } from '../smtp/compose-message.ts'
import { readDkimKey } from './read-dkim-key.ts'
import { recordOf } from './published-key.ts'
import { createSignMessage } from './sign-message.ts'

const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString()
const keys = { rsa: pem(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey), ed: pem(generateKeyPairSync('ed25519').privateKey) }
const recordFor = (key: string): string => { const read = readDkimKey(key); return 'reason' in read ? assert.fail(read.reason) : recordOf(read) }
let server: DnsServer
let dns: Dns
before(async () => {
  server = await startDnsServer({ txt: { 'rsa._domainkey.example.com': recordFor(keys.rsa), 'ed._domainkey.example.com': recordFor(keys.ed), 'rsa._domainkey.xn--bcher-kva.example': recordFor(keys.rsa) } })
  dns = createDns({ servers: [server.address], now: Date.now })
})
after(async () => {
  dns.close()
  await server.stop()
})
const outgoing = (dkim: OutgoingServer['dkim']): OutgoingServer => ({ ...newOutgoingServer('smtp'), name: 'main', host: 'h', replyTo: 'it@example.com', alternate: null, dkim }) as OutgoingServer
const message: MessageToCompose = { from: { name: 'IT Büro', address: 'it@example.com' }, to: ['ann@example.org'], cc: [], subject: 'Grüße, your request', text: '.\n..one\n\n  two  \n\n\n', html: '<p>Hi</p>', parts: [], date: new Date(), messageId: '<a@example.com>', headers: { 'Auto-Submitted': 'auto-replied' } }
const verified = async (raw: Buffer): Promise<string> => (await dkimLibrary.dkimVerify(raw, { resolver: dns.until(Date.now() + 5_000), rejectRsaSha1: true })).results.map(({ status, signingDomain, algo }) => `${status.result} ${signingDomain} ${algo}`).join()
const problemOf = (work: Promise<unknown>): Promise<Problem> => work.then(() => assert.fail('it was signed'), (thrown: unknown) => (thrown instanceof ProblemError ? thrown.problem : assert.fail(String(thrown))))

test('what is signed is found good with the key in DNS, and bad once it is changed', async () => {
  for (const [selector, key, algo, domain] of [['rsa', keys.rsa, 'rsa-sha256', 'example.com'], ['ed', keys.ed, 'ed25519-sha256', 'example.com'], ['rsa', keys.rsa, 'rsa-sha256', 'bücher.example']] as const) {
    const sign = createSignMessage({ keyOf: async () => key })
    const raw = await sign(outgoing({ domain, selector, secret: 'keychain' }), await composeMessage(message))
    const shown = domain === 'bücher.example' ? 'xn--bcher-kva.example' : domain
    assert.equal(await verified(raw), `pass ${shown} ${algo}`)
    assert.match(await verified(Buffer.from(raw.toString('latin1').replace('Hi</p>', 'Ho</p>'), 'latin1')), /^(?:neutral|fail) /)
    assert.match(await verified(Buffer.from(raw.toString('latin1').replace('auto-replied', 'auto-generated'), 'latin1')), /^fail /)
  }
})

test('a key that cannot be used is a problem that says why, and without DKIM a message stays as it is', async () => {
  const raw = await composeMessage(message)
  const dkim = { domain: 'example.com', selector: 'rsa', secret: 'keychain' }
  assert.deepEqual(await problemOf(createSignMessage({ keyOf: async () => null })(outgoing(dkim), raw)), { code: 'dkim-key-unusable', server: 'main', reason: 'none is stored' })
  assert.partialDeepStrictEqual(await problemOf(createSignMessage({ keyOf: async () => 'hunter2' })(outgoing(dkim), raw)), { code: 'dkim-key-unusable', server: 'main' })
  assert.equal(await createSignMessage({ keyOf: () => assert.fail('asked for a key') })(outgoing(null), raw), raw)
})

test('another key counts from the next mail on', async () => {
  const stored = { key: keys.ed }
  const sign = createSignMessage({ keyOf: async () => stored.key })
  const to = outgoing({ domain: 'example.com', selector: 'rsa', secret: 'keychain' })
  assert.match(await verified(await sign(to, await composeMessage(message))), /^(?:fail|permerror|neutral) /)
  stored.key = keys.rsa
  assert.match(await verified(await sign(to, await composeMessage(message))), /^pass /)
})

test('a large message is signed as well as a small one', async () => {
  const sign = createSignMessage({ keyOf: async () => keys.rsa })
  const parts = [{ name: 'a.bin', mediaType: 'application/octet-stream', base64: Buffer.alloc(3_000_001, 'mail').toString('base64') }]
  const raw = await sign(outgoing({ domain: 'example.com', selector: 'rsa', secret: 'keychain' }), await composeMessage({ ...message, parts }))
  assert.ok(raw.length > 4_000_000)
  assert.match(await verified(raw), /^pass /)
})

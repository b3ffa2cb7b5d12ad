import assert from 'node:assert/strict'
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { after, before, test } from 'node:test'
import { startDnsServer, type DnsServer } from '../../../testbed/dns-server.ts'
import { createDkimStep, type DkimStep } from './dkim-step.ts'

const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString()
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const weak = generateKeyPairSync('rsa', { modulusLength: 1024 })
const ed = generateKeyPairSync('ed25519')
const spki = (key: KeyObject): string => key.export({ type: 'spki', format: 'der' }).toString('base64')
const record = `v=DKIM1; k=rsa; p=${spki(rsa.publicKey)}`

let dns: DnsServer
let step: DkimStep
before(async () => {
  dns = await startDnsServer({
    txt: {
      'example.com': 'v=spf1 mx -all', '_dmarc.example.com': 'v=DMARC1; p=none', 'good._domainkey.example.com': record, 'short._domainkey.example.com': `p=${spki(rsa.publicKey)}`, 'folded._domainkey.example.com': record.replace('; p=', ';\tp = ').replace(/.{60}/g, '$& '),
      'pkcs1._domainkey.example.com': `v=DKIM1; p=${rsa.publicKey.export({ type: 'pkcs1', format: 'der' }).toString('base64')}`, 'ed._domainkey.example.com': `v=DKIM1; k=ed25519; p=${ed.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64')}`,
      'weak._domainkey.example.com': `v=DKIM1; p=${spki(weak.publicKey)}`, 'revoked._domainkey.example.com': 'v=DKIM1; p=', 'other._domainkey.example.com': `v=DKIM1; p=${spki(weak.publicKey)}`, 'nokey._domainkey.example.com': 'hello', 'tried._domainkey.example.com': `v=DKIM1; t=y:s; p=${spki(rsa.publicKey)}`,
      'two._domainkey.example.com': [record, `v=DKIM1; p=${spki(weak.publicKey)}`], 'good._domainkey.bare.example': record, 'good._domainkey.mail.example.com': record, 'good._domainkey.xn--bcher-kva.example': record, 'xn--bcher-kva.example': 'v=spf1 -all', '_dmarc.xn--bcher-kva.example': 'v=DMARC1; p=none'
    },
    fail: ['down._domainkey.example.com']
  })
  step = createDkimStep([dns.address])
})
after(() => dns.stop())

type Case = [what: string, selector: string, key: string | null, outcome: 'ok' | 'warning' | 'not published' | 'failed', words: RegExp, more?: { domain?: string; replyTo?: string }]
const cases: Case[] = [
  ['the key', 'good', pem(rsa.privateKey), 'ok', /^The key at good\._domainkey\.example\.com is that of the private key \(RSA, 2048 bits\)\.$/],
  ['the key in few words', 'short', pem(rsa.privateKey), 'ok', /RSA/], ['the key with spaces in it', 'folded', pem(rsa.privateKey), 'ok', /RSA/], ['an RSAPublicKey', 'pkcs1', pem(rsa.privateKey), 'ok', /RSA/], ['Ed25519', 'ed', pem(ed.privateKey), 'ok', /Ed25519/],
  ['a domain beyond ASCII', 'good', pem(rsa.privateKey), 'ok', /good\._domainkey\.xn--bcher-kva\.example/, { domain: 'bücher.example', replyTo: 'it@bücher.example' }],
  ['a short key', 'weak', pem(weak.privateKey), 'warning', /less than 2048 bits/], ['a key on trial', 'tried', pem(rsa.privateKey), 'warning', /t=y/],
  ['another domain in From', 'good', pem(rsa.privateKey), 'warning', /written from other\.example, but signed for example\.com/, { replyTo: 'it@other.example' }],
  ['a domain without policies', 'good', pem(rsa.privateKey), 'warning', /no SPF record at bare\.example.*no DMARC record at _dmarc\.bare\.example/, { domain: 'bare.example', replyTo: 'it@bare.example' }],
  ['a signer below the domain in From', 'good', pem(rsa.privateKey), 'ok', /RSA/, { domain: 'mail.example.com' }],
  ['From below the domain that has the policy', 'good', pem(rsa.privateKey), 'warning', /^(?!.*DMARC).*no SPF record at desk\.example\.com\.$/, { replyTo: 'it@desk.example.com' }],
  ['a name server that fails', 'down', pem(rsa.privateKey), 'warning', /Nobody answered/],
  ['no record', 'absent', pem(rsa.privateKey), 'not published', /^There is no record at absent\._domainkey\.example\.com\.$/],
  ['no key in the record', 'nokey', pem(rsa.privateKey), 'not published', /is no DKIM key/], ['another key', 'other', pem(rsa.privateKey), 'not published', /is another one/], ['a revoked key', 'revoked', pem(rsa.privateKey), 'not published', /revoked/],
  ['a key of another type', 'good', pem(ed.privateKey), 'not published', /of type rsa, the private key of type ed25519/], ['two keys', 'two', pem(rsa.privateKey), 'not published', /There are 2 keys/],
  ['no private key', 'good', null, 'failed', /No private key is stored/], ['a private key that is none', 'good', 'hunter2', 'failed', /no private key in PEM/]
]
for (const [what, selector, key, outcome, words, { domain = 'example.com', replyTo = 'it@example.com' } = {}] of cases)
  test(`DNS and private key: ${what}`, async () => {
    const found = await step({ name: 'main', replyTo, dkim: { domain, selector, secret: 'keychain' } }, key)
    assert.equal(found.outcome, outcome === 'not published' ? 'warning' : outcome, found.detail)
    assert.match(found.detail, words)
    assert.equal(found.problem?.code ?? null, outcome === 'failed' ? 'dkim-key-unusable' : outcome === 'not published' ? 'dkim-key-not-published' : null)
    if (found.problem?.code === 'dkim-key-not-published') {
      assert.match(found.problem.record, key === pem(ed.privateKey) ? /^v=DKIM1; k=ed25519; p=[A-Za-z0-9+/]{43}=$/ : new RegExp(`^${record.replace(/[+.]/g, '\\$&')}$`))
      assert.equal(found.problem.name, `${selector}._domainkey.example.com`)
    }
    assert.ok(!JSON.stringify(found).includes('PRIVATE KEY-----\n') && !found.detail.includes('hunter2'))
  })

import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { after, before, test } from 'node:test'
import { createTransport } from 'nodemailer'
import { dkimSign } from 'mailauth/lib/dkim/sign.js'
import type { MailAuthentication } from '#contract/authentication.ts'
import { startDnsServer, type DnsRecords, type DnsServer } from '../../testbed/dns-server.ts'
import { parseMessage } from '../processing/parsing/parse-message.ts'
import { authenticateBatch } from './authenticate-batch.ts'
import { authenticateMessage } from './authenticate-message.ts'
import { createDns, type Dns } from './look-up.ts'

const key = generateKeyPairSync('rsa', { modulusLength: 2048 })
const privateKey = key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const publicKey = key.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
const small = generateKeyPairSync('rsa', { modulusLength: 512 })
const record = `v=DKIM1; k=rsa; p=${publicKey}`

const records: DnsRecords = {
  txt: {
    'example.com': 'v=spf1 ip4:192.0.2.10 mx a:out.example.com -all', 'soft.example': 'v=spf1 ip4:192.0.2.10 ~all', 'plain.example': 'v=spf1 ip4:192.0.2.10 -all', 'monitor.example': 'v=spf1 ip4:192.0.2.10 ?all',
    'strict.example': 'v=spf1 ip4:192.0.2.10 -all', 'broken.example': 'v=spf1 nonsense:x -all', 'loop.example': 'v=spf1 include:loop.example -all', 'bulk.example': 'v=spf1 ip4:192.0.2.77 -all', 'silent.example': 'v=spf1 include:nobody.silent.example -all',
    '_dmarc.example.com': 'v=DMARC1; p=reject', '_dmarc.strict.example': 'v=DMARC1; p=quarantine; adkim=s; aspf=s', '_dmarc.monitor.example': 'v=DMARC1; p=none',
    's1._domainkey.example.com': record, 's1._domainkey.plain.example': record, 's1._domainkey.xn--bcher-kva.example': record, '_dmarc.xn--bcher-kva.example': 'v=DMARC1; p=reject', '_dmarc.bulk.example': 'v=DMARC1; p=none', 's1._domainkey.news.strict.example': record, 's1._domainkey.bulk.example': record, 'revoked._domainkey.example.com': 'v=DKIM1; p=',
    'small._domainkey.example.com': `v=DKIM1; k=rsa; p=${small.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`
  },
  a: { 'out.example.com': ['192.0.2.11'], 'mx1.example.com': ['192.0.2.12'] },
  mx: { 'example.com': [{ exchange: 'mx1.example.com', priority: 10 }] },
  fail: ['_dmarc.failing.example', 'failing.example', 's1._domainkey.failing.example', 'gone._domainkey.example.com'],
  silent: ['silent.example', '_dmarc.silent.example', 'nobody.silent.example', 's1._domainkey.silent.example']
}

let server: DnsServer
let dns: Dns
before(async () => {
  server = await startDnsServer(records)
  dns = createDns({ servers: [server.address], now: Date.now, timeoutMs: 300 })
})
after(async () => {
  dns.close()
  await server.stop()
})

type Mail = { from?: string; written?: string; ip?: string; path?: string | null; sign?: { domain: string; selector?: string; key?: string }[]; change?: (raw: string) => string; more?: string[] }
async function mail({ from = 'ann@example.com', written = `Ann <${from}>`, ip = '192.0.2.10', path = from, sign = [], change = (raw) => raw, more = [] }: Mail): Promise<Buffer> {
  const body = [`From: ${written}`, 'To: it@desk.example', 'Subject: Printer', 'Date: Sat, 21 Nov 2026 08:00:00 +0000', 'Message-ID: <1@example.com>', '', 'It smokes.', ''].join('\r\n')
  let signed = body
  for (const { domain, selector = 's1', key: pem = privateKey } of sign) {
    const signature = { signingDomain: domain, selector, privateKey: pem, canonicalization: 'relaxed/relaxed', algorithm: 'rsa-sha256' }
    const { signatures } = await dkimSign(body, { ...signature, signatureData: [signature] })
    signed = `${signatures}${signed}`
  }
  const trace = [...(path === null ? [] : [`Return-Path: <${path}>`]), ...more, `Received: from out.example.net (out.example.net [${ip}]) by mx.desk.example with ESMTP id 1; Sat, 21 Nov 2026 08:00:01 +0000`]
  return Buffer.from(`${trace.join('\r\n')}\r\n${change(signed)}`)
}

const authenticate = (raw: Buffer, trustedServers: string[] = [], session: { clientAddress: string; helo: string; mailFrom: string } | null = null): Promise<MailAuthentication> =>
  authenticateMessage(raw, parseMessage(raw), { lookUp: dns.until(Date.now() + 2_000), trustedServers, session })
/** `verdict spf dmarc dkim`, as in `pass pass pass pass`. */
const said = ({ verdict, spf, dkim, dmarc }: MailAuthentication): string => [verdict, spf.result, dmarc.result, dkim.map(({ result }) => result).join(',') || '-'].join(' ')

const table: [what: string, mail: Mail, expected: string][] = [
  ['SPF by ip4 (RFC 7208 5.6), DKIM and DMARC', { sign: [{ domain: 'example.com' }] }, 'pass pass pass pass'],
  ['SPF alone is enough for DMARC (RFC 7489 4.2)', {}, 'pass pass pass -'],
  ['SPF by a (RFC 7208 5.3)', { ip: '192.0.2.11' }, 'pass pass pass -'],
  ['SPF by mx (RFC 7208 5.4)', { ip: '192.0.2.12' }, 'pass pass pass -'],
  ['DKIM alone is enough for DMARC: forwarding broke SPF', { ip: '203.0.113.9', sign: [{ domain: 'example.com' }] }, 'pass fail pass pass'],
  ['neither: DMARC p=reject fails', { ip: '203.0.113.9' }, 'fail fail fail -'],
  ['a changed body (RFC 6376 6.1.3)', { ip: '203.0.113.9', sign: [{ domain: 'example.com' }], change: (raw) => raw.replace('smokes', 'sings') }, 'fail fail fail fail'],
  ['a changed subject that was signed (RFC 6376 6.1.3)', { ip: '203.0.113.9', sign: [{ domain: 'example.com' }], change: (raw) => raw.replace('Printer', 'Invoice') }, 'fail fail fail fail'],
  ['a revoked key (RFC 6376 6.1.2)', { ip: '203.0.113.9', sign: [{ domain: 'example.com', selector: 'revoked' }] }, 'fail fail fail neutral'],
  ['no key at the selector (RFC 6376 6.1.2)', { ip: '203.0.113.9', sign: [{ domain: 'example.com', selector: 'none' }] }, 'fail fail fail neutral'],
  ['good signature and SPF of a stranger do not stand for From (RFC 7489 3.1)', { ip: '192.0.2.77', path: 'x@bulk.example', sign: [{ domain: 'bulk.example' }] }, 'fail pass fail pass'],
  ['one good signature among several (RFC 6376 6.1)', { ip: '203.0.113.9', sign: [{ domain: 'example.com' }, { domain: 'example.com', selector: 'none' }] }, 'pass fail pass neutral,pass'],
  ['strict alignment wants the very domain (RFC 7489 3.1.1)', { from: 'ann@strict.example', ip: '203.0.113.9', sign: [{ domain: 'news.strict.example' }] }, 'fail fail fail pass'],
  ['a subdomain falls under the policy of its organization (RFC 7489 6.6.3)', { from: 'ann@sub.example.com', path: 'x@bulk.example', ip: '192.0.2.77' }, 'fail pass fail -'],
  ['without DMARC: SPF passes', { from: 'ann@plain.example' }, 'pass pass none -'],
  ['without DMARC: SPF fails', { from: 'ann@plain.example', ip: '203.0.113.9' }, 'fail fail none -'],
  ['without DMARC: SPF fails, but the signature is good', { from: 'ann@plain.example', ip: '203.0.113.9', sign: [{ domain: 'plain.example' }] }, 'pass fail none pass'],
  ['softfail says nothing for sure (RFC 7208 8.5)', { from: 'ann@soft.example', ip: '203.0.113.9' }, 'none softfail none -'],
  ['no records at all', { from: 'ann@nothing.example' }, 'none none none -'],
  ['a record that is none (RFC 7208 8.7)', { from: 'ann@broken.example' }, 'none permerror none -'],
  ['a record that includes itself (RFC 7208 4.6.4)', { from: 'ann@loop.example' }, 'none permerror none -'],
  ['DNS fails for everything', { from: 'ann@failing.example' }, 'unknown temperror temperror -'],
  ['DNS fails for the key that could have passed (RFC 7489 6.6.2)', { ip: '203.0.113.9', sign: [{ domain: 'example.com', selector: 'gone' }] }, 'unknown fail temperror temperror'],
  ['DNS is silent', { from: 'ann@silent.example' }, 'unknown temperror temperror -'],
  ['p=none', { from: 'ann@monitor.example', ip: '203.0.113.9' }, 'fail neutral fail -'],
  ['no return path and no signature', { path: null }, 'fail none fail -'],
  ['a bounce is checked by its HELO (RFC 7208 2.4)', { from: 'mailer-daemon@example.com', path: '' }, 'fail none fail -'],
  ['two authors of two domains (RFC 7489 6.6.1)', { from: 'ann@example.com>, Bob <bob@plain.example', path: 'ann@example.com' }, 'fail pass permerror -']
]

/** From that the library reads as mail of bulk.example, which signed it, and we as mail of example.com. */
const ambiguous = ['a <ann@example.com <x@bulk.example>>', '<ann@example.com,x@bulk.example>', '<ann@example.com> <x@bulk.example>', 'ann@example.com, <x@>', '"<ann@example.com>" x@bulk.example']
for (const from of ambiguous)
  test(`nobody can borrow a name by a From that can be read in two ways: ${from}`, async () => {
    const raw = await mail({ ip: '192.0.2.77', path: 'x@bulk.example', sign: [{ domain: 'bulk.example' }], written: from })
    assert.notEqual(parseMessage(raw).content.from?.address, 'x@bulk.example')
    assert.equal((await authenticate(raw)).verdict, 'fail')
  })

for (const written of ['Ann <ann@EXAMPLE.com>', 'ann@example.com (Ann)', '"Ann, of <IT>" <ann@example.com>', '=?utf-8?q?Ann?= <ann@example.com>', 'Ann <ann@example.com>, Bob <bob@example.com>', '<@a.example,@b.example:ann@example.com>', 'Team: ann@example.com;', 'Ann <ann@example.com.>', 'Änn <ann@example.com>'])
  test(`a From that both read as one domain passes: ${written}`, async () => {
    assert.equal((await authenticate(await mail({ sign: [{ domain: 'example.com' }], written }))).verdict, 'pass')
  })
for (const written of ['ann@bücher.example', 'Ann <ann@xn--bcher-kva.example>'])
  test(`an international domain is one in either form: ${written}`, async () => {
    assert.equal((await authenticate(await mail({ from: 'ann@xn--bcher-kva.example', written, sign: [{ domain: 'xn--bcher-kva.example' }] }))).verdict, 'pass')
  })

for (const [what, one, expected] of table) test(`authentication: ${what}`, async () => assert.equal(said(await authenticate(await mail(one))), expected))

test('what is told of a message names domains and policy', async () => {
  assert.deepEqual(await authenticate(await mail({ ip: '203.0.113.9', sign: [{ domain: 'example.com' }] })), {
    verdict: 'pass', by: 'checked', spf: { result: 'fail', domain: 'example.com' }, dkim: [{ result: 'pass', domain: 'example.com' }], dmarc: { result: 'pass', domain: 'example.com', policy: 'reject' }
  })
})

test('what another program signed is good', async () => {
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows', dkim: { domainName: 'example.com', keySelector: 's1', privateKey } })
  const { message } = await transport.sendMail({ from: 'ann@example.com', to: 'it@desk.example', subject: 'Grüße aus dem Büro', text: 'Es raucht.  \n\n\n', attachments: [{ filename: 'a.bin', content: Buffer.alloc(5_000, 1) }] })
  assert.ok(Buffer.isBuffer(message))
  assert.equal(said(await authenticate(message)), 'pass none pass pass')
  // A server that keeps mail with bare line feeds does not break the signature: they stand for CRLF.
  assert.equal(said(await authenticate(Buffer.from(message.toString('latin1').replaceAll('\r\n', '\n'), 'latin1'))), 'pass none pass pass')
})

test('an SMTP session counts, not what the message says of its way', async () => {
  const raw = await mail({})
  assert.equal(said(await authenticate(raw, [], { clientAddress: '203.0.113.9', helo: 'x', mailFrom: 'ann@example.com' })), 'fail fail fail -')
  assert.equal(said(await authenticate(raw, [], { clientAddress: '::ffff:192.0.2.10', helo: 'x', mailFrom: 'ann@example.com' })), 'pass pass pass -')
})

test('the results of a trusted server are taken, and no question is asked', async () => {
  const asked = server.asked.length
  const raw = await mail({ ip: '203.0.113.9', more: ['Authentication-Results: mx.desk.example; spf=pass smtp.mailfrom=ann@example.com; dmarc=pass (p=REJECT) header.from=example.com'] })
  assert.deepEqual(await authenticate(raw, ['MX.desk.example']), { verdict: 'pass', by: 'trusted-server', spf: { result: 'pass', domain: 'example.com' }, dkim: [], dmarc: { result: 'pass', domain: 'example.com', policy: 'reject' } })
  assert.equal(server.asked.length, asked)
  assert.equal((await authenticate(raw, ['other.example'])).by, 'checked')
})

test('hundreds of signatures are not all checked', async () => {
  const [signature = ''] = /DKIM-Signature:[^]*?\r\n(?=\S)/.exec((await mail({ sign: [{ domain: 'example.com' }] })).toString()) ?? []
  const raw = await mail({ ip: '203.0.113.9', more: [Array.from({ length: 500 }, (_, index) => signature.replace('c=', `l=${index}; c=`)).join('').trimEnd()] })
  const found = await authenticate(raw)
  assert.equal(found.dkim.length, 10)
  assert.equal(found.verdict, 'fail')
})

test('a key that is too short counts for nothing (RFC 8301 3.2)', async () => {
  const raw = await mail({ ip: '203.0.113.9', sign: [{ domain: 'example.com', selector: 'small', key: small.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }] })
  assert.equal(said(await authenticate(raw)), 'fail fail fail neutral')
})

test('a huge message is checked', { timeout: 60_000 }, async () => {
  const raw = Buffer.concat([await mail({ sign: [{ domain: 'example.com' }] }), Buffer.from(`${'x'.repeat(70)}\r\n`.repeat(400_000))])
  assert.equal(said(await authenticate(raw)), 'pass pass pass fail')
})

test('where DNS is silent a batch comes back in time, and soon nothing is asked any more', async () => {
  const dead = await startDnsServer({ silent: ['', ...Array.from({ length: 40 }, (_, index) => [`d${index}.example`, `_dmarc.d${index}.example`]).flat(), '_dmarc.example', 'example'] })
  const slow = createDns({ servers: [dead.address], now: Date.now, timeoutMs: 100 })
  const raws = await Promise.all(Array.from({ length: 40 }, (_, index) => mail({ from: `ann@d${index}.example` })))
  const began = Date.now()
  const found = await authenticateBatch(raws, raws.map((raw) => parseMessage(raw)), { trustedServers: [] }, { dns: slow, now: Date.now, limits: { messageMs: 1_000, batchMs: 3_000 } })
  assert.ok(Date.now() - began < 3_500)
  assert.deepEqual(new Set(found.map((one) => one?.verdict)), new Set(['unknown']))
  assert.ok(dead.asked.length < 40, `${dead.asked.length} questions`)
  slow.close()
  await dead.stop()
})

test('a sender whose own names answer slowly does not hide what the domain in From wants', async () => {
  const slow = createDns({ servers: [server.address], now: Date.now, timeoutMs: 2_000 })
  const raw = await mail({ path: 'x@silent.example', ip: '203.0.113.9' })
  const deadline = Date.now() + 300
  const inTime = slow.until(deadline)
  // Over the internet an answer takes longer than here.
  const lookUp = async (name: string, type: string) => Date.now() < deadline ? inTime(name, type) : Promise.race([inTime(name, type), new Promise<never>((_, reject) => setImmediate(reject, Object.assign(new Error('late'), { code: 'ETIMEOUT' })))])
  assert.equal((await authenticateMessage(raw, parseMessage(raw), { lookUp, trustedServers: [], session: null })).verdict, 'fail')
  slow.close()
})

test('answers are kept: the same sender asks once', async () => {
  const fresh = createDns({ servers: [server.address], now: Date.now })
  const raw = await mail({ sign: [{ domain: 'example.com' }] })
  const before = server.asked.length
  await authenticateBatch([raw], [parseMessage(raw)], { trustedServers: [] }, { dns: fresh, now: Date.now, limits: { messageMs: 1_000, batchMs: 3_000 } })
  const first = server.asked.length - before
  await authenticateBatch(Array.from({ length: 20 }, () => raw), Array.from({ length: 20 }, () => parseMessage(raw)), { trustedServers: [] }, { dns: fresh, now: Date.now, limits: { messageMs: 1_000, batchMs: 3_000 } })
  assert.equal(server.asked.length - before, first)
  fresh.close()
})

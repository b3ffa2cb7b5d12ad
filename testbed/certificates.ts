import { createHash, createPrivateKey, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A certificate with its key: PEM texts, and the files that hold them. `fingerprint` is SHA-256 in colon hex. */
export type TestCertificate = { cert: string; key: string; certFile: string; keyFile: string; fingerprint: string }
export type TestCertificates = Record<'good' | 'soon' | 'expired' | 'notYetValid' | 'selfSigned' | 'wrongName' | 'unknownIssuer' | 'linked' | 'unlinked' | 'client' | 'strangeClient', TestCertificate> & { ca: TestCertificate }

/**
 * An authority and its leaves (X.509v3, ECDSA P-256), made once per process and removed at its end. `good` is for localhost,
 * 127.0.0.1 and ::1, `soon` ends in ten days; `wrongName` is for elsewhere.example; `unknownIssuer` comes from an authority that nobody has.
 * `linked` brings its intermediate along, `unlinked` keeps it back. `client` is for client authentication, `strangeClient` of the other authority.
 */
export function testCertificates(): TestCertificates {
  cached ??= makeCertificates()
  return cached
}
let cached: TestCertificates | null = null

function makeCertificates(): TestCertificates {
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-certificates-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const ca = issue(folder, 'ca', { subject: 'Mailroom test CA', names: [], authority: true })
  const stranger = issue(folder, 'stranger', { subject: 'Somebody else', names: [], authority: true })
  const here = ['localhost', '127.0.0.1', '::1']
  const between = issue(folder, 'between', { subject: 'Mailroom test intermediate', names: [], authority: true, issuer: ca })
  const unlinked = issue(folder, 'unlinked', { subject: 'localhost', names: here, issuer: between, issuerUrl: 'http://ca.example/between.crt' })
  const linked = { ...unlinked, cert: unlinked.cert + between.cert, certFile: join(folder, 'linked.pem') }
  writeFileSync(linked.certFile, linked.cert)
  return {
    ca,
    good: issue(folder, 'good', { subject: 'localhost', names: here, issuer: ca }),
    soon: issue(folder, 'soon', { subject: 'localhost', names: here, issuer: ca, toDays: 10 }),
    expired: issue(folder, 'expired', { subject: 'localhost', names: here, issuer: ca, fromDays: -400, toDays: -10 }),
    notYetValid: issue(folder, 'not-yet-valid', { subject: 'localhost', names: here, issuer: ca, fromDays: 10, toDays: 400 }),
    selfSigned: issue(folder, 'self-signed', { subject: 'localhost', names: here }),
    wrongName: issue(folder, 'wrong-name', { subject: 'elsewhere.example', names: ['elsewhere.example'], issuer: ca }),
    unknownIssuer: issue(folder, 'unknown-issuer', { subject: 'localhost', names: here, issuer: stranger }),
    linked,
    unlinked,
    client: issue(folder, 'client', { subject: 'Mailroom', names: [], issuer: ca }),
    strangeClient: issue(folder, 'strange-client', { subject: 'Mailroom', names: [], issuer: stranger })
  }
}

type Wish = { subject: string; names: string[]; issuer?: TestCertificate; authority?: boolean; fromDays?: number; toDays?: number; /** Where the issuer's certificate can be had (RFC 5280 4.2.2.1). */ issuerUrl?: string }

/** Makes one certificate; `issuer` left out means self-signed. Days count from now. */
export function issue(folder: string, fileName: string, wish: Wish): TestCertificate {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const signer = wish.issuer ? createPrivateKey(wish.issuer.key) : keys.privateKey
  const der = certificate(wish, keys.publicKey, signer)
  const cert = pem('CERTIFICATE', der)
  const key = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const [certFile, keyFile] = [join(folder, `${fileName}.pem`), join(folder, `${fileName}-key.pem`)]
  writeFileSync(certFile, cert, { mode: 0o644 })
  writeFileSync(keyFile, key, { mode: 0o600 })
  const fingerprint = (createHash('sha256').update(der).digest('hex').toUpperCase().match(/../g) ?? []).join(':')
  return { cert, key, certFile, keyFile, fingerprint }
}

function certificate(wish: Wish, publicKey: KeyObject, signer: KeyObject): Buffer {
  const issuerName = wish.issuer ? subjectOf(wish.issuer) : wish.subject
  const content = sequence(
    tlv(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    ecdsaWithSha256,
    name(issuerName),
    sequence(time(wish.fromDays ?? -1), time(wish.toDays ?? 365)),
    name(wish.subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, sequence(...extensions(wish)))
  )
  const signature = sign('sha256', content, signer)
  subjects.set(signature.toString('hex'), wish.subject)
  return sequence(content, ecdsaWithSha256, tlv(0x03, Buffer.from([0]), signature))
}

const subjects = new Map<string, string>()
function subjectOf(issuer: TestCertificate): string {
  const body = Buffer.from(issuer.cert.replace(/-----[^-]+-----/g, ''), 'base64').toString('hex')
  for (const [signature, subject] of subjects) if (body.endsWith(signature)) return subject
  throw new Error('The issuer was not made here.')
}

function extensions(wish: Wish): Buffer[] {
  const critical = tlv(0x01, Buffer.from([0xff]))
  const basic = wish.authority ? sequence(critical) : sequence()
  const found = [sequence(oid('2.5.29.19'), critical, tlv(0x04, basic))]
  if (wish.names.length > 0) found.push(sequence(oid('2.5.29.17'), tlv(0x04, sequence(...wish.names.map(alternativeName)))))
  if (wish.issuerUrl !== undefined) found.push(sequence(oid('1.3.6.1.5.5.7.1.1'), tlv(0x04, sequence(sequence(oid('1.3.6.1.5.5.7.48.2'), tlv(0x86, Buffer.from(wish.issuerUrl)))))))
  return found
}

function alternativeName(text: string): Buffer {
  if (text === '::1') return tlv(0x87, Buffer.concat([Buffer.alloc(15), Buffer.from([1])]))
  if (/^[\d.]+$/.test(text)) return tlv(0x87, Buffer.from(text.split('.').map(Number)))
  return tlv(0x82, Buffer.from(text, 'latin1'))
}

// DER (X.690), as much of it as a certificate needs.
function tlv(tag: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  const digits = body.length.toString(16).padStart(body.length > 0xff ? 4 : 2, '0')
  const long = body.length < 0x80 ? Buffer.from([body.length]) : Buffer.concat([Buffer.from([0x80 + digits.length / 2]), Buffer.from(digits, 'hex')])
  return Buffer.concat([Buffer.from([tag]), long, body])
}
function sequence(...parts: Buffer[]): Buffer {
  return tlv(0x30, ...parts)
}
function integer(bytes: Buffer): Buffer {
  return tlv(0x02, bytes)
}
function name(commonName: string): Buffer {
  return sequence(tlv(0x31, sequence(oid('2.5.4.3'), tlv(0x0c, Buffer.from(commonName)))))
}
function time(days: number): Buffer {
  const stamp = new Date(Date.now() + days * 86_400_000).toISOString().replace(/[-:T]|\.\d+/g, '')
  return tlv(0x17, Buffer.from(stamp.slice(2)))
}
function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return tlv(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]))
}
function base128(value: number): number[] {
  const low = [value & 0x7f]
  for (let left = value >> 7; left > 0; left >>= 7) low.unshift((left & 0x7f) | 0x80)
  return low
}
function pem(label: string, der: Buffer): string {
  return `-----BEGIN ${label}-----\n${(der.toString('base64').match(/.{1,64}/g) ?? []).join('\n')}\n-----END ${label}-----\n`
}
const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'))

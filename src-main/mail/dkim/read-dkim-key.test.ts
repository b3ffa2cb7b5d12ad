import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { faultOfDkimKey, readDkimKey } from './read-dkim-key.ts'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pem = (key: { export(options: { type: 'pkcs8'; format: 'pem' }): string | Buffer }): string => key.export({ type: 'pkcs8', format: 'pem' }).toString()

test('RSA of 1024 bits and more, and Ed25519, in each form of PEM', () => {
  assert.partialDeepStrictEqual(readDkimKey(pem(rsa.privateKey)), { type: 'rsa', bits: 2048, published: rsa.publicKey.export({ type: 'spki', format: 'der' }).toString('base64') })
  assert.partialDeepStrictEqual(readDkimKey(rsa.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString().replaceAll('\n', '\r\n')), { type: 'rsa', bits: 2048 })
  assert.partialDeepStrictEqual(readDkimKey(pem(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey)), { bits: 1024 })
  // RFC 8463 A.1: this private key has this public key.
  const secret = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.from('nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=', 'base64')])
  assert.partialDeepStrictEqual(readDkimKey(`-----BEGIN PRIVATE KEY-----\n${secret.toString('base64')}\n-----END PRIVATE KEY-----\n`), { type: 'ed25519', bits: 256, published: '11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=' })
})

const refused: [what: string, pem: string, why: RegExp][] = [
  ['nothing', '', /no private key in PEM/], ['a password', 'hunter2', /no private key in PEM/], ['base64 without its lines', rsa.privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'), /no private key in PEM/],
  ['the public key', rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString(), /public key; give the private one/],
  ['a certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', /a certificate/],
  ['one behind a passphrase', rsa.privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }).toString(), /passphrase/],
  ['an old one behind a passphrase', rsa.privateKey.export({ type: 'pkcs1', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }).toString(), /passphrase/],
  ['one that is cut off', pem(rsa.privateKey).slice(0, 400), /damaged/], ['one of another kind', pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey), /of type ec/],
  ['a short one', pem(generateKeyPairSync('rsa', { modulusLength: 768 }).privateKey), /768 bits/]
]
for (const [what, given, why] of refused) test(`no key for DKIM: ${what}`, () => {
  const reason = faultOfDkimKey(given)
  assert.match(reason ?? '', why)
  assert.ok(given.length < 20 || !String(reason).includes(given.slice(40, 60)))
})

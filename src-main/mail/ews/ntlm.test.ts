import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testCertificates } from '../../../testbed/certificates.ts'
import { md4 } from './md4.ts'
import { channelBinding, clientChallenge, fileTime, lmv2Response, ntlmAuthenticate, ntlmName, ntlmNegotiate, ntlmv2Proof, ntowfv2, readNtlmChallenge, readPairs, writePairs } from './ntlm.ts'

const hex = (text: string): Buffer => Buffer.from(text.replace(/\s/g, ''), 'hex')
const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le')

test('MD4 gives the digests of RFC 1320 A.5', () => {
  const table: [string, string][] = [
    ['', '31d6cfe0d16ae931b73c59d7e0c089c0'],
    ['a', 'bde52cb31de33e46245e05fbdbd6fb24'],
    ['abc', 'a448017aaf21d8525fc10ae87aa6729d'],
    ['message digest', 'd9130a8164549fe818874806e1c7014b'],
    ['abcdefghijklmnopqrstuvwxyz', 'd79e1c308aa5bbcdeea8ed63df412da9'],
    ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', '043f8582f241db351ce627e153e7f0e4'],
    ['12345678901234567890123456789012345678901234567890123456789012345678901234567890', 'e33b4ddc9c38f2199c3e7b164fcc0536']
  ]
  for (const [text, digest] of table) assert.equal(md4(Buffer.from(text)).toString('hex'), digest, text)
})

// https://learn.microsoft.com/openspecs/windows_protocols/ms-nlmp/7795bd0e-fd5e-43ec-bd9c-994704d8ee26 and the pages that follow (4.2.1, 4.2.4)
test('NTLMv2 gives the values of MS-NLMP 4.2.4', () => {
  const serverChallenge = hex('0123456789abcdef')
  const ours = hex('aaaaaaaaaaaaaaaa')
  const key = ntowfv2('User', 'Domain', 'Password')
  assert.equal(md4(utf16('Password')).toString('hex'), 'a4f49c406510bdcab6824ee7c30fd852')
  assert.equal(key.toString('hex'), '0c868a403bfd7a93a3001ef22ef02e3f')
  const blob = clientChallenge(Buffer.alloc(8), ours, writePairs([{ id: 2, value: utf16('Domain') }, { id: 1, value: utf16('Server') }]))
  assert.equal(blob.toString('hex'), '01010000000000000000000000000000aaaaaaaaaaaaaaaa0000000002000c0044006f006d00610069006e0001000c005300650072007600650072000000000000000000')
  const { proof, sessionBaseKey } = ntlmv2Proof(key, serverChallenge, blob)
  assert.equal(proof.toString('hex'), '68cd0ab851e51c96aabc927bebef6a1c')
  assert.equal(sessionBaseKey.toString('hex'), '8de40ccadbc14a82f15cb0ad0de95ca3')
  assert.equal(lmv2Response(key, serverChallenge, ours).toString('hex'), '86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa')
})

test('names are taken apart', () => {
  const table: [string, { user: string; domain: string }][] = [
    ['CORP\\svc', { user: 'svc', domain: 'CORP' }],
    ['svc@corp.example', { user: 'svc@corp.example', domain: '' }],
    ['svc', { user: 'svc', domain: '' }],
    ['corp.example\\a\\b', { user: 'a\\b', domain: 'corp.example' }]
  ]
  for (const [name, parts] of table) assert.deepEqual(ntlmName(name), parts)
})

test('what is no challenge is not taken for one', () => {
  for (const bad of [Buffer.alloc(0), Buffer.from('NTLMSSP\0'), ntlmNegotiate(), Buffer.alloc(60), challengeWith(Buffer.alloc(4), 5_000)]) assert.equal(readNtlmChallenge(bad), null)
})

test('a time stamp in the challenge is repeated, brings an integrity code and takes the LM response away', () => {
  const stamp = fileTime(Date.UTC(2026, 10, 21))
  for (const withStamp of [true, false]) {
    const challenge = readNtlmChallenge(challengeWith(writePairs(withStamp ? [{ id: 7, value: stamp }] : [])))
    assert.ok(challenge)
    const message = ntlmAuthenticate(ntlmNegotiate(), challenge, { user: 'CORP\\svc', secret: 'pässwort', host: 'mail.example.com', certificate: null, clientChallenge: Buffer.alloc(8, 1), now: 0 })
    assert.equal(message.readUInt32LE(8), 3)
    const field = (at: number): Buffer => message.subarray(message.readUInt32LE(at + 4), message.readUInt32LE(at + 4) + message.readUInt16LE(at))
    assert.deepEqual([field(28).toString('utf16le'), field(36).toString('utf16le')], ['CORP', 'svc'])
    assert.equal(field(12).equals(Buffer.alloc(24)), withStamp)
    assert.equal(message.subarray(72, 88).equals(Buffer.alloc(16)), !withStamp)
    const nt = field(20)
    assert.ok(nt.subarray(24, 32).equals(withStamp ? stamp : fileTime(0)))
    assert.deepEqual(readPairs(nt.subarray(44)).map(({ id }) => id), withStamp ? [7, 6] : [])
  }
})

test('the sign-in is bound to the certificate of the server', () => {
  const { good, selfSigned } = testCertificates()
  const der = (pem: string): Buffer => Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64')
  assert.equal(channelBinding(der(good.cert)).length, 16)
  assert.notDeepEqual(channelBinding(der(good.cert)), channelBinding(der(selfSigned.cert)))
})

function challengeWith(targetInfo: Buffer, claimed = targetInfo.length): Buffer {
  const head = Buffer.alloc(56)
  head.write('NTLMSSP\0', 'latin1')
  head.writeUInt32LE(2, 8)
  head.writeUInt32LE(0xa0888205, 20)
  Buffer.from('0123456789abcdef', 'hex').copy(head, 24)
  head.writeUInt16LE(claimed, 40)
  head.writeUInt16LE(claimed, 42)
  head.writeUInt32LE(56, 44)
  return Buffer.concat([head, targetInfo])
}

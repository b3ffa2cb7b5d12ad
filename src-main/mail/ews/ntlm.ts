import { createHash, createHmac, X509Certificate } from 'node:crypto'
import { md4 } from './md4.ts'

/**
 * NTLM version 2 over HTTP, the client's side (MS-NLMP; MS-NTHT 2.1): three messages on one connection. Version 1 is never spoken. Nothing
 * is signed or sealed afterwards, so no session key is exchanged. https://learn.microsoft.com/openspecs/windows_protocols/ms-nlmp
 */
export type NtlmChallenge = { message: Buffer; flags: number; serverChallenge: Buffer; targetInfo: Buffer }

/** `certificate` is that of the server (DER), to which the sign-in is bound (RFC 5929 4); null where it is not known. */
export type NtlmSignIn = { user: string; secret: string; host: string; certificate: Buffer | null; clientChallenge: Buffer; /** Milliseconds since 1970. */ now: number }

const signature = Buffer.from('NTLMSSP\0', 'latin1')
const flag = { unicode: 0x1, requestTarget: 0x4, ntlm: 0x200, alwaysSign: 0x8000, extendedSession: 0x80000, targetInfo: 0x800000, bits128: 0x20000000, bits56: 0x80000000 }
const wanted = (flag.unicode | flag.requestTarget | flag.ntlm | flag.alwaysSign | flag.extendedSession | flag.targetInfo | flag.bits128 | flag.bits56) >>> 0

/** NEGOTIATE_MESSAGE, 2.2.1.1. It holds no secret and no name. */
export function ntlmNegotiate(): Buffer {
  const message = Buffer.alloc(32)
  signature.copy(message)
  message.writeUInt32LE(1, 8)
  message.writeUInt32LE(wanted, 12)
  return message
}

/** CHALLENGE_MESSAGE, 2.2.1.2; null where it is none. */
export function readNtlmChallenge(message: Buffer): NtlmChallenge | null {
  if (message.length < 48 || !message.subarray(0, 8).equals(signature) || message.readUInt32LE(8) !== 2) return null
  const [length, offset] = [message.readUInt16LE(40), message.readUInt32LE(44)]
  if (offset + length > message.length) return null
  return { message, flags: message.readUInt32LE(20), serverChallenge: message.subarray(24, 32), targetInfo: message.subarray(offset, offset + length) }
}

/** AUTHENTICATE_MESSAGE, 2.2.1.3, with a message integrity code where the challenge has a time stamp (3.1.5.1.2). */
export function ntlmAuthenticate(negotiate: Buffer, challenge: NtlmChallenge, signIn: NtlmSignIn): Buffer {
  const { user, domain } = ntlmName(signIn.user)
  const key = ntowfv2(user, domain, signIn.secret)
  const pairs = readPairs(challenge.targetInfo)
  const stamp = pairs.find(({ id }) => id === av.timestamp)?.value ?? null
  const time = stamp ?? fileTime(signIn.now)
  const blob = clientChallenge(time, signIn.clientChallenge, writePairs([...pairs, ...ourPairs(signIn, stamp !== null)]))
  const { proof, sessionBaseKey } = ntlmv2Proof(key, challenge.serverChallenge, blob)
  const lm = stamp === null ? lmv2Response(key, challenge.serverChallenge, signIn.clientChallenge) : Buffer.alloc(24)
  const message = layOut([lm, Buffer.concat([proof, blob]), utf16(domain), utf16(user), utf16(''), Buffer.alloc(0)], (challenge.flags & wanted) >>> 0)
  if (stamp !== null) hmac(sessionBaseKey, Buffer.concat([negotiate, challenge.message, message])).copy(message, 72)
  return message
}

/** `DOMAIN\user` is taken apart; `user@domain` is a user principal name and stays whole (MS-NLMP 3.1.5.1.2). */
export function ntlmName(name: string): { user: string; domain: string } {
  const [domain = '', ...rest] = name.split('\\')
  return rest.length === 0 ? { user: name, domain: '' } : { user: rest.join('\\'), domain }
}

/** NTOWFv2, 3.3.2. */
export const ntowfv2 = (user: string, domain: string, secret: string): Buffer => hmac(md4(utf16(secret)), utf16(user.toUpperCase() + domain))

/** NTProofStr and SessionBaseKey, 3.3.2; `blob` is what MS-NLMP calls temp. */
export function ntlmv2Proof(key: Buffer, serverChallenge: Buffer, blob: Buffer): { proof: Buffer; sessionBaseKey: Buffer } {
  const proof = hmac(key, Buffer.concat([serverChallenge, blob]))
  return { proof, sessionBaseKey: hmac(key, proof) }
}

export const lmv2Response = (key: Buffer, serverChallenge: Buffer, ours: Buffer): Buffer => Buffer.concat([hmac(key, Buffer.concat([serverChallenge, ours])), ours])

/** NTLMv2_CLIENT_CHALLENGE, 2.2.2.7. */
export const clientChallenge = (time: Buffer, ours: Buffer, pairs: Buffer): Buffer => Buffer.concat([Buffer.from([1, 1, 0, 0, 0, 0, 0, 0]), time, ours, Buffer.alloc(4), pairs, Buffer.alloc(4)])

/** What binds a sign-in to the server's certificate: MD5 of gss_channel_bindings_struct with tls-server-end-point (RFC 5929 4.1, RFC 2744 3.11). */
export function channelBinding(certificate: Buffer): Buffer {
  const strength = /sha-?(384|512)/i.exec(new X509Certificate(certificate).signatureAlgorithm ?? '')?.[1] ?? '256'
  const data = Buffer.concat([Buffer.from('tls-server-end-point:'), createHash(`sha${strength}`).update(certificate).digest()])
  const struct = Buffer.alloc(20)
  struct.writeUInt32LE(data.length, 16)
  return createHash('md5').update(struct).update(data).digest()
}

type Pair = { id: number; value: Buffer }
/** AV_PAIR ids, 2.2.2.1. */
const av = { end: 0, flags: 6, timestamp: 7, targetName: 9, channelBindings: 10 }

function ourPairs({ host, certificate }: NtlmSignIn, withIntegrity: boolean): Pair[] {
  const binding = certificate === null ? [] : [{ id: av.channelBindings, value: channelBinding(certificate) }, { id: av.targetName, value: utf16(`HTTP/${host}`) }]
  return [...(withIntegrity ? [{ id: av.flags, value: Buffer.from([2, 0, 0, 0]) }] : []), ...binding]
}

/** Pairs up to the one that ends them; what is cut off is left out. */
export function readPairs(info: Buffer): Pair[] {
  const found: Pair[] = []
  for (let at = 0; at + 4 <= info.length; ) {
    const [id, length] = [info.readUInt16LE(at), info.readUInt16LE(at + 2)]
    if (id === av.end || at + 4 + length > info.length) break
    found.push({ id, value: info.subarray(at + 4, at + 4 + length) })
    at += 4 + length
  }
  return found
}

export function writePairs(pairs: readonly Pair[]): Buffer {
  const written = pairs.map(({ id, value }) => {
    const head = Buffer.alloc(4)
    head.writeUInt16LE(id, 0)
    head.writeUInt16LE(value.length, 2)
    return Buffer.concat([head, value])
  })
  return Buffer.concat([...written, Buffer.alloc(4)])
}

function layOut(fields: readonly Buffer[], flags: number): Buffer {
  const head = Buffer.alloc(88)
  signature.copy(head)
  head.writeUInt32LE(3, 8)
  let offset = head.length
  for (const [index, field] of fields.entries()) {
    head.writeUInt16LE(field.length, 12 + index * 8)
    head.writeUInt16LE(field.length, 14 + index * 8)
    head.writeUInt32LE(offset, 16 + index * 8)
    offset += field.length
  }
  head.writeUInt32LE(flags, 60)
  return Buffer.concat([head, ...fields])
}

/** FILETIME: 100 nanoseconds since 1601 (MS-DTYP 2.3.3). */
export function fileTime(ms: number): Buffer {
  const time = Buffer.alloc(8)
  time.writeBigUInt64LE((BigInt(Math.trunc(ms)) + 11_644_473_600_000n) * 10_000n)
  return time
}
const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le')
const hmac = (key: Buffer, data: Buffer): Buffer => createHmac('md5', key).update(data).digest()

import { createHmac, randomBytes } from 'node:crypto'
import { channelBinding, fileTime, ntowfv2, readPairs, writePairs } from '../src-main/mail/ews/ntlm.ts'

/**
 * The server's side of NTLM version 2 for one connection, as MS-NLMP 3.2.5 has it: the response is computed from the password, the integrity
 * code and the channel binding are checked. Version 1 and anonymous are refused.
 * https://learn.microsoft.com/openspecs/windows_protocols/ms-nlmp
 */
export type NtlmServer = { challenge(negotiate: Buffer): Buffer | null; /** The user as typed, `DOMAIN\user` or `user`; null: refused. */ check(authenticate: Buffer): string | null }
export type NtlmServerNeeds = {
  passwordOf(user: string): string | null
  /** The server's certificate (DER), to which a sign-in must be bound where `needsBinding` says so (Extended Protection: Require). */
  certificate: Buffer | null
  needsBinding: boolean
  /** Without a time stamp, as servers before Windows Vista: no integrity code is asked for then. */
  withTimestamp: boolean
}

const signature = Buffer.from('NTLMSSP\0', 'latin1')
const unicode = 0x1
const ntlm = 0x200
const extendedSession = 0x80000

export function createNtlmServer(needs: NtlmServerNeeds): NtlmServer {
  let begun: { negotiate: Buffer; challenge: Buffer; nonce: Buffer } | null = null
  return {
    challenge(negotiate) {
      if (negotiate.length < 16 || !negotiate.subarray(0, 8).equals(signature) || negotiate.readUInt32LE(8) !== 1) return null
      const flags = negotiate.readUInt32LE(12)
      if ((flags & unicode) === 0 || (flags & ntlm) === 0 || (flags & extendedSession) === 0) return null
      const nonce = randomBytes(8)
      const challenge = challengeMessage(nonce, needs.withTimestamp)
      begun = { negotiate, challenge, nonce }
      return challenge
    },
    check(message) {
      // A challenge is good for one answer.
      const { negotiate, challenge, nonce } = begun ?? { negotiate: Buffer.alloc(0), challenge: Buffer.alloc(0), nonce: Buffer.alloc(0) }
      begun = null
      if (nonce.length === 0 || message.length < 88 || !message.subarray(0, 8).equals(signature) || message.readUInt32LE(8) !== 3) return null
      const field = (at: number): Buffer => message.subarray(message.readUInt32LE(at + 4), message.readUInt32LE(at + 4) + message.readUInt16LE(at))
      const [response, domain, user] = [field(20), field(28).toString('utf16le'), field(36).toString('utf16le')]
      const name = domain === '' ? user : `${domain}\\${user}`
      const password = needs.passwordOf(name)
      // 24 bytes are version 1.
      if (password === null || response.length <= 44 || user === '') return null
      const key = ntowfv2(user, domain, password)
      const [proof, blob] = [response.subarray(0, 16), response.subarray(16)]
      if (!hmac(key, Buffer.concat([nonce, blob])).equals(proof)) return null
      const pairs = new Map(readPairs(blob.subarray(28)).map(({ id, value }) => [id, value]))
      if (needs.withTimestamp && !integrityHolds(negotiate, challenge, message, hmac(key, proof), pairs.get(6))) return null
      const bound = pairs.get(10)
      if (needs.needsBinding && (needs.certificate === null || !bound?.equals(channelBinding(needs.certificate)))) return null
      return name
    }
  }
}

/** MIC, 3.2.5.1.2 and 2.2.1.3: over all three messages, its own place being zero. */
function integrityHolds(negotiate: Buffer, challenge: Buffer, authenticate: Buffer, sessionKey: Buffer, flags: Buffer | undefined): boolean {
  if (flags === undefined || (flags.readUInt32LE(0) & 2) === 0) return false
  const without = Buffer.from(authenticate)
  without.fill(0, 72, 88)
  return hmac(sessionKey, Buffer.concat([negotiate, challenge, without])).equals(authenticate.subarray(72, 88))
}

function challengeMessage(nonce: Buffer, withTimestamp: boolean): Buffer {
  const target = utf16('CORP')
  const info = writePairs([
    { id: 2, value: target }, { id: 1, value: utf16('EX1') }, { id: 4, value: utf16('corp.example.com') }, { id: 3, value: utf16('ex1.corp.example.com') },
    ...(withTimestamp ? [{ id: 7, value: fileTime(Date.now()) }] : [])
  ])
  const head = Buffer.alloc(56)
  signature.copy(head)
  head.writeUInt32LE(2, 8)
  place(head, 12, target.length, 56)
  // UNICODE, REQUEST_TARGET, NTLM, ALWAYS_SIGN, TARGET_TYPE_DOMAIN, EXTENDED_SESSIONSECURITY, TARGET_INFO, VERSION, 128, 56
  head.writeUInt32LE(0xa2898205, 20)
  nonce.copy(head, 24)
  place(head, 40, info.length, 56 + target.length)
  Buffer.from([10, 0, 0x63, 0x45, 0, 0, 0, 15]).copy(head, 48)
  return Buffer.concat([head, target, info])
}

function place(head: Buffer, at: number, length: number, offset: number): void {
  head.writeUInt16LE(length, at)
  head.writeUInt16LE(length, at + 2)
  head.writeUInt32LE(offset, at + 4)
}
const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le')
const hmac = (key: Buffer, data: Buffer): Buffer => createHmac('md5', key).update(data).digest()

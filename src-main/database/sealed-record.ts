import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'
import type { FileKeys } from './file-keys.ts'

/** Bytes before the sealed text: length (4), sequence number (8), proof of both (8), nonce (12), tag (16). */
export const recordOverhead = 48
const headLength = 20

/** What lies at a place of a file: a whole record, the beginning of one that was never finished, or something else. */
export type FoundRecord = { found: 'record'; sequence: number; plain: Buffer; end: number } | { found: 'torn' } | { found: 'damage' }

/** One record, AES-256-GCM under the file's key; length and sequence number are authenticated with it. */
export function sealRecord(keys: FileKeys, sequence: number, plain: Uint8Array): Buffer {
  const head = Buffer.alloc(headLength)
  head.writeUInt32BE(plain.length, 0)
  head.writeBigUInt64BE(BigInt(sequence), 4)
  proof(keys, head).copy(head, 12)
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', keys.seal, nonce).setAAD(head)
  const text = cipher.update(plain)
  cipher.final()
  return Buffer.concat([head, nonce, cipher.getAuthTag(), text], recordOverhead + plain.length)
}

/** Reads the record at the beginning of `rest`. Torn is what `rest` is too short for, and a zero-filled rest, which a power cut leaves. */
export function unsealRecord(keys: FileKeys, rest: Buffer): FoundRecord {
  if (rest.length < headLength) return { found: 'torn' }
  const head = rest.subarray(0, headLength)
  if (!proof(keys, head).equals(head.subarray(12))) return isZero(rest) ? { found: 'torn' } : { found: 'damage' }
  const length = head.readUInt32BE(0)
  const end = recordOverhead + length
  if (rest.length < end) return { found: 'torn' }
  const plain = open(keys, head, rest.subarray(headLength, end))
  if (plain !== null) return { found: 'record', sequence: Number(head.readBigUInt64BE(4)), plain, end }
  return rest.length === end && isZero(rest.subarray(-16)) ? { found: 'torn' } : { found: 'damage' }
}

function open(keys: FileKeys, head: Buffer, sealed: Buffer): Buffer | null {
  const decipher = createDecipheriv('aes-256-gcm', keys.seal, sealed.subarray(0, 12)).setAAD(head).setAuthTag(sealed.subarray(12, 28))
  const plain = decipher.update(sealed.subarray(28))
  try {
    decipher.final()
    return plain
  } catch {
    return null
  }
}

const proof = (keys: FileKeys, head: Buffer): Buffer => createHmac('sha256', keys.check).update(head.subarray(0, 12)).digest().subarray(0, 8)
const isZero = (bytes: Buffer): boolean => bytes.every((byte) => byte === 0)

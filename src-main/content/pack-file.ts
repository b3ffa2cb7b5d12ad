import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { join } from 'node:path'

/** Keys of the content store, derived from the data key: one names contents, one encrypts them. */
export type ContentKeys = { address: Buffer; seal: Buffer }

export const contentKeys = (dataKey: Buffer): ContentKeys => ({ address: derive(dataKey, 'mailroom content address 1'), seal: derive(dataKey, 'mailroom content seal 1') })

export const packFile = (folder: string, pack: number): string => join(folder, `pack-${String(pack).padStart(6, '0')}`)
export const packNumber = (name: string): number | null => (/^pack-\d{6}$/.test(name) ? Number(name.slice(5)) : null)

/**
 * Two may write at once, each into packs of its own numbers: who takes messages in, and who clears up. Who takes messages in goes on with
 * the newest pack; who clears up begins a new one each time, for the newest may hold what has to go.
 */
export const packNumbers = { taking: { from: 1, below: 500_000, goesOn: true }, clearing: { from: 500_000, below: 1_000_000, goesOn: false } } as const
export type PackNumbers = (typeof packNumbers)[keyof typeof packNumbers]

/** Nonce (12) and tag (16) come before the encrypted content. */
export const recordOverhead = 28

/** Same bytes, same address; 144 bits are more than chance or an attacker without the key can make meet. */
export const addressOf = (keys: ContentKeys, raw: Uint8Array): string => createHmac('sha256', keys.address).update(raw).digest().subarray(0, 18).toString('base64url')

/** The record of a content in two pieces to be written one after the other; bound to its address. */
export function sealContent(keys: ContentKeys, address: string, raw: Uint8Array): Buffer[] {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', keys.seal, nonce).setAAD(Buffer.from(address))
  const text = cipher.update(raw)
  cipher.final()
  return [Buffer.concat([nonce, cipher.getAuthTag()]), text]
}

/** The content of a record, or null where it is not the one that was stored under this address. */
export function unsealContent(keys: ContentKeys, address: string, record: Buffer): Buffer | null {
  if (record.length < recordOverhead) return null
  const decipher = createDecipheriv('aes-256-gcm', keys.seal, record.subarray(0, 12)).setAAD(Buffer.from(address)).setAuthTag(record.subarray(12, recordOverhead))
  const raw = decipher.update(record.subarray(recordOverhead))
  try {
    decipher.final()
    return raw
  } catch {
    return null
  }
}

const derive = (key: Buffer, info: string): Buffer => Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), info, 32))

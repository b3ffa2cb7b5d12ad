import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'

// OWASP Password Storage Cheat Sheet, scrypt: N=2^17, r=8, p=1.
const strength = { N: 1 << 17, r: 8, p: 1 }
const kept = z.object({ N: z.int().min(1 << 14).max(1 << 20), r: z.int().min(1).max(32), p: z.int().min(1).max(16), salt: z.base64(), hash: z.base64() })

/** What is kept of a PIN: an scrypt hash (RFC 7914) with its salt, as text. */
export async function hashOfPin(pin: string): Promise<string> {
  const salt = randomBytes(16)
  return JSON.stringify({ ...strength, salt: salt.toString('base64'), hash: (await derive(pin, salt, strength)).toString('base64') })
}

/** Whether this is the PIN; takes as long for a wrong one as for the right one. */
export async function isPin(pin: string, stored: string): Promise<boolean> {
  const { salt, hash, ...cost } = kept.parse(JSON.parse(stored))
  return timingSafeEqual(await derive(pin, Buffer.from(salt, 'base64'), cost), Buffer.from(hash, 'base64'))
}

function derive(pin: string, salt: Buffer, { N, r, p }: typeof strength): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // scrypt needs 128·N·r bytes; Node's own limit is 32 MB.
    scrypt(pin.normalize('NFKC'), salt, 32, { N, r, p, maxmem: 128 * N * r + (64 << 20) }, (error, key) => (error ? reject(error) : resolve(key)))
  })
}

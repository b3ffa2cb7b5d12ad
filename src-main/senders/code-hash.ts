import { randomBytes, randomInt, scrypt, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'

// RFC 7914. A code lives half an hour and five tries: this keeps one that is read from a stolen copy of the database from being found meanwhile on one computer, and a try cheap for ours.
const strength = { N: 1 << 15, r: 8, p: 1 }
const kept = z.object({ N: z.int().min(1 << 14).max(1 << 20), r: z.int().min(1).max(32), p: z.int().min(1).max(16), salt: z.base64(), hash: z.base64() })

/** Eight digits, each as likely as any other. */
export const newMailedCode = (): string => String(randomInt(0, 100_000_000)).padStart(8, '0')

/** What is kept of a code: an scrypt hash with its salt, as text. */
export async function hashOfCode(code: string): Promise<string> {
  const salt = randomBytes(16)
  return JSON.stringify({ ...strength, salt: salt.toString('base64'), hash: (await derive(code, salt, strength)).toString('base64') })
}

/** Whether this is the code, spaces and hyphens in it aside; takes as long for a wrong one as for the right one. */
export async function isCode(typed: string, stored: string): Promise<boolean> {
  const { salt, hash, ...cost } = kept.parse(JSON.parse(stored))
  return timingSafeEqual(await derive(typed.replace(/[\s-]/g, ''), Buffer.from(salt, 'base64'), cost), Buffer.from(hash, 'base64'))
}

function derive(code: string, salt: Buffer, { N, r, p }: typeof strength): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // scrypt needs 128·N·r bytes; Node's own limit is 32 MB.
    scrypt(code, salt, 32, { N, r, p, maxmem: 128 * N * r + (64 << 20) }, (error, key) => (error ? reject(error) : resolve(key)))
  })
}

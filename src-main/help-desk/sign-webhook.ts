import { createHmac } from 'node:crypto'

const prefix = 'whsec_'
const isBase64 = (text: string): boolean => text.length > 0 && text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text)

/**
 * The key behind a signing secret: base64 after `whsec_`, or without the prefix where it decodes to the 24 to 64 bytes of the
 * specification, as its libraries take it; anything else is the key itself, in UTF-8.
 */
export function keyOf(secret: string): Buffer {
  if (secret.startsWith(prefix)) return Buffer.from(secret.slice(prefix.length), 'base64')
  const decoded = isBase64(secret) ? Buffer.from(secret, 'base64') : Buffer.alloc(0)
  return decoded.length >= 24 && decoded.length <= 64 ? decoded : Buffer.from(secret)
}

/** What is wrong with a signing secret; null where nothing is. */
export const faultOfSigningSecret = (secret: string): string | null =>
  secret.startsWith(prefix) && !isBase64(secret.slice(prefix.length)) ? 'After whsec_ a signing secret goes on in base64.' : null

/**
 * Headers that sign a webhook: HMAC-SHA256 over `{id}.{timestamp}.{body}`. `id` holds no full stop; `at` is milliseconds since 1970.
 * Standard Webhooks 1.0.0, https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function signWebhook(secret: string, id: string, at: number, body: string): Record<string, string> {
  const timestamp = String(Math.floor(at / 1000))
  const signature = createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.`).update(body).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` }
}

import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'

/** A key that mail can be signed with; `bits` of an RSA key, 256 of Ed25519. `published` is what stands after `p=` in DNS (RFC 6376 3.6.1, RFC 8463 4). */
export type DkimKey = { key: KeyObject; type: 'rsa' | 'ed25519'; bits: number; published: string }

/** A private key in PEM as a key for DKIM; `reason` says in words, without anything of the key, why it is none. RFC 8301 3.2: RSA of at least 1024 bits. */
export function readDkimKey(pem: string): DkimKey | { reason: string } {
  const kind = /-----BEGIN ([A-Z0-9 ]{1,40})-----/.exec(pem)?.[1]
  if (kind === undefined) return { reason: 'it is no private key in PEM, which begins with -----BEGIN PRIVATE KEY-----' }
  if (/PUBLIC KEY$/.test(kind)) return { reason: 'it is the public key; give the private one' }
  if (/CERTIFICATE/.test(kind)) return { reason: 'it is a certificate; give the private key' }
  if (kind === 'ENCRYPTED PRIVATE KEY' || /^Proc-Type:.{0,20}ENCRYPTED/m.test(pem)) return { reason: 'it is protected by a passphrase; give it without one' }
  const key = opened(pem)
  if (key === null) return { reason: 'it is damaged, or no private key' }
  if (key.asymmetricKeyType === 'ed25519') return { key, type: 'ed25519', bits: 256, published: createPublicKey(key).export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64') }
  if (key.asymmetricKeyType !== 'rsa') return { reason: `it is of type ${key.asymmetricKeyType ?? 'unknown'}; DKIM knows RSA and Ed25519` }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  if (bits < 1024) return { reason: `it has ${bits} bits; an RSA key needs at least 1024, better 2048` }
  return { key, type: 'rsa', bits, published: createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64') }
}

/** Why a key cannot be used for DKIM; null where it can. */
export function faultOfDkimKey(pem: string): string | null {
  const read = readDkimKey(pem)
  return 'reason' in read ? read.reason : null
}

function opened(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem)
  } catch {
    return null
  }
}

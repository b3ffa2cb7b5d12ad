import { createPrivateKey, type KeyObject } from 'node:crypto'
import type { OutgoingServerDraft } from '#contract/outgoing-server.ts'
import { ProblemError } from '#contract/problem.ts'
import type { CredentialStore } from '../credentials/credential-store.ts'
import { accountOf } from './server-secrets.ts'

/** Why mail cannot be signed with a key (PEM): RSA of at least 1024 bits (RFC 8301 3.2) or Ed25519 (RFC 8463); null where it can. No word of the key is in it. */
export const dkimKeyFault = (pem: string): string | null => {
  if (/-----BEGIN (?:RSA )?PUBLIC KEY-----/.test(pem) || /-----BEGIN CERTIFICATE-----/.test(pem)) return 'This is the public key or a certificate. Paste the private key; the public one belongs in DNS.'
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(pem)) return 'This key is protected by a passphrase. Paste it without one: it is encrypted in the credential store.'
  const key = privateKeyIn(pem)
  if (key === null) return 'This is no private key: paste a PEM file that begins with -----BEGIN PRIVATE KEY----- or -----BEGIN RSA PRIVATE KEY-----.'
  if (key.asymmetricKeyType === 'ed25519') return null
  if (key.asymmetricKeyType !== 'rsa') return 'Mail is signed with an RSA or an Ed25519 key; this is of another kind.'
  return (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 1024 ? null : 'This RSA key has fewer than 1024 bits: no recipient takes its signature. Use 2048 bits.'
}

const privateKeyIn = (pem: string): KeyObject | null => {
  try {
    return createPrivateKey(pem)
  } catch {
    return null
  }
}

/** Throws ProblemError `invalid-input` at `dkimKey` where a server is to sign and there is no key that can, typed or stored. `was` is the name under which one is stored. */
export const checkDkimKey = async (credentials: Pick<CredentialStore, 'get'>, { was, server, dkimKey, draft }: { was: string | null; server: OutgoingServerDraft; dkimKey: string | null; draft: boolean }): Promise<void> => {
  if (dkimKey !== null) return refuseFor(dkimKeyFault(dkimKey))
  if (draft || server.dkim === null || (await credentials.get(accountOf(was ?? server.name, 'dkim'))) !== null) return
  refuseFor('Paste the private key, or choose its file: mail cannot be signed without it.')
}

const refuseFor = (message: string | null): void => {
  if (message !== null) throw new ProblemError({ code: 'invalid-input', issues: [{ path: 'dkimKey', message }] })
}

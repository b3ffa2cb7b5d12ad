import { createPrivateKey, X509Certificate } from 'node:crypto'
import { ProblemError } from '#contract/problem.ts'

/** What a client assertion is signed with (RFC 7523): `thumbprintSha256` in hex without colons, `privateKey` as PEM (PKCS 8). */
export type ClientCertificate = { thumbprintSha256: string; privateKey: string }

/**
 * The certificate and private key in a secret that holds both as PEM, in any order; null where the secret is none of that but a plain client
 * secret. Throws ProblemError `key-file-unusable` where one half is missing, unreadable, or does not belong to the other.
 * https://learn.microsoft.com/entra/identity-platform/certificate-credentials
 */
export function clientCertificateIn(server: string, secret: string): ClientCertificate | null {
  const blocks = [...secret.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----[\s\S]+?-----END \1-----/g)].map(([text, label = '']) => ({ text, label }))
  if (blocks.length === 0 && !secret.includes('-----BEGIN')) return null
  const refuse = (reason: string, cause?: unknown): ProblemError => new ProblemError({ code: 'key-file-unusable', server, reason }, { cause })
  const key = blocks.find(({ label }) => label.endsWith('PRIVATE KEY'))
  const certificates = blocks.filter(({ label }) => label === 'CERTIFICATE').map(({ text }) => text)
  if (key === undefined) throw refuse('it holds no private key. Put certificate and private key, both PEM, into one secret')
  if (certificates.length === 0) throw refuse('it holds no certificate. Put certificate and private key, both PEM, into one secret')
  if (key.label.startsWith('ENCRYPTED') || key.text.includes('Proc-Type: 4,ENCRYPTED')) throw refuse('the private key is encrypted. Store it without a passphrase; the credential store encrypts it')
  try {
    const found = matching(key.text, certificates)
    if (typeof found === 'string') throw refuse(found)
    return found
  } catch (error) {
    if (error instanceof ProblemError) throw error
    throw refuse('certificate or private key cannot be read', error)
  }
}

function matching(keyText: string, certificates: string[]): ClientCertificate | string {
  const privateKey = createPrivateKey(keyText)
  const bits = privateKey.asymmetricKeyDetails?.modulusLength ?? 0
  // Assertions are signed with PS256 (RFC 7518 3.5), which wants RSA of this length.
  if (privateKey.asymmetricKeyType !== 'rsa' || bits < 2048) return 'the private key must be an RSA key of at least 2048 bits'
  const leaf = certificates.map((text) => new X509Certificate(text)).find((certificate) => certificate.checkPrivateKey(privateKey))
  if (leaf === undefined) return 'the private key does not belong to the certificate'
  return { thumbprintSha256: leaf.fingerprint256.replaceAll(':', ''), privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }
}

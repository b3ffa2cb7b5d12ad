import { constants, createHash, generateKeyPairSync, randomBytes, randomUUID, sign, verify, X509Certificate } from 'node:crypto'

/** Signs the tokens of a test authority as Entra does: RS256, with the key's id in the header. */
export type TokenSigner = { jwt(claims: Record<string, unknown>): string; jwks(): unknown }

export function createTokenSigner(): TokenSigner {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const kid = randomBytes(12).toString('base64url')
  return {
    jwt(claims) {
      const content = `${part({ typ: 'JWT', alg: 'RS256', kid })}.${part(claims)}`
      return `${content}.${sign('sha256', Buffer.from(content), privateKey).toString('base64url')}`
    },
    jwks: () => ({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' }] })
  }
}

/**
 * Why a client assertion is refused, as an AADSTS code; null where it is right. The signature is checked against the registered certificates.
 * https://learn.microsoft.com/entra/identity-platform/certificate-credentials
 */
export function assertionFault(assertion: string, expected: { clientId: string; audience: string; certificates: readonly string[]; now: number }): number | null {
  const [head = '', body = '', signature = ''] = assertion.split('.')
  const header = object(head)
  const claims = object(body)
  const certificate = expected.certificates.map((pem) => new X509Certificate(pem)).find((one) => createHash('sha256').update(one.raw).digest('base64url') === header['x5t#S256'])
  if (certificate === undefined) return 700027
  const key = certificate.publicKey
  const pss = header.alg === 'PS256' ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST } : key
  if ((header.alg !== 'PS256' && header.alg !== 'RS256') || !verify('sha256', Buffer.from(`${head}.${body}`), pss, Buffer.from(signature, 'base64url'))) return 700027
  if (claims.aud !== expected.audience || claims.iss !== expected.clientId || claims.sub !== expected.clientId || typeof claims.jti !== 'string') return 50048
  const seconds = expected.now / 1000
  // Five minutes of leeway, as Entra gives.
  return Number(claims.exp) < seconds - 300 || Number(claims.nbf) > seconds + 300 ? 700024 : null
}

/** An RSA key with a self-signed certificate, as an administrator makes them for an application. Both PEM. */
export function applicationCertificate(): { certificate: string; key: string } {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const name = der(0x30, der(0x31, der(0x30, Buffer.from('0603550403', 'hex'), der(0x0c, Buffer.from('Mailroom')))))
  const rsaWithSha256 = der(0x30, Buffer.from('06092a864886f70d01010b0500', 'hex'))
  const time = (days: number): Buffer => der(0x17, Buffer.from(new Date(Date.now() + days * 86_400_000).toISOString().replace(/[-:T]|\.\d+/g, '').slice(2)))
  const content = der(0x30, der(0xa0, der(0x02, Buffer.from([2]))), der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(15)])), rsaWithSha256, name, der(0x30, time(-1), time(365)), name, publicKey.export({ type: 'spki', format: 'der' }))
  const certificate = der(0x30, content, rsaWithSha256, der(0x03, Buffer.from([0]), sign('sha256', content, privateKey)))
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${(certificate.toString('base64').match(/.{1,64}/g) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  }
}

/** A refresh token or code: opaque. */
export const opaque = (prefix: string): string => `${prefix}.${randomUUID()}.${randomBytes(40).toString('base64url')}`

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
function object(text: string): Record<string, unknown> {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Record<string, unknown>
  } catch {
    return {}
  }
}

// X.690, as much as a certificate needs.
function der(tag: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  const digits = body.length.toString(16).padStart(body.length > 0xff ? 4 : 2, '0')
  const long = body.length < 0x80 ? Buffer.from([body.length]) : Buffer.concat([Buffer.from([0x80 + digits.length / 2]), Buffer.from(digits, 'hex')])
  return Buffer.concat([Buffer.from([tag]), long, body])
}

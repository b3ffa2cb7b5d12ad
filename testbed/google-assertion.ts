import { createVerify, type KeyObject } from 'node:crypto'

/** An error as the token endpoint answers it. */
export class GoogleOAuthError extends Error {
  readonly status: number
  readonly code: string
  constructor(status: number, code: string, description: string) {
    super(description)
    this.status = status
    this.code = code
  }
}

/** A service account, the users of its domain, and the scopes that an administrator delegated to it. */
export type ServiceAccount = { account: string; publicKey: KeyObject; keyId: string; users: string[]; delegated: string[]; exists: boolean }
type Claims = Readonly<Record<string, unknown>>

/** Header and claims of an assertion whose signature is right. https://developers.google.com/identity/protocols/oauth2/service-account#authorizingrequests */
export function assertionOf(assertion: string, { account, publicKey, keyId, exists }: ServiceAccount): Claims {
  const [head = '', body = '', signature = ''] = assertion.split('.')
  const header = part(head)
  const claims = part(body)
  if (header === null || claims === null || header.typ !== 'JWT') throw new GoogleOAuthError(400, 'invalid_request', 'Could not decode assertion as a JWT.')
  if (header.alg !== 'RS256') throw new GoogleOAuthError(400, 'invalid_grant', 'Invalid JWT: unsupported algorithm.')
  if (claims.iss !== account || !exists) throw new GoogleOAuthError(400, 'invalid_grant', 'Invalid grant: account not found')
  if (header.kid !== undefined && header.kid !== keyId) throw new GoogleOAuthError(400, 'invalid_grant', 'Invalid JWT Signature.')
  if (!createVerify('RSA-SHA256').update(`${head}.${body}`).verify(publicKey, signature, 'base64url')) throw new GoogleOAuthError(400, 'invalid_grant', 'Invalid JWT Signature.')
  return claims
}

/** What an assertion asks for, where it may have it. …/oauth2/service-account#jwt-error-codes */
export function grantOf(claims: Claims, account: ServiceAccount, { tokenUrl, now, scopes: known }: { tokenUrl: string; now: number; scopes: readonly string[] }): { subject: string; scopes: string[] } {
  const seconds = now / 1000
  const [iat, exp] = [Number(claims.iat), Number(claims.exp)]
  if (claims.aud !== tokenUrl) throw new GoogleOAuthError(400, 'invalid_grant', 'Invalid JWT: Failed audience check. The right audience is the token endpoint.')
  // Some minutes of skew are let through; an hour is the longest life.
  if (!(exp - iat <= 3_600 && iat <= seconds + 300 && exp > seconds - 300))
    throw new GoogleOAuthError(400, 'invalid_grant', "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.")
  const subject = String(claims.sub ?? '')
  const scopes = String(claims.scope ?? '').split(' ').filter((one) => one !== '')
  if (scopes.length === 0 || !scopes.every((scope) => known.includes(scope))) throw new GoogleOAuthError(400, 'invalid_scope', 'Invalid OAuth scope or ID token audience provided.')
  if (!account.users.includes(subject)) throw new GoogleOAuthError(400, 'invalid_grant', 'Invalid email or User ID')
  if (!scopes.every((scope) => account.delegated.includes(scope)))
    throw new GoogleOAuthError(401, 'unauthorized_client', 'Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.')
  return { subject, scopes }
}

function part(text: string): Claims | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null ? (value as Claims) : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

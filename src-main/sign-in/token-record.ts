import { createHash } from 'node:crypto'
import type { Auth } from '#contract/fields.ts'
import type { OAuthSettings } from '#contract/oauth.ts'
import type { Problem } from '#contract/problem.ts'
import type { IssuedTokens } from './token-issuer.ts'

/** Tokens of one server as they lie in the credential store. Times in milliseconds since 1970. */
export type TokenRecord = {
  version: 1
  /** Of the settings that the tokens were issued for; see `settingsMark`. */
  settings: string
  refreshToken: string | null
  accessToken: string | null
  accessExpiresAt: number
  scope: string[]
  account: string | null
  signedInAt: number | null
  lastRefreshAt: number | null
  /** Refused by the issuer with this secret; not asked again while the secret stays the same, before `retryAt` where that is set. */
  refused: { problem: Problem; secret: string; retryAt: number | null } | null
}

/** Access tokens are handed out while more than this remains, or half of their life where that is shorter. */
const aheadMs = 5 * 60_000

export const isGood = ({ accessToken, accessExpiresAt, lastRefreshAt }: TokenRecord, now: number): boolean =>
  accessToken !== null && accessExpiresAt - now > Math.min(aheadMs, (accessExpiresAt - (lastRefreshAt ?? now)) / 2)

/** A mark that changes where tokens of before are of no use: another issuer, application, account or scope. */
export function settingsMark({ provider, flow, authority, tenant, clientId, tokenUrl, scope, user }: OAuthSettings, { account, subject }: Auth): string {
  return digest(JSON.stringify([provider, flow === 'client-credentials', authority, tenant, clientId, tokenUrl, [...scope].sort(), user.toLowerCase(), account ?? '', subject ?? '']))
}

export const secretMark = (secret: string | null): string => (secret === null ? '' : digest(secret))
const digest = (text: string): string => createHash('sha256').update(text).digest('base64url')

/** A record after tokens were issued: a refresh token that the issuer did not replace stays. */
export function afterIssue(before: TokenRecord | null, issued: IssuedTokens, settings: string, now: number): TokenRecord {
  return {
    version: 1, settings, refreshToken: issued.refreshToken ?? before?.refreshToken ?? null, accessToken: issued.accessToken, accessExpiresAt: issued.expiresAt,
    scope: issued.scope.length > 0 ? issued.scope : (before?.scope ?? []), account: issued.account ?? before?.account ?? null,
    signedInAt: before?.signedInAt ?? now, lastRefreshAt: now, refused: null
  }
}

/** null where the text is no record of this version: then somebody has to sign in again. */
export function recordIn(text: string): TokenRecord | null {
  try {
    const value: unknown = JSON.parse(text)
    const whole = typeof value === 'object' && value !== null && 'version' in value && value.version === 1 && 'settings' in value && 'accessExpiresAt' in value && 'refused' in value
    return whole ? (value as TokenRecord) : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

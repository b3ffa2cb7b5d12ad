import type { Auth } from '#contract/fields.ts'
import type { OAuthSettings, SignInStep } from '#contract/oauth.ts'
import type { HttpClient } from '../mail/connection/http-client.ts'

/**
 * What an issuer answered with. `expiresAt` in milliseconds since 1970 by this computer's clock; `refreshToken` is null where none was given
 * (the one before stays good then); `scope` as granted, empty where the issuer does not say; `account` is the user name of the id token, null
 * without one, `alsoKnownAs` what else the issuer calls the same account.
 */
export type IssuedTokens = { accessToken: string; expiresAt: number; refreshToken: string | null; scope: string[]; account: string | null; alsoKnownAs?: string[] }

/** What every request for tokens is made with. `http` goes the server's own way: its proxy, its CA. */
export type TokenRequest = {
  /** Name of the server, for problems. */
  server: string
  settings: OAuthSettings
  auth: Auth
  /** Client secret, certificate with key, or service account key as stored; null where none is. */
  secret: string | null
  http: HttpClient
  signal: AbortSignal
  /** Milliseconds since 1970. */
  now: () => number
  /** Rejects with the signal's reason. */
  wait: (ms: number, signal: AbortSignal) => Promise<void>
  /** How far the issuer's clock is ahead of this one by the `Date` of its latest answer; 0 before the first. */
  clockAheadMs: () => number
}

/** A browser that is sent away and comes back. `state` was put into the URL by the issuer and is checked by `browse`. */
export type BrowserVisit = {
  /** With the port that is listened on. */
  redirectUrl: string
  state: string
  /** PKCE, S256 (RFC 7636). */
  verifier: string
  challenge: string
  /** Resolves with what the issuer added to the redirect URL, `code` or `error`; rejects when nobody comes back in time. */
  browse: (url: string) => Promise<URLSearchParams>
}

/**
 * Whoever issues tokens. Every method throws ProblemError: of the connection as the HttpClient throws it, of the sign-in as the issuer's answer
 * is translated. Nothing is kept between calls.
 */
export interface TokenIssuer {
  interactively(asked: TokenRequest, visit: BrowserVisit): Promise<IssuedTokens>
  byDeviceCode(asked: TokenRequest, show: (step: Extract<SignInStep, { kind: 'device-code' }>) => void): Promise<IssuedTokens>
  byRefreshToken(asked: TokenRequest, refreshToken: string, claims: string | null): Promise<IssuedTokens>
  /** Without a person: client credentials, a service account. */
  asApplication(asked: TokenRequest, claims: string | null): Promise<IssuedTokens>
}

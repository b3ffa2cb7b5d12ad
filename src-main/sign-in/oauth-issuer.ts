import {
  authorizationCodeGrantRequest, clientCredentialsGrantRequest, ClientSecretBasic, ClientSecretPost, customFetch, deviceAuthorizationRequest, deviceCodeGrantRequest, None, processAuthorizationCodeResponse,
  processClientCredentialsResponse, processDeviceAuthorizationResponse, processDeviceCodeResponse, processRefreshTokenResponse, refreshTokenGrantRequest, skipStateCheck, validateAuthResponse,
  type AuthorizationServer, type Client, type ClientAuth, type TokenEndpointResponse
} from 'oauth4webapi'
import { ProblemError, type Problem } from '#contract/problem.ts'
import { claimsIn, hearing, strangeAnswer, type HeardFetch } from './heard-answer.ts'
import type { IssuedTokens, TokenIssuer, TokenRequest } from './token-issuer.ts'

/** An error of OAuth (RFC 6749 4.1.2.1 and 5.2, RFC 8628 3.5) and what was asked for. */
export type OAuthError = { error: string; description: string; subtype: string; during: 'browser' | 'code' | 'device-code' | 'refresh' | 'application' }

/** In what an issuer differs from the others. */
export type IssuerHabits = {
  /** Parameters of the authorisation URL besides those of RFC 6749 and 7636. */
  authorization: (asked: TokenRequest) => Record<string, string>
  /** Scopes that are asked for besides those of the settings. */
  scopes: readonly string[]
  /** How the client secret goes along: in the header first, which RFC 6749 2.3.1 wants every issuer to take, or in the body alone. */
  clientAuth: readonly ('header' | 'body')[]
  /** Whether the scopes are named again when a token is renewed, which RFC 6749 6 leaves open. */
  scopesOnRenewal: boolean
  problemOf: (error: OAuthError, asked: TokenRequest) => Problem
  /** Finds out what the browser would tell the user alone; null where nothing is wrong. */
  lookAhead: ((asked: TokenRequest, url: string) => Promise<Problem | null>) | null
}

type Exchange = { as: AuthorizationServer; client: Client; heard: HeardFetch; options: { [customFetch]: HeardFetch['fetch']; additionalParameters?: Record<string, string> } }

/** Tokens of an issuer that is known by its URLs, by oauth4webapi. */
export function createOAuthIssuer(habits: IssuerHabits): TokenIssuer {
  const scopeOf = ({ settings }: TokenRequest): string => [...new Set([...settings.scope, ...habits.scopes])].join(' ')
  return {
    async interactively(asked, visit) {
      const url = new URL(asked.settings.authorizationUrl)
      const parameters = { response_type: 'code', client_id: asked.settings.clientId, redirect_uri: visit.redirectUrl, scope: scopeOf(asked), state: visit.state, code_challenge: visit.challenge, code_challenge_method: 'S256', ...habits.authorization(asked) }
      for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
      const ahead = await habits.lookAhead?.(asked, url.href)
      if (ahead) throw new ProblemError(ahead)
      const came = await visit.browse(url.href)
      const code = came.get('code')
      if (code === null) throw new ProblemError(habits.problemOf({ error: came.get('error') ?? '', description: words(came.get('error_description')), subtype: came.get('error_subtype') ?? '', during: 'browser' }, asked))
      return exchange(habits, asked, 'code', async ({ as, client, options }, clientAuth) => {
        const answered = validateAuthResponse(as, client, new URLSearchParams({ code }), skipStateCheck)
        return processAuthorizationCodeResponse(as, client, await authorizationCodeGrantRequest(as, client, clientAuth, answered, visit.redirectUrl, visit.verifier, options))
      })
    },
    byDeviceCode: (asked, show) =>
      exchange(habits, asked, 'device-code', async ({ as, client, options, heard }, clientAuth) => {
        const device = await processDeviceAuthorizationResponse(as, client, await deviceAuthorizationRequest(as, client, clientAuth, { scope: scopeOf(asked) }, options))
        const until = asked.now() + device.expires_in * 1000
        show({ kind: 'device-code', userCode: device.user_code, verificationUrl: device.verification_uri, expiresAt: new Date(until).toISOString() })
        let seconds = device.interval ?? 5
        for (;;) {
          await asked.wait(seconds * 1000, asked.signal)
          if (asked.now() > until) throw new ProblemError({ code: 'sign-in-timed-out', server: asked.server })
          const response = await deviceCodeGrantRequest(as, client, clientAuth, device.device_code, options)
          const error = heard.last()?.json?.error
          if (error === 'slow_down') seconds += 5
          else if (error !== 'authorization_pending') return processDeviceCodeResponse(as, client, response)
        }
      }),
    byRefreshToken: (asked, refreshToken, claims) =>
      exchange(habits, asked, 'refresh', async ({ as, client, options }, clientAuth) => processRefreshTokenResponse(as, client, await refreshTokenGrantRequest(as, client, clientAuth, refreshToken, withParameters(options, { claims, scope: habits.scopesOnRenewal ? scopeOf(asked) : null })))),
    asApplication: (asked, claims) =>
      exchange(habits, asked, 'application', async ({ as, client, options }, clientAuth) => processClientCredentialsResponse(as, client, await clientCredentialsGrantRequest(as, client, clientAuth, { scope: scopeOf(asked) }, withParameters(options, { claims }))))
  }
}

type Work = (of: Exchange, clientAuth: ClientAuth) => Promise<TokenEndpointResponse>

/** Asks with each way to show the secret until one is taken. */
async function exchange(habits: IssuerHabits, asked: TokenRequest, during: OAuthError['during'], work: Work): Promise<IssuedTokens> {
  const { settings, secret } = asked
  const origin = URL.parse(settings.tokenUrl)?.origin ?? settings.tokenUrl
  const as: AuthorizationServer = { issuer: origin, token_endpoint: settings.tokenUrl, ...(settings.deviceUrl === null ? {} : { device_authorization_endpoint: settings.deviceUrl }) }
  const heard = hearing(asked)
  const of: Exchange = { as, client: { client_id: settings.clientId }, heard, options: { [customFetch]: heard.fetch } }
  const shown = secret?.trim() ?? ''
  const ways = shown === '' ? [None()] : habits.clientAuth.map((where) => (where === 'header' ? ClientSecretBasic(shown) : ClientSecretPost(shown)))
  for (const [index, way] of ways.entries()) {
    try {
      return issuedIn(await work(of, way), heard, asked)
    } catch (error) {
      if (asked.signal.aborted) throw asked.signal.reason
      const last = heard.last()
      if (error instanceof ProblemError || last === null) throw error
      if (index < ways.length - 1 && notTakenBy(last.json?.error)) continue
      throw new ProblemError(problemIn(habits, asked, during, last), { cause: error })
    }
  }
  throw new ProblemError({ code: 'token-refused', server: asked.server, serverSaid: '' })
}

function problemIn(habits: IssuerHabits, asked: TokenRequest, during: OAuthError['during'], last: NonNullable<ReturnType<HeardFetch['last']>>): Problem {
  const strange = strangeAnswer(last, asked)
  if (strange !== null) return strange
  const { error, error_description: description, error_subtype: subtype } = last.json ?? {}
  return habits.problemOf({ error: words(error), description: words(description), subtype: words(subtype), during }, asked)
}

function issuedIn({ access_token: accessToken, expires_in: seconds, refresh_token: refreshToken, scope }: TokenEndpointResponse, heard: HeardFetch, asked: TokenRequest): IssuedTokens {
  const claims = claimsIn(heard.last()?.json?.id_token)
  const names = ['email', 'preferred_username', 'upn'].map((name) => claims?.[name]).filter((name) => typeof name === 'string' && name !== '') as string[]
  return {
    accessToken,
    // RFC 6749 5.1 only recommends to say how long a token lives.
    expiresAt: asked.now() + (seconds ?? 3_600) * 1000,
    refreshToken: refreshToken ?? null,
    scope: (scope ?? '').split(' ').filter((one) => one !== ''),
    account: names[0] ?? null,
    alsoKnownAs: names.slice(1)
  }
}

function withParameters(options: Exchange['options'], parameters: Record<string, string | null>): Exchange['options'] {
  return { ...options, additionalParameters: Object.fromEntries(Object.entries(parameters).flatMap(([name, value]) => (value === null || value === '' ? [] : [[name, value]]))) }
}

/** Issuers that look for the client in the body alone say one of these. */
const notTakenBy = (error: unknown): boolean => error === 'invalid_client' || error === 'unauthorized_client' || error === 'invalid_request'

/** An issuer's words without anything as long as a token. */
const words = (text: unknown): string => (typeof text === 'string' ? text.replace(/[A-Za-z0-9_\-.~/+=]{60,}/g, '(hidden)').slice(0, 600) : '')

import { AuthError, ConfidentialClientApplication, LogLevel, PublicClientApplication, type AuthenticationResult, type Configuration, type DeviceCodeRequest } from '@azure/msal-node'
import { ProblemError } from '#contract/problem.ts'
import { answerProblem } from './authority-answer.ts'
import { clientCertificateIn } from './client-certificate.ts'
import { entraErrorIn, entraProblem } from './entra-problem.ts'
import { claimsIn } from './heard-answer.ts'
import { createMsalNetwork, type MsalNetwork } from './msal-network.ts'
import { untilAborted } from './until-aborted.ts'
import type { BrowserVisit, IssuedTokens, TokenIssuer, TokenRequest } from './token-issuer.ts'

/**
 * Tokens of Microsoft Entra by MSAL. A new client for each call: MSAL remembers nothing, the refresh token is read from the answer.
 * https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
 */
export const msalIssuer: TokenIssuer = {
  interactively: (asked, visit) => acquire(asked, (network) => byCode(asked, visit, network)),
  byDeviceCode: (asked, show) =>
    acquire(asked, (network) => {
      const request: DeviceCodeRequest = {
        scopes: asked.settings.scope,
        deviceCodeCallback: ({ userCode, verificationUri, expiresIn }) => {
          // MSAL calls back even where the authority answered with an error.
          if (!userCode || !verificationUri) throw new AuthError('no_device_code', '')
          show({ kind: 'device-code', userCode, verificationUrl: verificationUri, expiresAt: new Date(asked.now() + expiresIn * 1000).toISOString() })
        }
      }
      asked.signal.addEventListener('abort', () => (request.cancel = true), { once: true })
      return untilAborted(publicClient(asked, network).acquireTokenByDeviceCode(request), asked.signal)
    }),
  byRefreshToken: (asked, refreshToken, claims) => acquire(asked, (network) => client(asked, network).acquireTokenByRefreshToken({ refreshToken, scopes: asked.settings.scope, ...claimsOf(claims) })),
  asApplication: async (asked, claims) => {
    const issued = await acquire(asked, (network) => confidentialClient(asked, network).acquireTokenByClientCredential({ scopes: asked.settings.scope, skipCache: true, ...claimsOf(claims) }))
    return { ...issued, scope: rolesOf(issued.accessToken), refreshToken: null, account: null }
  }
}

async function byCode(asked: TokenRequest, visit: BrowserVisit, network: MsalNetwork): Promise<AuthenticationResult> {
  const { settings, server } = asked
  const application = client(asked, network)
  const request = { scopes: settings.scope, redirectUri: visit.redirectUrl, state: visit.state, codeChallenge: visit.challenge, codeChallengeMethod: 'S256' }
  await lookAhead(asked, await application.getAuthCodeUrl({ ...request, prompt: 'none' }))
  const who = settings.user.includes('@') ? { loginHint: settings.user } : { prompt: 'select_account' }
  const came = await visit.browse(await application.getAuthCodeUrl({ ...request, ...who }))
  const [code, error] = [came.get('code'), came.get('error')]
  if (error !== null || code === null) {
    const description = came.get('error_description') ?? ''
    throw new ProblemError(entraProblem({ error: error ?? '', description, codes: entraErrorIn(description)?.codes ?? [], suberror: came.get('error_subcode') ?? '' }, { server, settings, clockAheadMs: asked.clockAheadMs() }))
  }
  return application.acquireTokenByCode({ code, scopes: settings.scope, redirectUri: visit.redirectUrl, codeVerifier: visit.verifier })
}

/**
 * A wrong redirect URL, client or tenant is shown by Entra to the user alone, on a page of its own. Asked not to show anything (`prompt=none`),
 * it redirects where these are right, and else answers with that page.
 */
async function lookAhead(asked: TokenRequest, url: string): Promise<void> {
  const { http, signal, server, settings } = asked
  const answer = await http.request({ method: 'GET', url, signal, mostBytes: 2_000_000, headers: { accept: 'text/html' } })
  const error = answer.status >= 300 && answer.status < 400 ? null : entraErrorIn(answer.body.toString('utf8'))
  if (error === null) return
  const problem = entraProblem(error, { server, settings, clockAheadMs: asked.clockAheadMs() })
  if (['redirect-url-refused', 'client-unknown', 'tenant-unknown', 'wrong-cloud', 'scope-refused'].includes(problem.code)) throw new ProblemError(problem)
}

async function acquire(asked: TokenRequest, work: (network: MsalNetwork) => Promise<AuthenticationResult | null>): Promise<IssuedTokens> {
  const network = createMsalNetwork(asked)
  try {
    const result = await work(network)
    return issuedIn(result, network, asked)
  } catch (error) {
    throw asked.signal.aborted ? asked.signal.reason : translated(error, network, asked)
  }
}

function issuedIn(result: AuthenticationResult | null, network: MsalNetwork, asked: TokenRequest): IssuedTokens {
  const last = network.last()
  const body = last.kind === 'answered' ? last.json : null
  if (result === null || body === null || result.accessToken === '') throw new AuthError('no_token', '')
  const claims = result.idTokenClaims as Readonly<Record<string, unknown>> | undefined
  const names = ['preferred_username', 'upn', 'email', 'unique_name'].map((name) => claims?.[name]).filter((name) => typeof name === 'string' && name !== '') as string[]
  return {
    accessToken: result.accessToken,
    expiresAt: asked.now() + (Number(body.expires_in) || 0) * 1000,
    refreshToken: typeof body.refresh_token === 'string' ? body.refresh_token : null,
    scope: typeof body.scope === 'string' ? body.scope.split(' ').filter((one) => one !== '') : [],
    account: names[0] ?? null,
    alsoKnownAs: names.slice(1)
  }
}

function translated(error: unknown, network: MsalNetwork, asked: TokenRequest): unknown {
  const last = network.last()
  if (error instanceof ProblemError) return error
  if (last.kind === 'failed') return last.error
  if (!(error instanceof AuthError)) return error
  const problem = answerProblem(last.kind === 'answered' ? last : null, error.errorCode, asked)
  return new ProblemError(problem, { cause: error })
}

const client = (asked: TokenRequest, network: MsalNetwork): PublicClientApplication | ConfidentialClientApplication =>
  asked.secret === null || asked.settings.flow === 'device-code' ? publicClient(asked, network) : confidentialClient(asked, network)

const publicClient = (asked: TokenRequest, network: MsalNetwork): PublicClientApplication => new PublicClientApplication(configuration(asked, network))

function confidentialClient(asked: TokenRequest, network: MsalNetwork): ConfidentialClientApplication {
  const { server, secret } = asked
  if (secret === null || secret.trim() === '') throw new ProblemError({ code: 'credentials-missing', server })
  const certificate = clientCertificateIn(server, secret)
  return new ConfidentialClientApplication(configuration(asked, network, certificate === null ? { clientSecret: secret.trim() } : { clientCertificate: certificate }))
}

function configuration({ settings }: TokenRequest, network: MsalNetwork, credential: Partial<Configuration['auth']> = {}): Configuration {
  const host = URL.parse(settings.authority)?.host ?? ''
  return {
    // A known authority is not asked of the public cloud, whose sign-in host may be out of reach.
    auth: { clientId: settings.clientId, authority: `${settings.authority}/${settings.tenant}`, knownAuthorities: [host], ...ownUrls(settings), ...credential },
    system: { networkClient: network.module, loggerOptions: { loggerCallback: () => undefined, piiLoggingEnabled: false, logLevel: LogLevel.Error } }
  }
}

/** URLs that were entered in place of those that follow from sign-in host and tenant. */
function ownUrls({ authority, tenant, authorizationUrl, tokenUrl }: TokenRequest['settings']): { authorityMetadata?: string } {
  const at = `${authority}/${tenant}`
  if (tokenUrl === `${at}/oauth2/v2.0/token` && authorizationUrl === `${at}/oauth2/v2.0/authorize`) return {}
  return { authorityMetadata: JSON.stringify({ issuer: `${at}/v2.0`, authorization_endpoint: authorizationUrl, token_endpoint: tokenUrl, jwks_uri: `${at}/discovery/v2.0/keys` }) }
}

/** A claims challenge as MSAL takes it; servers send it in base64 (RFC 9470 leaves the form open). */
function claimsOf(claims: string | null): { claims?: string } {
  if (claims === null || claims.trim() === '') return {}
  return { claims: claims.trim().startsWith('{') ? claims : Buffer.from(claims, 'base64').toString('utf8') }
}

/** App roles in a token of an application, as far as it can be read. Access granted in Exchange alone (RBAC for Applications) is not among them. */
function rolesOf(token: string): string[] {
  const roles = claimsIn(token)?.roles
  return Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : []
}

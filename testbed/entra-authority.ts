import { createHash, randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { testCertificates } from './certificates.ts'
import { entraErrorBody, statusOf, type EntraFault } from './entra-errors.ts'
import { assertionFault, createTokenSigner, opaque } from './entra-tokens.ts'

/** An application as registered in a tenant. `native` redirect URLs want no secret, `web` ones do. */
export type EntraApp = {
  clientId: string
  redirectUrls: { url: string; kind: 'native' | 'web' }[]
  /** "Allow public client flows": whether the device code flow is open to it. */
  publicFlows: boolean
  secrets: { value: string; expiresAt: number }[]
  /** PEM. */
  certificates: string[]
  /** Delegated permissions that are registered; others are refused. */
  scopes: string[]
  /** Of `scopes`, those that are granted where only some are; null: all. */
  granted: string[] | null
  consent: 'given' | 'missing' | 'admin-only'
  /** Application permissions that an administrator granted. */
  roles: string[]
}

/** Who sits at the browser and at the device page. */
export type EntraUser = { account: string; upn?: string; does: 'signs-in' | 'declines' | 'stays-away' }
/** What the next request of a kind gets: an error of Entra, or an answer as it is. */
export type EntraTrouble = EntraFault | { status: number; body: string; headers?: Record<string, string> }
export type EntraRequest = 'configuration' | 'authorize' | 'token' | 'devicecode'

export type EntraAuthority = {
  /** https://localhost:PORT, to be configured as the authority. */
  url: string
  tenant: string
  app: EntraApp
  user: EntraUser
  /** How often the device's question is answered with `authorization_pending`, or `slow_down`, before the user has acted. */
  device: { pending: number; slowDown: number; intervalSeconds: number; expiresInSeconds: number }
  settings: { tokenSeconds: number; refreshTokens: boolean; /** A refresh token that was used is refused from then on. */ oneUse: boolean; clockAheadMs: number; answerAfterMs: number; claims: Record<string, unknown> }
  fail(request: EntraRequest, trouble: EntraTrouble, times?: number): void
  /** Bodies of token requests since the beginning, latest last; device polls included. */
  tokenRequests: URLSearchParams[]
  requests: { method: string; path: string }[]
  /** Refresh tokens that were issued, latest last. */
  refreshTokens: string[]
  /** What an access token that was issued here stands for; null where it is unknown, expired or withdrawn. */
  tokenIs(token: string): { account: string | null; scope: string[]; appOnly: boolean; expiresAt: number } | null
  /** An access token for tests of servers that only check one. */
  issue(account: string, scope: string[]): string
  /** As an administrator does: every refresh token of before is refused (AADSTS50173), access tokens are withdrawn. */
  revoke(): void
  /** As 90 days without use do (AADSTS700082). */
  letIdle(): void
  close(): Promise<void>
}

type Grant = { clientId: string; account: string; scope: string[]; native: boolean; revoked: number | null; used: boolean }

/**
 * A Microsoft Entra authority (v2.0 endpoints) over TLS with the test CA on a free port.
 * https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc
 */
export async function startEntraAuthority(change: { app?: Partial<EntraApp>; user?: Partial<EntraUser>; tenant?: string } = {}): Promise<EntraAuthority> {
  const signer = createTokenSigner()
  const codes = new Map<string, { clientId: string; redirectUrl: string; challenge: string; scope: string[]; account: string; used: boolean; native: boolean }>()
  const grants = new Map<string, Grant>()
  const devices = new Map<string, { clientId: string; scope: string[]; asked: number; expiresAt: number }>()
  const access = new Map<string, { account: string | null; scope: string[]; appOnly: boolean; expiresAt: number }>()
  const troubles: Record<EntraRequest, EntraTrouble[]> = { configuration: [], authorize: [], token: [], devicecode: [] }
  const sockets = new Set<Socket>()
  const objectId = randomUUID()
  const now = (): number => Date.now() + authority.settings.clockAheadMs

  const authority: EntraAuthority = {
    url: '', tenant: change.tenant ?? randomUUID(),
    app: {
      clientId: randomUUID(), redirectUrls: [{ url: 'http://localhost', kind: 'native' }], publicFlows: true, secrets: [], certificates: [], granted: null, consent: 'given', roles: [],
      scopes: ['Mail.ReadWrite', 'Mail.Send', 'Mail.ReadWrite.Shared', 'Mail.Send.Shared', 'User.Read', 'IMAP.AccessAsUser.All', 'POP.AccessAsUser.All', 'SMTP.Send', 'EWS.AccessAsUser.All'],
      ...change.app
    },
    user: { account: 'helpdesk@contoso.example', does: 'signs-in', ...change.user },
    device: { pending: 1, slowDown: 0, intervalSeconds: 0.05, expiresInSeconds: 900 },
    settings: { tokenSeconds: 3_599, refreshTokens: true, oneUse: false, clockAheadMs: 0, answerAfterMs: 0, claims: {} },
    fail: (request, trouble, times = 1) => void troubles[request].push(...Array.from({ length: times }, () => trouble)),
    tokenRequests: [], requests: [], refreshTokens: [],
    tokenIs(token) {
      const found = access.get(token)
      return found !== undefined && found.expiresAt > now() ? found : null
    },
    issue: (account, scope) => accessToken(account, scope, false),
    revoke() {
      for (const grant of grants.values()) grant.revoked = 50173
      access.clear()
    },
    letIdle() {
      for (const grant of grants.values()) grant.revoked = 700082
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        for (const socket of sockets) socket.destroy()
      })
  }

  const accessToken = (account: string | null, scope: string[], appOnly: boolean): string => {
    const [iat, seconds] = [Math.floor(now() / 1000), authority.settings.tokenSeconds]
    const rights = appOnly ? { roles: scope, idtyp: 'app' } : { scp: scope.map(shortName).join(' '), upn: account }
    const token = signer.jwt({ aud: 'https://outlook.office365.com', iss: `${authority.url}/${authority.tenant}/v2.0`, iat, nbf: iat, exp: iat + seconds, appid: authority.app.clientId, tid: authority.tenant, uti: randomUUID(), ...rights })
    access.set(token, { account, scope, appOnly, expiresAt: now() + seconds * 1000 })
    return token
  }

  /** https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#successful-response-2 */
  const tokensFor = (account: string, asked: string[], native: boolean): Record<string, unknown> => {
    const { app, settings, user } = authority
    const resource = asked.filter((one) => !session.has(one))
    const scope = resource.filter((one) => app.granted === null || app.granted.map(shortName).includes(shortName(one)))
    const iat = Math.floor(now() / 1000)
    const idToken = signer.jwt({
      aud: app.clientId, iss: `${authority.url}/${authority.tenant}/v2.0`, iat, nbf: iat, exp: iat + 3600, name: 'Help Desk', oid: objectId, sub: objectId, tid: authority.tenant, ver: '2.0',
      preferred_username: account, ...(user.upn === undefined ? {} : { upn: user.upn }), ...settings.claims
    })
    const answer: Record<string, unknown> = { token_type: 'Bearer', scope: [...scope, 'openid', 'profile', 'email'].join(' '), expires_in: settings.tokenSeconds, ext_expires_in: settings.tokenSeconds, access_token: accessToken(account, scope, false) }
    if (asked.includes('openid')) answer.id_token = idToken
    if (asked.includes('offline_access') && settings.refreshTokens) {
      const refreshToken = opaque('1.AX')
      grants.set(refreshToken, { clientId: app.clientId, account, scope: asked, native, revoked: null, used: false })
      authority.refreshTokens.push(refreshToken)
      answer.refresh_token = refreshToken
    }
    answer.client_info = Buffer.from(JSON.stringify({ uid: objectId, utid: authority.tenant })).toString('base64url')
    return answer
  }

  const knowsTenant = (tenant: string): boolean => tenant === authority.tenant || tenant === 'organizations' || tenant === 'common'

  /** `must` says whether the way to sign in wants a secret. https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow */
  const clientFault = (body: URLSearchParams, audience: string, must: boolean): number | null => {
    const { app } = authority
    if (body.get('client_id') !== app.clientId) return 700016
    const [secret, assertion] = [body.get('client_secret'), body.get('client_assertion')]
    if (secret === null && assertion === null) return must ? 7000218 : null
    if (!must) return 700025
    if (assertion !== null) {
      if (body.get('client_assertion_type') !== 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer') return 900144
      return assertionFault(assertion, { clientId: app.clientId, audience, certificates: app.certificates, now: now() })
    }
    const found = app.secrets.find(({ value }) => value === secret)
    return found === undefined ? 7000215 : found.expiresAt <= now() ? 7000222 : null
  }

  /** Scopes of one resource, all registered. https://learn.microsoft.com/entra/identity-platform/scopes-oidc */
  const scopeFault = (scope: string[]): number | null => {
    const resource = scope.filter((one) => !session.has(one))
    return resource.length > 0 && resource.every((one) => authority.app.scopes.map(shortName).includes(shortName(one))) ? null : 70011
  }

  const byCode = (body: URLSearchParams, audience: string): Record<string, unknown> | number => {
    const code = codes.get(body.get('code') ?? '')
    if (code === undefined) return 70008
    const fault = clientFault(body, audience, !code.native)
    if (fault !== null) return fault
    if (code.used) return 54005
    if (body.get('redirect_uri') !== code.redirectUrl) return 500112
    // RFC 7636 4.6
    if (createHash('sha256').update(body.get('code_verifier') ?? '').digest('base64url') !== code.challenge) return 501481
    code.used = true
    return tokensFor(code.account, code.scope, code.native)
  }

  /**
   * Every use gives another token; those of before stay good unless `oneUse`.
   * https://learn.microsoft.com/entra/identity-platform/refresh-tokens
   */
  const byRefreshToken = (body: URLSearchParams, audience: string): Record<string, unknown> | number => {
    const grant = grants.get(body.get('refresh_token') ?? '')
    if (grant === undefined) return 70000
    const fault = clientFault(body, audience, !grant.native)
    if (fault !== null) return fault
    if (grant.revoked !== null) return grant.revoked
    if (grant.used && authority.settings.oneUse) return 70000
    const asked = scopesIn(body)
    const refused = scopeFault(asked)
    if (refused !== null) return refused
    if (authority.app.consent !== 'given' || asked.some((one) => !session.has(one) && !grant.scope.map(shortName).includes(shortName(one)))) return 65001
    grant.used = true
    return tokensFor(grant.account, asked, grant.native)
  }

  /** https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code#expected-errors */
  const byDeviceCode = (body: URLSearchParams, audience: string): Record<string, unknown> | number | EntraFault => {
    const fault = clientFault(body, audience, !authority.app.publicFlows)
    if (fault !== null) return fault
    const device = devices.get(body.get('device_code') ?? '')
    if (device === undefined) return 70018
    if (now() > device.expiresAt) return 70020
    device.asked++
    if (device.asked <= authority.device.pending || authority.user.does === 'stays-away') return 70016
    // RFC 8628 3.5
    if (device.asked <= authority.device.pending + authority.device.slowDown) return { code: 70016, error: 'slow_down' }
    if (authority.user.does === 'declines') return { code: 65004, error: 'authorization_declined' }
    devices.delete(body.get('device_code') ?? '')
    return tokensFor(authority.user.account, device.scope, true)
  }

  const asApplication = (body: URLSearchParams, audience: string, tenant: string): Record<string, unknown> | number => {
    const fault = clientFault(body, audience, true)
    if (fault !== null) return fault
    if (tenant !== authority.tenant) return 9001023
    const scope = scopesIn(body)
    if (scope.length !== 1 || !scope[0]?.endsWith('/.default')) return 1002012
    return { token_type: 'Bearer', expires_in: authority.settings.tokenSeconds, ext_expires_in: authority.settings.tokenSeconds, access_token: accessToken(null, authority.app.roles, true) }
  }

  const token = (tenant: string, body: URLSearchParams, response: ServerResponse): void => {
    const audience = `${authority.url}/${tenant}/oauth2/v2.0/token`
    // Microsoft's own library uses the short name of the device grant.
    const grant = { authorization_code: byCode, refresh_token: byRefreshToken, 'urn:ietf:params:oauth:grant-type:device_code': byDeviceCode, device_code: byDeviceCode, client_credentials: asApplication }[body.get('grant_type') ?? '']
    const result = !knowsTenant(tenant) ? 90002 : body.get('grant_type') === null ? 900144 : grant === undefined ? 70003 : grant(body, audience, tenant)
    if (typeof result === 'number') return refuse(response, { code: result })
    if ('code' in result) return refuse(response, result as EntraFault)
    json(response, 200, result)
  }

  const deviceCode = (tenant: string, body: URLSearchParams, response: ServerResponse): void => {
    if (!knowsTenant(tenant)) return refuse(response, { code: 90002 })
    if (body.get('client_id') !== authority.app.clientId) return refuse(response, { code: 700016 })
    const fault = scopeFault(scopesIn(body))
    if (fault !== null) return refuse(response, { code: fault })
    const { intervalSeconds, expiresInSeconds } = authority.device
    const code = opaque('HAQ')
    devices.set(code, { clientId: authority.app.clientId, scope: scopesIn(body), asked: 0, expiresAt: now() + expiresInSeconds * 1000 })
    json(response, 200, { user_code: 'YZMYLD4K', device_code: code, verification_uri: `${authority.url}/link`, expires_in: expiresInSeconds, interval: intervalSeconds, message: 'To sign in, open the page and enter the code YZMYLD4K.' })
  }

  /**
   * Tenant, application and redirect URL are checked first: without them there is nowhere to go, and the user sees a page.
   * https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#request-an-authorization-code
   */
  const authorize = (tenant: string, asked: URLSearchParams, response: ServerResponse): void => {
    const { app, user } = authority
    if (!knowsTenant(tenant)) return page(response, 90002)
    if (asked.get('client_id') !== app.clientId) return page(response, 700016)
    const redirectUrl = asked.get('redirect_uri') ?? ''
    const registered = app.redirectUrls.find(({ url }) => withoutLoopbackPort(url) === withoutLoopbackPort(redirectUrl))
    if (registered === undefined) return page(response, 50011)
    const back = (answer: Record<string, string>): void => {
      const url = new URL(redirectUrl)
      for (const [name, value] of Object.entries({ ...answer, state: asked.get('state') ?? '' })) url.searchParams.set(name, value)
      response.writeHead(302, { location: url.href }).end()
    }
    const refusal = (code: number): void => {
      const { error, error_description } = entraErrorBody({ code }, now())
      back({ error, error_description, ...(code === 65004 ? { error_subcode: 'cancel' } : {}) })
    }
    if (asked.get('response_type') !== 'code' || (asked.get('response_mode') ?? 'query') !== 'query') return refusal(70005)
    // Recommended there, required here: a client without PKCE must fail its tests.
    if (asked.get('code_challenge_method') !== 'S256' || (asked.get('code_challenge') ?? '').length !== 43) return refusal(50147)
    if (asked.get('prompt') === 'none') return refusal(50058)
    const scope = scopesIn(asked)
    const fault = scopeFault(scope)
    if (fault !== null) return refusal(fault)
    if (user.does === 'stays-away') return void response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>Sign in</body></html>')
    if (user.does === 'declines') return refusal(65004)
    if (app.consent === 'admin-only') return refusal(90094)
    app.consent = 'given'
    const code = opaque('1.AY')
    codes.set(code, { clientId: app.clientId, redirectUrl, challenge: asked.get('code_challenge') ?? '', scope, account: user.account, used: false, native: registered.kind === 'native' })
    back({ code, session_state: randomUUID() })
  }

  /** https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc#fetch-the-openid-configuration-document */
  const configuration = (tenant: string, response: ServerResponse): void => {
    if (!knowsTenant(tenant)) return refuse(response, { code: 90002, error: 'invalid_tenant' })
    const at = `${authority.url}/${tenant}`
    json(response, 200, {
      issuer: `${authority.url}/${authority.tenant}/v2.0`, authorization_endpoint: `${at}/oauth2/v2.0/authorize`, token_endpoint: `${at}/oauth2/v2.0/token`, device_authorization_endpoint: `${at}/oauth2/v2.0/devicecode`,
      end_session_endpoint: `${at}/oauth2/v2.0/logout`, jwks_uri: `${at}/discovery/v2.0/keys`, response_types_supported: ['code'], id_token_signing_alg_values_supported: ['RS256'], cloud_instance_name: 'microsoftonline.com'
    })
  }

  const page = (response: ServerResponse, code: number): void => {
    response.writeHead(400, { 'content-type': 'text/html; charset=utf-8' })
    response.end(`<html><head><title>Sign in to your account</title></head><body>Sorry, but we’re having trouble signing you in.<p>${entraErrorBody({ code }, now()).error_description.replace(/'/g, '&#39;')}</p></body></html>`)
  }
  const json = (response: ServerResponse, status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store, no-cache', 'x-ms-request-id': randomUUID() }).end(JSON.stringify(body))
  }
  const refuse = (response: ServerResponse, fault: EntraFault): void => {
    const body = entraErrorBody(fault, now())
    json(response, statusOf(fault, body.error), body)
  }

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', authority.url)
    const [, tenant = '', ...rest] = url.pathname.split('/')
    const path = rest.join('/')
    const body = new URLSearchParams(request.method === 'POST' ? await textOf(request) : '')
    authority.requests.push({ method: request.method ?? '', path: url.pathname })
    response.setHeader('date', new Date(now()).toUTCString())
    const kind = ({ 'v2.0/.well-known/openid-configuration': 'configuration', 'oauth2/v2.0/authorize': 'authorize', 'oauth2/v2.0/token': 'token', 'oauth2/v2.0/devicecode': 'devicecode' } as const)[path]
    if (kind === 'token') authority.tokenRequests.push(body)
    if (authority.settings.answerAfterMs > 0) await new Promise((done) => setTimeout(done, authority.settings.answerAfterMs))
    const trouble = kind === undefined ? undefined : troubles[kind].shift()
    if (trouble !== undefined && 'body' in trouble) return void response.writeHead(trouble.status, trouble.headers ?? { 'content-type': 'text/html' }).end(trouble.body)
    if (trouble !== undefined) return kind === 'authorize' ? page(response, trouble.code) : refuse(response, trouble)
    const wanted = kind === 'token' || kind === 'devicecode' ? 'POST' : 'GET'
    if (kind !== undefined && request.method !== wanted) return refuse(response, { code: 900561, error: 'invalid_request' })
    if (kind === 'configuration') return configuration(tenant, response)
    if (kind === 'authorize') return authorize(tenant, url.searchParams, response)
    if (kind === 'token') return token(tenant, body, response)
    if (kind === 'devicecode') return deviceCode(tenant, body, response)
    if (path === 'discovery/v2.0/keys') return json(response, 200, signer.jwks())
    response.writeHead(404, { 'content-type': 'text/html' }).end('<html><body>404</body></html>')
  }

  const { good } = testCertificates()
  const server = createServer({ cert: good.cert, key: good.key }, (request, response) => void answer(request, response).catch(() => response.destroy()))
  server.on('connection', (socket: Socket) => sockets.add(socket.on('close', () => sockets.delete(socket))))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  authority.url = `https://localhost:${(server.address() as AddressInfo).port}`
  return authority
}

const session = new Set(['openid', 'profile', 'email', 'offline_access'])
const shortName = (scope: string): string => scope.slice(scope.lastIndexOf('/') + 1)
const scopesIn = (body: URLSearchParams): string[] => (body.get('scope') ?? '').split(' ').filter((one) => one !== '')

/** https://learn.microsoft.com/entra/identity-platform/reply-url#localhost-exceptions */
const withoutLoopbackPort = (url: string): string => url.replace(/^(http:\/\/(?:localhost|127\.0\.0\.1))(?::\d+)?(?=\/|$)/, '$1').replace(/^(http:\/\/(?:localhost|127\.0\.0\.1))\/$/, '$1')

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text
}

import { randomUUID } from 'node:crypto'
import type { EntraFault } from './entra-errors.ts'
import { createTokenSigner, opaque, type TokenSigner } from './entra-tokens.ts'

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

export type EntraChange = { app?: Partial<EntraApp>; user?: Partial<EntraUser>; tenant?: string }

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
type Code = { clientId: string; redirectUrl: string; challenge: string; scope: string[]; account: string; used: boolean; native: boolean }
type Device = { clientId: string; scope: string[]; asked: number; expiresAt: number }

/** What a test authority knows, and what it does with it. Times by its own clock, in milliseconds since 1970. */
export type EntraWorld = {
  authority: EntraAuthority
  signer: TokenSigner
  codes: Map<string, Code>
  grants: Map<string, Grant>
  devices: Map<string, Device>
  troubles: Record<EntraRequest, EntraTrouble[]>
  now(): number
  knowsTenant(tenant: string): boolean
  accessToken(account: string | null, scope: string[], appOnly: boolean): string
  tokensFor(account: string, asked: string[], native: boolean): Record<string, unknown>
}

/** One tenant, one application, one user; `change` says in what they differ from those of most tests. */
export function createEntraWorld(change: EntraChange, close: () => Promise<void>): EntraWorld {
  const signer = createTokenSigner()
  const codes: EntraWorld['codes'] = new Map()
  const grants: EntraWorld['grants'] = new Map()
  const devices: EntraWorld['devices'] = new Map()
  const access = new Map<string, { account: string | null; scope: string[]; appOnly: boolean; expiresAt: number }>()
  const troubles: EntraWorld['troubles'] = { configuration: [], authorize: [], token: [], devicecode: [] }
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
    close
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
    const resource = asked.filter((one) => !sessionScopes.has(one))
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

  return { authority, signer, codes, grants, devices, troubles, now, knowsTenant, accessToken, tokensFor }
}

/** Scopes that open a session and name no right at a resource. */
export const sessionScopes = new Set(['openid', 'profile', 'email', 'offline_access'])
export const shortName = (scope: string): string => scope.slice(scope.lastIndexOf('/') + 1)
export const scopesIn = (body: URLSearchParams): string[] => (body.get('scope') ?? '').split(' ').filter((one) => one !== '')

/** Scopes of one resource, all registered. https://learn.microsoft.com/entra/identity-platform/scopes-oidc */
export function scopeFault({ authority }: EntraWorld, scope: string[]): number | null {
  const resource = scope.filter((one) => !sessionScopes.has(one))
  return resource.length > 0 && resource.every((one) => authority.app.scopes.map(shortName).includes(shortName(one))) ? null : 70011
}

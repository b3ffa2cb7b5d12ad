import { httpsUrl, urlPlace, type Auth, type OAuthFlow, type OAuthProvider } from './fields.ts'
import type { Problem } from './problem.ts'
import type { OAuthResource, ProtocolRow } from './protocols.ts'

/**
 * Microsoft's clouds: sign-in host, Graph root, and the host that the scopes of Exchange are named by. Tokens of one are worth nothing in
 * another. https://learn.microsoft.com/graph/deployments
 */
export type Cloud = { id: string; label: string; authority: string; graph: string; exchange: string; ews: string }
export const clouds = [
  { id: 'global', label: 'Microsoft 365 (worldwide, GCC)', authority: 'https://login.microsoftonline.com', graph: 'https://graph.microsoft.com', exchange: 'https://outlook.office365.com', ews: 'https://outlook.office365.com/EWS/Exchange.asmx' },
  { id: 'gcc-high', label: 'US Government GCC High', authority: 'https://login.microsoftonline.us', graph: 'https://graph.microsoft.us', exchange: 'https://outlook.office365.us', ews: 'https://outlook.office365.us/EWS/Exchange.asmx' },
  { id: 'dod', label: 'US Government DoD', authority: 'https://login.microsoftonline.us', graph: 'https://dod-graph.microsoft.us', exchange: 'https://webmail.apps.mil', ews: 'https://webmail.apps.mil/EWS/Exchange.asmx' },
  { id: 'china', label: 'China (21Vianet)', authority: 'https://login.chinacloudapi.cn', graph: 'https://microsoftgraph.chinacloudapi.cn', exchange: 'https://partner.outlook.cn', ews: 'https://partner.outlook.cn/EWS/Exchange.asmx' }
] as const satisfies readonly Cloud[]

/** Everything that a sign-in needs, completed from what was given. `secret` is none of it. */
export type OAuthSettings = {
  provider: OAuthProvider
  flow: OAuthFlow
  authority: string
  tenant: string
  clientId: string
  authorizationUrl: string
  tokenUrl: string
  deviceUrl: string | null
  redirectUrl: string
  scope: string[]
  resource: OAuthResource
  /** The account that must sign in; empty where whoever signs in is right. */
  user: string
}

/** The redirect URL to register. Microsoft and Google let any port follow it (RFC 8252 7.3). */
export const defaultRedirectUrl: Record<OAuthProvider, string> = { microsoft: 'http://localhost', google: 'http://127.0.0.1', other: 'http://127.0.0.1:47831/' }

const google = { authorizationUrl: 'https://accounts.google.com/o/oauth2/v2/auth', tokenUrl: 'https://oauth2.googleapis.com/token', deviceUrl: 'https://oauth2.googleapis.com/device/code' }

type Asked = { auth: Auth; endpoint?: string | undefined; mailbox?: string | undefined }

/** The cloud that a server belongs to: by its endpoint, else by its authority; null for one that is none of Microsoft's. */
export function cloudOf({ auth, endpoint }: Asked): Cloud | null {
  const within = (url: string | undefined, root: string): boolean => url !== undefined && url.toLowerCase().startsWith(root)
  return clouds.find((cloud) => within(endpoint, cloud.graph) || within(endpoint, cloud.exchange)) ?? clouds.find((cloud) => within(auth.authority ?? clouds[0].authority, cloud.authority)) ?? null
}

/** Where a protocol is reached in a cloud; null where it is not named by a URL of Microsoft's. */
export const endpointIn = (cloud: Cloud, { reach, resource }: Pick<ProtocolRow, 'reach' | 'resource'>): string | null =>
  reach !== 'endpoint' ? null : resource === 'graph' ? cloud.graph : resource === 'ews' ? cloud.ews : null

/** Whose tokens a protocol takes. */
export const providersFor = ({ resource }: Pick<ProtocolRow, 'resource'>): readonly OAuthProvider[] =>
  resource === 'graph' || resource === 'ews' ? ['microsoft'] : resource === 'gmail' ? ['google'] : ['microsoft', 'google', 'other']

/** How a provider lets a protocol sign in. */
export const flowsFor = (provider: OAuthProvider): readonly OAuthFlow[] =>
  provider === 'google' ? ['interactive'] : ['interactive', 'device-code', 'client-credentials']

/** What follows from a server's auth: the scopes of its protocol and cloud, URLs, redirect URL. */
export function oauthSettings(asked: Asked, row: Pick<ProtocolRow, 'resource'>): OAuthSettings {
  const { auth } = asked
  const application = auth.method === 'service-account'
  const provider = application ? 'google' : (auth.provider ?? 'microsoft')
  const flow = application ? 'client-credentials' : (auth.flow ?? 'interactive')
  const authority = (auth.authority ?? clouds[0].authority).replace(/\/+$/, '')
  const tenant = auth.tenant ?? 'organizations'
  const microsoft = { authorizationUrl: `${authority}/${tenant}/oauth2/v2.0/authorize`, tokenUrl: `${authority}/${tenant}/oauth2/v2.0/token`, deviceUrl: `${authority}/${tenant}/oauth2/v2.0/devicecode` }
  const known = provider === 'microsoft' ? microsoft : provider === 'google' ? google : { authorizationUrl: '', tokenUrl: '', deviceUrl: '' }
  return {
    provider, flow, authority, tenant, clientId: auth.clientId ?? '',
    authorizationUrl: auth.authorizationUrl ?? known.authorizationUrl, tokenUrl: auth.tokenUrl ?? known.tokenUrl, deviceUrl: auth.deviceUrl ?? (known.deviceUrl || null),
    redirectUrl: auth.redirectUrl ?? defaultRedirectUrl[provider],
    scope: auth.scope !== undefined && auth.scope.length > 0 ? auth.scope : scopesFor(asked, row.resource, provider, flow),
    resource: row.resource, user: application ? (auth.subject ?? '') : auth.user
  }
}

/**
 * Scopes by protocol, cloud and flow.
 * https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth
 * https://developers.google.com/gmail/imap/xoauth2-protocol
 */
export function scopesFor(asked: Asked, resource: OAuthResource, provider: OAuthProvider, flow: OAuthFlow): string[] {
  if (provider === 'other') return []
  if (provider === 'google') return resource === 'gmail' ? ['https://www.googleapis.com/auth/gmail.modify', 'https://www.googleapis.com/auth/gmail.send'] : ['https://mail.google.com/']
  const cloud = cloudOf(asked)
  const graph = resource === 'graph' ? (rootOf(asked.endpoint) ?? cloud?.graph ?? clouds[0].graph) : ''
  const exchange = (resource === 'ews' ? rootOf(asked.endpoint) : null) ?? cloud?.exchange ?? clouds[0].exchange
  if (flow === 'client-credentials') return [resource === 'graph' ? `${graph}/.default` : `${exchange}/.default`]
  if (resource === 'graph') {
    const shared = asked.mailbox !== undefined && asked.mailbox !== '' && asked.mailbox.toLowerCase() !== asked.auth.user.toLowerCase()
    return [...(shared ? [`${graph}/Mail.ReadWrite.Shared`, `${graph}/Mail.Send.Shared`] : [`${graph}/Mail.ReadWrite`, `${graph}/Mail.Send`]), `${graph}/User.Read`, 'offline_access']
  }
  if (resource === 'ews') return [`${exchange}/EWS.AccessAsUser.All`, 'offline_access']
  const rights = { imap: 'IMAP.AccessAsUser.All', pop: 'POP.AccessAsUser.All', smtp: 'SMTP.Send', gmail: '' }
  return [`${exchange}/${rights[resource]}`, 'offline_access']
}

const rootOf = (endpoint: string | undefined): string | null => urlPlace(endpoint)?.origin ?? null

/** What is missing or wrong in a server's auth, by path from the server. */
export function authIssues(auth: Auth, row: ProtocolRow): { path: string[]; message: string }[] {
  const issues: { path: string[]; message: string }[] = []
  const add = (key: string, message: string): void => void issues.push({ path: ['auth', key], message })
  if (!row.authMethods.includes(auth.method)) add('method', `${row.label} signs in by ${row.authMethods.join(' or ')}.`)
  if ((auth.method === 'password' || auth.method === 'ntlm') && auth.user === '') add('user', 'Enter the user name of the mailbox.')
  if (auth.method === 'service-account') {
    if (!auth.account) add('account', 'Enter the address of the service account, such as mail@project.iam.gserviceaccount.com.')
    if (!auth.subject) add('subject', 'Enter the user whose mailbox the service account acts for.')
  }
  if (auth.method === 'oauth2') oauthIssues(auth, row, add)
  for (const key of ['authority', 'authorizationUrl', 'tokenUrl', 'deviceUrl'] as const) {
    const checked = auth[key] === undefined ? null : httpsUrl.safeParse(auth[key])
    if (checked !== null && !checked.success) add(key, checked.error.issues[0]?.message ?? 'Enter an https URL.')
  }
  if (auth.redirectUrl !== undefined && !/^(?:https:\/\/[^\s/]+|http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?)(?:\/[^\s#]*)?$/.test(auth.redirectUrl)) add('redirectUrl', 'Enter http://localhost or http://127.0.0.1, with or without a port.')
  if (auth.secretExpires !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(auth.secretExpires)) add('secretExpires', 'Enter a day as YYYY-MM-DD.')
  return issues
}

function oauthIssues(auth: Auth, row: ProtocolRow, add: (key: string, message: string) => void): void {
  if (!auth.provider) return add('provider', 'Choose who issues the tokens: microsoft, google or other.')
  if (!auth.flow) add('flow', 'Choose how to sign in: interactive, device-code or client-credentials.')
  if (!auth.clientId) add('clientId', 'Enter the client id of the application that is registered for Mailroom.')
  if (auth.provider === 'microsoft' && auth.flow === 'client-credentials' && !auth.tenant) add('tenant', 'Enter the tenant id or its domain: an application signs in to one tenant.')
  if (auth.provider === 'google' && auth.flow === 'client-credentials') add('flow', 'Google has no client credentials; use a service account.')
  if (auth.provider === 'google' && auth.flow === 'device-code') add('flow', 'Google gives no mail scopes by device code; sign in interactively.')
  if (auth.provider !== 'microsoft' && (row.resource === 'graph' || row.resource === 'ews')) add('provider', `${row.label} takes tokens of Microsoft only.`)
  if (auth.provider !== 'google' && row.resource === 'gmail') add('provider', 'Gmail takes tokens of Google only.')
  if (auth.flow !== 'interactive' && auth.user === '' && row.reach === 'host') add('user', 'Enter the mailbox that is signed in to.')
  if (auth.provider === 'other') {
    if (!auth.tokenUrl) add('tokenUrl', 'Enter the token URL of the provider.')
    if (auth.flow === 'interactive' && !auth.authorizationUrl) add('authorizationUrl', 'Enter the authorisation URL of the provider.')
    if (auth.flow === 'device-code' && !auth.deviceUrl) add('deviceUrl', 'Enter the device authorisation URL of the provider.')
    if (!auth.scope || auth.scope.length === 0) add('scope', 'Enter the scopes that the provider names for this protocol.')
  }
}

/** How a sign-in stands; no token is in it. Times are ISO 8601. */
export type SignInState = {
  /** `never`: nobody has signed in yet. `refused`: a person has to sign in again. `app`: the application signs in by itself. */
  state: 'never' | 'signed-in' | 'refused' | 'app'
  /** The account that signed in, as the provider names it. */
  account: string | null
  scope: string[]
  signedInAt: string | null
  lastRefreshAt: string | null
  accessExpiresAt: string | null
  /** When the refresh token dies if nobody uses it (Microsoft: 90 days). */
  idleExpiresAt: string | null
  problem: Problem | null
}

/** What a person has to do for a sign-in that is under way. */
export type SignInStep =
  | { kind: 'open-browser'; url: string; redirectUrl: string }
  | { kind: 'device-code'; userCode: string; verificationUrl: string; expiresAt: string }

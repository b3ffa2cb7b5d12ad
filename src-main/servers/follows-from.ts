import { oauthProviders, type Auth, type OAuthFlow, type OAuthProvider } from '#contract/fields.ts'
import { cloudOf, endpointIn, providersFor } from '#contract/oauth.ts'
import { authMethods, type AuthMethod, type ProtocolRow } from '#contract/protocols.ts'

type Given = Readonly<Record<string, unknown>>

/** What follows for `auth` and `endpoint` of a server from what a configuration file gives, where it leaves them out. A draft has what it says, and no more. */
export const followsFrom = (given: Given, row: ProtocolRow): { auth: Auth; endpoint?: string } => {
  const said = isGroup(given['auth']) ? given['auth'] : {}
  const auth = given['draft'] === true ? plainAuth(methodOf(said, row)) : authFor(said, row)
  if (row.reach === 'host' || given['draft'] === true) return { auth }
  return { auth, endpoint: endpointFor({ ...auth, ...(typeof said['authority'] === 'string' ? { authority: said['authority'] } : {}) }, row) ?? '' }
}

const authFor = (said: Given, row: ProtocolRow): Auth => {
  const method = methodOf(said, row)
  if (method !== 'oauth2') return plainAuth(method)
  const provider = oauthProviders.find((known) => known === said['provider']) ?? onlyOne(providersFor(row))
  return { ...plainAuth(method), ...(provider === undefined ? {} : { provider }), flow: flowFor(said, provider) }
}

const methodOf = (said: Given, row: ProtocolRow): AuthMethod => authMethods.find((known) => known === said['method']) ?? row.authMethods[0] ?? 'password'
const plainAuth = (method: AuthMethod): Auth => ({ method, user: '', secret: 'keychain' })

const onlyOne = ([first, second]: readonly OAuthProvider[]): OAuthProvider | undefined => (second === undefined ? first : undefined)

/** An application with a tenant and a secret of its own, and nobody who would sign in, signs in by itself. */
const flowFor = (said: Given, provider: OAuthProvider | undefined): OAuthFlow => {
  const secret = said['secret'] !== undefined && said['secret'] !== 'keychain'
  return provider === 'microsoft' && secret && said['tenant'] !== undefined && said['user'] === undefined ? 'client-credentials' : 'interactive'
}

/** EWS has an address of its own at every site; only Exchange Online, which takes nothing but tokens, has one for all. */
const endpointFor = (auth: Auth, row: ProtocolRow): string | null => {
  const cloud = auth.method === 'oauth2' ? cloudOf({ auth }) : null
  return (cloud === null ? null : endpointIn(cloud, row)) ?? row.endpoint
}

const isGroup = (value: unknown): value is Given => typeof value === 'object' && value !== null && !Array.isArray(value)

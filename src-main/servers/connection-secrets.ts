import type { Auth } from '#contract/fields.ts'
import type { IncomingServer } from '#contract/incoming-server.ts'
import type { OutgoingServer } from '#contract/outgoing-server.ts'
import { ProblemError } from '#contract/problem.ts'
import type { CredentialStore } from '../credentials/credential-store.ts'
import type { ConnectionSecrets, Credentials } from '../mail/incoming-transport.ts'
import type { SignIn } from '../sign-in/sign-in.ts'
import { accountOf, type SecretPurpose } from './server-secrets.ts'

export type ReadyServer = IncomingServer | OutgoingServer
export type Kind = 'incoming' | 'outgoing'

/** The secrets of a server by what they are for; null for one that is not there. */
export type ServerSecrets = Record<SecretPurpose, string | null>
export const noSecrets: ServerSecrets = { 'sign-in': null, proxy: null, 'client-key': null, dkim: null }

export const storedSecrets = async (credentials: CredentialStore, name: string): Promise<ServerSecrets> => ({
  'sign-in': await credentials.get(accountOf(name)), proxy: await credentials.get(accountOf(name, 'proxy')), 'client-key': await credentials.get(accountOf(name, 'client-key')),
  dkim: await credentials.get(accountOf(name, 'dkim'))
})

/** Whether a sign-in is impossible without a secret. Where a person signs in, the application may be a public client (RFC 6749 2.1). */
export const wantsSecret = ({ method, flow }: Auth): boolean => method !== 'none' && (method !== 'oauth2' || flow === 'client-credentials')

/** Whether a server signs in by tokens, and whether it needs nobody for them. */
export const usesTokens = ({ method }: Auth): boolean => method === 'oauth2' || method === 'service-account'
export const signsInByItself = ({ method, flow }: Auth): boolean => method === 'service-account' || (method === 'oauth2' && flow === 'client-credentials')

/** Whether the proxy is entered with a user name, and so with a password. */
export const proxyWantsSecret = (proxy: string | null): boolean => proxy?.includes('@') ?? false

/** What a connection signs in with. `tokensAs` is the name that its tokens are kept under. Credentials are null where a secret is wanted and missing. */
export const connectionWith = (signIn: Pick<SignIn, 'tokensOf'>, kind: Kind, server: ReadyServer, secrets: ServerSecrets, tokensAs = server.name): ConnectionSecrets => {
  const ways = { proxyPassword: secrets.proxy, clientKeyPassphrase: secrets['client-key'] }
  const secret = secrets['sign-in']
  const credentials = (): Credentials | null => {
    if (server.auth.method === 'none' || (secret === null && wantsSecret(server.auth))) return null
    if (!usesTokens(server.auth)) return { kind: 'password', user: server.auth.user, secret: secret ?? '' }
    return { kind: 'token', user: mailboxOf(server), token: signIn.tokensOf({ kind, server: { ...server, name: tokensAs }, secret, ...ways }) }
  }
  return { credentials: credentials(), ...ways }
}

/** Everything a connection to a stored server is given. Throws ProblemError `credentials-missing`, `proxy-secret-missing`, and of the credential store. */
export const createConnectionFor =
  ({ credentials, signIn }: { credentials: CredentialStore; signIn: Pick<SignIn, 'tokensOf'> }) =>
  async (kind: Kind, server: ReadyServer): Promise<ConnectionSecrets> => {
    const secrets = await storedSecrets(credentials, server.name)
    if (secrets['sign-in'] === null && wantsSecret(server.auth)) throw new ProblemError({ code: 'credentials-missing', server: server.name })
    if (secrets.proxy === null && proxyWantsSecret(server.proxy)) throw new ProblemError({ code: 'proxy-secret-missing', server: server.name })
    return connectionWith(signIn, kind, server, secrets)
  }

/** The mailbox that is opened: the one named, else that of the user who signs in; empty where whoever signs in is right. */
const mailboxOf = ({ mailbox, auth }: ReadyServer): string => mailbox || auth.subject || auth.user

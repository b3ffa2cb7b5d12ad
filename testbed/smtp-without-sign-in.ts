import { newOutgoingServer, outgoingServer, type OutgoingServer } from '../src-contract/outgoing-server.ts'
import type { ConnectionNeeds, ConnectionSecrets } from '../src-main/mail/incoming-transport.ts'

/** An SMTP server at a port of 127.0.0.1, without encryption and without a sign-in. */
export const smtpWithoutSignIn = (port: number, own: Partial<OutgoingServer> = {}): OutgoingServer =>
  outgoingServer.parse({ ...newOutgoingServer('smtp'), name: 'main', host: '127.0.0.1', port, security: 'none', replyTo: 'it@example.com', timeoutMs: 10_000, auth: { method: 'none', user: '', secret: 'keychain' }, ...own })

/** Nothing is shown to such a server. */
export const noSecrets: ConnectionSecrets = { credentials: null, proxyPassword: null, clientKeyPassphrase: null }

/** What a transport is given besides such a server; it may take a minute. */
export const needsWithoutSignIn = (own: Partial<ConnectionNeeds> = {}): ConnectionNeeds => ({ ...noSecrets, signal: AbortSignal.timeout(60_000), transcript: null, cursor: null, ...own })

import { hostName, httpsUrl, urlPlace, type Auth, type TlsSettings } from './fields.ts'
import { authIssues } from './oauth.ts'
import type { ProtocolRow, Security } from './protocols.ts'

type Issue = { path: string[]; message: string }
type Placed = { host: string; port: number; security: Security; endpoint?: string | undefined; auth: Auth; tls: TlsSettings; proxy: string | null }

/** What is wrong with where a server is: its host, or the URL of its endpoint. */
export function reachIssues(server: Placed, row: ProtocolRow): Issue[] {
  if (row.reach === 'endpoint') {
    const url = httpsUrl.safeParse(server.endpoint ?? '')
    if (!url.success) return [{ path: ['endpoint'], message: (server.endpoint ?? '') === '' ? `Enter the URL of ${row.label}, such as ${row.endpoint ?? 'https://mail.example.com/EWS/Exchange.asmx'}.` : (url.error.issues[0]?.message ?? '') }]
    return urlPlace(url.data) ? [] : [{ path: ['endpoint'], message: 'This is no URL.' }]
  }
  const checked = hostName.safeParse(server.host)
  return checked.success ? [] : [{ path: ['host'], message: checked.error.issues[0]?.message ?? 'Enter the server name or IP address.' }]
}

/** What is wrong with how a server is signed in to, its client certificate included. */
export function signInIssues(server: Placed, row: ProtocolRow): Issue[] {
  const { clientCertFile, clientKeyFile } = server.tls
  const half: Issue[] = (clientCertFile === undefined) === (clientKeyFile === undefined) ? [] : [{ path: ['tls', clientCertFile === undefined ? 'clientCertFile' : 'clientKeyFile'], message: 'A client certificate needs both its file and the file of its key.' }]
  return [...authIssues(server.auth, row), ...half]
}

/** Host, port and TLS of an endpoint stand in the fields that every protocol has, so that nobody else needs to know of URLs. */
export function reachable<Server extends Placed>(server: Server, row: ProtocolRow): Server {
  const place = row.reach === 'endpoint' ? urlPlace(server.endpoint) : null
  return place === null ? server : { ...server, host: place.host, port: place.port, security: 'tls' }
}

export const newEndpoint = (row: ProtocolRow): { endpoint?: string } => (row.reach === 'endpoint' ? { endpoint: row.endpoint ?? '' } : {})

export const newAuth = ({ authMethods: [first], resource }: ProtocolRow): Auth =>
  first === 'oauth2'
    ? { method: 'oauth2', user: '', provider: resource === 'gmail' ? 'google' : 'microsoft', flow: 'interactive', secret: 'keychain' }
    : { method: first ?? 'password', user: '', secret: 'keychain' }

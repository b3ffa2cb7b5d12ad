/** Table of mail protocols: label, ports, ways to sign in. The server form draws itself from it. */
export const securities = ['none', 'starttls', 'tls'] as const
export type Security = (typeof securities)[number]

export const tlsVersions = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const

/** Ways to sign in. `password` is basic authentication where the protocol is HTTP; `service-account` is Google's (RFC 7523). */
export const authMethods = ['password', 'ntlm', 'oauth2', 'service-account', 'none'] as const
export type AuthMethod = (typeof authMethods)[number]

/** What a token is asked for; the scopes are in `oauth.ts`. */
export type OAuthResource = 'imap' | 'pop' | 'smtp' | 'ews' | 'graph' | 'gmail'

/** Where the Add menu puts a protocol. */
export const protocolGroups = { any: 'Any mail server', microsoft: 'Microsoft', google: 'Google' } as const

/**
 * `label` as administrators write it, `short` for narrow tables; `reach` says whether a server is named by host and port or by the URL of its endpoint; `ports` by
 * security; `endpoint` is what a new server starts with, null where every site has its own; `has` says what the protocol can do by design.
 */
export type ProtocolRow = {
  label: string
  short: string
  reach: 'host' | 'endpoint'
  ports: Record<Security, number>
  endpoint: string | null
  /** What the URL of a site of its own looks like; empty where the server is named by its host. */
  example: string
  group: keyof typeof protocolGroups
  authMethods: readonly AuthMethod[]
  resource: OAuthResource
  /** Name of the folder in which mail arrives. */
  inbox: string
  has: { folders: boolean; flags: boolean; push: boolean }
  /** How the server announces new mail, in the words of its documentation; empty where it does not. */
  announces: string
}

const https = { none: 443, starttls: 443, tls: 443 }

export const incomingProtocols = {
  imap: { label: 'IMAP', short: 'IMAP', reach: 'host', ports: { none: 143, starttls: 143, tls: 993 }, endpoint: null, example: '', group: 'any', authMethods: ['password', 'oauth2', 'service-account'], resource: 'imap', inbox: 'INBOX', has: { folders: true, flags: true, push: true }, announces: 'IMAP IDLE' },
  pop3: { label: 'POP3', short: 'POP3', reach: 'host', ports: { none: 110, starttls: 110, tls: 995 }, endpoint: null, example: '', group: 'any', authMethods: ['password', 'oauth2', 'service-account'], resource: 'pop', inbox: 'INBOX', has: { folders: false, flags: false, push: false }, announces: '' },
  ews: { label: 'Exchange Web Services', short: 'EWS', reach: 'endpoint', ports: https, endpoint: null, example: 'https://mail.example.com/EWS/Exchange.asmx', group: 'microsoft', authMethods: ['password', 'ntlm', 'oauth2'], resource: 'ews', inbox: 'Inbox', has: { folders: true, flags: true, push: true }, announces: 'streaming notifications' },
  graph: { label: 'Microsoft Graph', short: 'Graph', reach: 'endpoint', ports: https, endpoint: 'https://graph.microsoft.com', example: 'https://graph.microsoft.com', group: 'microsoft', authMethods: ['oauth2'], resource: 'graph', inbox: 'Inbox', has: { folders: true, flags: true, push: true }, announces: 'change notifications, where the console has a public address' },
  gmail: { label: 'Gmail', short: 'Gmail', reach: 'endpoint', ports: https, endpoint: 'https://gmail.googleapis.com', example: 'https://gmail.googleapis.com', group: 'google', authMethods: ['oauth2', 'service-account'], resource: 'gmail', inbox: 'INBOX', has: { folders: true, flags: true, push: false }, announces: '' }
} as const satisfies Record<string, ProtocolRow>

export const outgoingProtocols = {
  smtp: { label: 'SMTP', short: 'SMTP', reach: 'host', ports: { none: 25, starttls: 587, tls: 465 }, endpoint: null, example: '', group: 'any', authMethods: ['password', 'oauth2', 'service-account', 'none'], resource: 'smtp', inbox: '', has: { folders: false, flags: false, push: false }, announces: '' },
  ews: { label: 'Exchange Web Services', short: 'EWS', reach: 'endpoint', ports: https, endpoint: null, example: 'https://mail.example.com/EWS/Exchange.asmx', group: 'microsoft', authMethods: ['password', 'ntlm', 'oauth2'], resource: 'ews', inbox: '', has: { folders: false, flags: false, push: false }, announces: '' },
  graph: { label: 'Microsoft Graph', short: 'Graph', reach: 'endpoint', ports: https, endpoint: 'https://graph.microsoft.com', example: 'https://graph.microsoft.com', group: 'microsoft', authMethods: ['oauth2'], resource: 'graph', inbox: '', has: { folders: false, flags: false, push: false }, announces: '' },
  google: { label: 'Gmail', short: 'Gmail', reach: 'endpoint', ports: https, endpoint: 'https://gmail.googleapis.com', example: 'https://gmail.googleapis.com', group: 'google', authMethods: ['oauth2', 'service-account'], resource: 'gmail', inbox: '', has: { folders: false, flags: false, push: false }, announces: '' }
} as const satisfies Record<string, ProtocolRow>

export type IncomingProtocol = keyof typeof incomingProtocols
export type OutgoingProtocol = keyof typeof outgoingProtocols
export const incomingProtocolNames = Object.keys(incomingProtocols) as [IncomingProtocol, ...IncomingProtocol[]]
export const outgoingProtocolNames = Object.keys(outgoingProtocols) as [OutgoingProtocol, ...OutgoingProtocol[]]

/** The security that a port is registered for (RFC 8314 7.3, 7.4); null where it says nothing. */
export const usualSecurity = (port: unknown): 'tls' | 'starttls' | null => (port === 465 || port === 993 || port === 995 ? 'tls' : port === 587 || port === 143 || port === 110 ? 'starttls' : null)

/** `IMAP·TLS`, `SMTP·STARTTLS`, `POP3`, `Microsoft Graph` as shown in tables. */
export const protocolLabel = (row: ProtocolRow, security: Security): string =>
  row.reach === 'endpoint' || security === 'none' ? row.label : `${row.label}·${security === 'tls' ? 'TLS' : 'STARTTLS'}`

/** Table of mail protocols: label, ports, ways to sign in. The server form draws itself from it. */
export const securities = ['none', 'starttls', 'tls'] as const
export type Security = (typeof securities)[number]

export const tlsVersions = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const
export type TlsVersion = (typeof tlsVersions)[number]

/** `label` as administrators write it; `ports` by security; `has` says what the protocol can do by design. */
export type ProtocolRow = {
  label: string
  ports: Record<Security, number>
  authMethods: readonly ('password' | 'none')[]
  has: { folders: boolean; flags: boolean; push: boolean }
}

export const incomingProtocols = {
  imap: { label: 'IMAP', ports: { none: 143, starttls: 143, tls: 993 }, authMethods: ['password'], has: { folders: true, flags: true, push: true } },
  pop3: { label: 'POP3', ports: { none: 110, starttls: 110, tls: 995 }, authMethods: ['password'], has: { folders: false, flags: false, push: false } }
} as const satisfies Record<string, ProtocolRow>

export const outgoingProtocols = {
  smtp: { label: 'SMTP', ports: { none: 25, starttls: 587, tls: 465 }, authMethods: ['password', 'none'], has: { folders: false, flags: false, push: false } }
} as const satisfies Record<string, ProtocolRow>

export type IncomingProtocol = keyof typeof incomingProtocols
export type OutgoingProtocol = keyof typeof outgoingProtocols
export const incomingProtocolNames = Object.keys(incomingProtocols) as [IncomingProtocol, ...IncomingProtocol[]]
export const outgoingProtocolNames = Object.keys(outgoingProtocols) as [OutgoingProtocol, ...OutgoingProtocol[]]

/** `IMAP·TLS`, `SMTP·STARTTLS`, `POP3` as shown in tables. */
export const protocolLabel = (row: ProtocolRow, security: Security): string =>
  security === 'none' ? row.label : `${row.label}·${security === 'tls' ? 'TLS' : 'STARTTLS'}`

import type { LookupFunction } from 'node:net'
import type { TlsSettings } from '#contract/fields.ts'
import type { Security } from '#contract/protocols.ts'

/**
 * Where to connect and how; `speaks` says which greeting and which STARTTLS command to expect. The secrets are those of the proxy in `proxy`
 * and of the client key in `tls`.
 */
export type Destination = { speaks: 'imap' | 'pop3' | 'smtp' | 'http'; host: string; port: number; security: Security; tls: TlsSettings; proxy: string | null } & RouteSecrets
export type RouteSecrets = { proxyPassword: string | null; clientKeyPassphrase: string | null }

/** Where a configured server is, with the secrets of the way to it; nothing else of the server goes along. */
export function destinationFor(speaks: Destination['speaks'], server: Omit<Destination, 'speaks' | keyof RouteSecrets>, { proxyPassword, clientKeyPassphrase }: RouteSecrets): Destination {
  const { host, port, security, tls, proxy } = server
  return { speaks, host, port, security, tls, proxy, proxyPassword, clientKeyPassphrase }
}

/** Patience in milliseconds: for TCP, for the TLS handshake, for the greeting, for any answer later, for one step of a test, for a probe. */
export type ConnectionLimits = { connectMs: number; handshakeMs: number; greetingMs: number; silenceMs: number; stepMs: number; probeMs: number }
export const defaultLimits: ConnectionLimits = { connectMs: 10_000, handshakeMs: 10_000, greetingMs: 10_000, silenceMs: 60_000, stepMs: 15_000, probeMs: 3_000 }

/** What an attempt to connect is given: when it must end, how patient it is, and what resolves names where the system does not. */
export type Attempt = { signal: AbortSignal; limits: ConnectionLimits; lookup?: LookupFunction }

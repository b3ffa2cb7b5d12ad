import { z } from 'zod'
import { hostName, portNumber, proxyUrl, urlPlace } from '#contract/fields.ts'
import type { IncomingServerDraft } from '#contract/incoming-server.ts'
import type { OutgoingServerDraft } from '#contract/outgoing-server.ts'
import { ProblemError, type CertificateSeen } from '#contract/problem.ts'
import type { IncomingProtocol, OutgoingProtocol } from '#contract/protocols.ts'
import { failAs } from './connection/connect.ts'
import { defaultLimits, type Destination } from './connection/destination.ts'
import { seeCertificate } from './connection/look-at-certificate.ts'

/**
 * The certificate that a server shows now, trusted or not, for comparing and pinning its fingerprint; with STARTTLS where the server is set
 * to it. A server without TLS is looked at as if it had. Throws ProblemError.
 */
export async function certificateOf(server: IncomingServerDraft | OutgoingServerDraft, signal: AbortSignal, proxyPassword: string | null = null): Promise<CertificateSeen> {
  const speaks = spokenBy(server.protocol)
  const place = speaks === 'http' ? urlPlace(server.endpoint) : server
  if (place === null) throw new ProblemError({ code: 'invalid-input', issues: [{ path: 'endpoint', message: 'Enter the URL of the endpoint first.' }] })
  const asked = reachable.safeParse({ host: place.host, port: place.port, proxy: server.proxy || null })
  if (!asked.success) throw new ProblemError({ code: 'invalid-input', issues: asked.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })) })
  const security = speaks === 'http' || server.security === 'none' ? 'tls' : server.security
  const to: Destination = { speaks, ...asked.data, tls: server.tls, security, proxyPassword, clientKeyPassphrase: null }
  const attempt = { signal, limits: defaultLimits }
  return seeCertificate(to, attempt).catch((error: unknown) => failAs(error, to, attempt, 'looking at the certificate'))
}

/** A draft may be unfinished; this much of it must be right. */
const reachable = z.object({ host: hostName, port: portNumber, proxy: proxyUrl.nullable() })

function spokenBy(protocol: IncomingProtocol | OutgoingProtocol): Destination['speaks'] {
  return protocol === 'imap' || protocol === 'pop3' || protocol === 'smtp' ? protocol : 'http'
}

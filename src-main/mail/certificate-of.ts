import { z } from 'zod'
import { hostName, portNumber, proxyUrl } from '#contract/fields.ts'
import type { IncomingServerDraft } from '#contract/incoming-server.ts'
import type { OutgoingServerDraft } from '#contract/outgoing-server.ts'
import { ProblemError, type CertificateSeen } from '#contract/problem.ts'
import { failAs } from './connection/connect.ts'
import { defaultLimits, type Destination } from './connection/destination.ts'
import { seeCertificate } from './connection/look-at-certificate.ts'

/**
 * The certificate that a server shows now, trusted or not, for comparing and pinning its fingerprint; with STARTTLS where the server is set
 * to it. A server without TLS is looked at as if it had. Throws ProblemError.
 */
export async function certificateOf(server: IncomingServerDraft | OutgoingServerDraft, signal: AbortSignal): Promise<CertificateSeen> {
  const asked = reachable.safeParse({ host: server.host, port: server.port, proxy: server.proxy || null })
  if (!asked.success) throw new ProblemError({ code: 'invalid-input', issues: asked.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })) })
  const to: Destination = { speaks: server.protocol, ...asked.data, tls: server.tls, security: server.security === 'none' ? 'tls' : server.security }
  const attempt = { signal, limits: defaultLimits }
  return seeCertificate(to, attempt).catch((error: unknown) => failAs(error, to, attempt, 'looking at the certificate'))
}

/** A draft may be unfinished; this much of it must be right. */
const reachable = z.object({ host: hostName, port: portNumber, proxy: proxyUrl.nullable() })

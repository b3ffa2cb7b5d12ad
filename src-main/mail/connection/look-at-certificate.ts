import type { Socket } from 'node:net'
import { connect as connectTls, type SecureVersion, type TLSSocket } from 'node:tls'
import { ProblemError, type CertificateSeen } from '#contract/problem.ts'
import { certificateSeen } from './certificate-seen.ts'
import type { Attempt, Destination } from './destination.ts'
import { firstWords } from './first-words.ts'
import { createLineWire, wireError } from './line-wire.ts'
import { openTcp } from './open-tcp.ts'
import { floor, namesFor } from './tls-names.ts'

/** The leaf certificate that a server shows (DER), and the TLS version that was agreed on. */
export type Look = { der: Buffer; version: string }

/**
 * Looks at the server's certificate without judging it, STARTTLS included. The connection carries no sign-in and no mail and is closed at
 * once. Rejects with a raw error or ProblemError; `explainFailure` makes a problem of it.
 */
export async function lookAtCertificate(to: Destination, attempt: Attempt): Promise<Look> {
  const tcp = await openTcp(to, attempt)
  try {
    if (to.security === 'starttls') await askForTls(tcp, to, attempt)
    return await handshake(tcp, to.host, attempt, floor('TLSv1'))
  } finally {
    tcp.destroy()
  }
}

/** The certificate for people (`incoming.certificate`, `outgoing.certificate`). Rejects like `lookAtCertificate`. */
export async function seeCertificate(to: Destination, attempt: Attempt): Promise<CertificateSeen> {
  return certificateSeen((await lookAtCertificate(to, attempt)).der)
}

/** The highest TLS version that the server accepts; null where it accepts none. */
export async function offeredTlsVersion(to: Destination, attempt: Attempt): Promise<SecureVersion | null> {
  for (const version of ['TLSv1.3', 'TLSv1.2', 'TLSv1.1', 'TLSv1'] as const) {
    const tcp = await openTcp(to, attempt)
    try {
      if (to.security === 'starttls') await askForTls(tcp, to, attempt)
      await handshake(tcp, to.host, attempt, { ...floor(version), maxVersion: version })
      return version
    } catch (error) {
      if (error instanceof ProblemError) throw error
    } finally {
      tcp.destroy()
    }
  }
  return null
}

async function askForTls(tcp: Socket, to: Destination, { limits }: Attempt): Promise<void> {
  const words = firstWords[to.speaks]
  const wire = createLineWire(tcp, null)
  await words.greeting(wire, limits.greetingMs)
  await words.startTls(wire, await words.capabilities(wire, limits.greetingMs), limits.greetingMs)
  wire.release()
}

function handshake(tcp: Socket, host: string, { signal, limits }: Attempt, versions: { minVersion: SecureVersion; maxVersion?: SecureVersion; ciphers?: string }): Promise<Look> {
  return new Promise((done, failed) => {
    // Nothing is sent on this connection and it ends here: the certificate is looked at, and judged elsewhere.
    const socket: TLSSocket = connectTls({ ...namesFor(host), ...versions, socket: tcp, rejectUnauthorized: false })
    const settle = (error: Error | null, look?: Look): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      socket.off('error', settle).on('error', () => undefined)
      socket.destroy()
      if (look) done(look)
      else failed(error ?? wireError('CLOSED', 'The server closed the connection.'))
    }
    const onAbort = (): void => settle(new ProblemError({ code: 'cancelled' }))
    const timer = setTimeout(() => settle(wireError('HANDSHAKE_TIMEOUT', `No TLS handshake within ${limits.handshakeMs} ms.`)), limits.handshakeMs)
    signal.addEventListener('abort', onAbort, { once: true })
    socket.once('error', settle)
    socket.once('close', () => settle(null))
    socket.once('secureConnect', () => {
      const der: Buffer | undefined = socket.getPeerCertificate(false).raw
      if (der) settle(null, { der, version: socket.getProtocol() ?? 'TLS' })
      else settle(wireError('NO_CERTIFICATE', 'The server shows no certificate.'))
    })
  })
}

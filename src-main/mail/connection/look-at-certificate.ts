import type { Socket } from 'node:net'
import { connect as connectTls, type SecureVersion, type TLSSocket } from 'node:tls'
import { ProblemError, type CertificateSeen } from '#contract/problem.ts'
import { certificateSeen } from './certificate-seen.ts'
import { asksForClientCertificate } from './asks-for-client-certificate.ts'
import { clientCertificate, type ClientCertificate } from './client-certificate.ts'
import type { Attempt, Destination } from './destination.ts'
import { firstWords } from './first-words.ts'
import { createLineWire, wireError } from './line-wire.ts'
import { openTcp } from './open-tcp.ts'
import { floor, namesFor } from './tls-names.ts'

/** The leaf certificate that a server shows (DER), whether it shows that of its issuer as well, and the TLS version that was agreed on. */
export type Look = { der: Buffer; issuerShown: boolean; version: string }

/**
 * Looks at the server's certificate without judging it, STARTTLS included. The connection carries no sign-in and no mail and is closed at
 * once; only a client certificate is shown, where a server would not answer otherwise. Rejects with a raw error or ProblemError;
 * `explainFailure` makes a problem of it.
 */
export async function lookAtCertificate(to: Destination, attempt: Attempt): Promise<Look> {
  // A key that cannot be used is told where it is needed.
  const own = await clientCertificate(to).catch(() => null)
  const tcp = await openTcp(to, attempt)
  try {
    if (to.security === 'starttls') await askForTls(tcp, to, attempt)
    return await handshake(tcp, to.host, attempt, { ...floor('TLSv1'), ...own })
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

/** Whether the server asks for a client certificate, STARTTLS included; false where that cannot be seen. */
export async function wantsClientCertificate(to: Destination, attempt: Attempt): Promise<boolean> {
  const tcp = await openTcp(to, attempt)
  try {
    if (to.security === 'starttls') await askForTls(tcp, to, attempt)
    return await asksForClientCertificate(tcp, to.host, attempt)
  } finally {
    tcp.destroy()
  }
}

async function askForTls(tcp: Socket, to: Destination, { limits }: Attempt): Promise<void> {
  const words = firstWords[to.speaks]
  const wire = createLineWire(tcp, null)
  await words.greeting(wire, limits.greetingMs)
  await words.startTls(wire, await words.capabilities(wire, limits.greetingMs), limits.greetingMs)
  wire.release()
}

function handshake(tcp: Socket, host: string, { signal, limits }: Attempt, versions: { minVersion: SecureVersion; maxVersion?: SecureVersion; ciphers?: string } & Partial<ClientCertificate>): Promise<Look> {
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
      const shown = socket.getPeerCertificate(true)
      const der: Buffer | undefined = shown.raw
      const issuer: { raw: Buffer } | undefined = shown.issuerCertificate
      if (der) settle(null, { der, issuerShown: issuer !== undefined && !issuer.raw.equals(der), version: socket.getProtocol() ?? 'TLS' })
      else settle(wireError('NO_CERTIFICATE', 'The server shows no certificate.'))
    })
  })
}

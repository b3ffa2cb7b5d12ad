import type { Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { ProblemError } from '#contract/problem.ts'
import type { Attempt, Destination } from './destination.ts'
import { explainFailure } from './explain-failure.ts'
import { wireError } from './line-wire.ts'
import { openTcp } from './open-tcp.ts'
import { tlsOptionsFor } from './tls-options.ts'

/** A socket to the server, in TLS where `security` is `tls`, otherwise plain (STARTTLS comes later). Throws ProblemError. */
export async function connect(to: Destination, attempt: Attempt): Promise<Socket | TLSSocket> {
  const tcp = await openTcp(to, attempt).catch((error: unknown) => failAs(error, to, attempt, 'connecting'))
  return to.security === 'tls' ? upgradeToTls(tcp, to, attempt) : tcp
}

/** Puts TLS on a plain socket that the server is ready to take it on. Throws ProblemError; the socket is closed then. */
export async function upgradeToTls(tcp: Socket, to: Destination, attempt: Attempt): Promise<TLSSocket> {
  try {
    const options = await tlsOptionsFor(to, attempt)
    // TLS on a socket that closed meanwhile would wait in vain.
    if (tcp.destroyed) throw wireError('CLOSED', 'The server closed the connection.')
    return await handshake(connectTls({ ...options, socket: tcp }), attempt)
  } catch (error) {
    tcp.destroy()
    return failAs(error, to, attempt, 'the TLS handshake')
  }
}

/** Throws the ProblemError that explains `error`; an error that is none of a connection is thrown as it is. */
export async function failAs(error: unknown, to: Destination, attempt: Attempt, during: string): Promise<never> {
  const problem = await explainFailure(error, to, attempt, during)
  throw problem === null ? error : new ProblemError(problem, { cause: error })
}

function handshake(socket: TLSSocket, { signal, limits }: Attempt): Promise<TLSSocket> {
  return new Promise((done, failed) => {
    const settle = (error: Error | null): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      socket.off('error', settle).off('close', onClose).on('error', () => socket.destroy())
      if (error === null) return done(socket)
      socket.destroy()
      failed(error)
    }
    const onClose = (): void => settle(wireError('ERR_SSL_CLOSED', 'The server closed the connection during the handshake.'))
    const onAbort = (): void => settle(new ProblemError({ code: 'cancelled' }))
    const timer = setTimeout(() => settle(wireError('HANDSHAKE_TIMEOUT', `No TLS handshake within ${limits.handshakeMs} ms.`)), limits.handshakeMs)
    signal.addEventListener('abort', onAbort, { once: true })
    socket.once('error', settle).once('close', onClose)
    socket.once('secureConnect', () => settle(null))
  })
}

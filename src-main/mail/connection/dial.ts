import { connect, type Socket } from 'node:net'
import { ProblemError } from '#contract/problem.ts'
import type { Attempt } from './destination.ts'
import { wireError } from './line-wire.ts'

/**
 * A TCP connection without a proxy; rejects like `openTcp`. Of several addresses the next is tried after a quarter of a second, IPv6 and IPv4
 * in turn (RFC 8305).
 */
export function dial(host: string, port: number, { signal, limits, lookup }: Attempt): Promise<Socket> {
  if (signal.aborted) return Promise.reject(new ProblemError({ code: 'cancelled' }))
  return new Promise((done, failed) => {
    const socket = connect({ host, port, autoSelectFamily: true, autoSelectFamilyAttemptTimeout: 250, noDelay: true, keepAlive: true, ...(lookup && { lookup }) })
    const settle = (error: Error | null): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      socket.off('error', settle)
      // Whoever takes the socket listens as well; without a listener a late error would end the process.
      socket.on('error', () => socket.destroy())
      if (error === null) return done(socket)
      socket.destroy()
      failed(error)
    }
    const onAbort = (): void => settle(new ProblemError({ code: 'cancelled' }))
    const timer = setTimeout(() => settle(wireError('CONNECT_TIMEOUT', `No connection within ${limits.connectMs} ms.`)), limits.connectMs)
    signal.addEventListener('abort', onAbort, { once: true })
    socket.once('error', settle)
    socket.once('connect', () => settle(null))
  })
}

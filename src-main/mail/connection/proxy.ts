import type { Socket } from 'node:net'
import { SocksClient } from 'socks'
import { ProblemError } from '#contract/problem.ts'
import type { Attempt } from './destination.ts'
import { dial } from './dial.ts'
import { wireError } from './line-wire.ts'

/** The proxy of a setting such as `http://proxy.example:3128` or `socks5://user@proxy.example:1080`. */
export type ProxyPlace = { kind: 'http' | 'socks5'; host: string; port: number; user: string | null }

export function proxyPlace(setting: string): ProxyPlace {
  const url = new URL(setting)
  const kind = url.protocol === 'http:' ? 'http' : 'socks5'
  return { kind, host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) || (kind === 'http' ? 80 : 1080), user: url.username === '' ? null : decodeURIComponent(url.username) }
}

/**
 * A tunnel through an HTTP proxy (CONNECT, RFC 9110 9.3.6) or a SOCKS5 proxy (RFC 1928); the proxy resolves the host.
 * Throws ProblemError `proxy-failed` with the proxy's own words, or `cancelled`.
 */
export async function throughProxy(setting: string, to: { host: string; port: number }, attempt: Attempt): Promise<Socket> {
  const place = proxyPlace(setting)
  const socket = await dialProxy(setting, to, attempt)
  const onAbort = (): void => void socket.destroy()
  attempt.signal.addEventListener('abort', onAbort, { once: true })
  try {
    await (place.kind === 'http' ? httpTunnel(socket, place, to, attempt.limits.connectMs) : socksTunnel(socket, place, to, attempt.limits.connectMs))
    return socket
  } catch (error) {
    socket.destroy()
    throw attempt.signal.aborted ? new ProblemError({ code: 'cancelled' }) : proxyFailed(setting, to, error)
  } finally {
    attempt.signal.removeEventListener('abort', onAbort)
  }
}

/** The connection to the proxy itself. */
export async function dialProxy(setting: string, to: { host: string; port: number }, attempt: Attempt): Promise<Socket> {
  const place = proxyPlace(setting)
  return dial(place.host, place.port, attempt).catch((error: unknown) => {
    throw error instanceof ProblemError ? error : proxyFailed(setting, to, error)
  })
}

function proxyFailed(setting: string, to: { host: string; port: number }, cause: unknown): ProblemError {
  const { host, port } = proxyPlace(setting)
  const said = cause instanceof Error ? cause.message : String(cause)
  return new ProblemError({ code: 'proxy-failed', proxy: `${host}:${port}`, serverSaid: said.slice(0, 500), host: to.host, port: to.port }, { cause })
}

async function httpTunnel(socket: Socket, place: ProxyPlace, to: { host: string; port: number }, withinMs: number): Promise<void> {
  const authority = to.host.includes(':') ? `[${to.host}]:${to.port}` : `${to.host}:${to.port}`
  const authorization = place.user === null ? '' : `Proxy-Authorization: Basic ${Buffer.from(`${place.user}:`).toString('base64')}\r\n`
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${authorization}\r\n`)
  const head = await headOfAnswer(socket, withinMs)
  const status = head.split('\r\n')[0] ?? ''
  if (!/^HTTP\/1\.[01] 2\d\d\b/.test(status)) throw wireError('PROXY_REFUSED', status === '' ? 'The proxy closed the connection.' : status)
}

/** Reads up to the empty line after the header; what follows belongs to the tunnel and is put back. */
function headOfAnswer(socket: Socket, withinMs: number): Promise<string> {
  return new Promise((done, failed) => {
    let seen: Buffer = Buffer.alloc(0)
    const settle = (error: Error | null, head = ''): void => {
      clearTimeout(timer)
      socket.off('data', onData).off('error', settle).off('close', onClose).pause()
      if (error) failed(error)
      else done(head)
    }
    const onClose = (): void => settle(wireError('PROXY_REFUSED', 'The proxy closed the connection.'))
    const onData = (chunk: Buffer): void => {
      seen = Buffer.concat([seen, chunk])
      const end = seen.indexOf('\r\n\r\n')
      if (end < 0) return seen.length > 16_384 ? settle(wireError('PROXY_REFUSED', 'The proxy answered with something that is not HTTP.')) : undefined
      const rest = seen.subarray(end + 4)
      settle(null, seen.subarray(0, end).toString('latin1'))
      if (rest.length > 0) socket.unshift(rest)
    }
    const timer = setTimeout(() => settle(wireError('PROXY_REFUSED', `The proxy did not answer within ${withinMs} ms.`)), withinMs)
    socket.on('data', onData).once('error', settle).once('close', onClose)
  })
}

async function socksTunnel(socket: Socket, place: ProxyPlace, to: { host: string; port: number }, withinMs: number): Promise<void> {
  await SocksClient.createConnection({
    proxy: { host: place.host, port: place.port, type: 5, ...(place.user === null ? {} : { userId: place.user, password: '' }) },
    command: 'connect',
    destination: { host: to.host, port: to.port },
    existing_socket: socket,
    timeout: withinMs
  })
}

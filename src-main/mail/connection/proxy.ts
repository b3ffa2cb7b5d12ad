import type { Socket } from 'node:net'
import { ProblemError, type Problem } from '#contract/problem.ts'
import type { Attempt } from './destination.ts'
import { dial } from './dial.ts'
import { httpTunnel } from './http-tunnel.ts'
import { codeOf } from './connection-problem.ts'
import { socksTunnel } from './socks-tunnel.ts'

/** The proxy of a setting such as `http://proxy.example:3128` or `socks5://user@proxy.example:1080`. */
export type ProxyPlace = { kind: 'http' | 'socks5'; host: string; port: number; user: string | null }
/** The setting, which names no password, and the password. */
export type ProxySignIn = { setting: string; password: string | null }

export function proxyPlace(setting: string): ProxyPlace {
  const url = new URL(setting)
  const kind = url.protocol === 'http:' ? 'http' : 'socks5'
  return { kind, host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) || (kind === 'http' ? 80 : 1080), user: url.username === '' ? null : decoded(url.username) }
}

/**
 * A tunnel through an HTTP proxy (CONNECT, RFC 9110 9.3.6) or a SOCKS5 proxy (RFC 1928); the proxy resolves the host. Throws ProblemError
 * with the proxy's own words: `proxy-failed`, `proxy-asks-for-credentials`, `not-a-proxy`; or `cancelled`.
 */
export async function throughProxy(proxy: ProxySignIn, to: { host: string; port: number }, attempt: Attempt): Promise<Socket> {
  const place = proxyPlace(proxy.setting)
  const socket = await dialProxy(proxy.setting, to, attempt)
  const onAbort = (): void => void socket.destroy()
  attempt.signal.addEventListener('abort', onAbort, { once: true })
  try {
    const open = place.kind === 'http' ? httpTunnel : socksTunnel
    await open(socket, place.user === null ? null : { user: place.user, password: proxy.password ?? '' }, to, attempt.limits.connectMs)
    return socket
  } catch (error) {
    socket.destroy()
    throw attempt.signal.aborted ? new ProblemError({ code: 'cancelled' }) : proxyFailed(proxy.setting, to, error)
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

const codes: Record<string, Extract<Problem, { proxy: string }>['code'] | undefined> = { PROXY_AUTHENTICATION: 'proxy-asks-for-credentials', NOT_A_PROXY: 'not-a-proxy' }

function proxyFailed(setting: string, to: { host: string; port: number }, cause: unknown): ProblemError {
  const { host, port } = proxyPlace(setting)
  const said = cause instanceof Error ? cause.message : String(cause)
  return new ProblemError({ code: codes[codeOf(cause)] ?? 'proxy-failed', proxy: `${host}:${port}`, serverSaid: said.slice(0, 500), host: to.host, port: to.port }, { cause })
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

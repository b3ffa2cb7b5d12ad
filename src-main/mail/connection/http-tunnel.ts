import type { Socket } from 'node:net'
import { domainToASCII } from 'node:url'
import { wireError } from './line-wire.ts'

export type ProxyCredentials = { user: string; password: string }

/**
 * Asks an HTTP proxy for a tunnel (CONNECT, RFC 9110 9.3.6) with Basic credentials (RFC 7617). Rejects with PROXY_REFUSED,
 * PROXY_AUTHENTICATION or NOT_A_PROXY and the proxy's own words.
 */
export async function httpTunnel(socket: Socket, credentials: ProxyCredentials | null, to: { host: string; port: number }, withinMs: number): Promise<void> {
  const authority = to.host.includes(':') ? `[${to.host}]:${to.port}` : `${domainToASCII(to.host) || to.host}:${to.port}`
  const authorization = credentials === null ? '' : `Proxy-Authorization: Basic ${Buffer.from(`${credentials.user}:${credentials.password}`).toString('base64')}\r\n`
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${authorization}\r\n`)
  const { head, rest } = await headOfAnswer(socket, withinMs)
  const status = head.split('\r\n')[0] ?? ''
  const code = Number(/^HTTP\/1\.[01] (\d{3})\b/.exec(status)?.[1] ?? 0)
  // tinyproxy answers wrong credentials with 401, the status of web servers.
  if (code === 407 || code === 401) throw wireError('PROXY_AUTHENTICATION', status)
  // A web server knows no CONNECT, or takes it for a request for a page (RFC 9110 9.3.6: an answer that opens a tunnel has no content).
  if (code === 404 || code === 405 || code === 501) throw wireError('NOT_A_PROXY', status)
  if (code < 200 || code > 299) throw wireError('PROXY_REFUSED', status)
  if (/^(?:content-length: *[1-9]|transfer-encoding:)/im.test(head) || /^\s*</.test(rest.toString('latin1'))) throw wireError('NOT_A_PROXY', `${status}, with a page instead of a tunnel`)
  if (rest.length > 0) socket.unshift(rest)
}

/** Reads up to the empty line after the header; what follows belongs to the tunnel. */
function headOfAnswer(socket: Socket, withinMs: number): Promise<{ head: string; rest: Buffer }> {
  return new Promise((done, failed) => {
    let seen: Buffer = Buffer.alloc(0)
    const settle = (error: Error | null, answer = { head: '', rest: seen }): void => {
      clearTimeout(timer)
      socket.off('data', onData).off('error', settle).off('close', onClose).pause()
      if (error) failed(error)
      else done(answer)
    }
    const onClose = (): void => settle(wireError('PROXY_REFUSED', seen.length === 0 ? 'The proxy closed the connection.' : shown(seen)))
    const onData = (chunk: Buffer): void => {
      seen = Buffer.concat([seen, chunk])
      if (!'HTTP/1.'.startsWith(seen.toString('latin1', 0, 7))) return settle(wireError('NOT_A_PROXY', shown(seen)))
      const end = seen.indexOf('\r\n\r\n')
      if (end >= 0) settle(null, { head: seen.toString('latin1', 0, end), rest: seen.subarray(end + 4) })
      else if (seen.length > 16_384) settle(wireError('NOT_A_PROXY', 'It answered with something that is not HTTP.'))
    }
    const timer = setTimeout(() => settle(wireError('PROXY_REFUSED', `The proxy did not answer within ${withinMs} ms.`)), withinMs)
    socket.on('data', onData).once('error', settle).once('close', onClose)
  })
}

function shown(bytes: Buffer): string {
  const line = bytes.toString('latin1', 0, 200).split(/\r?\n/)[0] ?? ''
  return line.replace(/[^\x20-\x7e\xa0-\xff]+/g, ' ').trim() || 'It answered with something that is not HTTP.'
}

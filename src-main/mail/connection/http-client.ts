import type { TlsSettings } from '#contract/fields.ts'
import { ProblemError } from '#contract/problem.ts'
import { failAs } from './connect.ts'
import type { Attempt, Destination } from './destination.ts'
import { createHttpConnections } from './http-connections.ts'
import { exchange, type Exchange } from './http-exchange.ts'
import { wireError } from './line-wire.ts'
import type { Transcript } from './transcript.ts'

/** Through which proxy and with which TLS settings HTTP is spoken; the same as for mail. */
export type HttpRoute = { tls: TlsSettings; proxy: string | null; proxyPassword: string | null; clientKeyPassphrase: string | null }

/**
 * `body` is sent as it is. `mostBytes` bounds the answer's body (default 10 MB). `repeatable` says of a POST or PATCH that doing it twice
 * is the same as once; GET, PUT and DELETE always are (RFC 9110 9.2.2).
 */
export type HttpRequest = { method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'; url: string; headers?: Readonly<Record<string, string>>; body?: string | Buffer; mostBytes?: number; repeatable?: boolean; signal?: AbortSignal }
/** Which connection an answer came over, for a sign-in that belongs to one (NTLM). `certificate` is that of the server, in DER. */
export type HttpConnection = { id: number; certificate(): Buffer | null }
/** Header names in lower case. */
export type HttpAnswer = { status: number; headers: Readonly<Record<string, string>>; connection: HttpConnection; body: Buffer }
/** An answer whose body is read as it arrives; whoever does not read it to its end calls `destroy`. */
export type HttpStream = { status: number; headers: Readonly<Record<string, string>>; connection: HttpConnection; body: AsyncIterable<Buffer>; destroy(): void }

/**
 * HTTP/1.1 over connections that are kept open. Redirects are not followed. Any status is an answer; what goes wrong with the connection is a
 * ProblemError as for mail, with the host of the URL. An answer larger than `mostBytes` throws `endpoint-wrong`.
 */
export type HttpClient = {
  request(request: HttpRequest): Promise<HttpAnswer>
  stream(request: HttpRequest): Promise<HttpStream>
  /** Makes the connection that the next request to this URL goes over, and asks nothing yet. */
  reach(url: string, signal?: AbortSignal): Promise<void>
  close(): void
}
export type HttpClientNeeds = { route: HttpRoute; attempt: Attempt; transcript: Transcript | null; /** At once to one host; 1 keeps all requests on one connection, as NTLM needs it. */ connections?: number }

const mostBytesByDefault = 10_000_000
/** A whole exchange of `request` may take this many silences. */
const silencesOfARequest = 5

/** `http:` URLs are spoken to without TLS, and never with an Authorization or Cookie header. */
export function createHttpClient({ route, attempt, transcript, connections = 4 }: HttpClientNeeds): HttpClient {
  const open = createHttpConnections(attempt, connections)
  const begin = async (request: HttpRequest, signal: AbortSignal): Promise<Exchange & { to: Destination }> => {
    const { to, url } = place(request, route)
    const { agent, leave } = await open.enter(to, signal)
    try {
      const begun = await exchange({ ...request, signal }, { url, agent, limits: attempt.limits, transcript, leave })
      return { ...begun, to }
    } catch (error) {
      leave()
      return await failAs(error, to, { ...attempt, signal }, 'the request')
    }
  }
  const signalOf = (request: HttpRequest): AbortSignal => (request.signal ? AbortSignal.any([attempt.signal, request.signal]) : attempt.signal)
  return {
    async request(request) {
      const tooLong = new AbortController()
      const totalMs = attempt.limits.silenceMs * silencesOfARequest
      const timer = setTimeout(() => tooLong.abort(), totalMs)
      const asked = signalOf(request)
      const signal = AbortSignal.any([asked, tooLong.signal])
      try {
        const { status, headers, connection, chunks, to, noteBody } = await begin(request, signal)
        const parts: Buffer[] = []
        let size = 0
        try {
          for await (const chunk of chunks) {
            size += chunk.length
            if (size > (request.mostBytes ?? mostBytesByDefault)) throw tooLarge(request)
            parts.push(chunk)
          }
        } catch (error) {
          return await failAs(error, to, { ...attempt, signal }, 'the answer')
        }
        const body = Buffer.concat(parts)
        noteBody(body)
        return { status, headers, connection, body }
      } catch (error) {
        if (!tooLong.signal.aborted || asked.aborted) throw error
        const { to } = place(request, route)
        throw new ProblemError({ code: 'server-silent', afterMs: totalMs, host: to.host, port: to.port }, { cause: error })
      } finally {
        clearTimeout(timer)
      }
    },
    async stream(request) {
      const signal = signalOf(request)
      const { status, headers, connection, chunks, to, destroy } = await begin(request, signal)
      async function* body(): AsyncGenerator<Buffer> {
        let size = 0
        try {
          for await (const chunk of chunks) {
            size += chunk.length
            if (size > (request.mostBytes ?? Infinity)) throw tooLarge(request)
            yield chunk
          }
        } catch (error) {
          await failAs(error, to, { ...attempt, signal }, 'the answer')
        }
      }
      return { status, headers, connection, body: body(), destroy }
    },
    async reach(url, signal = attempt.signal) {
      await open.prepare(place({ url, method: 'GET' }, route).to, signal)
    },
    close: () => open.close()
  }
}

function place({ url: text, headers = {} }: HttpRequest, route: HttpRoute): { to: Destination; url: URL } {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol)) throw new ProblemError({ code: 'endpoint-wrong', server: '', endpoint: text.split('?')[0] ?? '', serverSaid: 'This is no URL of a web service.' })
  const secure = url.protocol === 'https:'
  const secret = Object.keys(headers).some((name) => /^(?:authorization|cookie)$/i.test(name))
  if (!secure && secret) throw new ProblemError({ code: 'endpoint-wrong', server: url.host, endpoint: `${url.origin}${url.pathname}`, serverSaid: 'A sign-in does not go over an unencrypted connection.' })
  return { to: { ...route, speaks: 'http', host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) || (secure ? 443 : 80), security: secure ? 'tls' : 'none' }, url }
}

function tooLarge({ url, mostBytes = mostBytesByDefault }: HttpRequest): ProblemError {
  const { host, origin, pathname } = new URL(url)
  return new ProblemError({ code: 'endpoint-wrong', server: host, endpoint: `${origin}${pathname}`, serverSaid: `The answer is larger than ${mostBytes} bytes.` }, { cause: wireError('TOO_LARGE', 'The answer is too large.') })
}

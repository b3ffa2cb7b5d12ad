import type { TlsSettings } from '#contract/fields.ts'
import type { Attempt } from './destination.ts'
import type { Transcript } from './transcript.ts'

/** Through which proxy and with which TLS settings HTTP is spoken; the same as for mail. */
export type HttpRoute = { tls: TlsSettings; proxy: string | null; proxyPassword: string | null; clientKeyPassphrase: string | null }

/** `body` is sent as it is. `mostBytes` bounds the answer's body (default 10 MB). */
export type HttpRequest = { method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'; url: string; headers?: Readonly<Record<string, string>>; body?: string | Buffer; mostBytes?: number; signal?: AbortSignal }
/** Header names in lower case. */
export type HttpAnswer = { status: number; headers: Readonly<Record<string, string>>; body: Buffer }
/** An answer whose body is read as it arrives; whoever does not read it to its end calls `destroy`. */
export type HttpStream = { status: number; headers: Readonly<Record<string, string>>; body: AsyncIterable<Buffer>; destroy(): void }

/**
 * HTTP/1.1 over connections that are kept open. Redirects are not followed. Any status is an answer; what goes wrong with the connection is a
 * ProblemError as for mail, with the host of the URL. An answer larger than `mostBytes` throws `endpoint-wrong`.
 */
export type HttpClient = {
  request(request: HttpRequest): Promise<HttpAnswer>
  stream(request: HttpRequest): Promise<HttpStream>
  close(): void
}
export type HttpClientNeeds = { route: HttpRoute; attempt: Attempt; transcript: Transcript | null; /** At once to one host. */ connections?: number }

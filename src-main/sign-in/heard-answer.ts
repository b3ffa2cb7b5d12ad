import type { customFetch } from 'oauth4webapi'
import type { Problem } from '#contract/problem.ts'
import type { HttpAnswer } from '../mail/connection/http-client.ts'
import type { TokenRequest } from './token-issuer.ts'

/** The latest answer of an issuer; `json` is null where it was no JSON object. */
export type HeardAnswer = { url: string; status: number; headers: Readonly<Record<string, string>>; json: Readonly<Record<string, unknown>> | null }
export type HeardFetch = { fetch: NonNullable<{ [customFetch]?: (url: string, options: { method: string; body: unknown; headers: Record<string, string>; signal?: AbortSignal }) => Promise<Response> }[typeof customFetch]>; last(): HeardAnswer | null }

/**
 * `fetch` for oauth4webapi over the server's own way. What it hands on is without id token, which is read here: it came from the token endpoint
 * over TLS (OpenID Connect Core 3.1.3.7), and the name of an issuer that is configured by its URLs alone is not known.
 */
export function hearing({ http, signal }: TokenRequest): HeardFetch {
  let last: HeardAnswer | null = null
  return {
    async fetch(url, { body, headers }) {
      const answer = await http.request({ method: 'POST', url, headers, body: String(body), signal, mostBytes: 1_000_000 })
      const json = jsonIn(answer.body)
      last = { url, status: answer.status, headers: answer.headers, json }
      return responseOf(answer, json)
    },
    last: () => last
  }
}

function responseOf({ status, body }: HttpAnswer, json: HeardAnswer['json']): Response {
  const { id_token: _read, ...rest } = json ?? {}
  const empty = status === 204 || status === 205 || status === 304
  return new Response(empty ? null : json === null ? new Uint8Array(body) : JSON.stringify(rest), { status, headers: { 'content-type': 'application/json' } })
}

/** What an answer means that is no error of OAuth; null where it is one. */
export function strangeAnswer({ url, status, headers, json }: HeardAnswer, asked: TokenRequest): Problem | null {
  const { server } = asked
  if (status === 429) return { code: 'delayed-by-provider', server, until: retryAfter(headers['retry-after'], asked.now()), serverSaid: `HTTP status ${status}` }
  const said = `HTTP status ${status}${json === null ? `, ${headers['content-type'] ?? 'no content type'}` : ''}`
  if (status >= 500) return { code: 'server-busy', ...placeOf(url), serverSaid: said }
  return typeof json?.error === 'string' ? null : { code: 'authority-unusable', server, url, serverSaid: said }
}

export function placeOf(url: string): { host: string; port: number } {
  const parsed = URL.parse(url)
  return { host: parsed?.hostname.replace(/^\[|\]$/g, '') ?? url, port: Number(parsed?.port) || 443 }
}

/** The claims of a JWT, unverified; null where it is none. */
export function claimsIn(token: unknown): Readonly<Record<string, unknown>> | null {
  return typeof token === 'string' ? jsonIn(Buffer.from(token.split('.')[1] ?? '', 'base64url')) : null
}

/** The JSON object in an answer; null where it is none. */
export function jsonIn(bytes: Buffer): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/** RFC 9110 10.2.3: seconds or a date; a minute where nothing usable is said. ISO 8601. */
function retryAfter(header: string | undefined, now: number): string {
  const at = header !== undefined && /^\d+$/.test(header.trim()) ? now + Number(header) * 1000 : Date.parse(header ?? '')
  return new Date(Number.isNaN(at) ? now + 60_000 : Math.min(at, now + 86_400_000)).toISOString()
}

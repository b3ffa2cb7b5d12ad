import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node'
import { jsonIn, type HeardAnswer } from './heard-answer.ts'
import type { TokenRequest } from './token-issuer.ts'

/** What came last from the authority: an answer, or what went wrong on the way to it. The URL is without its query. */
export type LastAnswer = { kind: 'none' } | { kind: 'failed'; error: unknown } | ({ kind: 'answered' } & HeardAnswer)
export type MsalNetwork = { module: INetworkModule; last(): LastAnswer }

/**
 * MSAL's way to the network is the server's own: its proxy, its CA. The last answer is kept, since MSAL hides refresh tokens, replaces the
 * failures of a connection by its own, and leaves the error codes of some answers out. `slow_down` (RFC 8628 3.5), which MSAL takes for an end,
 * lengthens the pauses here instead.
 */
export function createMsalNetwork({ http, signal, wait }: TokenRequest): MsalNetwork {
  let last: LastAnswer = { kind: 'none' }
  let extraPauseMs = 0
  const send = async <Body>(method: 'GET' | 'POST', url: string, { headers, body }: NetworkRequestOptions = {}): Promise<NetworkResponse<Body>> => {
    try {
      const polls = body?.includes('device_code=') ?? false
      if (polls && extraPauseMs > 0) await wait(extraPauseMs, signal)
      const answer = await http.request({ method, url, headers: { accept: 'application/json', ...headers }, signal, mostBytes: 1_000_000, ...(body === undefined ? {} : { body }) })
      const parsed = jsonIn(answer.body)
      last = { kind: 'answered', url: withoutQuery(url), status: answer.status, headers: answer.headers, json: parsed }
      if (polls && parsed?.error === 'slow_down') {
        extraPauseMs += 5_000
        return { status: answer.status, headers: { ...answer.headers }, body: { ...parsed, error: 'authorization_pending' } as Body }
      }
      return { status: answer.status, headers: { ...answer.headers }, body: (parsed === null ? { error: 'no_json' } : withInterval(parsed)) as Body }
    } catch (error) {
      last = { kind: 'failed', error }
      throw error
    }
  }
  return {
    module: {
      sendGetRequestAsync: (url, options) => send('GET', url, options),
      sendPostRequestAsync: (url, options) => send('POST', url, options)
    },
    last: () => last
  }
}

// RFC 8628 3.2: 5 seconds where the server names no interval. MSAL would ask without a pause.
const withInterval = (body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => ('device_code' in body && !(Number(body.interval) > 0) ? { ...body, interval: 5 } : body)

const withoutQuery = (url: string): string => url.split('?')[0] ?? url

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { ProblemError } from '#contract/problem.ts'

/** Waits on this computer for the browser that comes back from a sign-in. */
export type Loopback = {
  /** The redirect URL with the port that is listened on. */
  redirectUrl: string
  /** What came back with the expected state; rejects when closed. */
  answer: Promise<URLSearchParams>
  /** Takes a pasted address, or the text of an error page. False where it belongs to no sign-in that is under way. */
  paste(text: string): boolean
  close(): Promise<void>
}

/**
 * Listens on the loopback addresses of a redirect URL, on a free port where it names none (RFC 8252 7.3); an https one cannot be listened on:
 * its address has to be pasted. Throws ProblemError `redirect-port-taken`.
 */
export async function openLoopback(server: string, redirectUrl: string, state: string): Promise<Loopback> {
  const { promise: answer, resolve, reject } = Promise.withResolvers<URLSearchParams>()
  // Whoever never asks for the answer must not see its rejection as a crash.
  answer.catch(() => undefined)
  const take = (parameters: URLSearchParams): boolean => {
    const ours = parameters.get('state') === state && (parameters.has('code') || parameters.has('error'))
    if (ours) resolve(parameters)
    return ours
  }
  const listening = await listen(server, redirectUrl, (request, response) => void serve(request, response, new URL(redirectUrl).pathname, take))
  return {
    redirectUrl: listening.redirectUrl,
    answer,
    paste: (text) => pasted(text, state, take),
    async close() {
      reject(new ProblemError({ code: 'cancelled' }))
      await Promise.all(listening.servers.map(closed))
    }
  }
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void

async function listen(server: string, redirectUrl: string, handler: Handler): Promise<{ redirectUrl: string; servers: Server[] }> {
  const url = new URL(redirectUrl)
  // Read from the text: a URL object takes `:80` away.
  const wanted = Number(/^http:\/\/[^/]*:(\d+)(?:\/|$)/.exec(redirectUrl)?.[1] ?? 0)
  const addresses = { localhost: ['127.0.0.1', '::1'], '127.0.0.1': ['127.0.0.1'], '[::1]': ['::1'] }[url.hostname]
  if (url.protocol !== 'http:' || addresses === undefined) return { redirectUrl, servers: [] }
  for (let attempt = 1; ; attempt++) {
    const servers: Server[] = []
    try {
      let port = wanted
      for (const address of addresses) {
        const opened = await listenOn(address, port, handler)
        if (opened === null) continue
        servers.push(opened)
        port = (opened.address() as { port: number }).port
      }
      if (servers.length === 0) throw new ProblemError({ code: 'redirect-port-taken', server, redirectUrl })
      // Textual: a URL object would add a slash, and providers compare letter by letter apart from the port.
      return { redirectUrl: wanted === 0 ? redirectUrl.replace(url.host, `${url.host}:${port}`) : redirectUrl, servers }
    } catch (error) {
      await Promise.all(servers.map(closed))
      if (wanted !== 0 || attempt === 5) throw error instanceof ProblemError ? error : new ProblemError({ code: 'redirect-port-taken', server, redirectUrl }, { cause: error })
    }
  }
}

/** null where this computer has no such address. */
function listenOn(address: string, port: number, handler: Handler): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer({ requestTimeout: 10_000, headersTimeout: 10_000, keepAliveTimeout: 1 }, handler)
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT' ? resolve(null) : reject(error)))
    server.listen({ host: address, port, exclusive: true }, () => resolve(server))
  })
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeIdleConnections()
    // A browser that keeps its connection open must not hold the sign-in up.
    setTimeout(() => server.closeAllConnections(), 500).unref()
  })
}

async function serve(request: IncomingMessage, response: ServerResponse, path: string, take: (parameters: URLSearchParams) => boolean): Promise<void> {
  const url = URL.parse(request.url ?? '', 'http://localhost')
  if (url === null || url.pathname !== path) return page(response, 404, 'There is nothing here.')
  if (request.method !== 'GET' && request.method !== 'POST') return page(response, 405, 'There is nothing here.')
  const parameters = request.method === 'POST' ? new URLSearchParams(await bodyOf(request)) : url.searchParams
  if (!parameters.has('code') && !parameters.has('error')) return page(response, 404, 'There is nothing here.')
  if (!take(parameters)) return page(response, 400, 'This answer belongs to no sign-in that is under way. Start the sign-in again in Mailroom.')
  return page(response, 200, parameters.has('error') ? 'The sign-in did not succeed. Go back to Mailroom: it says why.' : 'Mailroom has the answer. You can close this page and go back to Mailroom.')
}

/** At most 64 KB: an answer by form_post is much smaller. */
async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = ''
  request.setEncoding('utf8')
  for await (const chunk of request) {
    body += String(chunk)
    if (body.length > 65_536) return ''
  }
  return body
}

function page(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', 'x-content-type-options': 'nosniff', connection: 'close',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
  })
  response.end(`<!doctype html><html lang="en"><meta charset="utf-8"><title>Mailroom</title><body style="font:16px system-ui;margin:4rem auto;max-width:32rem"><h1 style="font-size:1.25rem">Mailroom</h1><p>${text}</p>\n`)
}

/** An error page of the provider cannot come back by itself; its text, pasted, is taken for the answer. */
function pasted(text: string, state: string, take: (parameters: URLSearchParams) => boolean): boolean {
  const url = URL.parse(text.trim())
  if (url !== null && take(url.searchParams)) return true
  if (url !== null && take(new URLSearchParams(url.hash.slice(1)))) return true
  return /AADSTS\d{4,8}/.test(text) && !/[?&#]code=/.test(text) && take(new URLSearchParams({ state, error: 'server_said', error_description: text.slice(0, 2_000) }))
}

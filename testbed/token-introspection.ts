import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

export type TokenIntrospection = { url: string; /** Whose token it is, by token. */ tokens: Map<string, string>; asked(): number; stop(): Promise<void> }

/** Says of tokens whose they are (RFC 7662 section 2), on loopback without TLS. */
export async function startTokenIntrospection(tokens: Map<string, string> = new Map()): Promise<TokenIntrospection> {
  let asked = 0
  const server = createServer((request, response) => {
    asked++
    void formOf(request).then((form) => {
      const username = tokens.get(form.get('token') ?? '')
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(username === undefined ? { active: false } : { active: true, username, scope: 'mail' }))
    }, () => response.destroy())
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  server.unref()
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/introspect`,
    tokens,
    asked: () => asked,
    stop: () => new Promise((done) => {
      server.close(() => done())
      server.closeAllConnections()
    })
  }
}

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return new URLSearchParams(Buffer.concat(parts).toString('utf8'))
}

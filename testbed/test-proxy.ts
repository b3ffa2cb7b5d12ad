import { connect, createServer, type Socket } from 'node:net'

export type TestProxy = { url: string; asked: string[]; stop(): Promise<void> }

/**
 * A proxy on loopback without sign-in: HTTP CONNECT or SOCKS5. `asked` lists where it was asked to connect to. `refuse` answers every
 * request with a refusal; with `divertTo` it says that all is well and connects to that port of 127.0.0.1 instead.
 */
export async function startTestProxy(kind: 'http' | 'socks5', refuse = false, divertTo: number | null = null): Promise<TestProxy> {
  const asked: string[] = []
  const open = new Set<Socket>()
  const server = createServer((client) => {
    open.add(client.unref())
    client.on('error', () => client.destroy()).on('close', () => open.delete(client))
    const serve = kind === 'http' ? serveHttp : serveSocks
    serve(client, asked, refuse, divertTo)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  // A test that fails before it stops its server must still end.
  server.unref()
  const { port } = server.address() as { port: number }
  return {
    url: `${kind}://127.0.0.1:${port}`,
    asked,
    async stop() {
      for (const socket of open) socket.destroy()
      await new Promise((done) => server.close(done))
    }
  }
}

function serveHttp(client: Socket, asked: string[], refuse: boolean, divertTo: number | null): void {
  client.once('data', (head: Buffer) => {
    const authority = /^CONNECT (\S+) HTTP\/1\.1\r\n/.exec(head.toString('latin1'))?.[1] ?? ''
    asked.push(authority)
    if (refuse) return void client.end('HTTP/1.1 403 Forbidden by policy\r\n\r\n')
    const at = authority.lastIndexOf(':')
    const host = authority.slice(0, at).replace(/^\[|\]$/g, '')
    tunnel(client, divertTo === null ? host : '127.0.0.1', divertTo ?? Number(authority.slice(at + 1)), () => client.write('HTTP/1.1 200 Connection established\r\n\r\n'))
  })
}

/** RFC 1928: greeting, then one request; addresses as IPv4, name or IPv6. */
function serveSocks(client: Socket, asked: string[], refuse: boolean, divertTo: number | null): void {
  client.once('data', () => {
    client.write(Buffer.from([5, 0]))
    client.once('data', (request: Buffer) => {
      const { host, port } = addressIn(request)
      asked.push(`${host}:${port}`)
      const answer = (code: number): Buffer => Buffer.from([5, code, 0, 1, 0, 0, 0, 0, 0, 0])
      if (refuse) return void client.end(answer(2))
      tunnel(client, divertTo === null ? host : '127.0.0.1', divertTo ?? port, () => client.write(answer(0)))
    })
  })
}

function addressIn(request: Buffer): { host: string; port: number } {
  const kind = request[3]
  const length = kind === 1 ? 4 : kind === 4 ? 16 : (request[4] ?? 0)
  const start = kind === 3 ? 5 : 4
  const bytes = request.subarray(start, start + length)
  const host = kind === 3 ? bytes.toString('latin1') : kind === 1 ? bytes.join('.') : (bytes.toString('hex').match(/.{4}/g) ?? []).join(':')
  return { host, port: request.readUInt16BE(start + length) }
}

function tunnel(client: Socket, host: string, port: number, ready: () => void): void {
  const upstream = connect(port, host, () => {
    ready()
    client.pipe(upstream).pipe(client)
  })
  upstream.on('error', () => client.destroy())
  client.on('close', () => upstream.destroy())
}

import { connect, createServer, type Socket } from 'node:net'

export type NamedHosts = { proxy: string; asked: string[]; stop(): Promise<void> }

/** A proxy (HTTP CONNECT) behind which `host:port` is a port of this computer, so that servers can have names that no DNS knows; others do not exist. */
export async function startNamedHosts(ports: Readonly<Record<string, number>>): Promise<NamedHosts> {
  const asked: string[] = []
  const open = new Set<Socket>()
  const keep = (socket: Socket): Socket => {
    open.add(socket)
    return socket.on('error', () => socket.destroy()).on('close', () => open.delete(socket))
  }
  const server = createServer((client) => {
    keep(client).once('data', (head: Buffer) => {
      const place = /^CONNECT (\S+) HTTP\/1\.1\r\n/.exec(head.toString('latin1'))?.[1] ?? ''
      asked.push(place)
      const port = ports[place]
      if (port === undefined) return void client.end('HTTP/1.1 502 There is no such host\r\n\r\n')
      const behind = keep(connect(port, 'localhost', () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n')
        client.pipe(behind).pipe(client)
      }))
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    proxy: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    asked,
    async stop() {
      for (const socket of open) socket.destroy()
      await new Promise((done) => server.close(done))
    }
  }
}

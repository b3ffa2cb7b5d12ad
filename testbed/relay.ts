import { connect, createServer, type Socket } from 'node:net'

/** How a relay fails: after that many bytes from the server it closes, resets, or goes silent with the connection open. */
export type RelayFault = { afterBytes: number; how: 'end' | 'reset' | 'silence' }
export type Relay = { host: string; port: number; connections(): number; stop(): Promise<void> }

/** Passes connections on to a port of 127.0.0.1, with a fault on the way back; TLS goes through untouched. */
export async function startRelay(target: number, fault: RelayFault | null = null): Promise<Relay> {
  const open = new Set<Socket>()
  let count = 0
  const server = createServer((client) => {
    count++
    const upstream = connect(target, '127.0.0.1')
    for (const socket of [client, upstream]) {
      open.add(socket.unref())
      socket.on('error', () => socket.destroy())
      socket.on('close', () => open.delete(socket))
    }
    client.pipe(upstream)
    client.on('close', () => upstream.destroy())
    if (fault === null) upstream.pipe(client)
    else passUntil(upstream, client, fault)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  // A test that fails before it stops its server must still end.
  server.unref()
  return {
    host: '127.0.0.1',
    port: (server.address() as { port: number }).port,
    connections: () => count,
    async stop() {
      for (const socket of open) socket.destroy()
      await new Promise((done) => server.close(done))
    }
  }
}

function passUntil(upstream: Socket, client: Socket, fault: RelayFault): void {
  let left = fault.afterBytes
  upstream.on('data', (chunk: Buffer) => {
    if (left <= 0) return
    client.write(chunk.subarray(0, left))
    left -= chunk.length
    if (left > 0) return
    if (fault.how === 'end') client.end()
    if (fault.how === 'reset') client.resetAndDestroy()
  })
  upstream.on('close', () => {
    if (left > 0) client.end()
  })
}

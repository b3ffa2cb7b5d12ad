import { createServer, type Server } from 'node:net'

/** Ports of 127.0.0.1 that nobody listened on a moment ago, for servers that cannot listen on port 0. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listening))
  const ports = servers.map((server) => (server.address() as { port: number }).port)
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))))
  return ports
}

/** A port that answers nothing: connections to it are refused. */
export async function closedPort(): Promise<number> {
  const [port = 1] = await freePorts(1)
  return port
}

function listening(): Promise<Server> {
  return new Promise((done, failed) => {
    const server = createServer()
    server.once('error', failed)
    server.listen(0, '127.0.0.1', () => done(server))
  })
}

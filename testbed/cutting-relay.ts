import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** A way to a port of 127.0.0.1 that is cut when the test says so; TLS goes through untouched. */
export type CuttingRelay = {
  port: number
  connections(): number
  /** Resolves when no connection is open any more. */
  allClosed(): Promise<void>
  /** Cuts all connections, and resolves when both sides know. */
  cut(): Promise<void>
  /** The next bytes from the server are swallowed, and their connection is cut: what was asked was heard. */
  cutNextAnswer(): void
  /** A connection is cut once the client has sent so many more bytes. */
  cutAfterSent(bytes: number): void
  stop(): Promise<void>
}

export async function startCuttingRelay(target: number): Promise<CuttingRelay> {
  const pairs = new Set<{ client: Socket; upstream: Socket }>()
  let count = 0
  let swallowsNext = false
  let left = Infinity
  const server = createServer((client) => {
    count++
    const upstream = connect(target, '127.0.0.1')
    const pair = { client: client.unref(), upstream: upstream.unref() }
    pairs.add(pair)
    const end = (): void => void (client.destroy(), upstream.destroy())
    client.on('error', end).on('close', () => (end(), pairs.delete(pair)))
    upstream.on('error', end).on('close', () => client.end())
    client.on('data', (chunk: Buffer) => {
      left -= chunk.length
      if (left <= 0) {
        left = Infinity
        return end()
      }
      if (!upstream.write(chunk)) client.pause()
    })
    upstream.on('drain', () => client.resume())
    upstream.on('data', (chunk: Buffer) => {
      if (!swallowsNext) return void client.write(chunk)
      swallowsNext = false
      end()
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  server.unref()
  const allClosed = async (): Promise<void> => {
    while (pairs.size > 0) await sleep(5)
  }
  return {
    port: (server.address() as { port: number }).port,
    connections: () => count,
    allClosed,
    async cut() {
      // The client answers the end with its own, so that it has heard of it when its side is closed.
      for (const { client, upstream } of pairs) {
        client.end()
        upstream.destroy()
      }
      await allClosed()
    },
    cutNextAnswer: () => void (swallowsNext = true),
    cutAfterSent: (bytes) => void (left = bytes),
    async stop() {
      for (const { client, upstream } of pairs) {
        client.destroy()
        upstream.destroy()
      }
      await new Promise((done) => server.close(done))
    }
  }
}

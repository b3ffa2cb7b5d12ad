import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream'
import type { Attempt, Destination } from './destination.ts'
import { openTcp } from './open-tcp.ts'

/** `path` takes one connection (`net.connect({ path })`) and is gone then. `close` ends everything; it may be called more than once. */
export type TunnelPipe = { path: string; close(): void }

/**
 * The way to the destination as a local pipe, for a library that opens its connections itself: the proxy, its credentials and its failures
 * stay here. The pipe lies in a folder that is nobody else's (on Windows it has a name that nobody guesses). Rejects like `openTcp`.
 */
export async function tunnelAsPipe(to: Destination, attempt: Attempt): Promise<TunnelPipe> {
  const far = await openTcp(to, attempt)
  try {
    const folder = process.platform === 'win32' ? null : await mkdtemp(join(tmpdir(), 'mailroom-'))
    const path = folder === null ? `\\\\.\\pipe\\mailroom-${randomUUID()}` : join(folder, 'pipe')
    const forget = (): void => {
      if (folder !== null) void rm(folder, { recursive: true, force: true }).catch(() => undefined)
    }
    const server = createServer((near) => {
      server.close(forget)
      joinUp(near, far)
    })
    server.maxConnections = 1
    await new Promise<void>((done, failed) => server.once('error', failed).listen(path, done))
    far.once('close', () => server.close(forget))
    return { path, close: () => far.destroy() }
  } catch (error) {
    far.destroy()
    throw error
  }
}

/** What ends on one side ends on the other; whoever reads there learns of it. */
function joinUp(near: Socket, far: Socket): void {
  pipeline(near, far, () => near.destroy())
  pipeline(far, near, () => far.destroy())
}

import { connect, createServer, type Socket } from 'node:net'
import { createFaultAim, type FaultAim } from './fault-aim.ts'

/**
 * What happens once the aim is hit. `reset`, `end` and `silence` (connection open, nothing more passes) act on the spot; `garbage` puts bytes
 * in between and goes on; `drip` lets a byte through every `everyMs`; `lose-answer` lets the command through, waits until the server has
 * answered it to the end, gives the client nothing of that and resets.
 */
export type FaultHow = { how: 'reset' | 'end' | 'silence' | 'lose-answer' } | { how: 'garbage'; bytes: string } | { how: 'drip'; everyMs: number }
export type Fault = FaultHow & {
  aim: FaultAim
  /** On so many connections that reach it, 1 by default; the ones after that pass untouched. */
  times?: number
}
export type FaultProxy = { port: number; struck(): number; arm(fault: Fault | null): void; stop(): Promise<void> }

/** Passes connections on to a port of 127.0.0.1, byte by byte (TLS goes through untouched), with faults placed by direction, byte count or the nth occurrence of a text. */
export async function startFaultProxy(target: number): Promise<FaultProxy> {
  const open = new Set<Socket>()
  const state: { fault: Fault | null; struck: number } = { fault: null, struck: 0 }
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1')
    for (const socket of [client, upstream]) {
      open.add(socket.unref())
      socket.on('error', () => socket.destroy()).on('close', () => open.delete(socket))
    }
    const isSpent = (): boolean => state.fault === null || state.struck >= (state.fault.times ?? 1)
    passOn(client, upstream, () => (isSpent() ? null : state.fault), () => void state.struck++)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  // A test that fails before it stops its server must still end.
  server.unref()
  return {
    port: (server.address() as { port: number }).port,
    struck: () => state.struck,
    arm: (fault) => void Object.assign(state, { fault, struck: 0 }),
    async stop() {
      for (const socket of open) socket.destroy()
      await new Promise((done) => server.close(done))
    }
  }
}

type Side = 'to-server' | 'to-client'

function passOn(client: Socket, upstream: Socket, present: () => Fault | null, struck: () => void): void {
  let fault: Fault | null = null
  let aim: ReturnType<typeof createFaultAim> | null = null
  let hit: Fault | null = null
  let lost: { tag: string; seen: string } | null = null
  const held = { 'to-server': holdBack(upstream), 'to-client': holdBack(client) }
  const strike = (side: Side, rest: Buffer, one: Fault): void => {
    hit = one
    struck()
    if (one.how === 'reset') return void client.resetAndDestroy()
    if (one.how === 'end') return void client.end()
    if (one.how === 'garbage') {
      held[side].write(Buffer.from(one.bytes, 'latin1'))
      held[side].write(rest)
    } else if (one.how === 'drip') {
      held[side].drip(one.everyMs)
      held[side].write(rest)
    } else if (one.how === 'lose-answer') {
      lost = { tag: aim?.tag() ?? '', seen: '' }
      held['to-server'].write(rest)
    }
  }
  const pass = (side: Side, chunk: Buffer): void => {
    if (hit?.how === 'silence') return
    if (lost !== null && side === 'to-client') return swallow(chunk)
    if (hit !== null) return held[side].write(chunk)
    // A fault that is armed while the connection lives counts from there.
    const now = present()
    if (now !== fault) [fault, aim] = [now, now === null ? null : createFaultAim(now.aim)]
    const at = fault === null || aim === null || aim.side !== side ? null : aim.look(chunk)
    if (at === null || fault === null) return held[side].write(chunk)
    held[side].write(chunk.subarray(0, at))
    strike(side, chunk.subarray(at), fault)
  }
  const swallow = (chunk: Buffer): void => {
    if (lost === null) return
    lost.seen = (lost.seen + chunk.toString('latin1')).slice(-4_096)
    if (new RegExp(`(^|\\n)${lost.tag} (OK|NO|BAD)`).test(lost.seen)) client.resetAndDestroy()
  }
  client.on('data', (chunk: Buffer) => pass('to-server', chunk)).on('close', () => upstream.destroy())
  upstream.on('data', (chunk: Buffer) => pass('to-client', chunk)).on('close', () => {
    if (hit?.how !== 'silence') held['to-client'].end()
  })
}

/** Writes at once, or a byte at a time after `drip`. */
function holdBack(to: Socket): { write(bytes: Buffer): void; drip(everyMs: number): void; end(): void } {
  let waiting: Buffer = Buffer.alloc(0)
  let timer: NodeJS.Timeout | null = null
  to.on('close', () => timer === null || clearInterval(timer))
  return {
    write(bytes) {
      if (timer === null) to.write(bytes)
      else waiting = Buffer.concat([waiting, bytes])
    },
    drip(everyMs) {
      timer = setInterval(() => {
        if (waiting.length > 0) to.write(waiting.subarray(0, 1))
        waiting = waiting.subarray(1)
      }, everyMs).unref()
    },
    end() {
      if (timer === null) to.end()
    }
  }
}

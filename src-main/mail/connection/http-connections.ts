import { Agent } from 'node:http'
import type { Socket } from 'node:net'
import { ProblemError } from '#contract/problem.ts'
import { connect } from './connect.ts'
import type { Attempt, Destination } from './destination.ts'

/** Connections to HTTP servers that are kept open between requests. */
export type HttpConnections = {
  /** Waits where as many as allowed are in use. `leave` gives the turn to the next; it may be called more than once. */
  enter(to: Destination, signal: AbortSignal): Promise<{ agent: Agent; leave: () => void }>
  /** Makes a connection for the next request, where none is open. Throws ProblemError. */
  prepare(to: Destination, signal: AbortSignal): Promise<void>
  close(): void
}

const idleMs = 30_000

/** Connections are made by `connect`: proxy, certificate, pin and TLS versions are the same as for mail. */
export function createHttpConnections(attempt: Attempt, atOnce: number): HttpConnections {
  const lanes = new Map<string, Lane>()
  const closing = new AbortController()
  const signal = AbortSignal.any([attempt.signal, closing.signal])
  const laneOf = (to: Destination): Lane => {
    const name = `${to.security} ${to.host.toLowerCase()} ${to.port}`
    const lane = lanes.get(name) ?? newLane(to)
    lanes.set(name, lane)
    return lane
  }
  const newLane = (to: Destination): Lane => {
    const agent = new Agent({ keepAlive: true, maxSockets: atOnce, maxFreeSockets: atOnce, timeout: idleMs })
    agent.createConnection = (_options, done) => {
      const ready = lane.ready.shift()
      if (ready !== undefined) process.nextTick(() => done?.(null, ready))
      else connect(to, { ...attempt, signal }).then((socket) => done?.(null, socket), (error: Error) => done && failed(done, error))
      return undefined
    }
    const lane: Lane = { agent, running: 0, waiting: [], ready: [], preparing: null }
    return lane
  }
  return {
    async enter(to, requested) {
      const lane = laneOf(to)
      if (lane.running >= atOnce) await turn(lane, requested)
      else lane.running++
      let left = false
      const leave = (): void => {
        if (left) return
        left = true
        const next = lane.waiting.shift()
        if (next) next()
        else lane.running--
      }
      return { agent: lane.agent, leave }
    },
    async prepare(to, requested) {
      const lane = laneOf(to)
      // Who comes while another connects fares as that one does, unless that one was called off.
      while (lane.preparing !== null) await untilAborted(lane.preparing, requested).catch((error: unknown) => {
        if (requested.aborted || !(error instanceof ProblemError && error.problem.code === 'cancelled')) throw error
      })
      if (lane.ready.length > 0 || Object.keys(lane.agent.sockets).length + Object.keys(lane.agent.freeSockets).length > 0) return
      const connecting = connect(to, { ...attempt, signal: AbortSignal.any([signal, requested]) }).finally(() => (lane.preparing = null))
      lane.preparing = connecting
      const socket = await connecting
      lane.ready.push(socket)
      socket.once('close', () => (lane.ready = lane.ready.filter((other) => other !== socket)))
      if (signal.aborted) socket.destroy()
    },
    close() {
      closing.abort()
      for (const { agent, ready } of lanes.values()) {
        agent.destroy()
        for (const socket of ready) socket.destroy()
      }
    }
  }
}

/** `ready` are connections that no request has had yet. */
type Lane = { agent: Agent; running: number; waiting: (() => void)[]; ready: Socket[]; preparing: Promise<Socket> | null }

function untilAborted(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  return new Promise((done, failed) => {
    const onAbort = (): void => failed(new ProblemError({ code: 'cancelled' }))
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    work.finally(() => signal.removeEventListener('abort', onAbort)).then(() => done(), failed)
  })
}

/** Whoever leaves hands the turn over, so that the number of those running stays the same. */
function turn(lane: Lane, signal: AbortSignal): Promise<void> {
  return new Promise((done, failed) => {
    const begin = (): void => {
      signal.removeEventListener('abort', onAbort)
      done()
    }
    const onAbort = (): void => {
      lane.waiting = lane.waiting.filter((other) => other !== begin)
      failed(new ProblemError({ code: 'cancelled' }))
    }
    if (signal.aborted) return failed(new ProblemError({ code: 'cancelled' }))
    lane.waiting.push(begin)
    signal.addEventListener('abort', onAbort, { once: true })
  })
}

// Node's types ask for a stream even where there is an error.
type Done = Parameters<NonNullable<Agent['createConnection']>>[1]
function failed(done: NonNullable<Done>, error: Error): void {
  ;(done as (error: Error) => void)(error)
}

import type { StoredIncomingServer } from '../servers/server-sources.ts'
import { ProblemError, type Problem } from '#contract/problem.ts'
import type { IncomingServer, RoundResult } from '#contract/incoming-server.ts'
import { incomingProtocols } from '#contract/protocols.ts'
import type { OpenMailbox } from '../mail/incoming-transport.ts'
import { afterFailure } from '../model/after-failure.ts'
import { nextFetchTime } from '../model/next-fetch-time.ts'
import { pause, type Clock } from './clock.ts'
import type { LiveStates } from './live-states.ts'
import type { ServerDesk, Settled } from './server-desk.ts'

export type LoopNeeds = {
  clock: Clock
  chance: () => number
  states: LiveStates
  /** The server as it is configured now; null when it is gone. */
  current: () => Promise<StoredIncomingServer | null>
  /** Takes one of the places for listening and gives what frees it; null where all are taken: the server is then asked at its interval. */
  listeningPlace: () => Promise<(() => void) | null>
  /** Notes that nothing but a person starts this server again. */
  disable: (server: IncomingServer) => Promise<void>
  reportUnexpected: (thrown: unknown, during: string) => Problem
}
export type ServerLoop = {
  /** Begins a round now, or right after the one that is running has ended if `again`. Resolves with its result. Throws ProblemError `cancelled` when the loop ends before. */
  fetchNow(): Promise<RoundResult>
  /** Ends waiting, so that the next round begins. */
  wake(): void
  /** Resolves when the loop has come to rest and its mailbox is closed. */
  stop(): Promise<void>
  ended: Promise<void>
}

/** Fetches from one server again and again: at its interval, or when it announces new mail, and after failures when patience says so. */
export function startServerLoop(needs: LoopNeeds, id: number, desk: ServerDesk): ServerLoop {
  const stopping = new AbortController()
  const waiters: { resolve: (result: RoundResult) => void; reject: (thrown: unknown) => void }[] = []
  let resting = new AbortController()
  let isWoken = false
  let leavePlace: (() => void) | null = null
  let drops = 0

  const wake = (): void => {
    isWoken = true
    resting.abort()
  }
  async function run(): Promise<void> {
    desk.rest('waiting')
    try {
      while (!stopping.signal.aborted && (await once())) continue
    } finally {
      await end()
    }
  }
  /** One round and the rest after it; whether to go on. */
  async function once(): Promise<boolean> {
    const begun = needs.clock.elapsed()
    try {
      const stored = await needs.current()
      if (stored === null || stored.ready === null || !stored.server.enabled) return false
      isWoken = false
      const pushes = stored.ready.push && incomingProtocols[stored.ready.protocol].has.push
      if (pushes) leavePlace ??= await needs.listeningPlace()
      else freePlace()
      const settled = await desk.round({ id, server: stored.ready }, { keepOpen: pushes && leavePlace !== null, signal: stopping.signal })
      for (const waiter of waiters.splice(0)) waiter.resolve(settled.result)
      if (settled.next?.next === 'stop') return await stopForGood(stored.ready)
      await rest(stored.ready, begun, settled)
      return true
    } catch (thrown) {
      return afterBug(thrown)
    }
  }
  function freePlace(): void {
    leavePlace?.()
    leavePlace = null
  }
  async function stopForGood(server: IncomingServer): Promise<false> {
    await needs.disable(server)
    return false
  }
  async function afterBug(thrown: unknown): Promise<boolean> {
    if (stopping.signal.aborted) return false
    const problem = thrown instanceof ProblemError ? thrown.problem : needs.reportUnexpected(thrown, 'scheduled fetching')
    const name = (await needs.current().catch(() => null))?.server.name
    if (name !== undefined) needs.states.change(id, name, { fetching: 'failing', problem })
    for (const waiter of waiters.splice(0)) waiter.reject(new ProblemError(problem, { cause: thrown }))
    isWoken = false
    await sleep(bugPauseMs)
    return true
  }

  async function rest(server: IncomingServer, begun: number, { next }: Settled): Promise<void> {
    // A clock that was set back during the round must not put off the next one.
    const endedAt = needs.clock.now()
    const startedAt = endedAt - (needs.clock.elapsed() - begun)
    const retryAfterMs = next?.next === 'retry' ? next.afterMs : null
    const until = nextFetchTime({ startedAt, endedAt, fetchEveryMs: server.fetchEveryMs, retryAfterMs })
    const mailbox = desk.mailbox()
    const isFailing = needs.states.of(id).problem !== null
    const listens = mailbox !== null && mailbox.waitForNews !== null
    needs.states.change(id, server.name, { looksEveryMs: mailbox?.looksEveryMs?.() ?? null, nextRoundAt: new Date(until).toISOString(), ...(isFailing ? {} : { fetching: listens ? 'listening' : 'waiting' }) })
    if (listens) return listen(server, mailbox, until - endedAt)
    await desk.closeMailbox()
    await sleep(until - endedAt)
  }
  async function sleep(ms: number): Promise<void> {
    if (isWoken) return
    resting = new AbortController()
    await pause(needs.clock, ms, AbortSignal.any([resting.signal, stopping.signal]))
  }
  /** A connection that dies while listening is opened anew, more slowly each time it dies at once. */
  async function listen(server: IncomingServer, mailbox: OpenMailbox, ms: number): Promise<void> {
    if (isWoken || mailbox.waitForNews === null) return
    resting = new AbortController()
    const begun = needs.clock.elapsed()
    try {
      await mailbox.waitForNews(ms, AbortSignal.any([resting.signal, stopping.signal]))
      drops = 0
    } catch (thrown) {
      await desk.closeMailbox()
      if (!(thrown instanceof ProblemError)) needs.reportUnexpected(thrown, 'waiting for new mail')
      drops = needs.clock.elapsed() - begun >= longEnoughMs ? 1 : drops + 1
      const problem: Problem = thrown instanceof ProblemError ? thrown.problem : { code: 'connection-dropped', host: server.host, port: server.port, during: 'listening' }
      const then = afterFailure(problem, drops, needs.chance())
      needs.states.change(id, server.name, { fetching: 'waiting', nextRoundAt: new Date(needs.clock.now() + (then.next === 'retry' ? then.afterMs : ms)).toISOString() })
      await sleep(then.next === 'retry' ? then.afterMs : ms)
    }
  }
  async function end(): Promise<void> {
    freePlace()
    desk.rest('stopped')
    await desk.closeMailbox()
    for (const waiter of waiters.splice(0)) waiter.reject(new ProblemError({ code: 'cancelled' }))
  }

  const ended = run()
  return {
    fetchNow: () =>
      new Promise((resolve, reject) => {
        waiters.push({ resolve, reject })
        wake()
      }),
    wake,
    stop: () => {
      stopping.abort(new ProblemError({ code: 'cancelled' }))
      return ended
    },
    ended
  }
}

const bugPauseMs = 60_000
const longEnoughMs = 60_000

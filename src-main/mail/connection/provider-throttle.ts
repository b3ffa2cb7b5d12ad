import { urlPlace, type Auth } from '#contract/fields.ts'
import { ProblemError } from '#contract/problem.ts'

/**
 * Keeps a provider's limits for everything that speaks to the same application and mailbox, in both directions: so many requests at
 * once, so many in a span of time, and silence while the provider asked for it.
 * https://learn.microsoft.com/graph/throttling-limits#outlook-service-limits
 */
export type ProviderThrottle = {
  /**
   * Does the work when it is its turn. Rejects with ProblemError `delayed-by-provider` where the turn would come later than `patienceMs`,
   * and with the signal's reason when it aborts before.
   */
  enter<Result>(key: string, request: ThrottledRequest, work: () => Promise<Result>): Promise<Result>
  /** The provider asked for silence until then (milliseconds since 1970). */
  delay(key: string, until: number, serverSaid: string): void
  /** Until when nothing is asked, milliseconds since 1970; null when all is free. */
  delayedUntil(key: string): number | null
}
/** `counts` says how many requests it is for the provider, such as the parts of a batch; one where it is left out. */
export type ThrottledRequest = { server: string; signal: AbortSignal; patienceMs: number; counts?: number }
export type ThrottleLimits = { atOnce: number; most: number; withinMs: number }
export type ThrottleClock = { now(): number; after(ms: number, work: () => void): () => void }

/** What a server's requests are counted under: the same for all servers, in both directions, of one application and mailbox. */
export const throttleKey = ({ endpoint, mailbox, auth }: { endpoint?: string | undefined; mailbox?: string | undefined; auth: Auth }): string =>
  [urlPlace(endpoint)?.origin, auth.clientId ?? auth.account, mailbox || auth.subject || auth.user].join(' ').toLowerCase()

/** 4 at once and 10,000 in 10 minutes. */
export const outlookLimits: ThrottleLimits = { atOnce: 4, most: 10_000, withinMs: 600_000 }

type Lane = { running: number; starts: number[]; delayedUntil: number; said: string; queue: Waiting[]; callOff: (() => void) | null }
type Waiting = { request: ThrottledRequest; begin: () => void; fail: (error: unknown) => void }

export function createProviderThrottle(clock: ThrottleClock, limits: ThrottleLimits = outlookLimits): ProviderThrottle {
  const lanes = new Map<string, Lane>()
  const laneOf = (key: string): Lane => {
    const lane = lanes.get(key) ?? { running: 0, starts: [], delayedUntil: 0, said: '', queue: [], callOff: null }
    lanes.set(key, lane)
    return lane
  }
  /** Milliseconds until the next request may begin as far as time is concerned. */
  const waitOf = (lane: Lane): number => {
    const now = clock.now()
    while (lane.starts[0] !== undefined && lane.starts[0] <= now - limits.withinMs) lane.starts.shift()
    const full = lane.starts.length >= limits.most ? (lane.starts[0] ?? 0) + limits.withinMs - now : 0
    return Math.max(0, lane.delayedUntil - now, full)
  }
  const tooLate = (lane: Lane, waiting: Waiting): boolean => {
    const wait = waitOf(lane)
    if (wait <= waiting.request.patienceMs) return false
    waiting.fail(new ProblemError({ code: 'delayed-by-provider', server: waiting.request.server, until: new Date(clock.now() + wait).toISOString(), serverSaid: lane.said }))
    return true
  }
  const next = (lane: Lane): void => {
    lane.callOff?.()
    lane.callOff = null
    lane.queue = lane.queue.filter((waiting) => !tooLate(lane, waiting))
    const wait = waitOf(lane)
    if (wait > 0) {
      if (lane.queue.length > 0) lane.callOff = clock.after(wait, () => next(lane))
      return
    }
    while (lane.running < limits.atOnce && lane.queue.length > 0 && lane.starts.length < limits.most) {
      const first = lane.queue.shift()
      lane.running++
      for (let count = 0; count < (first?.request.counts ?? 1); count++) lane.starts.push(clock.now())
      first?.begin()
    }
  }
  const turn = (lane: Lane, request: ThrottledRequest): Promise<void> =>
    new Promise((resolve, reject) => {
      const settled = (settle: () => void) => (): void => {
        request.signal.removeEventListener('abort', onAbort)
        settle()
      }
      const waiting: Waiting = { request, begin: settled(resolve), fail: (error) => settled(() => reject(error))() }
      const onAbort = (): void => {
        lane.queue = lane.queue.filter((other) => other !== waiting)
        waiting.fail(request.signal.reason)
      }
      if (request.signal.aborted) return reject(request.signal.reason)
      request.signal.addEventListener('abort', onAbort, { once: true })
      lane.queue.push(waiting)
      next(lane)
    })
  return {
    async enter(key, request, work) {
      const lane = laneOf(key)
      await turn(lane, request)
      try {
        return await work()
      } finally {
        lane.running--
        next(lane)
      }
    },
    delay(key, until, serverSaid) {
      const lane = laneOf(key)
      if (until <= lane.delayedUntil) return
      Object.assign(lane, { delayedUntil: until, said: serverSaid })
      next(lane)
    },
    delayedUntil(key) {
      const { delayedUntil } = lanes.get(key) ?? { delayedUntil: 0 }
      return delayedUntil > clock.now() ? delayedUntil : null
    }
  }
}

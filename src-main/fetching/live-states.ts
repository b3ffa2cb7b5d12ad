import type { IncomingState } from '#contract/incoming-server.ts'
import type { EventListener } from '../console.ts'
import type { Clock } from './clock.ts'

export type LiveStatesNeeds = {
  /** What is known of servers from before this process. */
  remembered: ReadonlyMap<number, Partial<IncomingState>>
  clock: Clock
  announce: EventListener
  errorCountOf: (id: number) => Promise<number>
  /** Takes what went wrong while a state was announced. */
  reportUnexpected: (thrown: unknown, during: string) => unknown
}
/** What is going on with each server, kept in memory and announced at most four times a second for each. */
export type LiveStates = {
  of(id: number): IncomingState
  change(id: number, name: string, changes: Partial<IncomingState>): void
  forget(id: number): void
  close(): void
}

const atRest: IncomingState = { fetching: 'stopped', progress: null, lastRound: null, lastSuccessAt: null, nextRoundAt: null, failuresInARow: 0, failingSince: null, problem: null, stuckSince: null, delayedUntil: null }
const announceEveryMs = 250

export function createLiveStates({ remembered, clock, announce, errorCountOf, reportUnexpected }: LiveStatesNeeds): LiveStates {
  type Live = { state: IncomingState; name: string; callOff: (() => void) | null; isStale: boolean }
  const all = new Map<number, Live>()
  const atFirst = (id: number): IncomingState => ({ ...atRest, ...remembered.get(id) })

  async function tell(id: number, live: Live): Promise<void> {
    live.isStale = false
    live.callOff = clock.after(announceEveryMs, () => {
      live.callOff = null
      if (live.isStale) void tell(id, live)
    })
    try {
      const errorCount = await errorCountOf(id)
      announce('incoming-state-changed', { server: live.name, state: live.state, errorCount })
    } catch (thrown) {
      reportUnexpected(thrown, 'counting errors')
    }
  }
  return {
    of: (id) => all.get(id)?.state ?? atFirst(id),
    change(id, name, changes) {
      const live = all.get(id) ?? { state: atFirst(id), name, callOff: null, isStale: false }
      all.set(id, live)
      live.state = { ...live.state, ...changes }
      live.name = name
      live.isStale = true
      if (live.callOff === null) void tell(id, live)
    },
    forget(id) {
      all.get(id)?.callOff?.()
      all.delete(id)
    },
    close() {
      for (const live of all.values()) live.callOff?.()
    }
  }
}

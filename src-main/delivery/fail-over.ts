import type { OutgoingServer } from '#contract/outgoing-server.ts'

/** Milliseconds since 1970, and a timer that can be called off. */
export type FailOverClock = { now(): number; after(ms: number, work: () => void): () => void }

export type FailOverNeeds = { clock: FailOverClock; changed: () => void; isHealthy: (server: OutgoingServer) => Promise<boolean> }

/** Remembers, in memory alone, which servers' mail goes through the alternate. A changed configuration ends it. */
export type FailOver = {
  /** Whether this began it; false when it was so already. */
  begin(server: OutgoingServer): boolean
  end(name: string): void
  /** ISO 8601 since when, null when mail goes through the primary. */
  since(server: OutgoingServer): string | null
  sinceOf(name: string): string | null
  close(): void
}

/** How often the primary is tried where `returnToPrimary` is `health-check`. */
export const healthCheckEveryMs = 60_000

export const createFailOver = ({ clock, changed, isHealthy }: FailOverNeeds): FailOver => {
  const active = new Map<string, { since: string; configuration: string; stop: () => void }>()

  const end = (name: string): void => {
    const entry = active.get(name)
    if (entry === undefined) return
    entry.stop()
    active.delete(name)
    changed()
  }
  const watch = (server: OutgoingServer): (() => void) => {
    let stopped = false
    let callOff = (): void => undefined
    const check = async (): Promise<void> => {
      const healthy = await isHealthy(server).catch(() => false)
      if (stopped) return
      if (healthy) end(server.name)
      else callOff = clock.after(healthCheckEveryMs, () => void check())
    }
    if (server.alternate?.returnToPrimary === 'health-check') callOff = clock.after(healthCheckEveryMs, () => void check())
    return () => { stopped = true; callOff() }
  }

  return {
    begin(server) {
      if (active.has(server.name)) return false
      active.set(server.name, { since: new Date(clock.now()).toISOString(), configuration: JSON.stringify(server), stop: watch(server) })
      changed()
      return true
    },
    end,
    since(server) {
      const entry = active.get(server.name)
      if (entry !== undefined && entry.configuration !== JSON.stringify(server)) end(server.name)
      return active.get(server.name)?.since ?? null
    },
    sinceOf: (name) => active.get(name)?.since ?? null,
    close() {
      for (const entry of active.values()) entry.stop()
      active.clear()
    }
  }
}

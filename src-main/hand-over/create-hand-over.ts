import type { HandOverTarget } from '#contract/hand-over.ts'
import type { Settings } from '#contract/settings.ts'
import { ProblemError } from '#contract/problem.ts'
import type { Transaction } from '../database/database.ts'
import { handOversOf, type Happened } from '../model/hand-overs-of.ts'
import { createHandOverCalls, type HandOverCalls } from './hand-over-calls.ts'
import type { HandOverNeeds } from './hand-over-needs.ts'
import { createTargetQueue, type TargetQueue } from './target-queue.ts'

/** Requests on their way to help desks (D12), and the calls `hand-over.…`. */
export type HandOver = HandOverCalls & {
  /** Puts what happened on its way, in the transaction that it happens in. */
  add(transaction: Transaction, settings: Pick<Settings, 'handOver'>, happened: readonly Happened[]): Promise<void>
  /** Begins to send what waits. */
  begin(): void
  /** Says that there may be something to send. */
  wake(): void
  /** Breaks off what is under way; it is sent again, under the same key, by the next console. */
  close(): Promise<void>
}

const debounceMs = 100
const announceMs = 1_000
const looksEveryMs = 60_000
const dayMs = 86_400_000
const keptMs = 30 * dayMs

/**
 * Each help desk has its own queue, so that a dead one holds up nobody else. A target goes by its name: under another name it is another
 * help desk, and what waited for the old name is dropped with it. What waits for a disabled target is kept.
 */
export function createHandOver(needs: HandOverNeeds): HandOver {
  const { database, tables: { handOver }, clock, announce } = needs
  const closing = new AbortController()
  const queues = new Map<string, { queue: TargetQueue; as: string }>()
  const timers = new Set<() => void>()
  let running = false
  let newestAtBegin: number | null = null
  let unsubscribe = (): void => undefined
  let isAwake = false
  let lastNames: string | null = null
  const changed = new Set<string>()

  const after = (ms: number, work: () => void): void => {
    if (closing.signal.aborted) return
    const callOff = clock.after(ms, () => {
      timers.delete(callOff)
      work()
    })
    timers.add(callOff)
  }
  const inBackground = (work: () => Promise<unknown>, during: string): void =>
    void work().catch((thrown: unknown) => {
      if (!closing.signal.aborted) needs.reportUnexpected(thrown, during)
    })
  const tellChanged = (target: string): void => {
    if (changed.size === 0) after(announceMs, announceChanged)
    changed.add(target)
  }
  const announceChanged = (): void => {
    const targets = [...changed]
    changed.clear()
    targets.forEach((target) => announce('hand-over-changed', { target }))
  }
  const targets = async (): Promise<HandOverTarget[]> => (await needs.settings()).handOver
  const queueOf = (target: HandOverTarget): { queue: TargetQueue; as: string } => {
    const known = queues.get(target.name)
    if (known) return known
    const made = createTargetQueue({
      ...needs, name: target.name, closing: closing.signal, changed: tellChanged, newestAtBegin: () => newestAtBegin ?? 0, isRunning: () => running,
      target: async () => (await targets()).find(({ name, enabled }) => name === target.name && enabled) ?? null
    })
    const kept = { queue: made, as: JSON.stringify(target) }
    queues.set(target.name, kept)
    return kept
  }
  /** A target whose settings were changed is asked at once: they may have been mended. */
  const followSettings = async (target: HandOverTarget): Promise<TargetQueue> => {
    const kept = queueOf(target)
    const now = JSON.stringify(target)
    if (kept.as !== now) {
      kept.as = now
      await hasten(target.name)
    }
    return kept.queue
  }
  const hasten = async (name: string): Promise<void> => {
    await database.transaction((transaction) => handOver.hasten(transaction, name, new Date(clock.now()).toISOString()))
    forgive(name)
  }
  const forgive = (name: string): void => queues.get(name)?.queue.forgive()
  const look = async (only: string | null = null): Promise<void> => {
    newestAtBegin ??= await handOver.newest(database)
    const all = await targets()
    await dropDeleted(all)
    await Promise.all(all.filter(({ name, enabled }) => enabled && (only === null || name === only)).map(async (target) => (await followSettings(target)).look()))
  }
  const dropDeleted = async (all: readonly HandOverTarget[]): Promise<void> => {
    const names = JSON.stringify(all.map(({ name }) => name))
    if (names === lastNames) return
    for (const name of await handOver.targets(database)) {
      if (all.some((target) => target.name === name)) continue
      const dropped = await database.transaction((transaction) => handOver.drop(transaction, name))
      needs.logWarning(`The help desk ${name} was deleted: ${dropped} events that waited for it were dropped.`)
      tellChanged(name)
    }
    lastNames = names
  }
  /** Nobody says when the clock was set or the computer woke up. */
  const lookNowAndThen = (): void => {
    inBackground(() => look(), 'handing over requests')
    after(looksEveryMs, lookNowAndThen)
  }
  const wake = (): void => {
    if (isAwake || !running) return
    isAwake = true
    after(debounceMs, () => {
      isAwake = false
      inBackground(() => look(), 'handing over requests')
    })
  }
  const forgetOld = (): void => {
    inBackground(() => database.transaction((transaction) => handOver.forgetDelivered(transaction, new Date(clock.now() - keptMs).toISOString())), 'forgetting old events')
    after(dayMs, forgetOld)
  }
  const calls = createHandOverCalls({
    ...needs, hasten, forgive, wake, changed: tellChanged,
    sendNow: async (target) => (running ? inBackground(() => look(target), 'handing over requests') : look(target))
  })

  return {
    ...calls,
    add: (transaction, settings, happened) => handOver.add(transaction, handOversOf(settings.handOver, happened, new Date(clock.now()).toISOString(), () => `evt_${needs.newId()}`)),
    begin() {
      running = true
      unsubscribe = needs.subscribe((name) => {
        if (name === 'requests-changed' || name === 'settings-changed') wake()
      })
      forgetOld()
      lookNowAndThen()
    },
    wake,
    async close() {
      running = false
      closing.abort(new ProblemError({ code: 'cancelled' }))
      unsubscribe()
      timers.forEach((callOff) => callOff())
      await Promise.all([...queues.values()].map(({ queue }) => queue.close()))
      needs.helpDesk.close()
    }
  }
}

import type { HandOverTarget } from '#contract/hand-over.ts'
import { wordsOf } from '#contract/problem-words.ts'
import type { StoredHandOver } from '../database/hand-over-table.ts'
import { handOverPauseMs } from '../model/after-hand-over.ts'
import { deliverEvent, type TryEnd } from './deliver-event.ts'
import type { HandOverNeeds } from './hand-over-needs.ts'

/** `target` is asked anew before each look: settings may have changed; null while it is disabled or gone. */
export type TargetQueueNeeds = HandOverNeeds & {
  name: string
  target: () => Promise<HandOverTarget | null>
  /** Events up to this id may have been sent by a console before this one. */
  newestAtBegin: () => number
  changed: (target: string) => void
  /** Whether looks are made by the clock. */
  isRunning: () => boolean
  closing: AbortSignal
}

/** The events of one help desk: at most four at once, never two of one request, one at a time while it fails. Nothing is thrown. */
export type TargetQueue = {
  /** Sends what is due. Resolves when nothing more can be sent now. */
  look(): Promise<void>
  /** Whatever the help desk did before, it is asked again at once. */
  forgive(): void
  close(): Promise<void>
}

const mostAtOnce = 4
const failuresUntilProbing = 5
const longestWaitMs = 86_400_000
const afterTroubleMs = 60_000

export function createTargetQueue(needs: TargetQueueNeeds): TargetQueue {
  const { database, tables: { handOver }, clock, name, closing } = needs
  const sending = new Map<number, Promise<void>>()
  let finished = new Set<number>()
  let failures = 0
  let pausedUntil = 0
  let looking: Promise<void> | null = null
  let again = false
  let callOff = (): void => undefined
  const isFailing = (): boolean => failures >= failuresUntilProbing
  const room = (): number => (isFailing() ? 1 : mostAtOnce)
  const iso = (time: number): string => new Date(time).toISOString()

  const look = (): Promise<void> => {
    if (closing.aborted) return Promise.resolve()
    again = true
    looking ??= lookUntilQuiet()
    return looking
  }
  const lookUntilQuiet = async (): Promise<void> => {
    try {
      while (again && !closing.aborted) {
        again = false
        const lookedAt = clock.now()
        await fill(lookedAt)
        if (!again && sending.size > 0 && !needs.isRunning()) await Promise.race(sending.values())
        if (!again) await lookLater(lookedAt)
      }
    } catch (thrown) {
      trouble(thrown, 'looking for events to hand over')
    } finally {
      // At once, with nothing awaited since `again` was looked at: who looks from now on begins anew.
      looking = null
    }
  }
  const trouble = (thrown: unknown, during: string): void => {
    if (closing.aborted) return
    needs.reportUnexpected(thrown, during)
    pauseUntil(clock.now() + afterTroubleMs)
    lookAt(pausedUntil)
  }
  const fill = async (now: number): Promise<void> => {
    const target = await needs.target()
    const free = room() - sending.size
    if (target === null || free <= 0 || now < pausedUntil) return
    // What ends while the table is asked stands in its answer as if it had not.
    finished = new Set()
    const due = await handOver.due(database, { target: name, now: iso(now), limit: free + sending.size })
    for (const event of due.filter(({ id, request }) => !finished.has(id) && !sending.has(request)).slice(0, free)) send(target, event)
  }
  const send = (target: HandOverTarget, event: StoredHandOver): void => {
    const done = attempt(target, event)
      .catch((thrown: unknown) => trouble(thrown, 'handing over a request'))
      .finally(() => {
        finished.add(event.id)
        sending.delete(event.request)
        look().catch((thrown: unknown) => needs.reportUnexpected(thrown, 'handing over requests'))
      })
    sending.set(event.request, done)
  }
  const attempt = async (target: HandOverTarget, event: StoredHandOver): Promise<void> => {
    const end = await deliverEvent(needs, target, event, event.id <= needs.newestAtBegin(), closing)
    const wasFailing = isFailing()
    failures = end.answered ? 0 : failures + 1
    await keep(event, end, wasFailing && end.answered)
    needs.changed(name)
    await tell(end, wasFailing)
  }
  const keep = (event: StoredHandOver, end: TryEnd, recovered: boolean): Promise<void> => {
    const now = clock.now()
    const pause = Math.max(handOverPauseMs(event.tries + 1, needs.chance()), Math.min(end.wait ?? 0, longestWaitMs))
    // What asks for patience asks it for all of its events.
    if (end.wait !== null) pauseUntil(now + Math.min(end.wait, longestWaitMs))
    if (isFailing()) pauseUntil(now + handOverPauseMs(failures - failuresUntilProbing + 1, needs.chance()))
    return database.transaction(async (transaction) => {
      if (end.remoteId !== null) await handOver.keepRemote(transaction, name, event.request, end.remoteId)
      if (end.problem === null) await handOver.delivered(transaction, event.id, iso(now))
      else if (end.verdict === 'refused') await handOver.refused(transaction, event.id, end.problem)
      else await handOver.later(transaction, event.id, iso(now + pause), end.problem)
      if (recovered) await handOver.hasten(transaction, name, iso(now))
    })
  }
  const tell = async ({ verdict, problem }: TryEnd, wasFailing: boolean): Promise<void> => {
    const ring = (text: string): Promise<unknown> => needs.bell.ring({ kind: 'hand-over-failing', server: name, text, problem })
    if (wasFailing && !isFailing()) await ring(`${name} answers again; requests are handed over.`)
    if (!wasFailing && isFailing() && problem !== null) await ring(`Requests cannot be handed over to ${name}. ${wordsOf(problem).title}`)
    if (verdict === 'refused' && problem !== null) await ring(`${name} refused requests; they wait until somebody has looked. ${wordsOf(problem).title}`)
  }
  const pauseUntil = (time: number): void => void (pausedUntil = Math.max(pausedUntil, time))
  /** Nothing that became due since `lookedAt` is passed over. */
  const lookLater = async (lookedAt: number): Promise<void> => {
    if (!needs.isRunning() || closing.aborted) return
    if (lookedAt < pausedUntil) return lookAt(pausedUntil)
    // What is under way looks again when it ends.
    if (sending.size >= room()) return
    const next = await handOver.nextDue(database, name, iso(lookedAt))
    if (next !== null) lookAt(Date.parse(next))
  }
  const lookAt = (time: number): void => {
    callOff()
    if (!needs.isRunning() || closing.aborted) return
    callOff = clock.after(Math.max(0, time - clock.now()), () => void look())
  }
  return {
    look,
    forgive() {
      failures = Math.min(failures, failuresUntilProbing)
      pausedUntil = 0
    },
    async close() {
      callOff()
      await Promise.allSettled([...sending.values(), looking])
    }
  }
}

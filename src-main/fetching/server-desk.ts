import type { IncomingServer, RoundResult } from '#contract/incoming-server.ts'
import { ProblemError, type Problem } from '#contract/problem.ts'
import type { Settings } from '#contract/settings.ts'
import type { OpenMailbox } from '../mail/incoming-transport.ts'
import { afterFailure, wantsSignIn, type AfterFailure } from '../model/after-failure.ts'
import type { TellPeople } from '../notices/tell-people.ts'
import type { Clock } from './clock.ts'
import { closeMailbox } from './close-mailbox.ts'
import type { FetchRound, ReadyServer } from './round.ts'
import type { LiveStates } from './live-states.ts'
import type { Slots } from './slots.ts'
import { createTurns } from './turns.ts'
import { untilAborted } from './until-aborted.ts'

export type DeskNeeds = {
  round: FetchRound
  slots: Slots
  states: LiveStates
  clock: Clock
  /** A number from 0 to 1, by chance. */
  chance: () => number
  settings: () => Promise<Settings>
  tell: Pick<TellPeople, 'connectivityLost' | 'connectivityBack' | 'fetchingStopped'>
  /** Writes down how the last round of a server went. */
  remember: (id: number) => Promise<void>
}
type Progress = { done: number; total: number }
/** How a round ended and what is to be done about it; null after a good or a cancelled one. */
export type Settled = { result: RoundResult; next: AfterFailure | null }

/** Everything that is done with the mailbox of one server goes over its desk, one thing at a time. */
export type ServerDesk = {
  /** Runs a round, or joins the one that is running. Rejects only when `signal` aborts before its end: with ProblemError `cancelled`. */
  round(ready: ReadyServer, options: { keepOpen: boolean; signal: AbortSignal }): Promise<Settled>
  /** Runs other work on the mailbox while no round does. */
  exclusively<Result>(work: () => Promise<Result>): Promise<Result>
  isFetching(): boolean
  /** The mailbox that the last round left open; it stays on the desk. */
  mailbox(): OpenMailbox | null
  closeMailbox(): Promise<void>
  onProgress(listener: (progress: Progress) => void): () => void
  /** What `fetching` falls back to when no round is running. */
  rest(fetching: 'stopped' | 'waiting'): void
  forgiveFailures(): void
}

const keepEveryMs = 60_000

export function createServerDesk(needs: DeskNeeds, id: number): ServerDesk {
  const { states, clock } = needs
  const turns = createTurns()
  const listeners = new Set<(progress: Progress) => void>()
  const before = states.of(id)
  // Before this process, or before a person began anew, the loss may have been told.
  const health: { failures: number; since: string | null; lossTold: boolean | 'perhaps' } = { failures: before.failuresInARow, since: before.failingSince, lossTold: 'perhaps' }
  let kept = { at: Number.NEGATIVE_INFINITY, said: '' }
  let running: Promise<Settled> | null = null
  let open: { mailbox: OpenMailbox; for: string } | null = null
  let atRest: 'stopped' | 'waiting' = 'stopped'

  const takeMailbox = (): OpenMailbox | null => {
    const mailbox = open?.mailbox ?? null
    open = null
    return mailbox
  }
  const closeOpenMailbox = async (): Promise<void> => {
    const mailbox = takeMailbox()
    if (mailbox !== null) await closeMailbox(mailbox, clock)
  }

  async function run(ready: ReadyServer, keepOpen: boolean, signal: AbortSignal): Promise<Settled> {
    const leave = await needs.slots.enter(signal)
    try {
      if (open !== null && open.for !== JSON.stringify(ready.server)) await closeOpenMailbox()
      states.change(id, ready.server.name, { fetching: 'fetching', progress: null, nextRoundAt: null })
      const answer = await needs.round({ ready, mailbox: takeMailbox(), keepOpen, signal, onProgress: (progress) => tellProgress(ready.server, progress), onStuck: (since) => tellStuck(ready.server, since) })
      if (answer.mailbox !== null) open = { mailbox: answer.mailbox, for: JSON.stringify(ready.server) }
      return { result: answer.result, next: await settle(ready.server, answer.result, answer.isComplete) }
    } finally {
      leave()
    }
  }
  function tellProgress(server: IncomingServer, progress: Progress): void {
    states.change(id, server.name, { progress })
    for (const listener of listeners) listener(progress)
  }
  const tellStuck = (server: IncomingServer, since: number | null): void =>
    states.change(id, server.name, { stuckSince: since === null ? null : new Date(since).toISOString() })

  async function settle(server: IncomingServer, result: RoundResult, isComplete: boolean): Promise<AfterFailure | null> {
    const { problem } = result
    if (problem?.code === 'cancelled') {
      states.change(id, server.name, { fetching: atRest, progress: null, lastRound: result })
      return null
    }
    if (problem?.code === 'delayed-by-provider') return delayed(server, result, Date.parse(problem.until))
    if (problem === null) await recovered(server)
    else await failedAgain(server, problem)
    const now = new Date(clock.now()).toISOString()
    states.change(id, server.name, {
      fetching: problem !== null && atRest !== 'stopped' ? 'failing' : atRest,
      progress: null, delayedUntil: null, lastRound: result, problem, failuresInARow: health.failures, failingSince: health.since,
      ...(problem === null ? { lastSuccessAt: now } : {})
    })
    await rememberWhatChanged(result)
    if (problem === null) return null
    const next = afterFailure(problem, health.failures, needs.chance())
    if (next.next === 'stop') await needs.tell.fetchingStopped(server, problem)
    return isComplete && next.next === 'retry' ? null : next
  }
  /** The provider answers and asks for patience: neither a success nor a failure. */
  function delayed(server: IncomingServer, result: RoundResult, until: number): AfterFailure {
    states.change(id, server.name, { fetching: atRest, progress: null, lastRound: result, delayedUntil: new Date(until).toISOString() })
    return { next: 'retry', afterMs: Math.max(1_000, until - clock.now()) }
  }
  /** A round that found nothing, as the one before it, is worth a write once a minute. */
  async function rememberWhatChanged({ fetched, problem }: RoundResult): Promise<void> {
    const said = `${problem?.code}`
    if (fetched === 0 && said === kept.said && clock.now() - kept.at < keepEveryMs) return
    kept = { at: clock.now(), said }
    await needs.remember(id)
  }
  async function recovered(server: IncomingServer): Promise<void> {
    if (health.lossTold !== false) await needs.tell.connectivityBack(server, health.since)
    Object.assign(health, { failures: 0, since: null, lossTold: false })
  }
  async function failedAgain(server: IncomingServer, problem: Problem): Promise<void> {
    health.failures++
    health.since ??= new Date(clock.now()).toISOString()
    const { enabled, afterFailures } = (await needs.settings()).alerts.connectivity
    if (!enabled || health.lossTold === true || health.failures < (wantsSignIn(problem) ? 1 : afterFailures)) return
    health.lossTold = true
    await needs.tell.connectivityLost(server, problem, health.failures)
  }

  return {
    round(ready, { keepOpen, signal }) {
      if (running === null) {
        running = turns(() => run(ready, keepOpen, signal))
        running.then(ended, ended)
      }
      return untilAborted(running, signal).catch((thrown: unknown) => {
        throw signal.aborted ? new ProblemError({ code: 'cancelled' }, { cause: thrown }) : thrown
      })
    },
    exclusively: (work) => turns(work),
    isFetching: () => running !== null,
    mailbox: () => open?.mailbox ?? null,
    closeMailbox: closeOpenMailbox,
    onProgress(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    rest: (fetching) => void (atRest = fetching),
    forgiveFailures: () => void Object.assign(health, { failures: 0, since: null, lossTold: 'perhaps' })
  }
  function ended(): void {
    running = null
  }
}

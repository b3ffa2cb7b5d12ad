import type { CallAnswer, ParsedInput } from '#contract/calls.ts'
import type { IncomingServer, IncomingState, RoundResult } from '#contract/incoming-server.ts'
import { ProblemError, type Problem } from '#contract/problem.ts'
import type { EventListener } from '../console.ts'
import type { Database } from '../database/database.ts'
import type { KeptHealth } from '../database/health-table.ts'
import type { MailTables } from '../database/mail-tables.ts'
import type { ServerSources, StoredIncomingServer } from '../servers/server-sources.ts'
import type { RoundTally } from '../dashboard/round-tally.ts'
import type { Works } from '../work/works.ts'
import type { TellPeople } from '../notices/tell-people.ts'
import type { Clock } from './clock.ts'
import type { FetchRound, ReadyServer } from './round.ts'
import { wantsSignIn } from '../model/after-failure.ts'
import { createLiveStates } from './live-states.ts'
import { createServerDesk, type ServerDesk } from './server-desk.ts'
import { startServerLoop, type ServerLoop } from './server-loop.ts'
import { createPlaces } from './places.ts'
import { createSlots } from './slots.ts'
import { untilAborted } from './until-aborted.ts'

export type SchedulerNeeds = {
  sources: Pick<ServerSources, 'incoming' | 'incomingNamed' | 'settings'>
  /** Notes that a server is fetched from, or no more; whether that is new. Throws ProblemError `server-is-draft`. */
  setEnabled: (id: number, enabled: boolean, who: string) => Promise<boolean>
  round: FetchRound
  database: Database
  tables: MailTables
  works: Works
  /** Counts rounds for the dashboard. */
  rounds?: Pick<RoundTally, 'progressed' | 'ended' | 'keep'>
  clock: Clock
  chance: () => number
  announce: EventListener
  tell: Pick<TellPeople, 'connectivityLost' | 'connectivityBack' | 'fetchingStopped'>
  reportUnexpected: (thrown: unknown, during: string) => Problem
  /** How the last rounds went, from before this process. */
  remembered?: ReadonlyMap<number, KeptHealth>
  /** Rounds at once over all servers. */
  roundsAtOnce?: number
}
type Caller = { who: string }

export type FetchScheduler = {
  /** Begins fetching from every enabled server; until then nothing is fetched on schedule, whatever is started or changed. */
  begin(): Promise<void>
  /** To be told when servers were added, changed or deleted. */
  configurationChanged(): Promise<void>
  /** To be told when what all servers waited for is there, such as an open vault. */
  wakeAll(): void
  /** Lets a server's next round begin now, where it is fetched from at all. */
  wake(id: number): void
  start(input: ParsedInput<'incoming.start'>, caller: Caller): Promise<void>
  stop(input: ParsedInput<'incoming.stop'>, caller: Caller): Promise<void>
  startAll(input: ParsedInput<'incoming.start-all'>, caller: Caller): Promise<CallAnswer<'incoming.start-all'>>
  stopAll(input: ParsedInput<'incoming.stop-all'>, caller: Caller): Promise<CallAnswer<'incoming.stop-all'>>
  fetch(input: Omit<ParsedInput<'incoming.fetch'>, 'transcript'>): Promise<RoundResult>
  fetchAll(input: ParsedInput<'incoming.fetch-all'>): Promise<RoundResult[]>
  stateOf(id: number): IncomingState
  errorCountOf(id: number): Promise<number>
  /** Runs other work on a server's mailbox while no round does. */
  exclusively<Result>(id: number, work: () => Promise<Result>): Promise<Result>
  /** Ends all rounds; resolves when what was being committed is on disk and connections are closed. */
  close(): Promise<void>
}

/** Decides when each mailbox is fetched from: every server has a loop of its own, and none waits for another but for a slot. */
export function createFetchScheduler(needs: SchedulerNeeds): FetchScheduler {
  const { sources, tables, database, clock, works } = needs
  const errorCountOf = async (id: number): Promise<number> => (await tables.errors.countOpen(database, id)).open
  const states = createLiveStates({ remembered: needs.remembered ?? new Map(), clock, announce: needs.announce, errorCountOf, reportUnexpected: needs.reportUnexpected })
  const slots = createSlots(needs.roundsAtOnce ?? 20)
  const round: FetchRound = async (request) => {
    const { ready: { id }, onProgress } = request
    const answer = await needs.round({ ...request, onProgress: (progress) => (needs.rounds?.progressed(id, progress), onProgress(progress)) })
    needs.rounds?.ended(id, answer.result)
    needs.announce('round-finished', answer.result)
    return answer
  }
  const remember = async (id: number): Promise<void> => {
    await database.transaction(async (transaction) => {
      await tables.health.put(transaction, id, states.of(id))
      return needs.rounds?.keep(transaction, id)
    }).then((kept) => kept?.()).catch((thrown: unknown) => needs.reportUnexpected(thrown, 'keeping how a round went'))
  }
  const listening = createPlaces()
  const desks = new Map<number, ServerDesk>()
  const loops = new Map<number, ServerLoop>()
  const closing = new AbortController()
  const following = new Set<Promise<void>>()
  let hasBegun = false

  const deskOf = (id: number): ServerDesk => {
    const desk = desks.get(id) ?? createServerDesk({ ...needs, remember, round, slots, states, settings: sources.settings }, id)
    desks.set(id, desk)
    return desk
  }
  const current = async (id: number): Promise<StoredIncomingServer | null> => (await sources.incoming()).find((stored) => stored.id === id) ?? null

  function runLoop(id: number): void {
    if (!hasBegun || loops.has(id) || closing.signal.aborted) return
    const disable = async (server: IncomingServer): Promise<void> => {
      await needs.setEnabled(id, false, 'Mailroom')
      states.change(id, server.name, { fetching: 'stopped', nextRoundAt: null })
    }
    const listeningPlace = async (): Promise<(() => void) | null> => listening.take((await sources.settings()).fetching.mostListening)
    const loop = startServerLoop({ clock, listeningPlace, chance: needs.chance, states, current: () => current(id), disable, reportUnexpected: needs.reportUnexpected }, id, deskOf(id))
    loops.set(id, loop)
    void loop.ended.then(() => ended(id))
  }
  /** A server that was started while its loop was coming to its end gets a new one. */
  async function ended(id: number): Promise<void> {
    loops.delete(id)
    if (closing.signal.aborted) return
    try {
      const stored = await current(id)
      if (stored !== null && stored.ready !== null && stored.server.enabled) runLoop(id)
    } catch (thrown) {
      needs.reportUnexpected(thrown, 'looking whether a server is to be fetched from')
    }
  }
  async function endLoop(id: number, name: string): Promise<void> {
    await loops.get(id)?.stop()
    await deskOf(id).exclusively(async () => undefined)
    if (!loops.has(id)) states.change(id, name, { fetching: 'stopped', nextRoundAt: null, progress: null })
  }

  /** Followed to its end even where the scheduler is being closed meanwhile: `close` waits for it. */
  function configurationChanged(): Promise<void> {
    if (closing.signal.aborted) return Promise.resolve()
    const followed = followConfiguration().finally(() => following.delete(followed))
    following.add(followed)
    return followed
  }
  async function followConfiguration(): Promise<void> {
    const servers = await sources.incoming()
    for (const { id, server, ready } of servers) {
      if (server.enabled && ready !== null) runLoop(id)
      else if (loops.has(id)) await endLoop(id, server.name)
      const { problem } = states.of(id)
      if (problem !== null && wantsSignIn(problem)) loops.get(id)?.wake()
    }
    const kept = new Set(servers.map(({ id }) => id))
    for (const id of [...desks.keys()].filter((one) => !kept.has(one))) {
      await loops.get(id)?.stop()
      states.forget(id)
      desks.delete(id)
    }
  }

  async function startOne({ id, server, ready, issues }: StoredIncomingServer, who: string): Promise<void> {
    if (ready === null) throw new ProblemError({ code: 'server-is-draft', server: server.name, issues })
    const isNew = await needs.setEnabled(id, true, who)
    if (isNew || !loops.has(id)) {
      // Who starts a server by hand accepts the mailbox that is there now.
      await database.transaction((transaction) => tables.mailboxes.forget(transaction, id))
      deskOf(id).forgiveFailures()
      states.change(id, server.name, { fetching: hasBegun ? 'waiting' : 'stopped', problem: null, failuresInARow: 0, failingSince: null })
    }
    runLoop(id)
  }
  async function stopOne({ id, server }: StoredIncomingServer, who: string): Promise<boolean> {
    const isNew = await needs.setEnabled(id, false, who)
    await endLoop(id, server.name)
    return isNew
  }

  async function fetchOne({ id, server, ready, issues }: StoredIncomingServer, signal: AbortSignal): Promise<RoundResult> {
    if (ready === null) throw new ProblemError({ code: 'server-is-draft', server: server.name, issues })
    const desk = deskOf(id)
    const loop = loops.get(id)
    if (loop !== undefined && !desk.isFetching()) return untilAborted(loop.fetchNow(), signal)
    const joined = desk.round({ id, server: ready } satisfies ReadyServer, { keepOpen: false, signal: AbortSignal.any([signal, closing.signal]) })
    return (await joined).result
  }

  /** Runs work under its id, with the progress of the given servers announced. */
  async function duringWork<Result>(workId: string, ids: readonly number[], work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const signal = works.start(workId)
    const parts = new Map<number, { done: number; total: number }>()
    const tell = (): void => {
      const sum = (key: 'done' | 'total'): number => [...parts.values()].reduce((total, part) => total + part[key], 0)
      needs.announce('work-progressed', { workId, done: sum('done'), total: sum('total'), what: 'messages' })
    }
    const quit = ids.map((id) => deskOf(id).onProgress((progress) => (parts.set(id, progress), tell())))
    try {
      return await work(signal)
    } finally {
      for (const end of quit) end()
      works.end(workId)
    }
  }

  return {
    begin() {
      hasBegun = true
      return configurationChanged()
    },
    configurationChanged,
    wakeAll: () => loops.forEach((loop) => loop.wake()),
    wake: (id) => loops.get(id)?.wake(),
    start: async ({ name }, { who }) => startOne(await sources.incomingNamed(name), who),
    stop: async ({ name }, { who }) => void (await stopOne(await sources.incomingNamed(name), who)),
    async startAll(_input, { who }) {
      const servers = await sources.incoming()
      const ready = servers.filter((stored) => stored.ready !== null)
      for (const stored of ready) await startOne(stored, who)
      return { started: ready.map(({ server }) => server.name), drafts: servers.filter((stored) => stored.ready === null).map(({ server }) => server.name) }
    },
    async stopAll(_input, { who }) {
      const stopped = (await sources.incoming()).filter(({ id, server }) => server.enabled || loops.has(id))
      await Promise.all(stopped.map((stored) => stopOne(stored, who)))
      return { stopped: stopped.map(({ server }) => server.name) }
    },
    async fetch({ name, workId }) {
      const stored = await sources.incomingNamed(name)
      return duringWork(workId, [stored.id], (signal) => fetchOne(stored, signal))
    },
    async fetchAll({ workId }) {
      const ready = (await sources.incoming()).filter((stored) => stored.ready !== null)
      return duringWork(workId, ready.map(({ id }) => id), (signal) => Promise.all(ready.map((stored) => fetchOne(stored, signal))))
    },
    stateOf: states.of,
    errorCountOf,
    exclusively: (id, work) => deskOf(id).exclusively(work),
    async close() {
      closing.abort(new ProblemError({ code: 'cancelled' }))
      await Promise.allSettled(following)
      await Promise.all([...loops.values()].map((loop) => loop.stop()))
      await Promise.all([...desks.values()].map((desk) => desk.exclusively(async () => undefined)))
      states.close()
    }
  }
}

import type { OutgoingServer } from '#contract/outgoing-server.ts'
import { ProblemError, type Problem, type ProblemCode } from '#contract/problem.ts'
import type { Database } from '../database/database.ts'
import type { MailTables } from '../database/mail-tables.ts'
import type { Due, StoredMail, TryEnd } from '../database/outbox-table.ts'
import type { WireNotes } from '../data-folder/wire-notes.ts'
import type { Clock } from '../fetching/clock.ts'
import type { OutgoingMessage, OutgoingSession, SendAnswer } from '../mail/outgoing-transport.ts'
import { afterTry, fateAfter, type Fate, fewestTries, isGivenUp, waitAfter, waitForServer } from '../model/after-try.ts'
import type { ComposeOutboxMail } from './compose-outbox-mail.ts'
import type { OutboxMarks } from './outbox-marks.ts'
import { withPatience } from './outbox-patience.ts'
import { createOutboxQueue } from './outbox-queue.ts'
import { createOutboxSessions, type UsedSession } from './outbox-sessions.ts'
import { createOutboxStandstill } from './outbox-standstill.ts'
import type { OutboxTell } from './outbox-tell.ts'
import { trySending, type Prepared } from './outbox-try.ts'
import type { Route, Routes } from './routes.ts'

export type LaneNeeds = {
  database: Database
  tables: Pick<MailTables, 'outbox'>
  clock: Clock
  chance: () => number
  marks: OutboxMarks
  wire: Pick<WireNotes, 'begin' | 'end' | 'settled' | 'vouches'>
  routes: Pick<Routes, 'of' | 'failed' | 'worked'>
  compose: ComposeOutboxMail
  open: (server: OutgoingServer, signal: AbortSignal) => Promise<OutgoingSession>
  mostSessions: (server: OutgoingServer) => number
  /** The configured server as it is to be used now, or what stands in its way. */
  serverNamed: (name: string) => Promise<OutgoingServer | Problem>
  /** Why nothing but codes may go out through this server; null: it may. */
  mayNotSend: (server: OutgoingServer) => Promise<Problem | null>
  giveUpAfterHours: () => Promise<number>
  /** What counts as due now. */
  dueNow: () => Due
  /** A mail's try has an end, which is on disk. */
  ended: (mail: Pick<StoredMail, 'id' | 'kind' | 'to' | 'messageId' | 'termFrom'>, end: TryEnd) => void
  /** A mail went out under another Message-ID. */
  alsoKnownAs: (mail: StoredMail, messageId: string) => Promise<void>
  /** Something in the outbox is different. */
  changed: () => void
  /** Something waits of which no lane may know. */
  wake: () => void
  tell: Pick<OutboxTell, 'standstill' | 'goesOut'>
  reportUnexpected: (thrown: unknown, during: string) => Problem
}

/** The mail of one configured server. While the server is away one mail tries whether it is back, and the others wait for it. */
export type Lane = {
  /** Sends what is due of these partitions and of what names the server. `urgent`: something is to go before what is in hand. */
  go(partitions: readonly string[], urgent: boolean): void
  /** Tries again at once although the server was away. */
  openGate(): void
  /** Looks at the configuration again before the next mail. */
  reconsider(): void
  /** Until when (milliseconds since 1970) the server is left alone, and why; null: it is not. */
  standing(): { until: number; problem: Problem } | null
  /** Since when (ISO 8601) no mail got through, when it was last tried, and why; null where the last one did, or none was tried. */
  trouble(): { since: string; lastAt: string; problem: Problem } | null
  /** What waits of these partitions, and of what names the server, because it was away is due now. */
  hurry(partitions: readonly string[]): Promise<void>
  /** Whether an alternate may have left mail that waits for the server itself. */
  hasLeft(): boolean
  /** Mail goes through the server itself again: what its alternate left is due now. */
  returned(partitions: readonly string[]): Promise<void>
  /** Resolves when nothing that is due can be sent now. */
  rest(): Promise<void>
  close(): Promise<void>
}

const hangsUp: ReadonlySet<ProblemCode> = new Set(['connection-dropped', 'server-silent'])
const atOnce = 100
const fewLeft = 50
const atOnceGivenUp = 500
/**
 * So many mails at most of each connection stand on disk as under way beside the one that is; one, and more only while the disk is slower than the server. Where the computer
 * itself goes down, and where nothing vouches for them after a crash, nobody knows of any of them whether they went.
 */
const mostAhead = { vouched: 12, unvouched: 2 }
const steadyFor = 50
/** What is on the wire when the console closes has so long to come to its end (milliseconds). */
const lastWordMs = 5_000

export function createOutboxLane(needs: LaneNeeds, name: string): Lane {
  const { database, tables: { outbox }, clock, marks, routes } = needs
  const ending = new AbortController()
  const open = withPatience(clock, needs.open)
  const sessions = createOutboxSessions({ clock, open })
  const queue = createOutboxQueue()
  const standstill = createOutboxStandstill({
    clock, reportUnexpected: needs.reportUnexpected,
    waiting: () => outbox.waitingIn(database, lane()), began: (count, problem) => needs.tell.standstill(name, count, problem), ended: () => needs.tell.goesOut(name)
  })
  let partitions: readonly string[] = []
  let workers = 0
  let most = 1
  let isUp = false
  let isClosed = false
  let hasMore = false
  let filling = false
  let generation = 0
  let failures = 0
  let ahead = 1
  let hasLeft = false
  let steady = 0
  let gate: { until: number; problem: Problem; callOff: () => void } | null = null
  let trouble: { since: string; lastAt: string; problem: Problem } | null = null
  const blamed = new Map<number, number>()
  const resting: (() => void)[] = []
  let ends: Promise<unknown> = Promise.resolve()

  const lane = (): { server: string; partitions: readonly string[] } => ({ server: name, partitions })
  const isoNow = (): string => new Date(clock.now()).toISOString()
  const problemIn = (thrown: unknown, during: string): Problem => (thrown instanceof ProblemError ? thrown.problem : needs.reportUnexpected(thrown, during))
  const isAtRest = (): boolean => workers === 0 && !filling && (isClosed || gate !== null || (queue.isEmpty() && !hasMore))

  function pump(): void {
    if (!isClosed && gate === null) {
      if (hasMore && !filling && queue.length() < fewLeft) fill()
      while (workers < (isUp ? most : 1) && queue.hasNext()) {
        workers += 1
        work().catch((thrown: unknown) => needs.reportUnexpected(thrown, 'sending from the outbox')).finally(() => { workers -= 1; pump() })
      }
    }
    if (isAtRest()) for (const rested of resting.splice(0)) rested()
  }

  function fill(): void {
    filling = true
    hasMore = false
    const began = generation
    readDue().then((mails) => { if (began === generation && !isClosed) queue.put(mails) }, (thrown: unknown) => needs.reportUnexpected(thrown, 'reading the outbox')).finally(() => { filling = false; pump() })
  }
  async function readDue(): Promise<StoredMail[]> {
    // A mail whose try failed just now is not to be overtaken by the next to the same person.
    if (!isUp) await ends
    const server = await needs.serverNamed(name)
    const problem = 'code' in server ? server : await blockedBy(server)
    if (problem !== null) return holdAll(problem)
    if (!('code' in server)) await holdUnverified(server)
    const ids = (await outbox.dueIds(database, needs.dueNow(), lane(), atOnce + queue.inHand())).filter((id) => !queue.has(id))
    if (ids.length >= atOnce) hasMore = true
    return ids.length === 0 ? [] : outbox.mails(database, ids.slice(0, atOnce))
  }
  async function blockedBy(server: OutgoingServer): Promise<Problem | null> {
    const route = await routes.of(server)
    most = Math.max(1, needs.mostSessions(route.server))
    if (server.block || route.server.block) return { code: 'outgoing-blocked', server: server.block ? server.name : route.server.name }
    return null
  }
  async function holdAll(problem: Problem): Promise<StoredMail[]> {
    queue.clear()
    if ((await database.transaction((transaction) => outbox.hold(transaction, lane(), problem))) > 0) needs.changed()
    return []
  }
  /** A code goes out under an address that is not verified yet: it is what verifies it. */
  async function holdUnverified(server: OutgoingServer): Promise<void> {
    const problem = await needs.mayNotSend((await routes.of(server)).server)
    if (problem !== null && (await database.transaction((transaction) => outbox.hold(transaction, lane(), problem, true))) > 0) needs.changed()
  }

  async function work(): Promise<void> {
    let used: UsedSession | null = null
    const coming: Promise<Prepared | null>[] = []
    try {
      const following = async (): Promise<Prepared | null> => {
        for (let next = coming.shift(); next !== undefined; next = coming.shift()) {
          const prepared = await next
          if (prepared !== null) return wasWaitedFor(prepared)
        }
        return isClosed || gate !== null ? null : prepareNext()
      }
      for (let prepared = await following(); prepared !== null; prepared = await following()) {
        if (gate !== null || !isCurrent(prepared)) {
          await putBack(prepared)
        } else {
          const tried = await trySending({ take: (route) => sessions.take(route, ending.signal), open: async (route) => ({ session: await open(route.server, ending.signal), server: route.server, uses: 0 }), begin, problemIn, isCurrent, giveBack: sessions.giveBack, wire: needs.wire }, used, prepared, () => {
            while (isUp && coming.length < ahead && queue.hasNext()) coming.push(lookAhead())
          })
          used = tried.used
          if (tried.kind === 'sent') await sent(prepared, tried.answer)
          else if (tried.kind === 'failed') await failed(prepared, tried.problem)
          else if (tried.kind === 'outdated') await putBack(prepared)
          else queue.letGo(prepared.mail)
        }
      }
    } finally {
      if (used !== null) sessions.giveBack(used)
      for (const next of coming) await next.then((prepared) => (prepared === null ? undefined : putBack(prepared)))
    }
  }

  const isCurrent = (prepared: Prepared): boolean => !isClosed && prepared.generation === generation
  const begin = ({ mail, route }: Prepared): Promise<boolean> => marks.begin(mail.id, name, route.through)
  /** The next mail of the queue, written; what cannot be written has its end here. */
  async function prepareNext(): Promise<Prepared | null> {
    for (let mail = queue.next(isUp); mail !== null; mail = queue.next(isUp)) {
      const began = generation
      try {
        const server = await needs.serverNamed(name)
        if ('code' in server) throw new ProblemError(server)
        if (server.block) throw new ProblemError({ code: 'outgoing-blocked', server: server.name })
        const route = await routes.of(server)
        const unverified = mail.kind === 'code' ? null : await needs.mayNotSend(route.server)
        if (unverified !== null) throw new ProblemError(unverified)
        const message = await written(server, route, mail, began)
        if (message !== null) return { mail, route, generation: began, message, begun: null, isMarked: false }
      } catch (thrown) {
        await failed({ mail, route: null, generation: began, begun: null }, problemIn(thrown, 'writing a mail'))
      }
    }
    return null
  }
  /** What cannot be written for an alternate alone waits for the server itself: then null, and the mail has its end. */
  async function written(server: OutgoingServer, route: Route, mail: StoredMail, began: number): Promise<OutgoingMessage | null> {
    try {
      return await needs.compose(route.server, mail)
    } catch (thrown) {
      if (route.through === 'primary' || !(await needs.compose(server, mail).then(() => true, () => false))) throw thrown
      await failed({ mail, route: { ...route, isTrial: true }, generation: began, begun: null }, problemIn(thrown, 'writing a mail'))
      return null
    }
  }
  /** A mail whose turn has come before its mark was on disk: more of them are asked for ahead. */
  function wasWaitedFor(prepared: Prepared): Prepared {
    if (!prepared.isMarked) [ahead, steady] = [Math.min(needs.wire.vouches ? mostAhead.vouched : mostAhead.unvouched, ahead + 1), 0]
    else if (++steady >= steadyFor) [ahead, steady] = [Math.max(1, ahead - 1), 0]
    return prepared
  }
  /** While a mail is on the wire the next are written and marked, so that the disk keeps nobody waiting. */
  async function lookAhead(): Promise<Prepared | null> {
    const prepared = await prepareNext()
    if (prepared === null) return null
    prepared.begun = begin(prepared)
    prepared.begun.then(() => { prepared.isMarked = true }, () => undefined)
    return prepared
  }
  async function putBack({ mail, begun, generation: of }: Prepared): Promise<void> {
    if (begun !== null && (await begun.catch(() => false))) await marks.unbegin(mail.id)
    queue.letGo(mail)
    hasMore = true
    // By the configuration of now it may be the mail of another lane.
    if (of !== generation) needs.wake()
  }

  /** A server that takes other mail and hangs up twice at this one is not away: then this mail alone waits. */
  function fateOf({ id }: StoredMail, problem: Problem): Fate {
    const fate = fateAfter(problem)
    if (isUp && hangsUp.has(problem.code)) blamed.set(id, (blamed.get(id) ?? 0) + 1)
    return fate === 'server-down' && hangsUp.has(problem.code) && isUp && isBlamed(id) ? 'again' : fate
  }
  const isBlamed = (id: number): boolean => (blamed.get(id) ?? 0) >= 2
  async function sent({ mail, route }: Prepared, { serverSaid, knownAs }: SendAnswer): Promise<void> {
    routes.worked(route)
    queue.passed(mail)
    end(mail, { state: 'sent', tries: mail.tries + 1, nextAt: mail.nextAt, server: name, through: route.through, serverSaid, problem: null, tried: true })
    if (!isUp || failures > 0) await cameUp().catch((thrown: unknown) => needs.reportUnexpected(thrown, 'waking mail whose server is back'))
    if (knownAs !== undefined) await learn(mail, knownAs)
    await marks.room()
  }
  /** Answers to the mail find its request by the Message-ID under which it went. */
  async function learn(mail: StoredMail, knownAs: () => Promise<string | null>): Promise<void> {
    const messageId = await knownAs().catch(() => null)
    if (messageId !== null) await needs.alsoKnownAs(mail, messageId).catch((thrown: unknown) => needs.reportUnexpected(thrown, 'noting the Message-ID of a mail'))
  }

  async function failed({ mail, route, generation: of, begun }: Pick<Prepared, 'mail' | 'generation' | 'begun'> & { route: Route | null }, problem: Problem): Promise<void> {
    queue.passed(mail)
    const isMarked = begun === null ? null : await begun.catch(() => null)
    // Without the mark it is not ours any more: by the configuration of now another lane may have sent it.
    if (isMarked === false || (isMarked === null && of !== generation)) {
      queue.letGo(mail)
      return needs.wake()
    }
    const fate = fateOf(mail, problem)
    if (fate === 'cancelled') {
      if (isMarked === true) await marks.unbegin(mail.id)
      return queue.letGo(mail)
    }
    const now = clock.now()
    const tries = mail.tries + 1
    const about = { tries, server: name, through: route?.through ?? null, serverSaid: '', tried: route !== null }
    if (route !== null && (await otherWay(route, problem))) {
      queue.clear()
      sessions.closeIdle()
      isUp = false
      hasMore = true
      return end(mail, { ...about, state: 'waiting', nextAt: new Date(now).toISOString(), problem })
    }
    const hours = await needs.giveUpAfterHours().catch((thrown: unknown) => (needs.reportUnexpected(thrown, 'asking when mail is given up'), Number.POSITIVE_INFINITY))
    const wait = fate === 'server-down' ? closeGate(problem) : null
    // A relay that denies everybody would end all mail of a night while the server itself is away.
    if ((fate === 'refused' || fate === 'held') && route?.isTrial === true && !isGivenUp({ ageMs: now - Date.parse(mail.termFrom), tries, hours })) {
      hasLeft = true
      return end(mail, { ...about, state: 'waiting', nextAt: new Date(now + waitAfter(problem, tries, { now, chance: needs.chance() })).toISOString(), problem })
    }
    const after = afterTry({ problem, tries: Math.max(tries, fate === 'server-down' ? failures : 0), ageMs: now - Date.parse(mail.termFrom), hours, now, chance: needs.chance() })
    end(mail, { ...about, state: after.state, nextAt: new Date(wait === null ? after.nextAt : now + wait).toISOString(), problem: after.problem })
    if (fate === 'uncertain') isUp = false
    if (fate === 'server-down' && failures >= fewestTries) await giveUpOld(hours).catch((thrown: unknown) => needs.reportUnexpected(thrown, 'giving up mail'))
  }
  const otherWay = (route: Route, problem: Problem): Promise<boolean> => routes.failed(route, problem).catch((thrown: unknown) => (needs.reportUnexpected(thrown, 'looking for another way'), false))

  function end(mail: StoredMail, end: Omit<TryEnd, 'id' | 'at'>): void {
    const whole = { ...end, id: mail.id, at: isoNow(), length: mail.content.length + (mail.html ?? '').length }
    const written = marks.end(whole).then(() => {
      needs.wire.settled(mail.id)
      queue.letGo(mail)
      if (whole.state !== 'waiting') blamed.delete(mail.id)
      needs.ended(mail, whole)
      if (whole.state === 'waiting' && whole.nextAt <= isoNow()) hasMore = true
      pump()
    }, (thrown: unknown) => needs.reportUnexpected(thrown, 'writing what became of a mail'))
    ends = Promise.all([ends, written])
  }

  /** The server is away: how long (milliseconds) it is left alone. */
  function closeGate(problem: Problem): number {
    if (gate !== null) return Math.max(0, gate.until - clock.elapsed())
    failures += 1
    trouble = { since: trouble?.since ?? isoNow(), lastAt: isoNow(), problem }
    isUp = false
    standstill.failed(problem)
    const wait = waitForServer(problem, failures, { now: clock.now(), chance: needs.chance() })
    gate = { until: clock.elapsed() + wait, problem, callOff: clock.after(wait, openGate) }
    queue.clear()
    sessions.closeIdle()
    return wait
  }
  function openGate(): void {
    gate?.callOff()
    gate = null
    hasMore = true
    pump()
  }
  /** The server takes mail: what waits because it did not goes now. */
  async function cameUp(): Promise<void> {
    isUp = true
    failures = 0
    trouble = null
    standstill.worked()
    await hurry(partitions)
    hasMore = true
    pump()
  }
  async function hurry(of: readonly string[], fates: readonly Fate[] = ['server-down']): Promise<void> {
    const now = isoNow()
    const later = (await outbox.later(database, { server: name, partitions: of }, now)).filter(({ problem }) => problem !== null && fates.includes(fateAfter(problem))).filter(({ id }) => !isBlamed(id)).map(({ id }) => id)
    if (later.length > 0) await database.transaction((transaction) => outbox.waitNow(transaction, later, now, ['waiting']))
  }
  async function giveUpOld(hours: number): Promise<void> {
    const now = clock.now()
    for (let given = Number.isFinite(hours) ? 1 : 0; given > 0 && !isClosed; ) {
      const old = (await outbox.olderThan(database, lane(), new Date(now - hours * 3_600_000).toISOString(), atOnceGivenUp)).filter(({ id }) => !queue.has(id))
      const ends = old.map(({ id, tries, termFrom }): TryEnd => {
        const problem: Problem = { code: 'mail-given-up', hours: Math.floor((now - Date.parse(termFrom)) / 3_600_000), tries: failures }
        return { id, state: 'refused', at: isoNow(), tries, nextAt: isoNow(), server: name, through: null, serverSaid: '', problem, tried: false }
      })
      // What was cancelled or began meanwhile is not given up.
      const waiting = await database.transaction(async (transaction) => {
        const still = new Set((await outbox.some(transaction, ends.map(({ id }) => id))).filter(({ state }) => state === 'waiting').map(({ id }) => id))
        await outbox.end(transaction, ends.filter(({ id }) => still.has(id)))
        return still
      })
      for (const [at, end] of ends.entries()) if (waiting.has(end.id) && old[at] !== undefined) needs.ended(old[at], end)
      given = waiting.size
    }
  }

  return {
    go(now, urgent) {
      partitions = [...new Set([...partitions, ...now])]
      hasMore = true
      if (urgent && !filling && !isClosed && gate === null) fill()
      pump()
    },
    openGate,
    reconsider() {
      generation += 1
      partitions = []
      queue.clear()
      sessions.closeIdle()
      openGate()
    },
    trouble: () => trouble,
    hurry: (of) => hurry(of),
    hasLeft: () => hasLeft,
    async returned(of) {
      hasLeft = false
      await hurry(of, ['refused', 'held'])
    },
    standing: () => (gate === null ? null : { until: clock.now() + Math.max(0, gate.until - clock.elapsed()), problem: gate.problem }),
    async rest() {
      do {
        if (!isAtRest()) await new Promise<void>((resolve) => resting.push(resolve))
        await ends
      } while (!isAtRest())
    },
    async close() {
      isClosed = true
      gate?.callOff()
      standstill.close()
      queue.clear()
      const callOff = clock.after(lastWordMs, () => ending.abort(new ProblemError({ code: 'cancelled' })))
      sessions.closeIdle()
      while (workers > 0 || filling) await new Promise<void>((resolve) => { resting.push(resolve); pump() })
      callOff()
      ending.abort(new ProblemError({ code: 'cancelled' }))
      sessions.closeIdle()
      await ends
    }
  }
}


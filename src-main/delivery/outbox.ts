import type { CallAnswer } from '#contract/calls.ts'
import type { OutgoingServer } from '#contract/outgoing-server.ts'
import { ProblemError, type Problem } from '#contract/problem.ts'
import type { OutgoingProtocol } from '#contract/protocols.ts'
import type { EventListener } from '../console.ts'
import type { WireNotes } from '../data-folder/wire-notes.ts'
import type { Database } from '../database/database.ts'
import type { MailTables } from '../database/mail-tables.ts'
import type { Due, ListedMail, Place, StoredMail, TryEnd } from '../database/outbox-table.ts'
import type { Clock } from '../fetching/clock.ts'
import type { OutgoingTransport } from '../mail/outgoing-transport.ts'
import { longestTryMs } from '../model/next-try.ts'
import type { ServerSources } from '../servers/server-sources.ts'
import type { ComposeOutboxMail } from './compose-outbox-mail.ts'
import { createOutboxAsk } from './outbox-ask.ts'
import { createOutboxLane, type Lane } from './outbox-lane.ts'
import { createOutboxLists, type OutboxLists } from './outbox-lists.ts'
import { createOutboxMarks } from './outbox-marks.ts'
import { createOutboxSweep } from './outbox-sweep.ts'
import { createOutboxTell, type OutboxTellNeeds } from './outbox-tell.ts'
import type { Routes } from './routes.ts'
import { waysOf } from './ways-of.ts'

export type OutboxNeeds = OutboxTellNeeds & {
  database: Database
  tables: Pick<MailTables, 'outbox' | 'sent' | 'threads'>
  sources: Pick<ServerSources, 'outgoing' | 'outgoingFor' | 'partitions' | 'settings' | 'connectionFor'>
  transports: Readonly<Record<OutgoingProtocol, Pick<OutgoingTransport, 'open' | 'mostSessions' | 'wasSent'>>>
  routes: Pick<Routes, 'of' | 'failed' | 'worked'>
  compose: ComposeOutboxMail
  /** Why nothing but codes may go out through this server; null: it may. */
  mayNotSend: (server: OutgoingServer) => Promise<Problem | null>
  /** Takes the redacted conversation of one connection; null where none is wanted. */
  transcriptFor: (server: OutgoingServer) => ((line: string) => void) | null
  safeHtml: (html: string) => string
  clock: Clock
  /** A number from 0 to 1. */
  chance: () => number
  /** What is on the wire, for whoever opens the folder after a crash. */
  wire: WireNotes
  subscribe: (listener: EventListener) => unknown
  /** Whether what lies here was restored from a backup, and that this was seen to. */
  restored?: { is: () => boolean; seen: () => Promise<void> }
  reportUnexpected: (thrown: unknown, during: string) => Problem
}

/**
 * Mail that goes out by itself: on disk before it counts, marked on disk before it goes on the wire, its end on disk before anything is told of it. Each server has a lane of its
 * own, so that one that hangs holds up no other. What is refused, uncertain or held stays until a person or the configuration decides, what was sent for some days.
 */
export type Outbox = OutboxLists & {
  begin(): void
  /** Says that there may be something to send. */
  wake(): void
  /** Since when (ISO 8601) no mail of this server got through, and why; null where it does, as far as is known. */
  troubleOf(server: string): { since: string; problem: Problem } | null
  /** Tries everything that waits now; resolves when each was tried once, or its server was found to be away. */
  flush(): Promise<CallAnswer<'outbox.flush'>>
  close(): Promise<void>
}

const looksEveryMs = 60_000
/** The clock of the computer was set where it went so much otherwise than time (milliseconds). */
const jumpMs = 30_000
/** Longer than what is on the wire may take to its end when the console closes (milliseconds). */
const lastMarkMs = 15_000

export function createOutbox(needs: OutboxNeeds): Outbox {
  const { database, tables: { outbox }, sources, clock, transports } = needs
  const tell = createOutboxTell(needs)
  const keepsEnded = async (): Promise<boolean> => (await sources.settings()).sending.keepSentDays > 0
  const marks = createOutboxMarks({ ...needs, keepsEnded })
  const sweep = createOutboxSweep({ ...needs, keepSentDays: async () => (await sources.settings()).sending.keepSentDays, swept: tell.changed })
  const giveUpAfterHours = async (): Promise<number> => (await sources.settings()).sending.giveUpAfterHours
  const connectionNeeds = async (server: OutgoingServer, signal: AbortSignal) => ({ ...(await sources.connectionFor('outgoing', server)), signal, transcript: needs.transcriptFor(server), cursor: null })
  const ask = createOutboxAsk({
    ...needs, giveUpAfterHours, settled: () => { tell.changed(); wake() },
    senders: async (name, through) => {
      const stored = await sources.outgoing()
      const server = stored.find((one) => one.server.name === name)?.ready ?? null
      return server === null ? null : { server, ways: through === 'primary' ? [server] : waysOf(server, stored).slice(1) }
    },
    wasSent: async (server, messageId, signal) => transports[server.protocol].wasSent(server, messageId, await connectionNeeds(server, signal)),
    unanswered: (mail, problem) => tell.trouble('mail-uncertain', mail, mail.server, problem)
  })
  const lanes = new Map<string, Lane>()
  const configurations = new Map<string, string>()
  const done = { tried: 0, sent: 0, refused: 0 }
  let isClosed = false
  let looking: Promise<void> = Promise.resolve()
  let isLookOwed = false
  // Before the first look, whoever asks for it: a command that sends and ends is a start as well.
  let isRecoverOwed = true
  // Asked before anybody can write a mail here. What cannot be told from a copy counts as one.
  const lastCopied = needs.restored?.is() === true ? outbox.newest(database).catch(() => Number.POSITIVE_INFINITY) : Promise.resolve(0)
  let changes = 0
  let next = { at: Number.POSITIVE_INFINITY, callOff: (): void => undefined }
  let seen = { wall: clock.now(), elapsed: clock.elapsed() }

  const isoAt = (time: number): string => new Date(time).toISOString()
  const dueNow = (): Due => ({ now: isoAt(clock.now()), farthest: isoAt(clock.now() + longestTryMs + jumpMs) })

  async function serverNamed(name: string): Promise<OutgoingServer | Problem> {
    const found = (await sources.outgoing()).find(({ server }) => server.name === name)
    if (found === undefined) return { code: 'no-outgoing-server' }
    return found.ready ?? { code: 'server-is-draft', server: name, issues: found.issues }
  }
  const laneNameOf = async ({ wantedServer, partition }: Pick<ListedMail, 'wantedServer' | 'partition'>): Promise<string | null> => {
    if (wantedServer !== null) return wantedServer
    return (await sources.outgoingFor(partition))?.server.name ?? null
  }
  const laneNamed = (name: string): Lane => {
    const lane = lanes.get(name) ?? createOutboxLane({
      ...needs, marks, serverNamed, giveUpAfterHours, dueNow, changed: tell.changed, wake, tell,
      open: async (server, signal) => transports[server.protocol].open(server, await connectionNeeds(server, signal)),
      mostSessions: (server) => transports[server.protocol].mostSessions(server), ended: (mail, end) => ended(mail, end), alsoKnownAs
    }, name)
    lanes.set(name, lane)
    return lane
  }
  const alsoKnownAs = ({ request, to, createdAt }: StoredMail, messageId: string): Promise<void> => database.transaction(async (transaction) => {
    await needs.tables.sent.add(transaction, [{ messageId, request, recipient: to, at: createdAt }])
    if (request !== null) await needs.tables.threads.add(transaction, [{ messageId, request }])
  })
  function ended(mail: Pick<StoredMail, 'id' | 'kind' | 'to' | 'messageId' | 'termFrom'>, end: TryEnd): void {
    if (end.tried) done.tried += 1
    if (end.state === 'sent') done.sent += 1
    if (end.state === 'refused') done.refused += 1
    if (end.state === 'refused' && end.problem !== null) tell.trouble('mail-not-sent', mail, end.server, end.problem)
    if (end.state === 'uncertain') ask.about({ ...mail, tries: end.tries, server: end.server, through: end.through })
    if (end.state === 'waiting') lookBy(Date.parse(end.nextAt) - clock.now())
    tell.changed()
  }

  const wakeAgain = (): void => lookBy(0)
  /** Gives each lane that has something to send its turn. */
  async function look(): Promise<void> {
    if (isRecoverOwed) await recover()
    await followClock()
    const began = changes
    const byName = new Map<string | null, Place[]>()
    for (const place of await outbox.places(database, dueNow())) {
      const name = await laneNameOf(place)
      byName.set(name, [...(byName.get(name) ?? []), place])
    }
    // What was found is of a configuration that is gone: a lane would keep partitions that send elsewhere.
    if (began !== changes) return wakeAgain()
    for (const [name, places] of byName) {
      if (isClosed) return
      if (began !== changes) return wakeAgain()
      if (name === null) await holdWithoutServer(places)
      else laneNamed(name).go(places.filter(({ wantedServer }) => wantedServer === null).map(({ partition }) => partition), places.some(({ urgent }) => urgent))
    }
    await sweep.now()
    const due = await outbox.nextDue(database, dueNow().now)
    lookBy(Math.min(looksEveryMs, due === null ? looksEveryMs : Date.parse(due) - clock.now()))
  }
  async function holdWithoutServer(places: readonly Place[]): Promise<void> {
    await database.transaction(async (transaction) => { for (const { partition } of places) await outbox.hold(transaction, { server: '', partitions: [partition] }, { code: 'no-outgoing-server' }) })
    tell.changed()
  }
  /** Where the clock was set back, nobody waits for the time to come a second time. */
  async function followClock(): Promise<void> {
    const now = { wall: clock.now(), elapsed: clock.elapsed() }
    const wentBack = now.elapsed - seen.elapsed - (now.wall - seen.wall)
    seen = now
    if (wentBack > jumpMs) await database.transaction((transaction) => outbox.retryAllNow(transaction, isoAt(now.wall)))
    if (wentBack < -jumpMs) sweep.clockJumped()
  }
  function wake(): void {
    if (isClosed || isLookOwed) return
    isLookOwed = true
    next.callOff()
    next = { at: Number.POSITIVE_INFINITY, callOff: clock.after(0, () => void lookNow()) }
  }
  function lookNow(): Promise<void> {
    next.callOff()
    next = { at: Number.POSITIVE_INFINITY, callOff: () => undefined }
    looking = looking.then(async () => {
      isLookOwed = false
      if (!isClosed) await look()
    }).catch((thrown: unknown) => {
      if (isClosed) return
      needs.reportUnexpected(thrown, 'looking into the outbox')
      lookBy(looksEveryMs)
    })
    return looking
  }
  function lookBy(ms: number): void {
    const at = clock.elapsed() + Math.max(0, ms)
    if (isClosed || isLookOwed || next.at <= at) return
    next.callOff()
    next = { at, callOff: clock.after(Math.max(0, ms), () => void lookNow()) }
  }

  /** The configuration is another: what it held goes where it may, and each lane looks at it again. */
  async function released(): Promise<void> {
    await hurryMended()
    for (const lane of lanes.values()) lane.reconsider()
    for (const place of await outbox.places(database, 'held')) {
      const name = await laneNameOf(place)
      const server = name === null ? null : await serverNamed(name)
      if (server === null || 'code' in server || server.block) continue
      const onlyCodes = (await needs.mayNotSend((await needs.routes.of(server)).server)) !== null
      const lane = place.wantedServer === null ? { server: '', partitions: [place.partition] } : { server: place.wantedServer, partitions: [] }
      if ((await database.transaction((transaction) => outbox.release(transaction, lane, isoAt(clock.now()), onlyCodes))) > 0) tell.changed()
    }
    wake()
  }
  async function laneOf(server: string): Promise<{ server: string; partitions: string[] }> {
    const names = await Promise.all((await sources.partitions()).map(async ({ name }) => ({ name, server: (await sources.outgoingFor(name))?.server.name })))
    return { server, partitions: names.filter((one) => one.server === server).map(({ name }) => name) }
  }
  /** Where a server that let no mail through has passed a test since, or is another now, or takes its mail itself again, nobody waits for the next try. */
  async function hurryMended(): Promise<void> {
    const stored = await sources.outgoing()
    for (const { server: { name }, ready, lastTest } of stored) {
      const configuration = ready === null ? '' : JSON.stringify(waysOf(ready, stored))
      const isChanged = configurations.has(name) && configurations.get(name) !== configuration
      configurations.set(name, configuration)
      const lane = lanes.get(name)
      const trouble = lane?.trouble() ?? null
      if (trouble !== null && (isChanged || (lastTest !== null && (lastTest.verdict === 'ok' || lastTest.alternate !== undefined) && lastTest.at >= trouble.lastAt))) await lane?.hurry((await laneOf(name)).partitions)
      if (lane?.hasLeft() === true && ready !== null && (await needs.routes.of(ready)).through === 'primary') await lane.returned((await laneOf(name)).partitions)
    }
  }
  let releasing: Promise<void> = Promise.resolve()
  const release = (): void => {
    releasing = releasing.then(() => (isClosed ? undefined : released())).catch((thrown: unknown) => void needs.reportUnexpected(thrown, 'releasing mail of the outbox'))
  }
  needs.subscribe((name) => {
    if (name === 'servers-changed' || name === 'settings-changed' || name === 'senders-changed') {
      changes += 1
      // At once: what is released may take its time, and a server that was just blocked takes no more.
      for (const lane of lanes.values()) lane.reconsider()
      release()
    }
  })

  /** What was under way when the console ended: of what was on the wire just then nobody can say what became of it. */
  async function recover(): Promise<void> {
    const old = await outbox.inState(database, 'uncertain')
    const begun = await outbox.inState(database, 'sending')
    const last = needs.restored?.is() === true ? await lastCopied : 0
    const copied = last === 0 ? [] : [...(await outbox.inState(database, 'waiting')), ...(await outbox.inState(database, 'held'))].filter(({ id }) => id <= last)
    // A copy of a folder has notes of nothing.
    const past = needs.restored?.is() === true ? null : needs.wire.past()
    const was = new Map(begun.map((mail) => [mail.id, past?.(mail.id) ?? 'open']))
    const back = begun.filter(({ id }) => was.get(id) === 'never' || was.get(id) === 'not-taken')
    const ends = begun.filter((mail) => !back.includes(mail)).map((mail): TryEnd => ({
      id: mail.id, tries: mail.tries + 1, nextAt: mail.nextAt, at: mail.begunAt ?? isoAt(clock.now()), server: mail.server, through: mail.through, serverSaid: '', tried: true,
      ...(was.get(mail.id) === 'sent' ? { state: 'sent', problem: null } : { state: 'uncertain', problem: { code: 'mail-uncertain', server: mail.server ?? '', serverSaid: '' } })
    }))
    // The console of which this is a copy may have sent since what waited then.
    for (const mail of copied) {
      const server = await laneNameOf(mail)
      ends.push({ id: mail.id, state: 'uncertain', tries: mail.tries, nextAt: mail.nextAt, at: isoAt(clock.now()), server, through: null, serverSaid: '', problem: { code: 'mail-uncertain', server: server ?? '', serverSaid: '' }, tried: false })
    }
    if (ends.length + back.length > 0) await database.transaction((transaction) => Promise.all([outbox.end(transaction, ends), outbox.unbegin(transaction, back.map(({ id }) => id))]))
    await needs.restored?.seen()
    isRecoverOwed = false
    for (const mail of copied) ask.about({ ...mail, server: await laneNameOf(mail), through: null })
    for (const mail of begun) if (was.get(mail.id) === 'open') ask.about({ ...mail, tries: mail.tries + 1 })
    for (const mail of old) ask.about(mail, mail.nextAt === '')
    if (ends.length + back.length > 0) tell.changed()
  }

  const lists = createOutboxLists({
    ...needs, now: clock.now, changed: tell.changed,
    laneOf,
    standingOf: async (mail) => lanes.get((await laneNameOf(mail)) ?? '')?.standing() ?? null,
    released: () => { for (const lane of lanes.values()) lane.openGate(); wake() }
  })

  return {
    ...lists,
    begin() {
      release()
      void lookNow()
    },
    wake,
    troubleOf: (server) => {
      const trouble = lanes.get(server)?.trouble() ?? null
      return trouble === null ? null : { since: trouble.since, problem: trouble.problem }
    },
    async flush() {
      if (isClosed) throw new ProblemError({ code: 'cancelled' })
      const before = { ...done }
      await releasing
      await database.transaction((transaction) => outbox.retryAllNow(transaction, isoAt(clock.now())))
      for (const lane of lanes.values()) lane.openGate()
      await lookNow()
      await Promise.all([...lanes.values()].map((lane) => lane.rest()))
      const { waiting, sending, held, uncertain } = await outbox.countStates(database)
      return { tried: done.tried - before.tried, sent: done.sent - before.sent, refused: done.refused - before.refused, left: waiting + sending + held + uncertain }
    },
    async close() {
      isClosed = true
      next.callOff()
      await looking
      await releasing
      const quiet = Promise.all([...lanes.values()].map((lane) => lane.close()))
      // A disk that takes nothing any more would be tried until it does.
      let callOff = (): void => undefined
      await Promise.race([quiet, new Promise<void>((resolve) => { callOff = clock.after(lastMarkMs, resolve) })])
      callOff()
      await marks.close()
      await quiet
      await ask.close()
      sweep.close()
      needs.wire.close()
      await tell.close()
    }
  }
}

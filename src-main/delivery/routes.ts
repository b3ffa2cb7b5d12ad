import type { EventName } from '#contract/events.ts'
import type { OutgoingServer } from '#contract/outgoing-server.ts'
import type { Problem, ProblemCode } from '#contract/problem.ts'
import { quoted } from '#contract/problem-words.ts'
import type { EventListener } from '../console.ts'
import { afterNotTaken, afterTaken, afterUnreachable, isTrial, primaryWay, type WayOfMail } from '../model/way-of-mail.ts'
import type { NewNotice } from '../notices/bell.ts'
import type { ServerSources, StoredOutgoingServer } from '../servers/server-sources.ts'
import { watchPrimary, type FailOverClock, type Health } from './fail-over.ts'
import { isSignInTrouble, mayUseAlternate } from './may-use-alternate.ts'
import { waysOf } from './ways-of.ts'

/** The way that one mail takes. */
export type Route = {
  /** The configured server whose mail this is. */
  name: string
  /** As it is to be opened now: with the host of its alternate, or another server by its name. */
  server: OutgoingServer
  through: 'primary' | 'alternate'
  /** It stands in and has taken no mail yet, so that what it refuses may be taken by another. */
  isTrial?: boolean
}

export type RoutesNeeds = {
  sources: Pick<ServerSources, 'outgoing'>
  clock: FailOverClock
  announce: EventListener
  subscribe: (listener: EventListener) => unknown
  /** Rings the bell; `text` names the server. */
  ring: (notice: NewNotice) => Promise<unknown>
  /** Connects and signs in to the server itself, and sends nothing. */
  healthOf: (server: OutgoingServer) => Promise<Health>
  /** Why nothing may go out through this server, which then stands in for none; null: it may. */
  mayNotSend?: (server: OutgoingServer) => Promise<Problem | null>
  reportUnexpected: (thrown: unknown, during: string) => Problem
}

/** `through` is the name of the server, or its host with the port. */
export type StandIn = { since: string; through: string }

/**
 * Which server takes mail, remembered in memory alone. An alternate stays in use until somebody returns, a health check finds the primary well where that is chosen,
 * the configuration of either changes, the console starts again, or no alternate can be reached and the primary takes mail.
 */
export type Routes = {
  /** The way that mail of this configured server takes now. */
  of(server: OutgoingServer): Promise<Route>
  /** A try over it failed. True: the way has changed, try again at once over `of`. */
  failed(route: Route, problem: Problem): Promise<boolean>
  worked(route: Route): void
  /** What takes the mail of a server in its place; null: it does so itself. */
  standInOf(name: string): StandIn | null
  /** Mail goes through the server itself again. */
  returnToPrimary(name: string): void
  close(): void
}

/** What a server says of one mail, which shows that it is up. */
const answers: ReadonlySet<ProblemCode> = new Set(['recipient-refused', 'sender-refused', 'mail-refused', 'mail-deferred'])

const concerned: ReadonlySet<EventName> = new Set(['servers-changed', 'senders-changed', 'settings-changed'])

/** `read` is the configuration as it was read when the ways were found: as long as it is the same one, so are they. */
type Entry = { configuration: string; read: readonly [OutgoingServer, readonly StoredOutgoingServer[]] | null; ways: OutgoingServer[]; way: WayOfMail; since: string; lastProblem: Problem | null; stopWatch: () => void }

export function createRoutes(needs: RoutesNeeds): Routes {
  const { sources, clock } = needs
  const entries = new Map<string, Entry>()
  let closed = false

  const usableWays = async (server: OutgoingServer, stored: readonly StoredOutgoingServer[]): Promise<OutgoingServer[]> => {
    const [own = server, ...others] = waysOf(server, stored)
    const barred = await Promise.all(others.map((other) => needs.mayNotSend?.(other) ?? null))
    return [own, ...others.filter((_other, index) => barred[index] === null)]
  }
  const entryOf = async (server: OutgoingServer): Promise<Entry> => {
    const stored = await sources.outgoing()
    const known = entries.get(server.name)
    if (known?.read?.[0] === server && known.read[1] === stored) return known
    const ways = await usableWays(server, stored)
    const before = entries.get(server.name)
    const configuration = JSON.stringify(ways)
    if (before?.configuration === configuration) return Object.assign(before, { read: [server, stored] })
    if (before !== undefined) end(server.name, before, 'its configuration was changed')
    const entry: Entry = { configuration, read: [server, stored], ways, way: primaryWay, since: '', lastProblem: null, stopWatch: () => undefined }
    entries.set(server.name, entry)
    return entry
  }

  /** Follows what was found out about a way, and tells of it where another server takes the mail now. */
  const follow = (name: string, entry: Entry, way: WayOfMail): void => {
    const before = entry.way.standing
    entry.way = way
    if (before === way.standing || closed) return
    if (way.standing === 0) return end(name, entry, 'its alternate could not be reached any more')
    entry.since = before === 0 ? new Date(clock.now()).toISOString() : entry.since
    if (before === 0 && alternateOf(entry)?.returnToPrimary === 'health-check') entry.stopWatch = watchPrimary({ clock, check: () => needs.healthOf(entry.ways[0] as OutgoingServer), well: () => end(name, entry, 'it passed its health check'), signInTrouble: entry.lastProblem !== null && isSignInTrouble(entry.lastProblem) })
    tell({ kind: 'on-alternate', server: name, text: `Mail of ${quoted(name)} goes through its alternate ${placeOf(entry)}.`, problem: entry.lastProblem })
  }

  /** Mail begins at the server itself again; told where another stood in for it. */
  const end = (name: string, entry: Entry, why: string): void => {
    const stoodIn = entry.since !== ''
    entry.stopWatch()
    if (entries.get(name) === entry) entries.set(name, { ...entry, way: primaryWay, since: '', lastProblem: null, stopWatch: () => undefined })
    if (stoodIn) tell({ kind: 'on-primary', server: name, text: `Mail of ${quoted(name)} goes through the server itself again: ${why}.`, problem: null })
  }
  const tell = (notice: NewNotice): void => {
    if (closed) return
    needs.announce('servers-changed', { kind: 'outgoing' })
    needs.ring(notice).catch((thrown: unknown) => needs.reportUnexpected(thrown, 'telling of an alternate server'))
  }

  // A changed configuration counts at once, and not with the next mail.
  const compare = async (): Promise<void> => {
    const stored = await sources.outgoing()
    for (const [name, entry] of entries) {
      const ready = stored.find(({ server }) => server.name === name)?.ready ?? null
      if (ready !== null && JSON.stringify(await usableWays(ready, stored)) === entry.configuration) continue
      if (entries.get(name) !== entry) continue
      end(name, entry, 'its configuration was changed')
      entries.delete(name)
    }
  }
  needs.subscribe((event) => {
    if (event === 'senders-changed' || event === 'settings-changed') for (const entry of entries.values()) entry.read = null
    if (concerned.has(event) && entries.size > 0 && !closed) compare().catch((thrown: unknown) => needs.reportUnexpected(thrown, 'comparing outgoing servers'))
  })

  return {
    async of(server) {
      const { ways, way } = await entryOf(server)
      return { name: server.name, server: ways[way.hop] ?? server, through: way.hop === 0 ? 'primary' : 'alternate', isTrial: isTrial(way, way.hop) }
    },
    async failed(route, problem) {
      const entry = entries.get(route.name)
      const hop = entry === undefined ? -1 : hopOf(entry, route)
      if (entry === undefined || hop < 0) return false
      if (!mayUseAlternate(problem, entry.ways[hop + 1]?.name !== entry.ways[hop]?.name)) {
        if (answers.has(problem.code)) entry.way = afterNotTaken(entry.way, hop)
        return false
      }
      if (hop === 0) entry.lastProblem = problem
      const { way, tryAgain } = afterUnreachable(entry.way, hop, entry.ways.slice(0, -1).map(({ alternate }) => alternate?.afterFailures ?? 1))
      entry.way = way
      return tryAgain
    },
    worked(route) {
      const entry = entries.get(route.name)
      const hop = entry === undefined ? -1 : hopOf(entry, route)
      if (entry !== undefined && hop >= 0) follow(route.name, entry, afterTaken(entry.way, hop))
    },
    standInOf(name) {
      const entry = entries.get(name)
      return entry === undefined || entry.since === '' ? null : { since: entry.since, through: placeOf(entry) }
    },
    returnToPrimary(name) {
      const entry = entries.get(name)
      if (entry !== undefined) end(name, entry, 'somebody returned to it')
    },
    close() {
      closed = true
      for (const entry of entries.values()) entry.stopWatch()
      entries.clear()
    }
  }
}

const alternateOf = ({ ways }: Entry): OutgoingServer['alternate'] => ways[0]?.alternate ?? null

const hopOf = ({ ways }: Entry, { server }: Route): number => ways.findIndex((way) => way.name === server.name && way.host === server.host && way.port === server.port)

/** Who stands in: a server by its name, a host by its place. */
const placeOf = ({ ways, way: { standing } }: Entry): string => {
  const server = ways[standing]
  const named = server !== undefined && ways.slice(0, standing).every(({ name }) => name !== server.name)
  return server === undefined ? '' : named ? server.name : `${server.host}:${server.port}`
}

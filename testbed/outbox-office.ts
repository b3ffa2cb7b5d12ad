import { outgoingServer, newOutgoingServer, type OutgoingServer } from '../src-contract/outgoing-server.ts'
import type { TestVerdict } from '../src-contract/connection-test.ts'
import type { Problem } from '../src-contract/problem.ts'
import { ProblemError } from '../src-contract/problem.ts'
import { partition, settings as settingsSchema, type Settings } from '../src-contract/settings.ts'
import type { EventListener } from '../src-main/console.ts'
import type { Database } from '../src-main/database/database.ts'
import { mailTables } from '../src-main/database/mail-tables.ts'
import type { NewMail } from '../src-main/database/outbox-table.ts'
import { createOutbox, type Outbox, type OutboxNeeds } from '../src-main/delivery/outbox.ts'
import type { Route } from '../src-main/delivery/routes.ts'
import type { Clock } from '../src-main/fetching/clock.ts'
import type { OutgoingMessage, OutgoingSession } from '../src-main/mail/outgoing-transport.ts'
import type { NewNotice } from '../src-main/notices/bell.ts'
import type { WireNotes } from '../src-main/data-folder/wire-notes.ts'
import { createHeldClock, type HeldClock } from './held-clock.ts'
import { createMemoryDatabase } from './memory-database.ts'
import { noSecrets } from './smtp-without-sign-in.ts'

/** What a server does with a message: takes it (null), or a problem. May wait. */
export type Behaviour = (message: { to: string; server: string; attempt: number }) => Promise<Problem | null> | Problem | null
export type OutboxWorld = {
  database: Database
  clock: HeldClock
  outbox: Outbox
  servers: OutgoingServer[]
  /** What the last test of a server found, by its name. */
  lastTests: Map<string, TestVerdict>
  settings: Settings
  /** What the servers took, in order; `open` sessions by server, and the most at once. */
  taken: { to: string; server: string; messageId: string }[]
  opened: string[]
  mostOpen: () => number
  sessionsOpen: () => number
  rung: NewNotice[]
  announced: string[]
  change(): Promise<void>
  put(...mails: (string | Partial<NewMail>)[]): Promise<void>
  states(): Promise<Record<string, string>>
  /** The same data folder in another process: what was in memory is gone. */
  restart(own?: Partial<OutboxNeeds>): OutboxWorld
}

export const serverNamed = (name: string, own: object = {}): OutgoingServer => outgoingServer.parse({ ...newOutgoingServer('smtp'), name, host: `${name}.example.com`, replyTo: `${name}@example.com`, auth: { method: 'none', user: '', secret: 'keychain' }, ...own })

/** As where the computer was restarted, or does not tell its starts apart. */
export const nothingNoted: WireNotes = { vouches: false, begin: () => undefined, end: () => undefined, settled: () => undefined, past: () => null, close: () => undefined }

type Given = { servers?: OutgoingServer[]; behaviour?: Behaviour; /** After a server has taken a message and before its answer arrives. */ answering?: () => Promise<void>; open?: (server: string, attempt: number) => Promise<Problem | null> | Problem | null; wasSent?: (messageId: string) => Promise<boolean | null>; /** The Message-ID under which the provider sends a mail instead. */ knownAs?: (messageId: string) => Promise<string | null>; settings?: object; own?: Partial<OutboxNeeds>; database?: Database; clock?: HeldClock }

/** An outbox over a database in memory, servers that behave as told and a clock that is held. Partition IT sends through the first server, HR through the second. */
export function openOutboxWorld(given: Given = {}): OutboxWorld {
  const { behaviour = () => null, answering = async () => undefined, open = () => null, wasSent = async () => null, database = createMemoryDatabase(), clock = createHeldClock() } = given
  const servers = given.servers ?? [serverNamed('main')]
  const lastTests: OutboxWorld['lastTests'] = new Map()
  const world = { settings: settingsSchema.parse(given.settings ?? {}) }
  const listeners: EventListener[] = []
  const taken: OutboxWorld['taken'] = []
  const opened: string[] = []
  const rung: NewNotice[] = []
  const announced: string[] = []
  const attempts = new Map<string, number>()
  const attemptOf = (key: string): number => { attempts.set(key, (attempts.get(key) ?? 0) + 1); return attempts.get(key) ?? 0 }
  let sessionsOpen = 0
  let mostOpen = 0
  const session = (server: OutgoingServer, signal: AbortSignal): OutgoingSession => {
    let isOpen = true
    sessionsOpen += 1
    mostOpen = Math.max(mostOpen, sessionsOpen)
    const close = (): void => { if (isOpen) sessionsOpen -= 1; isOpen = false }
    return {
      async send(message: OutgoingMessage) {
        const to = message.recipients[0] ?? ''
        const aborted = new Promise<Problem>((resolve) => signal.addEventListener('abort', () => resolve({ code: 'cancelled' }), { once: true }))
        const problem = await Promise.race([behaviour({ to, server: server.name, attempt: attemptOf(to) }), aborted])
        if (problem?.code === 'mail-uncertain' || problem?.code === 'connection-dropped' || problem?.code === 'server-busy') close()
        if (problem !== null) throw new ProblemError(problem)
        taken.push({ to, server: server.name, messageId: message.messageId })
        await answering()
        return { serverSaid: '250 OK', accepted: [to], refused: [], ...(given.knownAs === undefined ? {} : { knownAs: () => given.knownAs?.(message.messageId) ?? Promise.resolve(null) }) }
      },
      isUsable: () => isOpen,
      close
    }
  }
  const transport = {
    async open(server: OutgoingServer, { signal }: { signal: AbortSignal }) {
      const problem = await open(server.name, attemptOf(`open ${server.name}`))
      if (problem !== null) throw new ProblemError(problem)
      opened.push(server.name)
      return session(server, signal)
    },
    mostSessions: ({ mostConnections }: OutgoingServer) => mostConnections,
    wasSent: (_server: OutgoingServer, messageId: string) => wasSent(messageId)
  }
  const partitions = [partition.parse({ name: 'IT', outgoing: servers[0]?.name ?? null, default: true }), partition.parse({ name: 'HR', outgoing: servers[1]?.name ?? null })]
  const storedOf = (one: OutgoingServer, id: number) => ({ id, server: one, ready: one, issues: [], lastTest: lastTests.get(one.name) ?? null })
  const announce: EventListener = (name, detail) => { announced.push(name); for (const listener of listeners) listener(name, detail) }
  const outbox = createOutbox({
    database, tables: mailTables, clock: clock as Clock, chance: () => 0, announce, subscribe: (listener) => void listeners.push(listener),
    sources: {
      outgoing: async () => servers.map(storedOf), partitions: async () => partitions, settings: async () => world.settings,
      outgoingFor: async (name) => servers.map(storedOf).find(({ server }) => server.name === partitions.find((one) => one.name === name)?.outgoing) ?? servers.map(storedOf)[0] ?? null,
      connectionFor: async () => noSecrets
    },
    transports: { smtp: transport, ews: transport, graph: transport, google: transport },
    routes: { of: async (server): Promise<Route> => ({ name: server.name, server, through: 'primary' }), failed: async () => false, worked: () => undefined },
    compose: async (server, mail) => ({ from: server.replyTo, recipients: [mail.to], raw: Buffer.from(mail.content), messageId: mail.messageId }),
    mayNotSend: async () => null, transcriptFor: () => null, safeHtml: (html) => html,
    notify: { ring: async (notice) => { rung.push(notice); return true } }, bell: { ring: async (notice) => { rung.push({ ...notice, text: `bell alone: ${notice.text}` }); return true } },
    reportUnexpected: (thrown) => { throw thrown }, wire: nothingNoted,
    ...given.own
  })
  return {
    database, clock, outbox, servers, lastTests, settings: world.settings, taken, opened, mostOpen: () => mostOpen, sessionsOpen: () => sessionsOpen, rung, announced,
    async change() {
      announce('servers-changed', { kind: 'outgoing' })
      await clock.pass(1)
    },
    put: (...mails) => database.transaction((transaction) => mailTables.outbox.add(transaction, mails.map((one, index): NewMail => {
      const own = typeof one === 'string' ? { to: one } : one
      const at = new Date(clock.now()).toISOString()
      return { partition: 'IT', to: 'a@example.com', subject: 'Received: Help', content: 'We have it.', inReplyTo: '<1@example.com>', messageId: `<${index}-${own.to ?? ''}>`, request: 7, createdAt: at, tries: 0, nextAt: at, problem: null, ...own }
    }))),
    async states() {
      const { rows } = await outbox.list({ limit: 500, before: null, state: null, server: null, request: null, query: '' })
      const { rows: sent } = await outbox.list({ limit: 500, before: null, state: 'sent', server: null, request: null, query: '' })
      return Object.fromEntries([...rows, ...sent].sort((one, other) => one.id - other.id).map(({ to, state }) => [to, state]))
    },
    restart: (own = {}) => openOutboxWorld({ ...given, servers, database, clock, own: { ...given.own, ...own } })
  }
}

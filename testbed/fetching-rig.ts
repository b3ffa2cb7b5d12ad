import { createHash } from 'node:crypto'
import type { EventName } from '../src-contract/events.ts'
import { incomingServer, newIncomingServer, type IncomingServer } from '../src-contract/incoming-server.ts'
import { settings as settingsSchema, type Settings } from '../src-contract/settings.ts'
import type { Problem } from '../src-contract/problem.ts'
import type { Database } from '../src-main/database/database.ts'
import { mailTables } from '../src-main/database/mail-tables.ts'
import type { ErrorRecord, ErrorRecords } from '../src-main/error-folder/record.ts'
import { createFetchRound } from '../src-main/fetching/fetch-round.ts'
import type { RoundAnswer, RoundLimits, RoundNeeds, RoundRequest } from '../src-main/fetching/round.ts'
import { systemClock, type Clock } from '../src-main/fetching/clock.ts'
import type { Intake } from '../src-main/intake/intake.ts'
import { requestSubject } from '../src-main/model/request-subject.ts'
import { createTellOutcomes } from '../src-main/notices/tell-outcomes.ts'
import type { TellPeople } from '../src-main/notices/tell-people.ts'
import { parseMessage } from '../src-main/processing/parsing/parse-message.ts'
import { createCommitMessages } from '../src-main/requests/commit-messages.ts'
import type { Decide } from '../src-main/requests/decide.ts'
import { createStoredMessages, type StoredMessages } from '../src-main/requests/stored-messages.ts'
import { makesNothing, quietCommitNeeds } from './commit-needs.ts'
import { createFakeMailServer, type FakeMailServer } from './fake-mail-server.ts'
import { createNoticing, type Noticing } from './noticing.ts'
import { passwordConnection } from './password-connection.ts'
import { createMemoryDatabase } from './memory-database.ts'

/** Everything that outlives a process: the mail server, the database, stored contents and error records. */
export type World = { mail: FakeMailServer; database: Database; contents: Map<string, Buffer>; records: Map<string, ErrorRecord>; settings: Settings }
export const createWorld = (options: { push?: boolean; clock?: Clock } = {}): World => ({
  mail: createFakeMailServer(options),
  database: createMemoryDatabase(),
  contents: new Map(),
  records: new Map(),
  settings: settingsSchema.parse({ alerts: { applicationErrors: { enabled: true, to: ['admin@example.com'] } } })
})

export const testServer = (changes: Partial<IncomingServer> = {}): IncomingServer =>
  incomingServer.parse({ ...newIncomingServer(changes.protocol ?? 'imap', 'IT'), name: 'it', host: 'mail.example.com', auth: { method: 'password', user: 'it', secret: 'keychain' }, push: false, ...changes })

export type Announced = { name: EventName; detail: unknown }
export type Rig = RoundNeeds & {
  records: ErrorRecords
  messages: StoredMessages
  tell: TellPeople
  announced: Announced[]
  mails: Noticing['mails']
  unexpected: unknown[]
  round: (request?: Partial<Omit<RoundRequest, 'ready'>> & { server?: IncomingServer; serverId?: number }) => Promise<RoundAnswer>
}
/** `step` is asked before and after everything that touches the world; it may throw, as a crash or a fault would. */
export type RigOptions = { step?: (name: string) => Promise<void> | void; clock?: Clock; decide?: Decide; limits?: Partial<RoundLimits>; sharers?: ReadonlyMap<number, number[]> }

/** A process: everything around a fetch round, over a world. */
export function createRig(world: World, { step = () => undefined, clock = systemClock, decide = decideBySubject, limits = {}, sharers }: RigOptions = {}): Rig {
  const announced: Announced[] = []
  const unexpected: unknown[] = []
  const reportUnexpected = (thrown: unknown): Problem => (unexpected.push(thrown), { code: 'unexpected', reference: 'TEST' })
  const announce: RoundNeeds['announce'] = (name, detail) => void announced.push({ name, detail })
  const database = databaseWithSteps(world.database, step)
  const settings = async (): Promise<Settings> => world.settings
  const { notify, tell, mails } = createNoticing({ database, settings, clock, announce, logWarning: (text) => unexpected.push(text) })
  const records = recordsIn(world.records, step)
  const commit = createCommitMessages({ ...quietCommitNeeds(clock.now), told: createTellOutcomes({ announce, bell: notify, wakeOutbox: () => undefined, reportUnexpected }), database, tables: mailTables, decide, records, now: clock.now, reportUnexpected })
  world.mail.before = step
  const needs: RoundNeeds = {
    transportFor: () => world.mail.transport, connectionFor: async () => passwordConnection('it', 'secret'), cursorOf: () => ({ read: async () => null, write: async () => undefined }), transcriptFor: () => null, sharersOf: async ({ id }) => sharers?.get(id) ?? [], settings,
    database, tables: mailTables, intake: intakeInto(world.contents, step), commit, clock, announce, tell, reportUnexpected, limits
  }
  const run = createFetchRound(needs)
  return {
    ...needs, tell, records, messages: storedIn(world), announced, mails, unexpected,
    round: ({ server = testServer(), serverId = 1, ...request } = {}) =>
      run({ ready: { id: serverId, server }, mailbox: null, keepOpen: false, signal: new AbortController().signal, onProgress: () => undefined, onStuck: () => undefined, ...request })
  }
}

/** Decides by words in the subject: `bug` throws, `bad` is an error, `spam` is dropped; known references make replies. */
export const decideBySubject: Decide = ({ parsed: { content, problem }, conversations, takenBefore }) => {
  const nothing = makesNothing()
  if (content.subject.includes('bug')) throw new TypeError('a bug with password=hunter2')
  if (problem !== null || content.subject.includes('bad')) return { ...nothing, outcome: 'error', reason: 'bad', problem: problem ?? { code: 'message-unreadable', reason: 'bad' } }
  if (takenBefore !== null) return { ...nothing, outcome: 'dropped', reason: takenBefore }
  if (content.subject.includes('spam')) return { ...nothing, outcome: 'dropped', reason: 'spam' }
  const numbered = Number(/##RE-(\d+)##/.exec(content.subject)?.[1] ?? 0)
  const replyTo = conversations.request(numbered) !== null ? numbered : (content.references.flatMap((id) => conversations.requestsOf(id))[0] ?? null)
  const newRequest = replyTo === null ? { subject: requestSubject(content.subject, content.text), status: 'open' as const, requester: content.from ?? { name: '', address: '' }, values: {} } : null
  return { ...nothing, outcome: replyTo === null ? 'request' : 'reply', replyTo, newRequest, steps: [{ step: 'conversation', outcome: replyTo === null ? 'request' : 'reply', detail: '' }] }
}

/** A short mail; `id` makes its Message-ID. */
export const mailOf = (id: string, subject: string, more: string[] = []): string =>
  [`Message-ID: <${id}@example.com>`, 'From: Ann <ann@example.com>', 'To: it@example.com', `Subject: ${subject}`, 'Date: Fri, 20 Nov 2026 08:00:00 +0000', ...more, '', `Text of ${id}.`, ''].join('\r\n')

const storedIn = (world: World): StoredMessages =>
  createStoredMessages({
    database: world.database, tables: mailTables, parse: parseMessage,
    content: { read: async (address) => world.contents.get(address) ?? Promise.reject(new Error(`no content ${address}`)) }
  })

function databaseWithSteps(database: Database, step: (name: string) => Promise<void> | void): Database {
  const all: Database['all'] = async (sql, parameters) => {
    await step('query')
    return database.all(sql, parameters)
  }
  return {
    all,
    close: () => database.close(),
    async transaction(work) {
      const result = await database.transaction(async (transaction) => {
        await step('begin')
        const done = await work({ all: transaction.all, run: async (sql, parameters) => (await step('statement'), transaction.run(sql, parameters)) })
        await step('commit')
        return done
      })
      await step('committed')
      return result
    }
  }
}

function intakeInto(contents: Map<string, Buffer>, step: (name: string) => Promise<void> | void): Intake {
  return {
    async take(raws) {
      await step('take')
      return raws.map((raw) => {
        const address = createHash('sha256').update(raw).digest('hex').slice(0, 24)
        contents.set(address, raw)
        return { stored: { address, place: { pack: 1, offset: 0, length: raw.length }, size: raw.length }, parsed: parseMessage(raw) }
      })
    },
    retire: async () => undefined,
    close: async () => undefined
  }
}

function recordsIn(records: Map<string, ErrorRecord>, step: (name: string) => Promise<void> | void): ErrorRecords {
  return {
    async write(record) {
      await step('record')
      const name = `${records.size + 1}-${Math.random().toString(16).slice(2)}.record`
      records.set(name, record)
      return name
    },
    read: async (name) => {
      const record = records.get(name)
      if (record === undefined) throw new Error(`no record ${name}`)
      return record
    },
    names: async () => [...records.keys()],
    discard: async (names) => names.forEach((name) => records.delete(name))
  }
}

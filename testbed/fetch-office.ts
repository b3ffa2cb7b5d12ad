import { join } from 'node:path'
import { incomingServer, newIncomingServer, type IncomingServer, type RoundResult } from '../src-contract/incoming-server.ts'
import { settings as settingsSchema } from '../src-contract/settings.ts'
import { openContentStore } from '../src-main/content/open-content-store.ts'
import type { Database } from '../src-main/database/database.ts'
import { mailTables } from '../src-main/database/mail-tables.ts'
import { openDatabase } from '../src-main/database/open-database.ts'
import { writeInFolder } from '../src-main/data-folder/write-in-folder.ts'
import { createErrorRecords } from '../src-main/error-folder/record.ts'
import { systemClock, type Clock } from '../src-main/fetching/clock.ts'
import { createFetchRound } from '../src-main/fetching/fetch-round.ts'
import type { FetchRound, RoundLimits } from '../src-main/fetching/round.ts'
import { createIntake } from '../src-main/intake/create-intake.ts'
import type { ConnectionLimits } from '../src-main/mail/connection/destination.ts'
import type { ConnectionSecrets } from '../src-main/mail/incoming-transport.ts'
import { createTransports } from '../src-main/mail/transports.ts'
import { parseMessage } from '../src-main/processing/parsing/parse-message.ts'
import { decide } from '../src-main/processing/pipeline.ts'
import { createCommitMessages } from '../src-main/requests/commit-messages.ts'
import { quietCommitNeeds } from './commit-needs.ts'
import { createStoredMessages, type StoredMessages } from '../src-main/requests/stored-messages.ts'
import { passwordConnection } from './password-connection.ts'
import { createNoticing } from './noticing.ts'
import { transportNeeds } from './transport-needs.ts'

/** The real parts around a fetch round, over a data folder; no configuration, window or keychain. */
export type FetchOffice = { database: Database; messages: StoredMessages; round: FetchRound; fetch: (server: IncomingServer, onProgress?: (done: number) => void) => Promise<RoundResult>; close: () => Promise<void> }

/** `secretOf` answers what a connection signs in with, or throws as a credential store would. */
export type OfficeOptions = { connection?: Partial<ConnectionLimits>; clock?: Clock; secretOf?: (user: string) => Promise<ConnectionSecrets>; quiet?: boolean; smallestCheckpoint?: number }

const dataKey = Buffer.alloc(32, 7)
export async function openFetchOffice(dataFolder: string, secret: string, limits: Partial<RoundLimits> = {}, { connection = {}, clock = systemClock, secretOf, quiet = false, smallestCheckpoint }: OfficeOptions = {}): Promise<FetchOffice> {
  const warning = (text: string): void => (quiet ? undefined : console.error(text))
  const database = await openDatabase({ folder: join(dataFolder, 'database'), dataKey, log: { warning }, smallestCheckpoint })
  const contentFolder = join(dataFolder, 'content')
  const content = openContentStore({ folder: contentFolder, dataKey })
  const intake = createIntake({ contentFolder, dataKey })
  const records = createErrorRecords({ write: writeInFolder, folder: join(dataFolder, 'errors'), dataKey: async () => dataKey, redact: (text) => text })
  const announce = (): void => undefined
  const settings = async () => settingsSchema.parse({})
  const { tell } = createNoticing({ database, settings, clock, logWarning: warning })
  const transports = createTransports(transportNeeds(connection))
  const reportUnexpected = (thrown: unknown) => (warning(String(thrown)), { code: 'unexpected' as const, reference: 'OFFICE' })
  const round = createFetchRound({
    transportFor: (protocol) => transports.incoming[protocol], connectionFor: async ({ auth }) => (secretOf === undefined ? passwordConnection(auth.user, secret) : secretOf(auth.user)), cursorOf: () => ({ read: async () => null, write: async () => undefined }), transcriptFor: () => null,
    sharersOf: async () => [], settings, database, tables: mailTables, intake, clock, announce, tell, reportUnexpected, limits,
    commit: createCommitMessages({ ...quietCommitNeeds(), database, tables: mailTables, decide, records, now: clock.now, reportUnexpected })
  })
  return {
    database, round,
    messages: createStoredMessages({ database, tables: mailTables, content, parse: parseMessage }),
    fetch: async (server, onProgress = () => undefined) => {
      const signal = new AbortController().signal
      return (await round({ ready: { id: 1, server }, mailbox: null, keepOpen: false, signal, onProgress: ({ done }) => onProgress(done), onStuck: () => undefined })).result
    },
    async close() {
      await intake.close()
      await content.close()
      await database.close()
    }
  }
}

/** A server on a test machine, without TLS. */
export const plainServer = (changes: Partial<IncomingServer>): IncomingServer =>
  incomingServer.parse({
    ...newIncomingServer(changes.protocol ?? 'imap', 'Main'), name: 'it', host: '127.0.0.1', security: 'none', auth: { method: 'password', user: 'it', secret: 'keychain' },
    errorFolder: { enabled: true, name: 'Errors', stopAfter: null, notify: false }, ...changes
  })

// As a program: fetches once in small batches and prints a line for each, so that a test can kill it in between.
if (process.argv[1] === import.meta.filename) {
  const [dataFolder = '', secret = '', server = '{}'] = process.argv.slice(2)
  const office = await openFetchOffice(dataFolder, secret, { batchMessages: 5 })
  await office.fetch(plainServer(JSON.parse(server) as Partial<IncomingServer>), (done) => console.log(done))
  await office.close()
}

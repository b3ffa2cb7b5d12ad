import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { incomingServer, newIncomingServer } from '../src-contract/incoming-server.ts'
import { settings as settingsSchema } from '../src-contract/settings.ts'
import type { Problem } from '../src-contract/problem.ts'
import { mailTables } from '../src-main/database/mail-tables.ts'
import { openDatabase } from '../src-main/database/open-database.ts'
import { createErrorRecords } from '../src-main/error-folder/record.ts'
import { systemClock } from '../src-main/fetching/clock.ts'
import { createFetchRound } from '../src-main/fetching/fetch-round.ts'
import { createIntake } from '../src-main/intake/create-intake.ts'
import { createImapTransport } from '../src-main/mail/imap/imap-transport.ts'
import { decide } from '../src-main/processing/pipeline.ts'
import { createCommitMessages } from '../src-main/requests/commit-messages.ts'
import type { BenchMailbox, RunResult } from './bench-mailbox.ts'

/** One round of the product into an empty data folder: download, parse, decide, encrypt, store, commit, mark as seen. */
export const runRound = async (mailbox: BenchMailbox, folder: string): Promise<RunResult & { requests: number; errors: number }> => {
  const dataKey = randomBytes(32)
  const database = await openDatabase({ folder: join(folder, 'database'), dataKey, log: { warning: (text) => console.error(text) } })
  const intake = createIntake({ contentFolder: join(folder, 'content'), dataKey })
  const reportUnexpected = (thrown: unknown): Problem => {
    console.error(thrown)
    return { code: 'unexpected', reference: 'BENCH' }
  }
  const settings = settingsSchema.parse({})
  const commit = createCommitMessages({
    database, tables: mailTables, decide, now: Date.now, reportUnexpected,
    records: createErrorRecords({ folder: join(folder, 'errors'), dataKey: async () => dataKey, redact: (text) => text })
  })
  const transport = createImapTransport({ readSample: () => ({ from: '', subject: '', date: null, text: '' }) })
  const round = createFetchRound({
    transportFor: () => transport, credentialsFor: async () => ({ user: mailbox.user, secret: mailbox.password }), transcriptFor: () => null, settings: async () => settings,
    database, tables: mailTables, intake, commit, clock: systemClock, announce: () => undefined, reportUnexpected,
    tell: { mailboxChanged: async () => undefined, messagesFailed: async () => undefined }
  })
  const server = incomingServer.parse({ ...newIncomingServer('imap', 'IT'), name: 'bench', host: mailbox.host, port: mailbox.port, security: 'none', auth: { method: 'password', user: mailbox.user, secret: 'keychain' }, push: false })
  const started = performance.now()
  const { result } = await round({ ready: { id: 1, server }, mailbox: null, keepOpen: false, signal: new AbortController().signal, onProgress: () => undefined, onStuck: () => undefined })
  const seconds = (performance.now() - started) / 1000
  await intake.close()
  await database.close()
  if (result.problem !== null) throw new Error(JSON.stringify(result.problem))
  return { messages: result.fetched, seconds, requests: result.requests, errors: result.errors }
}

import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { calls } from '#contract/calls.ts'
import type { SampleMail } from '#contract/connection-test.ts'
import type { IncomingServer } from '#contract/incoming-server.ts'
import type { EventListener } from '../console.ts'
import type { Problem } from '#contract/problem.ts'
import { wordsOf } from '#contract/problem-words.ts'
import { parseForTrial } from './trial.ts'
import { composeSignIn } from './sign-in.ts'
import { createFindSetup, namedDnsServers } from './setup.ts'
import { openContentStore } from '../content/open-content-store.ts'
import type { CredentialStore } from '../credentials/credential-store.ts'
import type { LookAroundNeeds } from '../dashboard/look-around.ts'
import type { DataFolder } from '../data-folder/open-data-folder.ts'
import { writeInFolder } from '../data-folder/write-in-folder.ts'
import { configurationTables } from '../database/configuration-tables.ts'
import { mailTables } from '../database/mail-tables.ts'
import { openDatabase } from '../database/open-database.ts'
import { createPopBeforeSmtp } from '../delivery/pop-before-smtp.ts'
import { createOutbox } from '../delivery/outbox.ts'
import { createDelivery } from '../delivery/send-mail.ts'
import { createErrors, errorSource } from '../error-folder/errors.ts'
import { createErrorRecords } from '../error-folder/record.ts'
import { createReplay } from '../error-folder/replay.ts'
import { createRequeue } from '../error-folder/requeue.ts'
import { createSupportBundle } from '../error-folder/support-bundle.ts'
import { sweepRecords } from '../error-folder/sweep-records.ts'
import { systemClock } from '../fetching/clock.ts'
import { createFetchRound } from '../fetching/fetch-round.ts'
import type { ReadyServer } from '../fetching/round.ts'
import { createRoundTrip } from '../fetching/round-trip.ts'
import { createCursorOf } from '../fetching/cursor-of.ts'
import { createFetchScheduler, type FetchScheduler } from '../fetching/fetch-scheduler.ts'
import { createTranscripts } from '../fetching/transcripts.ts'
import { createIntake } from '../intake/create-intake.ts'
import { createHandlers } from '../ipc/handlers.ts'
import type { Log } from '../log/create-log.ts'
import { readLog } from '../log/read-log.ts'
import { redact } from '../log/redact.ts'
import { certificateOf } from '../mail/certificate-of.ts'
import { createProviderThrottle, throttleKey } from '../mail/connection/provider-throttle.ts'
import { composeMessage } from '../mail/smtp/compose-message.ts'
import { createTransports } from '../mail/transports.ts'
import { sameMailbox } from '../model/same-mailbox.ts'
import { createBell } from '../notices/bell.ts'
import { createTellOutcomes } from '../notices/tell-outcomes.ts'
import { createWatchExpiries } from '../notices/watch-expiries.ts'
import { attachmentBytes } from '../processing/parsing/attachment-bytes.ts'
import { parseMessage } from '../processing/parsing/parse-message.ts'
import { safeHtml } from '../processing/parsing/safe-html.ts'
import { decide } from '../processing/pipeline.ts'
import { createProcessMessage } from '../processing/process-message.ts'
import { createRecentTraffic } from '../processing/recent-traffic.ts'
import { createCommitMessages } from '../requests/commit-messages.ts'
import { lookUpOne } from '../requests/decide-messages.ts'
import { createRequests } from '../requests/requests.ts'
import type { CommitNeeds } from '../requests/message-fate.ts'
import { createStoredMessages } from '../requests/stored-messages.ts'
import { createTakeMessage } from '../requests/take-message.ts'
import { createConfigurationFile } from '../servers/configuration-file.ts'
import { createServerSources } from '../servers/configured-servers.ts'
import { createExpiries } from '../servers/expiries.ts'
import { createHistory } from '../servers/history.ts'
import { createHistoryVersions } from '../servers/history-versions.ts'
import { createIncoming } from '../servers/incoming.ts'
import { createOutgoing } from '../servers/outgoing.ts'
import { createPartitions } from '../servers/partitions.ts'
import { createSecrets } from '../servers/secrets.ts'
import { createSettings } from '../servers/settings.ts'
import { createSwitchDebug } from '../servers/switch-debug.ts'
import { composeAccess } from './access.ts'
import { anchoredDatabase, composeVerifyHistory } from './history.ts'
import { composeBackup } from './backup.ts'
import { composeAlerts } from './alerts.ts'
import { composeCounting, composeDashboard, type DashboardRoom } from './dashboard.ts'
import { composeHandOver } from './hand-over.ts'
import { composeLedger } from './ledger.ts'
import { composeNativeMail } from './native-mail.ts'
import { composeRetention } from './retention.ts'
import { nativeMailName, nativeOrigin } from '../receiving/native-origin.ts'
import { createTakeAgain } from '../receiving/take-again.ts'
import { createPeople } from '../people/create-people.ts'
import { createTrySpamRules } from '../processing/try-spam-rules.ts'
import { createServerSignIn } from '../servers/sign-in-servers.ts'
import { createPushDesk, type PushDesk } from '../web/push-desk.ts'
import { createDownloads } from '../work/downloads.ts'
import { createWorks } from '../work/works.ts'

export type CoreNeeds = {
  host: 'desktop' | 'browser'
  folder: DataFolder
  credentials: CredentialStore
  dataKey: Buffer
  env: Readonly<Record<string, string | undefined>>
  log: Log
  announce: EventListener
  subscribe: (listener: EventListener) => () => void
  versions: () => string
  state: LookAroundNeeds['state']
  /** Logs a bug in full and returns the problem that stands for it. */
  reportUnexpected: (thrown: unknown, during: string) => Problem
}
export type Core = { handlers: ReturnType<typeof createHandlers>; access: Awaited<ReturnType<typeof composeAccess>>; receive: PushDesk['receive']; health: DashboardRoom['health']; begin(): Promise<void>; close(): Promise<void> }

/** Builds every room on an open data folder and connects them. Throws ProblemError `data-folder-damaged`, `data-folder-newer`, `disk-full`. */
export async function composeCore(needs: CoreNeeds): Promise<Core> {
  const { folder, credentials, dataKey, log, announce, reportUnexpected } = needs
  const now = (): Date => new Date()
  const { database, anchor } = anchoredDatabase({ database: await openDatabase({ folder: folder.databaseFolder, dataKey, log }), credentials, announce, logWarning: log.warning })
  const content = openContentStore({ folder: folder.contentFolder, dataKey })
  const intake = createIntake({ contentFolder: folder.contentFolder, dataKey, dnsServers: namedDnsServers(needs.env) })

  const stored = { database, tables: mailTables }
  const bell = createBell({ ...stored, announce, now: Date.now })
  // Fetching tells of its own servers; nobody would notice an outgoing one before mail is to go out.
  const signIn = composeSignIn(credentials, now, (kind, server, problem) => {
    if (kind === 'outgoing') notify.ring({ kind: 'connectivity-lost', server, text: wordsOf(problem).title, problem }).catch((error: unknown) => reportUnexpected(error, 'telling of a refused sign-in'))
  })
  const configuring = { database, tables: configurationTables, credentials, signIn, now, announce }
  const sources = createServerSources({ ...configuring, subscribe: needs.subscribe })
  const { settings } = sources
  const announcements = createPushDesk({ publicUrl: async () => (await settings()).fetching.publicUrl, newId: randomUUID })
  const throttle = createProviderThrottle(systemClock)
  const transports = createTransports({ readSample, throttle, announcements })
  const transportFor = (protocol: keyof typeof transports.incoming) => transports.incoming[protocol]
  const connectionFor = (server: IncomingServer) => sources.connectionFor('incoming', server)
  const popFirst = createPopBeforeSmtp({ sources, transportFor, connectionFor, now: Date.now })
  const outgoingTransports = { ...transports.outgoing, smtp: popFirst(transports.outgoing.smtp) }
  const works = createWorks()
  const downloads = createDownloads({ works, newId: randomUUID, clock: systemClock })
  const { notify, tell, ...alerts } = composeAlerts({
    ...stored, bell, sources, settings, folder: folder.path, works, announce, wakeOutbox: () => outbox.wake(), sendNotice: (...given) => delivery.sendNotice(...given), stateOf: (id) => schedulerOf().stateOf(id), logWarning: log.warning
  })
  const transcripts = createTranscripts({ sources, clock: systemClock, announce })

  const messages = createStoredMessages({ ...stored, content, parse: parseMessage })
  const records = createErrorRecords({ folder: join(folder.path, 'errors'), write: writeInFolder, dataKey: async () => dataKey, redact })
  // Before anything can be committed: what was never committed is gone for good.
  await sweepRecords({ ...stored, records }).catch((thrown: unknown) => log.warning(`Orphaned error records were not taken away: ${String(thrown)}`))

  const delivery = createDelivery({
    sources, transports: outgoingTransports, compose: composeMessage, newId: randomUUID, clock: systemClock, announce,
    onAlternate: (server, problem) => notify.ring({ kind: 'on-alternate', server, text: `Mail goes through the alternate server of ${server}.`, problem }).then(() => undefined),
    transcriptFor: (server) => transcripts.writerFor('outgoing', server)
  })
  const outbox = createOutbox({
    ...stored, sendAutomatic: delivery.sendAutomatic, formatPerPerson: async () => (await settings()).emailFormat.perPerson,
    clock: systemClock, chance: Math.random, announce, logWarning: log.warning, reportUnexpected
  })
  const handOver = composeHandOver({ database, messages, settings, credentials, bell: notify, works, announce, subscribe: needs.subscribe, logWarning: log.warning, reportUnexpected })
  const traffic = createRecentTraffic({ now: Date.now })
  const counting = composeCounting((await needs.state()).version)
  const commit = createCommitMessages({
    ...stored, decide, records, traffic, partitions: sources.partitions, newId: randomUUID, handOver: handOver.add, now: Date.now, reportUnexpected,
    told: both(counting.metrics.committed, createTellOutcomes({ announce, bell: notify, wakeOutbox: outbox.wake, reportUnexpected }))
  })

  const sharersOf = async ({ id, server }: ReadyServer) => (await sources.incoming()).filter((other) => other.id !== id && other.ready !== null && sameMailbox(server, other.ready)).map((other) => other.id)
  const round = createFetchRound({
    ...stored, sharersOf, transportFor, connectionFor, cursorOf: createCursorOf(stored), settings, intake, commit, clock: systemClock, announce, tell, reportUnexpected,
    transcriptFor: (server) => transcripts.writerFor('incoming', server)
  })

  // Servers show what fetching knows of them, and fetching asks the servers: the one is built before the other can be asked.
  const scheduling: { of: FetchScheduler | null } = { of: null }
  const schedulerOf = (): FetchScheduler => {
    if (scheduling.of === null) throw new Error('asked before the scheduler was built')
    return scheduling.of
  }
  const incoming = createIncoming({ ...configuring, works, openTranscript: transcripts.open, transports: transports.incoming, certificateOf, stateOf: (id) => schedulerOf().stateOf(id), errorCountOf: (id) => schedulerOf().errorCountOf(id) })
  const scheduler = createFetchScheduler({ ...stored, remembered: await mailTables.health.all(database), sources, setEnabled: incoming.setEnabled, round, rounds: counting.tally, works, clock: systemClock, chance: Math.random, announce, tell, reportUnexpected })
  scheduling.of = scheduler

  const configuration = createConfigurationFile({ ...configuring, environment: (name) => needs.env[name], readTextFile: (path) => readFile(path, 'utf8') })
  const unsubscribe = needs.subscribe((name, detail) => {
    if (name !== 'servers-changed' || !('kind' in detail) || detail.kind !== 'incoming') return
    scheduler.configurationChanged().catch((error: unknown) => reportUnexpected(error, 'following a change of the configuration'))
  })

  const settingsRoom = createSettings(configuring)
  const partitionsRoom = createPartitions(configuring)
  const access = await composeAccess({ ...configuring, host: needs.host, settings, subscribe: needs.subscribe, reportUnexpected })
  const history = composeVerifyHistory({ database, anchor, bell, notify, logWarning: log.warning })
  const nativeMail = composeNativeMail({ ...stored, bell: notify, tell, sources, intake, commit, works, announce, subscribe: needs.subscribe, reportUnexpected, saveSettings: settingsRoom.save, stopFetching: scheduler.stop, sendNotice: delivery.sendNotice })

  const readTextFile = (path: string): Promise<string> => readFile(path, 'utf8')
  const expiries = createExpiries({ ...configuring, readTextFile })
  const watchExpiries = createWatchExpiries({
    ...stored, expiries: expiries.list, notify, clock: systemClock, logWarning: log.warning
  })
  const tryMessage = createProcessMessage({
    settings, reportUnexpected, parse: parseForTrial(namedDnsServers(needs.env)), partitions: sources.partitions,
    serverNamed: async (name) => (name === nativeMailName ? nativeOrigin((await settings()).nativeMail, await sources.partitions()).server : (await sources.incomingNamed(name)).server),
    lookUp: async (parsed, name) => lookUpOne({ tables: mailTables, traffic, now: Date.now }, database, name === null ? 0 : await errorSource(sources, name), await settings(), parsed)
  })
  const asCore = { role: 'support', who: 'Mailroom' } as const
  const dashboard = composeDashboard({
    counting, database, sources, settings, folder: folder.path, stateOf: scheduler.stateOf, expiries: expiries.list, reportUnexpected,
    status: {
      state: needs.state, incoming: incoming.list, outgoing: () => handlers['outgoing.list']({}, asCore), notices: bell.list, outbox: outbox.list, handOver: (input) => handlers['hand-over.list'](calls['hand-over.list'].input.parse(input), asCore),
      requests: () => handlers['requests.list'](calls['requests.list'].input.parse({ limit: 1 }), asCore), errors: () => handlers['errors.list'](calls['errors.list'].input.parse({ limit: 1 }), asCore)
    }
  })
  const outgoingRoom = createOutgoing({ ...configuring, works, openTranscript: transcripts.open, transports: outgoingTransports, certificateOf, delayedUntil: (server) => isoOf(throttle.delayedUntil(throttleKey(server))), onAlternateSince: delivery.onAlternateSince })
  const retention = composeRetention({ folder, dataKey, database, content, intake, records, settings, partitions: sources.partitions, sources, works, announce, logWarning: log.warning, reportUnexpected })
  const handlers = createHandlers({
    retention,
    dashboard, works, downloads, incoming, scheduler, sendTestNotice: alerts.sendTest, transcripts, switchDebug: createSwitchDebug({ ...configuring, wake: scheduler.wake }), delivery, bell, configuration, handOver,
    outgoing: outgoingRoom,
    secrets: createSecrets(configuring),
    signIns: createServerSignIn({ ...configuring, works }),
    expiries,
    roundTrip: createRoundTrip({ sources, transportFor, connectionFor, sendOwnMail: delivery.sendNotice, exclusively: scheduler.exclusively, works, clock: systemClock, announce }),
    findSetup: createFindSetup(needs.env, async () => (await incoming.template({ protocol: 'imap' })).partition),
    partitions: partitionsRoom,
    access,
    settings: settingsRoom,
    people: createPeople({ ...stored, history: configurationTables.history, works, announce, now }),
    spamRules: createTrySpamRules({ database, spamHits: mailTables.spamHits }),
    nativeMail,
    history: { ...createHistory(configuring), verify: history.verify, ...createHistoryVersions({ ...configuring, restoreIncoming: incoming.restore, restoreOutgoing: outgoingRoom.restore, savePartition: partitionsRoom.save, saveSettings: settingsRoom.save }) },
    makeBackup: composeBackup({ folder, database, credentials, downloads, announce, now, product: needs.versions().split('\n')[0] ?? '' }),
    requests: createRequests({ ...stored, messages, safeHtml, attachmentBytes, settings, handOver: handOver.add, announce, now }),
    errors: createErrors({ ...stored, sources, messages, records, safeHtml, attachmentBytes, announce }),
    replay: createReplay({ ...stored, sources, messages, intake, commit, tryMessage, parse: parseMessage, announce }),
    requeue: createTakeAgain({ ...stored, sources, messages, intake, commit, works, newId: randomUUID, announce }, createRequeue({ ...stored, sources, transportFor, connectionFor, exclusively: scheduler.exclusively, wake: scheduler.wake, works, announce })),
    ledger: composeLedger({ ...stored, sources, transportFor, connectionFor, sharersOf, exclusively: scheduler.exclusively, wake: scheduler.wake, works, announce }),
    bundle: createSupportBundle({
      ...stored, sources, messages, records, downloads, announce, now: Date.now, versions: needs.versions, redactSecrets: redact,
      configurationYaml: async () => (await configuration.export()).yaml, logText: () => readLog(folder.logFolder)
    }),
    tryMessage,
    takeMessage: createTakeMessage({ sources, settings, intake, commit, parse: parseMessage }),
    outbox
  })

  return {
    handlers,
    access,
    receive: announcements.receive,
    health: dashboard.health,
    async begin() {
      await retention.begin()
      alerts.begin()
      history.watch.begin()
      watchExpiries.begin()
      outbox.begin()
      handOver.begin()
      dashboard.begin()
      await scheduler.begin()
      await nativeMail.begin()
    },
    async close() {
      unsubscribe()
      transcripts.close()
      downloads.close()
      await nativeMail.close()
      await scheduler.close()
      await dashboard.close()
      await watchExpiries.close()
      await alerts.close()
      await outbox.close()
      await handOver.close()
      delivery.close()
      await signIn.close()
      await retention.close()
      await intake.close()
      await content.close()
      await history.watch.close()
      access.close()
      await anchor.close()
      await database.close()
    }
  }
}

const both = (first: CommitNeeds['told'], second: CommitNeeds['told']): CommitNeeds['told'] => (origin, committed) => { first(origin, committed); second(origin, committed) }

const isoOf = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString())

/** What the test dialogs show of a message. */
function readSample(raw: Buffer): SampleMail {
  const { from, subject, date, text } = parseMessage(raw).content
  return { from: from === null ? '' : from.name === '' ? from.address : `${from.name} <${from.address}>`, subject, date, text: text.slice(0, 4_000) }
}

import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { calls } from '#contract/calls.ts'
import { configurationTables } from '../database/configuration-tables.ts'
import { mailTables } from '../database/mail-tables.ts'
import { createOutboxCounts } from '../delivery/outbox-counts.ts'
import { createErrors } from '../error-folder/errors.ts'
import { createReplay } from '../error-folder/replay.ts'
import { createRequeue } from '../error-folder/requeue.ts'
import { createSupportBundle } from '../error-folder/support-bundle.ts'
import { createEditIncoming } from '../fetching/edit-incoming.ts'
import { systemClock } from '../fetching/clock.ts'
import { createRoundTrip } from '../fetching/round-trip.ts'
import { createHandlers } from '../ipc/handlers.ts'
import { readLog } from '../log/read-log.ts'
import { redact } from '../log/redact.ts'
import { certificateOf } from '../mail/certificate-of.ts'
import { throttleKey } from '../mail/connection/provider-throttle.ts'
import { createDkimStep } from '../mail/dkim/dkim-step.ts'
import { faultOfDkimKey } from '../mail/dkim/read-dkim-key.ts'
import { createWatchExpiries } from '../notices/watch-expiries.ts'
import { createPeople } from '../people/create-people.ts'
import { attachmentBytes } from '../processing/parsing/attachment-bytes.ts'
import { parseMessage } from '../processing/parsing/parse-message.ts'
import { safeHtml } from '../processing/parsing/safe-html.ts'
import { createProcessMessage } from '../processing/process-message.ts'
import { createTrySpamRules } from '../processing/try-spam-rules.ts'
import { nativeMailName, nativeOrigin } from '../receiving/native-origin.ts'
import { serverOf } from '../receiving/source-names.ts'
import { createTakeAgain } from '../receiving/take-again.ts'
import { lookUpOne } from '../requests/decide-messages.ts'
import { createRequests } from '../requests/requests.ts'
import { createTemplates } from '../requests/templates.ts'
import { createTakeMessage } from '../requests/take-message.ts'
import { createConfigurationFile } from '../servers/configuration-file.ts'
import { createExpiries } from '../servers/expiries.ts'
import { createHistoryVersions } from '../servers/history-versions.ts'
import { createHistory } from '../servers/history.ts'
import { createOutgoing } from '../servers/outgoing.ts'
import { createPartitions } from '../servers/partitions.ts'
import { createSecrets } from '../servers/secrets.ts'
import { createSettings } from '../servers/settings.ts'
import { createServerSignIn } from '../servers/sign-in-servers.ts'
import { createSwitchDebug } from '../servers/switch-debug.ts'
import { composeAccess } from './access.ts'
import { waysOf } from './alerts.ts'
import { composeBackup } from './backup.ts'
import type { CoreNeeds } from './core-needs.ts'
import { composeDashboard } from './dashboard.ts'
import type { Ground } from './ground.ts'
import { composeVerifyHistory } from './history.ts'
import { composeLedger } from './ledger.ts'
import type { MailWay } from './mail-way.ts'
import { composeNativeMail } from './native-mail.ts'
import { composeRetention } from './retention.ts'
import { createFindSetup, namedDnsServers } from './setup.ts'
import { parseForTrial } from './trial.ts'

/** The rooms behind the calls, on the ground and beside the way of mail. */
export async function composeRooms(needs: CoreNeeds, ground: Ground, way: MailWay) {
  const { folder, credentials, dataKey, log, announce, reportUnexpected } = needs
  const { now, database, anchor, content, intake, bell, configuring, sources, settings, throttle, works, downloads, stored } = ground
  const { transportFor, connectionFor, outgoingTransports, notify, tell, alerts, transcripts, messages, records, delivery, outbox, handOver, traffic, counting, outgoingFacts, commit, sharersOf, incoming, scheduler, sending, guessed } = way
  const readTextFile = (path: string): Promise<string> => readFile(path, 'utf8')
  const configuration = createConfigurationFile({ ...configuring, environment: (name) => needs.env[name], readTextFile })
  const unsubscribe = needs.subscribe((name, detail) => {
    if (name !== 'servers-changed' || !('kind' in detail) || detail.kind !== 'incoming') return
    scheduler.configurationChanged().catch((error: unknown) => reportUnexpected(error, 'following a change of the configuration'))
  })

  const settingsRoom = createSettings(configuring)
  const partitionsRoom = createPartitions(configuring)
  const access = await composeAccess({ ...configuring, notify, sending, guessed, wakeOutbox: outbox.wake, ways: () => waysOf(sources), host: needs.host, settings, subscribe: needs.subscribe, reportUnexpected })
  const history = composeVerifyHistory({ database, anchor, bell, notify, logWarning: log.warning })
  const nativeMail = composeNativeMail({ ...stored, bell: notify, tell, sources, intake, commit, works, announce, subscribe: needs.subscribe, reportUnexpected, saveSettings: settingsRoom.save, stopFetching: scheduler.stop, sendNotice: delivery.sendNotice })

  const expiries = createExpiries({ ...configuring, readTextFile })
  const watchExpiries = createWatchExpiries({
    ...stored, expiries: expiries.list, notify, clock: systemClock, logWarning: log.warning
  })
  const tryMessage = createProcessMessage({
    settings, reportUnexpected, parse: parseForTrial(namedDnsServers(needs.env)), partitions: sources.partitions, outgoing: outgoingFacts,
    serverNamed: async (name) => (name === nativeMailName ? nativeOrigin((await settings()).nativeMail, await sources.partitions()).server : (await sources.incomingNamed(name)).server),
    lookUp: async (parsed, name) => lookUpOne({ tables: mailTables, traffic, now: Date.now }, database, name === null ? 0 : await serverOf(sources, name), await settings(), parsed)
  })
  const outgoingRoom = createOutgoing({ ...configuring, works, openTranscript: transcripts.open, transports: outgoingTransports, dkimStep: createDkimStep(namedDnsServers(needs.env)), faultOfDkimKey, certificateOf, delayedUntil: (server) => isoOf(throttle.delayedUntil(throttleKey(server))), standInOf: way.routes.standInOf, troubleOf: outbox.troubleOf, outboxCounts: createOutboxCounts({ ...stored, sources }), isVerified: sending.senders.isVerified })
  const requests = createRequests({ ...stored, messages, safeHtml, attachmentBytes, settings, handOver: handOver.add, outgoing: outgoingFacts, newId: randomUUID, wakeOutbox: outbox.wake, announce, now })
  const errors = createErrors({ ...stored, sources, messages, records, safeHtml, attachmentBytes, announce })
  const dashboard = composeDashboard({
    counting, database, sources, settings, folder: folder.path, stateOf: scheduler.stateOf, expiries: expiries.list, reportUnexpected,
    status: {
      state: needs.state, incoming: incoming.list, outgoing: outgoingRoom.list, notices: bell.list, outbox: async () => (await outbox.list(calls['outbox.list'].input.parse({ limit: 1 }))).counts, handOver: (input) => handOver.list(calls['hand-over.list'].input.parse(input)),
      requests: () => requests.list(calls['requests.list'].input.parse({ limit: 1 })), errors: () => errors.list(calls['errors.list'].input.parse({ limit: 1 }))
    }
  })
  const retention = composeRetention({ folder, dataKey, database, content, intake, records, settings, partitions: sources.partitions, sources, works, announce, logWarning: log.warning, reportUnexpected })
  const handlers = createHandlers({
    retention,
    dashboard, works, downloads, incoming, editIncoming: createEditIncoming({ editMany: incoming.editMany, scheduler }), scheduler, sendTestNotice: alerts.sendTest, transcripts, switchDebug: createSwitchDebug({ ...configuring, wake: scheduler.wake }), delivery, bell, configuration, handOver,
    outgoing: outgoingRoom,
    requests,
    templates: createTemplates({ ...stored, messages, settings, partitions: sources.partitions, outgoing: outgoingFacts, outgoingFor: sources.outgoingFor, sendTest: delivery.sendTest, works, now }),
    errors,
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
    makeBackup: composeBackup({ folder, database, notify, credentials, downloads, announce, now, product: needs.versions().split('\n')[0] ?? '' }),
    replay: createReplay({ ...stored, sources, messages, intake, commit, tryMessage, parse: parseMessage, announce }),
    requeue: createTakeAgain({ ...stored, sources, messages, intake, commit, works, newId: randomUUID, announce }, createRequeue({ ...stored, sources, transportFor, connectionFor, clock: systemClock, exclusively: scheduler.exclusively, wake: scheduler.wake, works, announce })),
    ledger: composeLedger({ ...stored, sources, transportFor, connectionFor, clock: systemClock, sharersOf, exclusively: scheduler.exclusively, wake: scheduler.wake, works, announce }),
    bundle: createSupportBundle({
      ...stored, sources, messages, records, downloads, announce, now: Date.now, versions: needs.versions, redactSecrets: redact,
      configurationYaml: async () => (await configuration.export()).yaml, logText: () => readLog(folder.logFolder)
    }),
    tryMessage,
    senders: sending.senders,
    takeMessage: createTakeMessage({ sources, settings, intake, commit, parse: parseMessage }),
    outbox
  })

  return { unsubscribe, access, history, nativeMail, watchExpiries, dashboard, retention, handlers }
}
export type Rooms = Awaited<ReturnType<typeof composeRooms>>

const isoOf = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString())

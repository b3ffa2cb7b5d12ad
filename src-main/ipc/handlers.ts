import type { ConsoleState, ParsedInput } from '#contract/calls.ts'
import type { RoundTrip } from '#contract/connection-test.ts'
import type { SetupAnswer } from '#contract/setup.ts'
import type { createBackup } from '../backup/make-backup.ts'
import type { createDashboard } from '../dashboard/create-dashboard.ts'
import type { createLookAround } from '../dashboard/look-around.ts'
import type { Outbox } from '../delivery/outbox.ts'
import type { Delivery } from '../delivery/send-mail.ts'
import type { createErrors } from '../error-folder/errors.ts'
import type { createReplay } from '../error-folder/replay.ts'
import type { createRequeue } from '../error-folder/requeue.ts'
import type { createSupportBundle } from '../error-folder/support-bundle.ts'
import type { createEditIncoming } from '../fetching/edit-incoming.ts'
import type { FetchScheduler } from '../fetching/fetch-scheduler.ts'
import type { Transcripts } from '../fetching/transcripts.ts'
import type { createHandOver } from '../hand-over/create-hand-over.ts'
import type { createLedger } from '../ledger/create-ledger.ts'
import { checkSample } from '../model/check-sample.ts'
import type { Bell } from '../notices/bell.ts'
import type { createSendTestNotice } from '../notices/send-test-notice.ts'
import type { createPeople } from '../people/create-people.ts'
import type { ProcessMessage } from '../processing/process-message.ts'
import type { createTrySpamRules } from '../processing/try-spam-rules.ts'
import type { createNativeMail } from '../receiving/create-native-mail.ts'
import type { createSenders } from '../senders/create-senders.ts'
import type { Retention } from '../retention/create-retention.ts'
import type { createRequests } from '../requests/requests.ts'
import type { createTemplates } from '../requests/templates.ts'
import type { createTakeMessage } from '../requests/take-message.ts'
import type { createConfigurationFile } from '../servers/configuration-file.ts'
import type { createExpiries } from '../servers/expiries.ts'
import type { createAccess } from '../access/create-access.ts'
import type { createHistory } from '../servers/history.ts'
import type { createHistoryVersions } from '../servers/history-versions.ts'
import type { createVerifyHistory } from '../servers/verify-history.ts'
import type { createIncoming } from '../servers/incoming.ts'
import type { createOutgoing } from '../servers/outgoing.ts'
import type { createPartitions } from '../servers/partitions.ts'
import type { createSecrets } from '../servers/secrets.ts'
import type { createServerSignIn } from '../servers/sign-in-servers.ts'
import type { createSettings } from '../servers/settings.ts'
import type { createSwitchDebug } from '../servers/switch-debug.ts'
import type { Downloads } from '../work/downloads.ts'
import type { Works } from '../work/works.ts'
import type { Handlers } from './handlers-type.ts'

/** The use cases behind the calls. */
export type Rooms = {
  dashboard: { get: ReturnType<typeof createDashboard>; status: ReturnType<typeof createLookAround>; metricsText: () => Promise<{ text: string }> }
  works: Works
  downloads: Pick<Downloads, 'next' | 'cancel'>
  incoming: ReturnType<typeof createIncoming>
  editIncoming: ReturnType<typeof createEditIncoming>
  outgoing: ReturnType<typeof createOutgoing>
  secrets: ReturnType<typeof createSecrets>
  partitions: ReturnType<typeof createPartitions>
  settings: ReturnType<typeof createSettings>
  access: Pick<Awaited<ReturnType<typeof createAccess>>, 'unlock' | 'lock' | 'setPin' | 'resetPin' | 'tokens' | 'addToken' | 'revokeToken'>
  history: ReturnType<typeof createHistory> & ReturnType<typeof createHistoryVersions> & { verify: ReturnType<typeof createVerifyHistory> }
  signIns: ReturnType<typeof createServerSignIn>
  expiries: ReturnType<typeof createExpiries>
  roundTrip: (input: ParsedInput<'incoming.round-trip'>) => Promise<RoundTrip>
  /** Ways to reach the mailbox of an address; with `offline` nobody is asked. Throws ProblemError `no-setup-found`. */
  findSetup: (asked: { address: string; offline: boolean }, signal: AbortSignal) => Promise<SetupAnswer>
  configuration: ReturnType<typeof createConfigurationFile>
  makeBackup: ReturnType<typeof createBackup>
  scheduler: FetchScheduler
  transcripts: Transcripts
  switchDebug: ReturnType<typeof createSwitchDebug>
  sendTestNotice: ReturnType<typeof createSendTestNotice>
  delivery: Delivery
  requests: ReturnType<typeof createRequests>
  templates: ReturnType<typeof createTemplates>
  errors: ReturnType<typeof createErrors>
  ledger: ReturnType<typeof createLedger>
  replay: ReturnType<typeof createReplay>
  requeue: ReturnType<typeof createRequeue>
  bundle: ReturnType<typeof createSupportBundle>
  bell: Bell
  people: ReturnType<typeof createPeople>
  spamRules: ReturnType<typeof createTrySpamRules>
  handOver: Pick<ReturnType<typeof createHandOver>, 'list' | 'retry' | 'test' | 'setSecret' | 'secrets'>
  nativeMail: Pick<ReturnType<typeof createNativeMail>, 'state' | 'activate' | 'deactivate' | 'test' | 'finish'>
  outbox: Pick<Outbox, 'list' | 'show' | 'cancel' | 'sendAgain' | 'arrived' | 'flush'>
  senders: Pick<ReturnType<typeof createSenders>, 'list' | 'add' | 'sendCode' | 'verify' | 'delete'>
  tryMessage: ProcessMessage
  takeMessage: ReturnType<typeof createTakeMessage>
  retention: Pick<Retention, 'usage' | 'cleanUp'>
}

/** The calls that must work before the credential store is open. */
export type EntranceHandlers = Pick<Handlers, 'vault.unlock' | 'vault.create'> & { 'console.state': (input: object, context: { role: ConsoleState['role'] }) => Promise<ConsoleState> }

/** Table of contents: which use case answers which call. */
export const createHandlers = (rooms: Rooms): Omit<Handlers, keyof EntranceHandlers> => {
  const { works, access, incoming, outgoing, secrets, partitions, settings, history, configuration, scheduler, delivery, requests, errors, bell } = rooms
  return {
    'work.cancel': async ({ workId }) => works.cancel(workId),
    'download.next': (input, caller) => rooms.downloads.next(input, caller),
    'download.cancel': (input, caller) => rooms.downloads.cancel(input, caller),

    'access.unlock': (input, caller) => access.unlock(input, caller),
    'access.lock': (input, caller) => access.lock(input, caller),
    'access.set-pin': (input, caller) => access.setPin(input, caller),
    'access.reset-pin': (input, caller) => access.resetPin(input, caller),
    'access.tokens': () => access.tokens(),
    'access.add-token': (input, caller) => access.addToken(input, caller),
    'access.revoke-token': (input, caller) => access.revokeToken(input, caller),

    'incoming.list': () => incoming.list(),
    'incoming.template': (input) => incoming.template(input),
    'incoming.save': (input, caller) => incoming.save(input, caller),
    'incoming.edit-many': (input, caller) => rooms.editIncoming(input, caller),
    'incoming.delete': (input, caller) => incoming.delete(input, caller),
    'incoming.test': (input, caller) => incoming.test(input, caller),
    'incoming.sample': (input) => incoming.sample(input),
    'incoming.fetch': (input) => (input.transcript ? rooms.transcripts.during('incoming', input.name, () => scheduler.fetch(input)) : scheduler.fetch(input)),
    'incoming.fetch-all': (input) => scheduler.fetchAll(input),
    'incoming.start': (input, caller) => scheduler.start(input, caller),
    'incoming.stop': (input, caller) => scheduler.stop(input, caller),
    'incoming.start-all': (input, caller) => scheduler.startAll(input, caller),
    'incoming.stop-all': (input, caller) => scheduler.stopAll(input, caller),
    'incoming.transcript': (input) => rooms.transcripts.of('incoming', input),
    'outgoing.transcript': (input) => rooms.transcripts.of('outgoing', input),
    'transcript.clear': (input) => rooms.transcripts.clear(input),
    'transcript.debug': (input, caller) => rooms.switchDebug(input, caller),
    'incoming.certificate': (input) => incoming.certificate(input),

    'incoming.graph-twin': (input) => incoming.graphTwin(input),
    'incoming.advice': (input) => incoming.advice(input),
    'incoming.round-trip': (input) => rooms.roundTrip(input),

    'outgoing.list': () => outgoing.list(),
    'outgoing.template': (input) => outgoing.template(input),
    'outgoing.save': (input, caller) => outgoing.save(input, caller),
    'outgoing.edit-many': (input, caller) => outgoing.editMany(input, caller),
    'outgoing.delete': (input, caller) => outgoing.delete(input, caller),
    'outgoing.test': (input, caller) => outgoing.test(input, caller),
    'outgoing.clear-test': (input) => outgoing.clearTest(input),
    'outgoing.certificate': (input) => outgoing.certificate(input),
    'outgoing.send': async ({ name, mail, transcript, workId }, { role }) => {
      checkSample(role, mail)
      return works.during(workId, (signal) => (transcript ? rooms.transcripts.during('outgoing', name, () => delivery.sendTest(name, mail, signal)) : delivery.sendTest(name, mail, signal)))
    },
    'outgoing.make-default': (input, caller) => outgoing.makeDefault(input, caller),
    'outgoing.return-to-primary': ({ name }) => delivery.returnToPrimary(name),
    'outgoing.graph-twin': (input) => outgoing.graphTwin(input),
    'outgoing.advice': (input) => outgoing.advice(input),

    'sign-in.start': (input, caller) => rooms.signIns.start(input, caller),
    'sign-in.answer': (input) => rooms.signIns.answer(input),
    'sign-in.forget': (input, caller) => rooms.signIns.forget(input, caller),
    'setup.find': ({ address, offline, workId }) => works.during(workId, (signal) => rooms.findSetup({ address, offline }, signal)),
    'expiries.list': () => rooms.expiries.list(),

    'secret.set': (input, caller) => secrets.set(input, caller),
    'secret.list': () => secrets.list(),
    'secret.delete': (input, caller) => secrets.delete(input, caller),

    'partitions.list': () => partitions.list(),
    'partitions.save': (input, caller) => partitions.save(input, caller),
    'partitions.delete': (input, caller) => partitions.delete(input, caller),
    'settings.get': () => settings.get(),
    'settings.save': (input, caller) => settings.save(input, caller),

    'configuration.export': (input) => configuration.export(input),
    'configuration.export-csv': () => configuration.exportCsv(),
    'configuration.template': (input) => configuration.template(input),
    'configuration.validate': (input) => configuration.validate(input),
    'configuration.diff': (input) => configuration.diff(input),
    'configuration.preview': (input, caller) => configuration.preview(input, caller),
    'configuration.import': (input, caller) => configuration.import(input, caller),
    'configuration.earlier': () => configuration.earlier(),
    'configuration.earlier-file': (input) => configuration.earlierFile(input),
    'configuration.rollback': (input, caller) => configuration.rollback(input, caller),

    'backup.make': (input, caller) => rooms.makeBackup(input, caller),

    'status.get': () => rooms.dashboard.status(),
    'dashboard.get': (input) => rooms.dashboard.get(input),
    'metrics.text': () => rooms.dashboard.metricsText(),

    'storage.usage': () => rooms.retention.usage(),
    'storage.clean-up': (input) => rooms.retention.cleanUp(input),

    'requests.list': (input) => requests.list(input),
    'requests.show': (input) => requests.show(input),
    'requests.entry': (input) => requests.entry(input),
    'requests.attachment': (input) => requests.attachment(input),
    'requests.original': (input) => requests.original(input),
    'requests.close': (input, caller) => requests.close(input, caller),

    'processing.try': ({ base64, server }) => rooms.tryMessage(Buffer.from(base64, 'base64'), server),
    'processing.take': (input) => rooms.takeMessage(input),

    'spam.hits': () => rooms.spamRules.hits(),
    'spam.reset-hits': (input) => rooms.spamRules.resetHits(input),
    'spam.try': (input) => rooms.spamRules.try(input),

    'people.list': (input) => rooms.people.list(input),
    'people.save': (input, caller) => rooms.people.save(input, caller),
    'people.delete': (input, caller) => rooms.people.delete(input, caller),
    'people.import': (input, caller) => rooms.people.import(input, caller),

    'hand-over.list': (input) => rooms.handOver.list(input),
    'hand-over.retry': (input) => rooms.handOver.retry(input),
    'hand-over.test': (input, caller) => rooms.handOver.test(input, caller),
    'hand-over.secret': (input, caller) => rooms.handOver.setSecret(input, caller),
    'hand-over.secrets': () => rooms.handOver.secrets(),

    'native-mail.state': () => rooms.nativeMail.state(),
    'native-mail.activate': (input, caller) => rooms.nativeMail.activate(input, caller),
    'native-mail.deactivate': (input, caller) => rooms.nativeMail.deactivate(input, caller),
    'native-mail.test': (input) => rooms.nativeMail.test(input),
    'native-mail.finish': (input, caller) => rooms.nativeMail.finish(input, caller),

    'outbox.list': (input) => rooms.outbox.list(input),
    'outbox.show': (input) => rooms.outbox.show(input),
    'outbox.cancel': (input) => rooms.outbox.cancel(input),
    'outbox.send-again': (input) => rooms.outbox.sendAgain(input),
    'outbox.arrived': (input) => rooms.outbox.arrived(input),
    'outbox.flush': () => rooms.outbox.flush(),

    'template.preview': (input) => rooms.templates.preview(input),
    'template.send-sample': (input) => rooms.templates.sendSample(input),

    'senders.list': () => rooms.senders.list(),
    'senders.add': (input, caller) => rooms.senders.add(input, caller),
    'senders.send-code': (input) => rooms.senders.sendCode(input),
    'senders.verify': (input, caller) => rooms.senders.verify(input, caller),
    'senders.delete': (input, caller) => rooms.senders.delete(input, caller),

    'errors.list': (input) => errors.list(input),
    'errors.show': (input) => errors.show(input),
    'errors.requeue': (input) => rooms.requeue(input),
    'errors.source': (input) => errors.source(input),
    'errors.replay': (input) => rooms.replay(input),
    'errors.export': (input, caller) => rooms.bundle.export(input, caller),
    'errors.delete': (input) => errors.delete(input),

    'ledger.list': (input) => rooms.ledger.list(input),
    'ledger.reconcile': (input) => rooms.ledger.reconcile(input),
    'ledger.take-again': (input) => rooms.ledger.takeAgain(input),

    'notices.list': () => bell.list(),
    'notices.read': (input) => bell.read(input),
    'notices.send-test': (input) => rooms.sendTestNotice(input),
    'history.list': (input) => history.list(input),
    'history.verify': () => history.verify(),
    'history.version': (input) => history.version(input),
    'history.restore': (input, caller) => history.restore(input, caller)
  }
}

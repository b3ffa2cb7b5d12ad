import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { SampleMail } from '#contract/connection-test.ts'
import type { IncomingServer } from '#contract/incoming-server.ts'
import { bootOf, createWireNotes } from '../data-folder/wire-notes.ts'
import { writeInFolder } from '../data-folder/write-in-folder.ts'
import { createWatchGuesses } from '../access/watch-guesses.ts'
import { mailTables } from '../database/mail-tables.ts'
import { createPopBeforeSmtp } from '../delivery/pop-before-smtp.ts'
import { createSentCopiesElsewhere } from '../delivery/sent-copies-elsewhere.ts'
import { createDelivery } from '../delivery/send-mail.ts'
import { createErrorRecords } from '../error-folder/record.ts'
import { sweepRecords } from '../error-folder/sweep-records.ts'
import { systemClock } from '../fetching/clock.ts'
import { createCursorOf } from '../fetching/cursor-of.ts'
import { createFetchRound } from '../fetching/fetch-round.ts'
import { createFetchScheduler, type FetchScheduler } from '../fetching/fetch-scheduler.ts'
import type { ReadyServer } from '../fetching/round.ts'
import { createTranscripts } from '../fetching/transcripts.ts'
import { redact } from '../log/redact.ts'
import { certificateOf } from '../mail/certificate-of.ts'
import { createTransports } from '../mail/transports.ts'
import { sameMailbox } from '../model/same-mailbox.ts'
import { createTellOutcomes } from '../notices/tell-outcomes.ts'
import { parseMessage } from '../processing/parsing/parse-message.ts'
import { decide } from '../processing/pipeline.ts'
import { createRecentTraffic } from '../processing/recent-traffic.ts'
import { createCommitMessages } from '../requests/commit-messages.ts'
import type { CommitNeeds } from '../requests/message-fate.ts'
import { createStoredMessages } from '../requests/stored-messages.ts'
import { createIncoming } from '../servers/incoming.ts'
import { createOutgoingMailFacts } from '../servers/outgoing-mail-facts.ts'
import { composeAlerts } from './alerts.ts'
import type { CoreNeeds } from './core-needs.ts'
import { composeCounting } from './dashboard.ts'
import type { Ground } from './ground.ts'
import { composeHandOver } from './hand-over.ts'
import { composeOutbox } from './outbox.ts'
import { composeRoutes } from './routes.ts'
import { composeSenders } from './senders.ts'
import { composeWriting } from './writing.ts'

/** The way of a message: fetched, taken in, decided, committed and told of; and the way of what goes out. */
export async function composeMailWay(needs: CoreNeeds, ground: Ground) {
  const { folder, credentials, dataKey, log, announce, reportUnexpected } = needs
  const { database, content, intake, stored, bell, sources, settings, announcements, throttle, works, configuring } = ground
  const transports = createTransports({ readSample, throttle, announcements })
  const transportFor = (protocol: keyof typeof transports.incoming) => transports.incoming[protocol]
  const connectionFor = (server: IncomingServer) => sources.connectionFor('incoming', server)
  const popFirst = createPopBeforeSmtp({ sources, transportFor, connectionFor, now: Date.now })
  const copiesElsewhere = createSentCopiesElsewhere({ sources, copies: transports.sentCopies, connectionFor })
  const outgoingTransports = { ...transports.outgoing, smtp: copiesElsewhere(popFirst(transports.outgoing.smtp)) }
  const { notify, tell, ...alerts } = composeAlerts({
    ...stored, bell, sources, settings, folder: folder.path, works, announce, wakeOutbox: () => outbox.wake(), sendNotice: (...given) => delivery.sendNotice(...given), stateOf: (id) => schedulerOf().stateOf(id), logWarning: log.warning
  })
  const transcripts = createTranscripts({ sources, clock: systemClock, announce })

  const messages = createStoredMessages({ ...stored, content, parse: parseMessage })
  const records = createErrorRecords({ folder: join(folder.path, 'errors'), write: writeInFolder, dataKey: async () => dataKey, redact })
  // Before anything can be committed: what was never committed is gone for good.
  await sweepRecords({ ...stored, records }).catch((thrown: unknown) => log.warning(`Orphaned error records were not taken away: ${String(thrown)}`))

  const routes = composeRoutes({ sources, mayNotSend: (server) => mayNotSend(server), transports: outgoingTransports, notify, clock: needs.sendingClock, announce, subscribe: needs.subscribe, reportUnexpected })
  const { composeOutboxMail, ...writing } = composeWriting({ ...stored, sources })
  const guessed = createWatchGuesses({ clock: systemClock, ring: (notice) => void notify.ring(notice).catch((thrown: unknown) => reportUnexpected(thrown, 'telling that somebody guesses')) })
  const sending = composeSenders(needs, ground, { wakeOutbox: () => outbox.wake(), guessed: (who) => guessed(who, 'code') })
  const { mayNotSend } = sending.senders
  const delivery = createDelivery({
    sources, transports: outgoingTransports, ...writing, clock: needs.sendingClock, routes, mayNotSend,
    transcriptFor: (server) => transcripts.writerFor('outgoing', server)
  })
  const outbox = composeOutbox({
    ...stored, wire: createWireNotes({ file: join(folder.path, 'outbox-wire'), folder: folder.path, boot: bootOf() }), restored: { is: folder.isRestored, seen: () => folder.noteRestored(false) }, sources, routes, transports: outgoingTransports, compose: composeOutboxMail, mayNotSend, notify, bell, clock: needs.sendingClock, announce, subscribe: needs.subscribe, reportUnexpected,
    transcriptFor: (server) => transcripts.writerFor('outgoing', server)
  })
  const handOver = composeHandOver({ database, messages, settings, credentials, bell: notify, works, announce, subscribe: needs.subscribe, logWarning: log.warning, reportUnexpected })
  const traffic = createRecentTraffic({ now: Date.now })
  const counting = composeCounting((await needs.state()).version)
  const outgoingFacts = createOutgoingMailFacts(sources)
  const commit = createCommitMessages({
    ...stored, decide, records, traffic, partitions: sources.partitions, outgoing: outgoingFacts, newId: randomUUID, handOver: handOver.add, now: Date.now, reportUnexpected,
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

  return { guessed, sending, transportFor, connectionFor, outgoingTransports, notify, tell, alerts, transcripts, messages, records, routes, delivery, outbox, handOver, traffic, counting, outgoingFacts, commit, sharersOf, incoming, scheduler }
}
export type MailWay = Awaited<ReturnType<typeof composeMailWay>>

const both = (first: CommitNeeds['told'], second: CommitNeeds['told']): CommitNeeds['told'] => (origin, committed) => { first(origin, committed); second(origin, committed) }

/** What the test dialogs show of a message. */
function readSample(raw: Buffer): SampleMail {
  const { from, subject, date, text } = parseMessage(raw).content
  return { from: from === null ? '' : from.name === '' ? from.address : `${from.name} <${from.address}>`, subject, date, text: text.slice(0, 4_000) }
}

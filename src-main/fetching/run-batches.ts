import { ProblemError, type Problem } from '#contract/problem.ts'
import type { DownloadedMessage, ListedMessage } from '../mail/incoming-transport.ts'
import { intakeOrder } from '../requests/intake-order.ts'
import type { ArrivedMessage, CommittedMessage } from '../requests/message-fate.ts'
import { describeException } from '../requests/describe-exception.ts'
import { errorFolderFull } from './accept-mailbox.ts'
import { actOnServer } from './act-on-server.ts'
import type { Round } from './round.ts'
import { planBatches, type Batch } from './plan-batches.ts'
import { createRoomGate } from './room-gate.ts'
import { countOutcome } from './round-report.ts'
import type { Waiting } from './sort-waiting.ts'
import { breaksConnection } from './suspects.ts'
import { createTurns, type Turns } from './turns.ts'
import { untilAborted } from './until-aborted.ts'

/** The connection takes one command at a time; commits keep the order of the mailbox. */
type Lanes = { connection: Turns; commits: Turns; total: number; done: number; signal: AbortSignal; errorFolderIsFull: boolean; isBroken: boolean }

/**
 * Takes the messages in: while one batch is committed, the next is parsed and the one after it downloaded. Resolves when everything is
 * committed and done on the server; rejects with the first failure when what was under way has come to rest.
 */
export async function runBatches(round: Round, waiting: Waiting): Promise<void> {
  const failure = new AbortController()
  const lanes: Lanes = { connection: turnsUntil(failure, false), commits: turnsUntil(failure, true), total: waiting.wanted.length + waiting.tooLarge.length, done: 0, signal: AbortSignal.any([round.watchdog.signal, failure.signal]), errorFolderIsFull: false, isBroken: false }
  const gate = createRoomGate(round.limits.batchesUnderWay, round.limits.bytesUnderWay)
  const underWay: Promise<void>[] = []
  const start = (work: Promise<void>): void => void underWay.push(work.catch((thrown: unknown) => failure.abort(thrown)))
  if (lanes.total > 0) round.onProgress({ done: 0, total: lanes.total })
  const { suspects } = round
  const givenUp = waiting.wanted.filter(({ id }) => suspects.givenUp(id) !== null)
  const refused = [...waiting.tooLarge, ...givenUp]
  if (refused.length > 0) start(refuse(round, lanes, refused))
  const wanted = waiting.wanted.filter((message) => !givenUp.includes(message))
  for (const batch of planBatches(wanted, suspects.areSought() ? 1 : round.limits.batchMessages, round.limits.batchBytes)) {
    const entered = await gate.enter(batch.bytes, lanes.signal).then(() => true, () => false)
    if (!entered || lanes.errorFolderIsFull) break
    start(takeBatch(round, lanes, batch, () => gate.leave(batch.bytes)))
  }
  await Promise.all(underWay)
  lanes.signal.throwIfAborted()
}

/** What fails for more than a message ends all before the next turn begins: a later message must not pass one that has to come again. */
function turnsUntil(failure: AbortController, isDownloaded: boolean): Turns {
  const turns = createTurns()
  return (work) => turns(() => work().catch((thrown: unknown) => {
    if (!concernsMessage(thrown, isDownloaded)) failure.abort(thrown)
    throw thrown
  }))
}

/** Messages that are not downloaded at all. */
async function refuse(round: Round, lanes: Lanes, messages: readonly ListedMessage[]): Promise<void> {
  for (const { messages: some } of planBatches(messages, round.limits.batchMessages, Number.MAX_SAFE_INTEGER)) {
    const arrived = some.map((message): ArrivedMessage => ({ uid: message.id, size: message.size, taken: null, fault: { problem: whyRefused(round, message), exception: '' } }))
    await afterCommit(round, lanes, await lanes.commits(() => commit(round, lanes, arrived)))
  }
}

function whyRefused({ suspects, ready }: Round, { id, size }: ListedMessage): Problem {
  const times = suspects.givenUp(id)
  if (times !== null) return { code: 'message-unreadable', reason: `the connection broke ${times} times in a row while the server sent it` }
  return { code: 'message-too-large', size, limit: ready.server.maxMessageSize }
}

async function takeBatch(round: Round, lanes: Lanes, batch: Batch, leave: () => void): Promise<void> {
  let committed: CommittedMessage[]
  try {
    committed = await takeAndCommit(round, lanes, batch.messages)
  } finally {
    leave()
  }
  await afterCommit(round, lanes, committed)
}

/** Where a batch as a whole cannot be taken in, its messages are tried one by one, so that one bad message spoils itself alone. */
async function takeAndCommit(round: Round, lanes: Lanes, messages: readonly ListedMessage[]): Promise<CommittedMessage[]> {
  let isDownloaded = false
  try {
    const downloaded = await lanes.connection(() => download(round, lanes, messages))
    isDownloaded = true
    const taking = round.needs.intake.take(downloaded.map(({ raw }) => raw), intakeOrder(round.ready.server))
    // It is awaited in its turn; until then a failure must not count as unhandled.
    taking.catch(() => undefined)
    return await lanes.commits(async () => {
      const taken = await taking
      return commit(round, lanes, downloaded.map(({ id, size }, index): ArrivedMessage => withTaken(id, size, taken[index])))
    })
  } catch (thrown) {
    lanes.signal.throwIfAborted()
    if (!concernsMessage(thrown, isDownloaded)) throw thrown
    return messages.length === 1 ? commitFault(round, lanes, messages, thrown) : oneByOne(round, lanes, messages)
  }
}

async function oneByOne(round: Round, lanes: Lanes, messages: readonly ListedMessage[]): Promise<CommittedMessage[]> {
  const committed: CommittedMessage[] = []
  for (const message of messages) committed.push(...(await takeAndCommit(round, lanes, [message])))
  return committed
}

function commitFault(round: Round, lanes: Lanes, messages: readonly ListedMessage[], thrown: unknown): Promise<CommittedMessage[]> {
  const problem = thrown instanceof ProblemError ? thrown.problem : round.needs.reportUnexpected(thrown, 'taking a message in')
  const fault = { problem, exception: describeException(thrown) }
  return lanes.commits(() => commit(round, lanes, messages.map(({ id, size }) => ({ uid: id, size, taken: null, fault }))))
}

/** A problem of the message itself, or a bug that it met after the download; not a fault of connection, disk or transport. */
const concernsMessage = (thrown: unknown, isDownloaded: boolean): boolean => (thrown instanceof ProblemError ? thrown.problem.code.startsWith('message-') : isDownloaded)

const withTaken = (uid: string, size: number, taken: Extract<ArrivedMessage, { fault: null }>['taken'] | undefined): ArrivedMessage => {
  if (taken === undefined) throw new Error('the intake answered for fewer messages than it was given')
  return { uid, size, taken, fault: null }
}

async function download(round: Round, lanes: Lanes, messages: readonly ListedMessage[]): Promise<DownloadedMessage[]> {
  const { mailbox, watchdog } = round
  lanes.signal.throwIfAborted()
  const downloads = mailbox.download(messages)[Symbol.asyncIterator]()
  const arrived: DownloadedMessage[] = []
  try {
    for (let next = await untilAborted(downloads.next(), lanes.signal); next.done !== true; next = await untilAborted(downloads.next(), lanes.signal)) {
      arrived.push(next.value)
      watchdog.progress('downloading')
    }
  } catch (thrown) {
    // What waits for the same connection breaks too, but is not to blame.
    if (!lanes.isBroken && breaksConnection(thrown)) {
      lanes.isBroken = true
      round.suspects.brokeAt(messages.map(({ id }) => id))
    }
    // A generator that hangs would hang in its ending too: nothing waits for it.
    downloads.return?.().catch(() => undefined)
    throw thrown
  }
  return arrived
}

async function commit(round: Round, lanes: Lanes, messages: readonly ArrivedMessage[]): Promise<CommittedMessage[]> {
  if (messages.length === 0 || lanes.errorFolderIsFull) return []
  lanes.signal.throwIfAborted()
  const committed = await round.needs.commit(round.origin, round.settings, messages)
  for (const one of committed) countOutcome(round.counts, one.outcome)
  for (const { decided } of committed) if (decided.problem !== null) round.failed.push(failedMessage(decided.arrived, decided.problem))
  lanes.done += committed.length
  round.watchdog.progress('taking messages in')
  round.onProgress({ done: lanes.done, total: lanes.total })
  if (committed.some(({ outcome }) => outcome === 'error')) await stopWhenFull(round, lanes)
  return committed
}

async function stopWhenFull(round: Round, lanes: Lanes): Promise<void> {
  const problem = await errorFolderFull(round)
  if (problem === null) return
  lanes.errorFolderIsFull = true
  round.trouble = problem
}

const failedMessage = ({ taken }: ArrivedMessage, problem: Problem) => ({ subject: taken?.parsed.content.subject ?? '', from: taken?.parsed.content.from?.address ?? '', problem })

async function afterCommit(round: Round, lanes: Lanes, committed: readonly CommittedMessage[]): Promise<void> {
  const uidsFor = (next: CommittedMessage['next']): string[] => committed.filter((one) => one.next === next).map(({ uid }) => uid)
  await announce(round, committed)
  await lanes.connection(async () => {
    lanes.signal.throwIfAborted()
    await actOnServer(round, 'acknowledge', uidsFor('acknowledge'))
    await actOnServer(round, 'move-to-error-folder', uidsFor('move-to-error-folder'))
  })
}

async function announce({ needs, ready }: Round, committed: readonly CommittedMessage[]): Promise<void> {
  if (committed.some(({ outcome }) => outcome === 'error'))
    needs.announce('errors-changed', { server: ready.server.name, count: (await needs.tables.errors.countOpen(needs.database, ready.id)).open })
}

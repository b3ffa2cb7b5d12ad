import type { MailSource } from '#contract/incoming-server.ts'
import { ProblemError } from '#contract/problem.ts'
import type { Partition, Settings } from '#contract/settings.ts'
import type { Intake } from '../intake/intake.ts'
import type { ReceivedMail } from '../native-mail/receiver.ts'
import type { FailedMessage } from '../notices/tell-people.ts'
import { intakeOrder } from '../requests/intake-order.ts'
import type { ArrivedMessage, CommitMessages, CommittedMessage } from '../requests/message-fate.ts'
import { nativeOrigin } from './native-origin.ts'

export type TakeReceivedNeeds = {
  settings: () => Promise<Settings>
  /** In the order of names. */
  partitions: () => Promise<Partition[]>
  intake: Pick<Intake, 'take'>
  commit: CommitMessages
  /** Never twice the same. */
  newId: () => string
  /** Hears of messages that became error records; must not throw. */
  failed: (source: MailSource, failed: FailedMessage[]) => void
}

/** Resolves when the message and what became of it are on disk. Throws ProblemError `disk-full`, `cancelled` after `close`. */
export type TakeReceived = { take(mail: ReceivedMail): Promise<void>; /** Resolves when nothing is under way. */ close(): Promise<void> }

type Waiting = { mail: ReceivedMail; resolve: () => void; reject: (thrown: unknown) => void }

/** Messages and bytes that are committed together. */
const mostTogether = 50
const mostBytes = 32 << 20
/** While the disk writes one batch, others are parsed; more at once only make them smaller. */
const mostAtOnce = 3

/**
 * Takes mail in as it comes. What arrives while a commit is under way waits and is committed together, so that the cost of reaching the disk
 * is shared. A message that fails becomes an error record and is kept, so it resolves like any other.
 */
export function createTakeReceived(needs: TakeReceivedNeeds): TakeReceived {
  let waiting: Waiting[] = []
  let closed = false
  const running = new Set<Promise<void>>()

  const begin = (): void => {
    if (waiting.length === 0 || running.size >= mostAtOnce) return
    const { batch, rest } = nextBatch(waiting)
    waiting = rest
    const run = takeTogether(needs, batch).finally(() => {
      running.delete(run)
      begin()
    })
    running.add(run)
    begin()
  }

  return {
    take(mail) {
      if (closed) return Promise.reject(new ProblemError({ code: 'cancelled' }))
      return new Promise((resolve, reject) => {
        waiting.push({ mail, resolve, reject })
        // Messages that came with the same turn of the event loop go together.
        setImmediate(begin)
      })
    },
    async close() {
      closed = true
      while (running.size > 0 || waiting.length > 0) {
        begin()
        await Promise.allSettled(running)
      }
    }
  }
}

function nextBatch(waiting: readonly Waiting[]): { batch: Waiting[]; rest: Waiting[] } {
  let bytes = 0
  let count = 0
  for (const { mail } of waiting) {
    bytes += mail.raw.length
    if (count > 0 && (bytes > mostBytes || count === mostTogether)) break
    count++
  }
  return { batch: waiting.slice(0, count), rest: waiting.slice(count) }
}

/** Settles every message of the batch, and never throws. */
async function takeTogether(needs: TakeReceivedNeeds, batch: readonly Waiting[]): Promise<void> {
  try {
    const commit = await takeIn(needs, batch.map(({ mail }) => mail))
    await commit.all().then(() => batch.forEach(({ resolve }) => resolve()), async (thrown: unknown) => {
      // Where the disk is full it is so for each; a bug may be one message's alone, and the others are not to wait for it.
      if (thrown instanceof ProblemError || batch.length === 1) throw thrown
      for (const [index, { resolve, reject }] of batch.entries()) await commit.one(index).then(resolve, reject)
    })
  } catch (thrown) {
    for (const { reject } of batch) reject(thrown)
  }
}

/** Puts the messages on disk; what is left is to decide on them. */
async function takeIn({ settings: settingsNow, partitions, intake, commit, newId, failed }: TakeReceivedNeeds, mails: readonly ReceivedMail[]) {
  const settings = await settingsNow()
  const origin = nativeOrigin(settings.nativeMail, await partitions())
  const sizes = mails.map(({ raw }) => raw.length)
  const { authenticate } = intakeOrder(origin.server)
  const taken = await intake.take(mails.map(({ raw }) => raw), { authenticate: authenticate === null ? null : { ...authenticate, sessions: mails.map(({ session }) => session) } })
  const arrived = taken.map((one, index): ArrivedMessage => ({ uid: newId(), size: sizes[index] ?? 0, taken: one, fault: null }))
  const committing = async (some: readonly ArrivedMessage[]): Promise<void> => {
    const committed = await commit(origin, settings, some)
    if (committed.length !== some.length || committed.length === 0) throw new Error('the commit did not answer for every message')
    const errors = committed.flatMap(failedMessage)
    if (errors.length > 0 && origin.server !== null) failed(origin.server, errors)
  }
  return { all: () => committing(arrived), one: (index: number) => committing(arrived.slice(index, index + 1)) }
}

function failedMessage({ outcome, decided }: CommittedMessage): FailedMessage[] {
  if (outcome !== 'error' || decided.problem === null) return []
  const content = decided.arrived.taken?.parsed.content
  return [{ subject: content?.subject ?? '', from: content?.from?.address ?? '', problem: decided.problem }]
}

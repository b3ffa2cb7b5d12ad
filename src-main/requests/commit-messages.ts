import type { Transaction } from '../database/database.ts'
import { decideMessages } from './decide-messages.ts'
import type { ArrivedMessage, CommitMessages, CommitNeeds, CommittedMessage, DecidedMessage, Origin } from './message-fate.ts'
import { writeOutcomes } from './write-outcomes.ts'

/**
 * Decides on messages that are on disk and commits the outcomes with everything they create in one transaction. When it resolves, all
 * is on disk; when it rejects, nothing happened. Answers in the order given. A message that cannot be decided becomes an error record;
 * messages after the one that fills the error folder are left out, as if they had not come. A copy that fails like the message that it
 * replays leaves everything as it was. Throws ProblemError `nothing-to-replay`.
 */
export function createCommitMessages(needs: CommitNeeds): CommitMessages {
  return async (origin, settings, messages) => {
    const records = { written: [] as string[], obsolete: [] as string[] }
    try {
      // Asked before the transaction begins: the answer may be one that somebody else waits for, who waits for the transaction to end.
      const partitions = await needs.partitions()
      const place = origin.server?.partition ?? partitions.find((one) => one.default)?.name ?? ''
      const outgoing = await needs.outgoing(place)
      const committed = await needs.database.transaction((transaction) => commit(needs, transaction, { origin, settings, partition: partitions.find(({ name }) => name === origin.server?.partition) ?? null, place, outgoing }, messages, records))
      // Only now: a commit that failed is tried again, and its mails must not count twice.
      for (const { decided } of committed) if (decided.sender !== null && !isFailedReplay(decided)) needs.traffic.note(decided.sender)
      await needs.records.discard(records.obsolete)
      needs.told(origin, committed)
      return committed
    } catch (thrown) {
      await needs.records.discard(records.written)
      throw thrown
    }
  }
}

async function commit(needs: CommitNeeds, transaction: Transaction, given: Omit<Parameters<typeof decideMessages>[2], 'at'>, messages: readonly ArrivedMessage[], files: { written: string[]; obsolete: string[] }): Promise<CommittedMessage[]> {
  const { origin, settings, place } = given
  const at = new Date(needs.now()).toISOString()
  const decided = await withinErrorLimit(needs, transaction, origin, await decideMessages(needs, transaction, { ...given, at }, messages))
  const written = decided.filter((one) => !isFailedReplay(one))
  const records = await writeRecords(needs, origin, at, written, files.written)
  const { tables, newId, handOver } = needs
  files.obsolete = await writeOutcomes({ transaction, tables, newId, handOver, origin, partition: place, settings, at, records }, written)
  return decided.map((one) => ({ uid: one.arrived.uid, outcome: one.outcome, reason: one.reason, request: one.request, next: nextOnServer(origin, one), decided: one }))
}

const isFailedReplay = ({ arrived, outcome }: DecidedMessage): boolean => arrived.replays !== undefined && outcome === 'error'

async function withinErrorLimit({ tables }: CommitNeeds, transaction: Transaction, origin: Origin, decided: DecidedMessage[]): Promise<DecidedMessage[]> {
  const stopAfter = origin.errorsAreMoved ? (origin.server?.errorFolder.stopAfter ?? null) : null
  if (stopAfter === null || !decided.some(({ outcome }) => outcome === 'error')) return decided
  let left = stopAfter - (await tables.errors.countOpen(transaction, origin.serverId)).inErrorFolder
  return decided.filter(({ outcome }) => left > 0 && (outcome !== 'error' || left-- > 0))
}

async function writeRecords(needs: CommitNeeds, origin: Origin, at: string, decided: readonly DecidedMessage[], written: string[]): Promise<Map<DecidedMessage, string>> {
  const records = new Map<DecidedMessage, string>()
  for (const one of decided) {
    if (one.problem === null) continue
    const { arrived, problem, exception, steps } = one
    const name = await needs.records.write({ at, server: origin.server?.name ?? '', uid: arrived.uid, problem, exception, steps, headers: arrived.taken?.parsed.headers ?? [] })
    written.push(name)
    records.set(one, name)
  }
  return records
}

function nextOnServer(origin: Origin, one: DecidedMessage): CommittedMessage['next'] {
  if (!origin.isMailbox || one.leave) return 'nothing'
  if (one.outcome !== 'error') return 'acknowledge'
  return origin.errorsAreMoved ? 'move-to-error-folder' : 'nothing'
}

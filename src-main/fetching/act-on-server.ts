import { ProblemError, type Problem } from '#contract/problem.ts'
import type { Round } from './round.ts'
import { untilAborted } from './until-aborted.ts'

/** Refusals that concern one command alone: the connection lives and the other messages can go on. */
const bearable: ReadonlySet<Problem['code']> = new Set(['command-refused', 'folder-access-denied', 'folder-not-found'])

/**
 * Marks, moves or deletes messages whose outcome is on disk. A server that refuses it does not hold up other mail: the refusal becomes
 * the round's `trouble`, messages to be acknowledged are tried again in the next round, failed ones stay where they are and count as
 * skipped. Everything else throws. `again`: an earlier round may have done it already.
 */
export async function actOnServer(round: Round, action: 'acknowledge' | 'move-to-error-folder', uids: readonly string[], again = false): Promise<void> {
  if (uids.length === 0) return
  const { mailbox, watchdog } = round
  try {
    await untilAborted(action === 'acknowledge' ? mailbox.acknowledge(uids, again) : mailbox.moveToErrorFolder(uids, again), watchdog.signal)
    round.acknowledged.push(...uids)
  } catch (thrown) {
    if (!(thrown instanceof ProblemError) || !bearable.has(thrown.problem.code)) throw thrown
    round.trouble ??= thrown.problem
    if (action === 'move-to-error-folder') await recordAsSkipped(round, uids)
  }
  watchdog.progress('marking messages on the server')
}

async function recordAsSkipped(round: Round, uids: readonly string[]): Promise<void> {
  const { needs, origin } = round
  const ids = await needs.tables.errors.ofMessages(needs.database, origin.serverId, uids)
  await needs.database.transaction((transaction) => needs.tables.errors.setPlace(transaction, ids, 'skipped'))
  round.acknowledged.push(...uids)
}

import { ProblemError, type Problem } from '#contract/problem.ts'
import type { Round } from './round.ts'

/**
 * Makes sure that the mailbox is the one that was fetched from before, and that there is room for errors. Where mail is deleted or moved
 * after fetching, another mailbox under the same name waits for a person: throws ProblemError `mailbox-identity-changed`. Where it is
 * only marked, messages are recognised by what is in them, and a notice tells. Throws ProblemError `error-folder-full`.
 */
export async function acceptMailbox(round: Round): Promise<void> {
  const { needs, ready, mailbox } = round
  const full = await errorFolderFull(round)
  if (full !== null) throw new ProblemError(full)
  const before = await needs.tables.mailboxes.identityOf(needs.database, ready.id)
  if (before === mailbox.identity) return
  if (before !== null) await tellOfChange(round, before)
  await needs.database.transaction((transaction) => needs.tables.mailboxes.setIdentity(transaction, ready.id, mailbox.identity))
}

async function tellOfChange({ needs, ready: { server }, mailbox }: Round, before: string): Promise<void> {
  const problem: Problem = { code: 'mailbox-identity-changed', server: server.name, folder: server.folder, before, now: mailbox.identity }
  if (server.afterFetch !== 'mark-seen') throw new ProblemError(problem)
  await needs.tell.mailboxChanged(server, problem)
}

/** The problem that as many messages wait in the error folder as its limit says; null while there is room. */
export async function errorFolderFull({ needs, ready: { id, server }, origin }: Round): Promise<Problem | null> {
  const { stopAfter } = server.errorFolder
  if (stopAfter === null || !origin.errorsAreMoved) return null
  const { inErrorFolder } = await needs.tables.errors.countOpen(needs.database, id)
  return inErrorFolder < stopAfter ? null : { code: 'error-folder-full', server: server.name, messages: inErrorFolder, limit: stopAfter }
}

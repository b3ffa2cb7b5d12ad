import type { CallAnswer, ParsedInput } from '#contract/calls.ts'
import type { IncomingServer } from '#contract/incoming-server.ts'
import { ProblemError } from '#contract/problem.ts'
import { incomingProtocols } from '#contract/protocols.ts'
import type { EventListener } from '../console.ts'
import type { Database } from '../database/database.ts'
import type { StoredError } from '../database/errors-table.ts'
import type { MailTables } from '../database/mail-tables.ts'
import type { ConnectionSecrets, IncomingTransport } from '../mail/incoming-transport.ts'
import type { ServerSources, StoredIncomingServer } from '../servers/server-sources.ts'
import type { Works } from '../work/works.ts'

export type RequeueNeeds = {
  database: Database
  tables: MailTables
  sources: Pick<ServerSources, 'incomingNamed'>
  transportFor: (protocol: IncomingServer['protocol']) => IncomingTransport
  connectionFor: (server: IncomingServer) => Promise<ConnectionSecrets>
  /** Runs work on a server's mailbox while no round does. */
  exclusively: <Result>(id: number, work: () => Promise<Result>) => Promise<Result>
  /** Lets the next round of a server begin now. */
  wake: (id: number) => void
  works: Works
  announce: EventListener
}
type Moved = { moved: number; missing: number }

/**
 * The call `errors.requeue`: messages of the error folder go back to the inbox, skipped ones are processed again where they are. Their
 * records stay until that has happened and no longer count. Where only some are chosen they are found by Message-ID; one without can
 * only be moved together with all others. Throws ProblemError `server-has-no-folders` where there is nothing that could be given back.
 */
export function createRequeue(needs: RequeueNeeds): (input: ParsedInput<'errors.requeue'>) => Promise<CallAnswer<'errors.requeue'>> {
  return async ({ server: name, ids, workId }) => {
    const stored = await needs.sources.incomingNamed(name)
    const signal = needs.works.start(workId)
    try {
      const answer = await needs.exclusively(stored.id, () => giveBack(needs, stored, ids === null ? null : new Set(ids), workId, signal))
      needs.wake(stored.id)
      return answer
    } finally {
      needs.works.end(workId)
    }
  }
}

async function giveBack(needs: RequeueNeeds, { id, server, ready, issues }: StoredIncomingServer, ids: ReadonlySet<number> | null, workId: string, signal: AbortSignal): Promise<Moved> {
  const { database, tables, announce } = needs
  const open = (await tables.errors.all(database, id)).filter(({ where }) => where !== 'inbox')
  const chosen = ids === null ? open : open.filter((one) => ids.has(one.id))
  const hasFolders = incomingProtocols[server.protocol].has.folders
  if (!hasFolders && chosen.length === 0) throw new ProblemError({ code: 'server-has-no-folders', server: server.name })
  if (hasFolders && ready === null) throw new ProblemError({ code: 'server-is-draft', server: server.name, issues })
  announce('work-progressed', { workId, done: 0, total: chosen.length, what: 'messages' })
  const skipped = chosen.filter(({ where }) => where === 'skipped')
  const inFolder = chosen.filter(({ where }) => where === 'error-folder')
  await release(needs, skipped)
  const wantsMove = ready !== null && hasFolders && (inFolder.length > 0 || ids === null)
  const { moved, missing } = wantsMove ? await moveBack(needs, ready, inFolder, open, ids === null, signal) : { moved: 0, missing: 0 }
  announce('work-progressed', { workId, done: chosen.length, total: chosen.length, what: 'messages' })
  announce('errors-changed', { server: server.name, count: (await tables.errors.countOpen(database, id)).open })
  return { moved: moved + skipped.length, missing }
}

async function moveBack(needs: RequeueNeeds, server: IncomingServer, chosen: readonly StoredError[], open: readonly StoredError[], isAll: boolean, signal: AbortSignal): Promise<Moved> {
  const everything = isAll || chosen.length === open.filter(({ where }) => where === 'error-folder').length
  const movable = everything ? chosen : chosen.filter(({ messageId }) => messageId !== null)
  const messageIds = movable.flatMap(({ messageId }) => (messageId === null ? [] : [messageId]))
  const byId = !isAll && messageIds.length === movable.length
  const answer = byId && messageIds.length === 0 ? { moved: 0, missing: 0 } : await onServer(needs, server, byId ? [...new Set(messageIds)] : null, signal)
  await release(needs, movable)
  return { moved: answer.moved, missing: answer.missing + chosen.length - movable.length }
}

async function onServer(needs: RequeueNeeds, server: IncomingServer, messageIds: string[] | null, signal: AbortSignal): Promise<Moved> {
  const mailbox = await needs.transportFor(server.protocol).open(server, { ...(await needs.connectionFor(server)), signal, transcript: null, cursor: null })
  try {
    return await mailbox.moveBackToInbox(messageIds)
  } finally {
    await mailbox.close()
  }
}

/** Lets the messages be processed again, wherever they are now. */
async function release({ database, tables }: RequeueNeeds, errors: readonly StoredError[]): Promise<void> {
  if (errors.length === 0) return
  const ids = errors.map(({ id }) => id)
  await database.transaction(async (transaction) => {
    await tables.ledger.releaseErrors(transaction, ids)
    await tables.errors.setPlace(transaction, ids, 'inbox')
  })
}

import type { CallAnswer, ParsedInput } from '#contract/calls.ts'
import type { IncomingServer } from '#contract/incoming-server.ts'
import { ProblemError } from '#contract/problem.ts'
import { incomingProtocols } from '#contract/protocols.ts'
import type { EventListener } from '../console.ts'
import type { Database } from '../database/database.ts'
import type { StoredError } from '../database/errors-table.ts'
import type { MailTables } from '../database/mail-tables.ts'
import { inMailbox, type MailboxNeeds } from '../fetching/in-mailbox.ts'
import { findInFolder } from '../model/find-in-folder.ts'
import type { ServerSources, StoredIncomingServer } from '../servers/server-sources.ts'
import type { Works } from '../work/works.ts'

export type RequeueNeeds = MailboxNeeds & {
  database: Database
  tables: MailTables
  sources: Pick<ServerSources, 'incomingNamed'>
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
 * records stay until that has happened and no longer count. Where only some are chosen they are found by Message-ID; one without, or one
 * that shares it with another, by what the folder lists. `missing` are no longer in the folder: they do not count any more either, and
 * their copies can be replayed. Those that were replayed go back as well and are recognised. Throws ProblemError `server-has-no-folders`
 * where there is nothing that could be given back.
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
  const chosen = ids === null ? open.filter(({ where }) => where !== 'replayed') : open.filter((one) => ids.has(one.id))
  const hasFolders = incomingProtocols[server.protocol].has.folders
  if (!hasFolders && chosen.length === 0) throw new ProblemError({ code: 'server-has-no-folders', server: server.name })
  if (hasFolders && ready === null) throw new ProblemError({ code: 'server-is-draft', server: server.name, issues })
  announce('work-progressed', { workId, done: 0, total: chosen.length, what: 'messages' })
  const skipped = chosen.filter(({ where }) => where === 'skipped')
  const inFolder = chosen.filter(({ where }) => where !== 'skipped')
  await release(needs, skipped)
  const wantsMove = ready !== null && hasFolders && (inFolder.length > 0 || ids === null)
  const { moved, missing } = wantsMove ? await moveBack(needs, ready, inFolder, ids === null ? null : open, signal) : { moved: 0, missing: 0 }
  announce('work-progressed', { workId, done: chosen.length, total: chosen.length, what: 'messages' })
  announce('errors-changed', { server: server.name, count: (await tables.errors.countOpen(database, id)).open })
  return { moved: moved + skipped.length, missing }
}

/** `open` are all that may be in the folder; null: everything in it is wanted. */
async function moveBack(needs: RequeueNeeds, server: IncomingServer, chosen: readonly StoredError[], open: readonly StoredError[] | null, signal: AbortSignal): Promise<Moved> {
  const answer = await inMailbox(needs, server, signal, async (mailbox) => {
    if (open === null) return everything(await mailbox.moveBackToInbox(null), chosen.length)
    const { messageIds, others } = sorted(chosen, open)
    const ids = others.length === 0 ? [] : findInFolder(others, (await mailbox.inventory('error-folder')) ?? [])
    const present = ids.filter((one) => one !== null)
    const moved = messageIds.length + present.length === 0 ? { moved: 0, missing: 0 } : await mailbox.moveBackToInbox(messageIds, present)
    return { moved: moved.moved, missing: moved.missing + ids.length - present.length }
  })
  await release(needs, chosen)
  return answer
}

/** Messages that a person put into the folder come along and are no compensation for one that was taken out. */
const everything = ({ moved }: Moved, recorded: number): Moved => ({ moved, missing: Math.max(0, recorded - moved) })

/** Those that a Message-ID names alone, and the others. */
function sorted(chosen: readonly StoredError[], open: readonly StoredError[]): { messageIds: string[]; others: (StoredError & { isDownloaded: boolean })[] } {
  const uses = new Map<string, number>()
  for (const { messageId } of open) if (messageId !== null) uses.set(messageId, (uses.get(messageId) ?? 0) + 1)
  const isNamed = ({ messageId }: StoredError): boolean => messageId !== null && uses.get(messageId) === 1
  return {
    messageIds: chosen.flatMap((one) => (isNamed(one) && one.messageId !== null ? [one.messageId] : [])),
    others: chosen.filter((one) => !isNamed(one)).map((one) => ({ ...one, isDownloaded: one.content !== null }))
  }
}

/** Lets the messages be processed again, wherever they are now; what was replayed is settled and stays so. */
async function release({ database, tables }: RequeueNeeds, errors: readonly StoredError[]): Promise<void> {
  const ids = errors.filter(({ where }) => where !== 'replayed').map(({ id }) => id)
  if (ids.length === 0) return
  await database.transaction(async (transaction) => {
    await tables.ledger.releaseErrors(transaction, ids)
    await tables.errors.setPlace(transaction, ids, 'inbox')
  })
}

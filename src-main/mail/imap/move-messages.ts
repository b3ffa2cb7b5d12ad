import type { IncomingServer } from '#contract/incoming-server.ts'
import { ProblemError } from '#contract/problem.ts'
import { alreadyCopied } from './already-copied.ts'
import type { ImapSession } from './imap-session.ts'
import { uidSets } from './uid-set.ts'

/**
 * Moves messages of the open folder to `path`: UID MOVE (RFC 6851), or UID COPY, a look that all were copied, and removal. Throws
 * ProblemError `source-did-not-shrink` when messages are still there afterwards, so that copies cannot pile up round after round. With
 * `again`, what an earlier attempt copied is not copied a second time.
 */
export async function moveMessages(session: ImapSession, server: IncomingServer, ids: readonly string[], path: string, again = false): Promise<number> {
  let moved = 0
  if (again && !session.offers('MOVE')) for (const set of uidSets(await alreadyCopied(session, ids, path))) await remove(session, set)
  for (const set of uidSets(ids)) {
    const present = await stillThere(session, set)
    if (present === 0) continue
    if (session.offers('MOVE')) await session.run('MOVE', path, () => session.client.messageMove(set, path, { uid: true }))
    else await copyAndRemove(session, server, set, present, path)
    await mustBeGone(session, server, set)
    moved += present
  }
  return moved
}

/** Deletes messages of the open folder; without UIDPLUS they stay marked \Deleted, for EXPUNGE would take others' messages along. */
export async function deleteMessages(session: ImapSession, server: IncomingServer, ids: readonly string[]): Promise<void> {
  for (const set of uidSets(ids)) {
    await remove(session, set)
    await mustBeGone(session, server, set)
  }
}

async function copyAndRemove(session: ImapSession, server: IncomingServer, set: string, present: number, path: string): Promise<void> {
  const copied = await session.run('COPY', path, () => session.client.messageCopy(set, path, { uid: true }))
  if (copied.uidMap !== undefined && copied.uidMap.size < present) {
    throw new ProblemError({ code: 'command-refused', server: server.name, command: 'COPY', serverSaid: `Only ${copied.uidMap.size} of ${present} messages were copied.` })
  }
  await remove(session, set)
}

async function remove(session: ImapSession, set: string): Promise<void> {
  const { client } = session
  if (session.offers('UIDPLUS')) await session.run('EXPUNGE', null, () => client.messageDelete(set, { uid: true }))
  else await session.run('STORE', null, () => client.messageFlagsAdd(set, ['\\Deleted'], { uid: true, silent: true }))
}

async function mustBeGone(session: ImapSession, server: IncomingServer, set: string): Promise<void> {
  const left = await stillThere(session, set)
  const folder = session.client.mailbox ? session.client.mailbox.path : server.folder
  if (left > 0) throw new ProblemError({ code: 'source-did-not-shrink', server: server.name, folder, messages: left })
}

async function stillThere(session: ImapSession, set: string): Promise<number> {
  const found = await session.run('SEARCH', null, () => session.client.search({ uid: set, deleted: false }, { uid: true }))
  return found.length
}

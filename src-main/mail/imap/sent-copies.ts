import type { IncomingServer } from '#contract/incoming-server.ts'
import { bareMessageId } from '../../model/bare-message-id.ts'
import { defaultLimits } from '../connection/destination.ts'
import { lookPatiently } from '../look-patiently.ts'
import { messageIdOf } from '../message-id.ts'
import type { SentCopies } from '../sent-copies.ts'
import type { TransportNeeds } from '../transport-needs.ts'
import { openSession, type ImapSession } from './imap-session.ts'
import { uidSets } from './uid-set.ts'

/** Looks into the folder that the server marks as \Sent (RFC 6154), or that has a name that stands for it; nothing is marked as read (EXAMINE, RFC 9051 6.3.3). */
export function createImapSentCopies(needs: Pick<TransportNeeds, 'limits' | 'copyAppearsMs'>): SentCopies {
  const limits = { ...defaultLimits, ...needs.limits }
  return {
    async has(server, messageId, connection) {
      const wanted = bareMessageId(messageId)
      if (wanted === '') return null
      const session = await openSession(server, connection, { signal: connection.signal, limits })
      try {
        const folder = await sentFolder(session)
        return folder === null ? null : await lookPatiently(() => isIn(session, folder, wanted), connection.signal, needs.copyAppearsMs)
      } finally {
        await session.close()
      }
    }
  }
}

async function sentFolder(session: ImapSession): Promise<IncomingServer['folder'] | null> {
  const folders = await session.run('LIST', null, () => session.client.list())
  return folders.find(({ specialUse, flags }) => specialUse === '\\Sent' && !flags.has('\\Noselect') && !flags.has('\\NonExistent'))?.path ?? null
}

/** A search is by part of the field (RFC 9051 6.4.4), so what it finds is looked at. Selecting anew shows what came meanwhile. */
async function isIn(session: ImapSession, folder: string, wanted: string): Promise<boolean> {
  await session.run('EXAMINE', folder, () => session.client.mailboxOpen(folder, { readOnly: true }))
  const uids = await session.run('SEARCH', folder, () => session.client.search({ header: { 'message-id': wanted } }, { uid: true }))
  for (const set of uidSets(uids.map(String))) {
    const found = await session.run('FETCH', folder, () => session.client.fetchAll(set, { uid: true, headers: ['message-id'] }, { uid: true }))
    if (found.some(({ headers }) => messageIdOf(headers ?? Buffer.alloc(0)) === wanted)) return true
  }
  return false
}

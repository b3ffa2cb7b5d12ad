import type { FetchMessageObject } from 'imapflow'
import type { ImapSession } from './imap-session.ts'
import { uidSets } from './uid-set.ts'

/**
 * Which of these messages of the open folder (UIDs) already have a copy in `path`, because an earlier COPY was carried out and its answer
 * lost. A copy keeps size, flags and internal date (RFC 9051 6.4.7); what cannot be told for certain counts as not copied. The folder that
 * was open is open again afterwards.
 */
export async function alreadyCopied(session: ImapSession, ids: readonly string[], path: string): Promise<string[]> {
  const source = session.client.mailbox ? session.client.mailbox.path : null
  const waiting = await marked(session, ids)
  const dates = waiting.flatMap(({ receivedAt }) => (receivedAt === null ? [] : [receivedAt]))
  if (source === null || dates.length === 0) return []
  await session.run('EXAMINE', path, () => session.client.mailboxOpen(path, { readOnly: true }))
  try {
    // SINCE disregards time and zone (RFC 9051 6.4.4): a day more is asked for.
    const since = new Date(Math.min(...dates) - 86_400_000)
    const there = await session.run('SEARCH', path, () => session.client.search({ since }, { uid: true }))
    return withCopy(waiting, await marked(session, there.map(String)))
  } finally {
    if (session.client.usable) await session.run('SELECT', source, () => session.client.mailboxOpen(source))
  }
}

type Marked = { uid: string; receivedAt: number | null; mark: string | null }

function withCopy(waiting: readonly Marked[], there: readonly Marked[]): string[] {
  const copies = new Map<string, number>()
  for (const { mark } of there) if (mark !== null) copies.set(mark, (copies.get(mark) ?? 0) + 1)
  return waiting.flatMap(({ uid, mark }) => {
    const left = mark === null ? 0 : (copies.get(mark) ?? 0)
    if (mark === null || left === 0) return []
    copies.set(mark, left - 1)
    return [uid]
  })
}

async function marked(session: ImapSession, ids: readonly string[]): Promise<Marked[]> {
  const found: Marked[] = []
  for (const set of uidSets(ids)) found.push(...(await session.run('FETCH', null, () => session.client.fetchAll(set, { uid: true, size: true, internalDate: true, envelope: true }, { uid: true }))).map(markOf))
  return found
}

/** What tells one message from another without downloading it. */
function markOf({ uid, size, internalDate, envelope }: FetchMessageObject): Marked {
  const receivedAt = internalDate instanceof Date ? internalDate.getTime() : null
  const mark = size === undefined || receivedAt === null || envelope === undefined ? null : JSON.stringify([size, receivedAt, envelope.messageId ?? '', envelope.subject ?? '', envelope.from?.[0]?.address ?? '', envelope.date ?? null])
  return { uid: String(uid), receivedAt, mark }
}

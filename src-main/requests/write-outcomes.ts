import type { RequestRow } from '#contract/request.ts'
import type { Transaction } from '../database/database.ts'
import type { StoredEntry } from '../database/entries-table.ts'
import type { StoredError } from '../database/errors-table.ts'
import type { LedgerEntry } from '../database/ledger-table.ts'
import type { MailTables } from '../database/mail-tables.ts'
import type { StoredContent } from '../content/content-store.ts'
import { requestSubject } from '../model/request-subject.ts'
import type { DecidedMessage, Origin } from './message-fate.ts'

import { requesterOf } from './decide.ts'

/** `records` names the error record of each message that failed; `at` is when all of it was decided. */
type WriteNeeds = { transaction: Transaction; tables: MailTables; origin: Origin; at: string; records: ReadonlyMap<DecidedMessage, string> }

/** Writes everything that a batch of decided messages creates, a statement for each table. Answers the error records that are of no more use. */
export async function writeOutcomes(needs: WriteNeeds, decided: readonly DecidedMessage[]): Promise<string[]> {
  const { transaction, tables, origin } = needs
  await tables.contents.add(transaction, decided.flatMap(contentOf))
  await tables.requests.add(transaction, decided.filter(({ outcome }) => outcome === 'request').map((one) => requestRow(needs, one)))
  await countReplies(needs, decided)
  await tables.entries.add(transaction, await entriesOf(needs, decided))
  await tables.threads.add(transaction, decided.flatMap(threadOf))
  const obsolete = await removeSuperseded(needs, decided)
  const errors = await writeErrors(needs)
  await tables.ledger.forgetReleased(transaction, { server: origin.serverId, identity: origin.identity }, decided.map(({ arrived }) => arrived.uid))
  await tables.ledger.add(transaction, decided.map((one) => ledgerEntry(needs, one, errors.get(one) ?? null)))
  return obsolete
}

const belongsToRequest = ({ outcome }: DecidedMessage): boolean => outcome === 'request' || outcome === 'reply'
const mostText = 1000
/** Text for a column: bounded, without the NUL that PostgreSQL refuses. */
const columnText = (text: string): string => text.slice(0, mostText).replaceAll('\0', '')
/** A Message-ID too long to be one (RFC 5322 2.1.1) is none. */
const columnId = (messageId: string | null): string | null => (messageId === null || messageId.length > mostText ? null : columnText(messageId))

function contentOf(one: DecidedMessage): StoredContent[] {
  const isKept = belongsToRequest(one) || one.outcome === 'error' || one.outcome === 'command'
  return isKept && one.arrived.taken !== null ? [one.arrived.taken.stored] : []
}

const attachmentsKept = (one: DecidedMessage): number => {
  const stripped = new Set(one.stripped.map(({ index }) => index))
  return one.arrived.taken?.parsed.content.attachments.filter(({ disposition }, index) => disposition === 'attachment' && !stripped.has(index)).length ?? 0
}

function requestRow({ origin, at }: WriteNeeds, one: DecidedMessage): RequestRow {
  const content = one.arrived.taken?.parsed.content
  return {
    number: one.request ?? 0,
    subject: columnText(requestSubject(content?.subject ?? '', content?.text ?? '')),
    status: 'open',
    requester: columnText(requesterOf(content?.from ?? null)),
    server: origin.server?.name ?? '',
    messageId: columnId(content?.messageId ?? null),
    createdAt: at,
    replies: 0,
    attachments: attachmentsKept(one)
  }
}

async function countReplies({ transaction, tables }: WriteNeeds, decided: readonly DecidedMessage[]): Promise<void> {
  const byRequest = new Map<number, { replies: number; attachments: number }>()
  for (const one of decided) {
    if (one.outcome !== 'reply' || one.request === null) continue
    const before = byRequest.get(one.request) ?? { replies: 0, attachments: 0 }
    byRequest.set(one.request, { replies: before.replies + 1, attachments: before.attachments + attachmentsKept(one) })
  }
  for (const [number, { replies, attachments }] of byRequest) await tables.requests.addReplies(transaction, number, replies, attachments)
}

async function entriesOf({ transaction, tables, origin, at }: WriteNeeds, decided: readonly DecidedMessage[]): Promise<StoredEntry[]> {
  let newest = await tables.entries.newest(transaction)
  return decided.flatMap((one): StoredEntry[] => {
    if (!belongsToRequest(one) || one.request === null || one.arrived.taken === null) return []
    return [{
      id: ++newest,
      request: one.request,
      kind: one.outcome === 'reply' ? 'reply' : 'request',
      content: one.arrived.taken.stored.address,
      receivedAt: at,
      steps: one.steps,
      stripped: one.stripped,
      originalKept: origin.server?.keepOriginal ?? false
    }]
  })
}

function threadOf(one: DecidedMessage): { messageId: string; request: number }[] {
  const messageId = columnId(one.arrived.taken?.parsed.content.messageId ?? null)
  return belongsToRequest(one) && messageId !== null && one.request !== null ? [{ messageId, request: one.request }] : []
}

/** Takes away earlier error records of the same messages; answers the names of their files. */
async function removeSuperseded(needs: WriteNeeds, decided: readonly DecidedMessage[]): Promise<string[]> {
  const { transaction, tables } = needs
  const ids = [...decided.flatMap((one) => (one.superseded === null ? [] : [one.superseded])), ...(await returnedTooLarge(needs, decided))]
  const records = (await tables.errors.some(transaction, ids)).map(({ record }) => record)
  await tables.errors.delete(transaction, ids)
  await tables.ledger.forgetErrors(transaction, ids)
  return records
}

/** Adds the rows of error records; answers their ids. */
async function writeErrors(needs: WriteNeeds): Promise<Map<DecidedMessage, number>> {
  const { transaction, tables } = needs
  const ids = new Map<DecidedMessage, number>()
  if (needs.records.size === 0) return ids
  let newest = await tables.errors.newest(transaction)
  const rows = [...needs.records].map(([one, record]): StoredError => {
    ids.set(one, ++newest)
    return errorRow(needs, one, newest, record)
  })
  await tables.errors.add(transaction, rows)
  return ids
}

/** A message too large to be downloaded has no fingerprint: its earlier record is told by the size. */
async function returnedTooLarge({ transaction, tables, origin }: WriteNeeds, decided: readonly DecidedMessage[]): Promise<number[]> {
  const sizes = decided.filter(({ problem }) => problem?.code === 'message-too-large').map(({ arrived }) => arrived.size)
  return tables.errors.returnedTooLarge(transaction, origin.serverId, sizes)
}

function errorRow({ origin, at }: WriteNeeds, one: DecidedMessage, id: number, record: string): StoredError {
  const content = one.arrived.taken?.parsed.content
  return {
    id,
    serverId: origin.serverId,
    server: origin.server?.name ?? '',
    uid: one.arrived.uid,
    subject: columnText(content?.subject ?? ''),
    from: columnText(content?.from?.address ?? ''),
    messageId: columnId(content?.messageId ?? null),
    code: one.problem?.code ?? 'message-unreadable',
    failedAt: at,
    size: one.arrived.taken?.parsed.size ?? one.arrived.size,
    where: origin.errorsAreMoved ? 'error-folder' : 'skipped',
    content: one.arrived.taken?.stored.address ?? null,
    record
  }
}

function ledgerEntry({ origin, at }: WriteNeeds, one: DecidedMessage, error: number | null): LedgerEntry {
  const nothingLeft = !origin.isMailbox || one.leave || (one.outcome === 'error' && !origin.errorsAreMoved)
  return {
    server: origin.serverId,
    identity: origin.identity,
    uid: one.arrived.uid,
    fingerprint: one.arrived.taken?.parsed.fingerprint ?? null,
    outcome: one.outcome,
    reason: one.reason,
    request: one.request,
    error,
    acknowledged: nothingLeft,
    at
  }
}

import type { LedgerEntry } from '../database/ledger-table.ts'
import type { StoredContent } from '../content/content-store.ts'
import type { DecidedMessage } from './message-fate.ts'
import { writeAnswers } from './write-answers.ts'
import { removeSuperseded, settleReplayed, writeErrors } from './write-errors.ts'
import { writePeople } from './write-people.ts'
import { writeRequests } from './write-requests.ts'
import { writeTraffic } from './write-traffic.ts'
import { belongsToRequest, columnId, columnText, type WriteNeeds } from './write-needs.ts'

/** Writes everything that a batch of decided messages creates, a statement for each table. Answers the error records that are of no more use. */
export async function writeOutcomes(needs: WriteNeeds, decided: readonly DecidedMessage[]): Promise<string[]> {
  const { transaction, tables, origin, at } = needs
  await tables.contents.add(transaction, decided.flatMap(contentOf))
  await writeRequests(needs, decided)
  await writePeople(needs, decided)
  await writeAnswers(needs, decided)
  await tables.spamHits.add(transaction, countsOf(decided.flatMap(({ spamRule }) => spamRule ?? [])), at)
  const obsolete = await removeSuperseded(needs, decided)
  const errors = await writeErrors(needs)
  await tables.ledger.forgetReleased(transaction, { server: origin.serverId, identity: origin.identity }, decided.map(({ arrived }) => arrived.uid))
  const settled = await settleReplayed(needs, decided)
  await tables.ledger.add(transaction, decided.filter((one) => !settled.has(one)).map((one) => ledgerEntry(needs, one, errors.get(one) ?? null)))
  await writeTraffic(needs, decided)
  return obsolete
}

function contentOf(one: DecidedMessage): StoredContent[] {
  const isKept = belongsToRequest(one) || one.outcome === 'error'
  return isKept && one.arrived.taken !== null ? [one.arrived.taken.stored] : []
}

function countsOf(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
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
    at,
    headline: belongsToRequest(one) ? null : headlineOf(one)
  }
}

const mostHeadline = 200
/** What people know a mail by that became no request. */
function headlineOf({ arrived: { taken } }: DecidedMessage): LedgerEntry['headline'] {
  if (taken === null) return null
  const { subject, from, messageId } = taken.parsed.content
  const short = (text: string): string => columnText(text.trim()).slice(0, mostHeadline).toWellFormed()
  const id = columnId(messageId)
  return { subject: short(subject), sender: short(from?.address ?? ''), messageId: id === null || id.length > mostHeadline ? null : id }
}

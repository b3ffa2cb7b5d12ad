import { ProblemError } from '#contract/problem.ts'
import type { StoredError } from '../database/errors-table.ts'
import type { DecidedMessage } from './message-fate.ts'
import { columnId, columnText, type WriteNeeds } from './write-needs.ts'

/** Takes away earlier error records of the same messages; answers the names of their files. */
export async function removeSuperseded(needs: WriteNeeds, decided: readonly DecidedMessage[]): Promise<string[]> {
  const { transaction, tables } = needs
  const ids = [...decided.flatMap((one) => (one.superseded === null ? [] : [one.superseded])), ...(await returnedTooLarge(needs, decided))]
  const records = (await tables.errors.some(transaction, ids)).map(({ record }) => record)
  await tables.errors.delete(transaction, ids)
  await tables.ledger.forgetErrors(transaction, ids)
  return records
}

/** Adds the rows of error records; answers their ids. */
export async function writeErrors(needs: WriteNeeds): Promise<Map<DecidedMessage, number>> {
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

/**
 * Marks the records of messages that copies were taken of, and gives the messages the outcome of their copies: when one comes again it is
 * recognised. Answers the copies that are the message itself and need no ledger entry of their own. Throws ProblemError `nothing-to-replay`.
 */
export async function settleReplayed({ transaction, tables }: WriteNeeds, decided: readonly DecidedMessage[]): Promise<Set<DecidedMessage>> {
  const settled = new Set<DecidedMessage>()
  for (const one of decided) {
    const { replays } = one.arrived
    if (replays === undefined) continue
    if (!(await tables.errors.setReplayed(transaction, replays.error, one.request))) throw new ProblemError({ code: 'nothing-to-replay', reason: alreadyProcessed })
    const isEntered = await tables.ledger.settleError(transaction, replays.error, { outcome: one.outcome, reason: one.reason, request: one.request })
    if (isEntered && !replays.isEdited) settled.add(one)
  }
  return settled
}
export const alreadyProcessed = 'it was processed meanwhile, or its record was deleted'

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
    request: null,
    content: one.arrived.taken?.stored.address ?? null,
    record
  }
}

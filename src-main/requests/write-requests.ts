import type { RequestRow } from '#contract/request.ts'
import type { RequestChange } from '#contract/request-values.ts'
import type { StoredEntry } from '../database/entries-table.ts'
import { mergeValues } from '../model/merge-values.ts'
import type { HandOverHappening, DecidedMessage } from './message-fate.ts'
import { belongsToRequest, columnId, columnText, type WriteNeeds } from './write-needs.ts'

/** Writes new requests, replies and changes, with the messages they come from and what help desks are told of them. */
export async function writeRequests(needs: WriteNeeds, decided: readonly DecidedMessage[]): Promise<void> {
  const { transaction, tables } = needs
  await tables.requests.add(transaction, decided.flatMap((one) => requestRow(needs, one)))
  await countReplies(needs, decided)
  const entries = await entriesOf(needs, decided)
  await tables.entries.add(transaction, [...entries.values()])
  await tables.threads.add(transaction, decided.flatMap(threadOf))
  const changes = await writeChanges(needs, decided, entries)
  await needs.handOver(transaction, needs.settings, happenings(needs, decided, entries, changes))
}

const attachmentsKept = (one: DecidedMessage): number => {
  const stripped = new Set(one.stripped.map(({ index }) => index))
  return one.arrived.taken?.parsed.content.attachments.filter(({ disposition }, index) => disposition === 'attachment' && !stripped.has(index)).length ?? 0
}

function requestRow({ origin, at, partition }: WriteNeeds, one: DecidedMessage): RequestRow[] {
  if (one.newRequest === null || one.request === null) return []
  const { subject, status, requester, values } = one.newRequest
  return [{
    number: one.request, subject: columnText(subject), status, requester: columnText(requester.address), partition, server: origin.server?.name ?? '',
    messageId: columnId(one.arrived.taken?.parsed.content.messageId ?? null), createdAt: at, replies: 0, attachments: attachmentsKept(one), values
  }]
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

async function entriesOf({ transaction, tables, origin, at }: WriteNeeds, decided: readonly DecidedMessage[]): Promise<Map<DecidedMessage, StoredEntry>> {
  let newest = await tables.entries.newest(transaction)
  const entries = new Map<DecidedMessage, StoredEntry>()
  for (const one of decided) {
    if (!belongsToRequest(one) || one.request === null || one.arrived.taken === null) continue
    entries.set(one, {
      id: ++newest, request: one.request, kind: kindOf(one), content: one.arrived.taken.stored.address, receivedAt: at,
      steps: one.steps, stripped: one.stripped, originalKept: origin.server?.keepOriginal ?? false
    })
  }
  return entries
}

const kindOf = (one: DecidedMessage): StoredEntry['kind'] => (one.newRequest !== null ? 'request' : one.change !== null ? 'command' : one.bounce !== null ? 'bounce' : 'reply')

function threadOf(one: DecidedMessage): { messageId: string; request: number }[] {
  const messageId = columnId(one.arrived.taken?.parsed.content.messageId ?? null)
  return belongsToRequest(one) && messageId !== null && one.request !== null ? [{ messageId, request: one.request }] : []
}

const actions = { edit: 'edited', close: 'closed', 'pick-up': 'picked up' } as const satisfies Record<string, RequestChange['action']>

/** Changes follow each other: a later one stands on what an earlier one left. */
async function writeChanges({ transaction, tables, at }: WriteNeeds, decided: readonly DecidedMessage[], entries: ReadonlyMap<DecidedMessage, StoredEntry>): Promise<Map<DecidedMessage, number>> {
  const ids = new Map<DecidedMessage, number>()
  const changing = decided.filter(({ change }) => change !== null)
  if (changing.length === 0) return ids
  let newest = await tables.requestChanges.newest(transaction)
  for (const one of changing) {
    if (one.change === null) continue
    const { operation, request, by, values, status, requester, changes } = one.change
    const before = (await tables.requests.known(transaction, [request])).get(request)
    if (before === undefined) throw new Error(`a command changes request ${request}, which is not there`)
    await tables.requests.change(transaction, request, { values: mergeValues(before.values, values), status: status ?? before.status, requester: columnText(requester?.address ?? before.requester) })
    await tables.requestChanges.add(transaction, [{ id: ++newest, request, at, by: columnText(by), action: operation === 'edit' && status === 'open' && before.status === 'closed' ? 'reopened' : actions[operation], changes, entry: entries.get(one)?.id ?? null }])
    ids.set(one, newest)
  }
  return ids
}

function happenings({ partition }: WriteNeeds, decided: readonly DecidedMessage[], entries: ReadonlyMap<DecidedMessage, StoredEntry>, changes: ReadonlyMap<DecidedMessage, number>): HandOverHappening[] {
  return decided.flatMap((one): HandOverHappening[] => {
    const entry = entries.get(one)
    if (one.request === null || entry === undefined) return []
    if (one.newRequest !== null) return [{ request: one.request, partition, event: 'request-created', subjectId: entry.id }]
    if (one.change !== null) return [{ request: one.request, partition, event: 'request-changed', subjectId: changes.get(one) ?? null }]
    return [{ request: one.request, partition, event: 'reply-added', subjectId: entry.id }]
  })
}

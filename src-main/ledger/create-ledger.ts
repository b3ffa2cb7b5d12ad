import type { CallAnswer, ParsedInput } from '#contract/calls.ts'
import { serverOf, sourceNames } from '../receiving/source-names.ts'
import type { LedgerNeeds } from './ledger-needs.ts'
import { createReconcile } from './reconcile-mailbox.ts'
import { createTakeAgain } from './take-again.ts'

/** What became of every message ever seen on a server: the calls `ledger.list`, `ledger.reconcile` and `ledger.take-again`. Throws ProblemError `not-found`. */
export function createLedger(needs: LedgerNeeds) {
  return { list: createList(needs), reconcile: createReconcile(needs), takeAgain: createTakeAgain(needs) }
}

function createList({ database, tables, sources }: LedgerNeeds) {
  return async ({ server, outcome, query, limit, before }: ParsedInput<'ledger.list'>): Promise<CallAnswer<'ledger.list'>> => {
    const serverId = server === null ? null : await serverOf(sources, server)
    const listed = await tables.ledgerViews.page(database, { serverId, outcome, query }, limit, before)
    const counts = await tables.ledgerViews.counts(database, { serverId, query })
    const names = await sourceNames(sources)
    const last = listed.at(-1)
    return {
      rows: listed.map(({ serverId: id, ...row }) => ({ ...row, server: names.get(id) ?? '' })),
      counts,
      total: counts.filter((one) => outcome === null || one.outcome === outcome).reduce((sum, { count }) => sum + count, 0),
      next: listed.length === limit && last !== undefined ? last.id : null
    }
  }
}

import { configurationTables } from '../database/configuration-tables.ts'
import { createLedger } from '../ledger/create-ledger.ts'
import type { LedgerNeeds } from '../ledger/ledger-needs.ts'

/** The ledger over the real history. */
export function composeLedger(given: Omit<LedgerNeeds, 'addedAt' | 'now'>): ReturnType<typeof createLedger> {
  const addedAt = async (name: string): Promise<string | null> => {
    const entries = await configurationTables.history.list(given.database, { names: [{ name, first: 1, last: null }], limit: 100_000 })
    const own = entries.filter(({ what }) => what === 'incoming server')
    // Whoever is added as a draft is fetched from only when started; an import of the configuration leaves no such entry.
    const first = own.findLast(({ action }) => action === 'started') ?? own.findLast(({ action }) => action === 'added')
    return first?.at ?? null
  }
  return createLedger({ ...given, addedAt, now: Date.now })
}

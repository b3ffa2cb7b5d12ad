import { randomUUID } from 'node:crypto'
import type { IncomingServer } from '../src-contract/incoming-server.ts'
import type { Difference, Reconciliation } from '../src-contract/ledger.ts'
import { ProblemError } from '../src-contract/problem.ts'
import type { Database } from '../src-main/database/database.ts'
import { mailTables } from '../src-main/database/mail-tables.ts'
import { createLedger } from '../src-main/ledger/create-ledger.ts'
import type { LedgerNeeds } from '../src-main/ledger/ledger-needs.ts'
import type { ConnectionSecrets, IncomingTransport } from '../src-main/mail/incoming-transport.ts'
import { systemClock } from '../src-main/fetching/clock.ts'
import { createWorks } from '../src-main/work/works.ts'

export type LedgerWishes = {
  database: Database
  /** By their ids. */
  servers: ReadonlyMap<number, IncomingServer>
  transport: IncomingTransport
  connection: () => Promise<ConnectionSecrets>
  sharers?: ReadonlyMap<number, number[]>
  addedAt?: string | null
}
export type LedgerUnderTest = ReturnType<typeof createLedger> & { woken: number[]; told: number[]; check(name: string): Promise<Reconciliation> }

/** The ledger's use cases over a database and a mail server of a test. */
export function ledgerOver({ database, servers, transport, connection, sharers, addedAt = null }: LedgerWishes): LedgerUnderTest {
  const woken: number[] = []
  const told: number[] = []
  const stored = [...servers].map(([id, server]) => ({ id, server, ready: server, issues: [], lastTest: null }))
  const needs: LedgerNeeds = {
    database, tables: mailTables, transportFor: () => transport, connectionFor: connection, works: createWorks(), clock: systemClock, now: Date.now,
    sources: { incoming: async () => stored, incomingNamed: async (name) => stored.find(({ server }) => server.name === name) ?? Promise.reject(new ProblemError({ code: 'not-found', what: 'incoming server', name, nearest: null })) },
    sharersOf: async ({ id }) => sharers?.get(id) ?? [], addedAt: async () => addedAt, exclusively: (_id, work) => work(), wake: (id) => void woken.push(id),
    announce: (name, detail) => void (name === 'work-progressed' && 'done' in detail && told.push(detail.done))
  }
  const ledger = createLedger(needs)
  return { ...ledger, woken, told, check: (name) => ledger.reconcile({ name, workId: randomUUID() }) }
}

/** What differs, as `kind` (`kind!` for a loss) and how many. */
export const differing = ({ differences }: { differences: readonly Difference[] }): string[] => differences.map(({ kind, isLoss, count }) => `${kind}${isLoss ? '!' : ''} ${count}`)

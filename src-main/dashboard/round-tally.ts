import type { RoundResult } from '#contract/incoming-server.ts'
import type { Transaction } from '../database/database.ts'
import type { MailTables } from '../database/mail-tables.ts'
import { hourOf } from '../model/dashboard-steps.ts'

/** How a round ended; what the provider put off, or somebody broke off, is no failure. */
export type RoundEnd = 'ok' | 'failed' | 'delayed' | 'cancelled'
export const roundEndOf = ({ problem }: Pick<RoundResult, 'problem'>): RoundEnd =>
  problem === null ? 'ok' : problem.code === 'delayed-by-provider' ? 'delayed' : problem.code === 'cancelled' ? 'cancelled' : 'failed'

/** Counts rounds as they end, in memory, until there is a transaction to write them in: most rounds find nothing and are not worth one. */
export type RoundTally = {
  progressed(server: number, progress: { done: number; total: number }): void
  ended(server: number, result: RoundResult): void
  /** Writes what was counted of a server, or of all for null; to be called back when the transaction is on disk. */
  keep(transaction: Transaction, server: number | null): Promise<() => void>
  /** Messages waiting on each server, as last seen. */
  waiting(): ReadonlyMap<number, number>
}

type Counted = { hour: string; server: number; rounds: number; failed: number }

export function createRoundTally({ tables: { roundHours }, now, heard }: { tables: Pick<MailTables, 'roundHours'>; now: () => number; heard: (result: RoundResult) => void }): RoundTally {
  const counted = new Map<string, Counted>()
  const waiting = new Map<number, number>()
  const underWay = new Map<number, { done: number; total: number }>()
  const of = (server: number): Counted => {
    const hour = hourOf(new Date(now()).toISOString())
    const key = `${hour} ${server}`
    const found = counted.get(key) ?? { hour, server, rounds: 0, failed: 0 }
    counted.set(key, found)
    return found
  }
  return {
    progressed(server, progress) {
      underWay.set(server, progress)
      waiting.set(server, Math.max(0, progress.total - progress.done))
    },
    ended(server, result) {
      // A round that got to its end without progress found nothing; one that failed before it saw the mailbox tells nothing of it.
      if (result.problem === null && !underWay.has(server)) waiting.set(server, 0)
      underWay.delete(server)
      heard(result)
      const end = roundEndOf(result)
      if (end === 'cancelled') return
      const row = of(server)
      row.rounds++
      if (end === 'failed') row.failed++
    },
    async keep(transaction, server) {
      const written = [...counted.values()].filter((one) => server === null || one.server === server).map((one) => ({ ...one }))
      await roundHours.add(transaction, written)
      return () => written.forEach(({ hour, server: id, rounds, failed }) => subtract(counted, `${hour} ${id}`, rounds, failed))
    },
    waiting: () => waiting
  }
}

/** Rounds that ended while others were being written stay. */
function subtract(counted: Map<string, Counted>, key: string, rounds: number, failed: number): void {
  const row = counted.get(key)
  if (row === undefined) return
  row.rounds -= rounds
  row.failed -= failed
  if (row.rounds === 0) counted.delete(key)
}

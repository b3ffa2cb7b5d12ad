import type { Outcome } from '#contract/message.ts'
import type { Queryable, Row, SqlValue, Transaction } from './database.ts'
import { insertRows, placeholders, portions } from './insert-rows.ts'

/**
 * What became of one message of one mailbox. `acknowledged`: nothing is left to be done on the server.
 * `released` is an error whose message was given back for processing.
 */
export type LedgerEntry = {
  server: number
  identity: string
  uid: string
  fingerprint: string | null
  outcome: Outcome | 'released'
  reason: string | null
  request: number | null
  error: number | null
  acknowledged: boolean
  at: string
  /** Of mail that is kept nowhere else: dropped, failed, or none of ours. */
  headline: { subject: string; sender: string; messageId: string | null } | null
}
/** How a message with the same fingerprint ended before on the same server. */
export type SameMessage = { outcome: LedgerEntry['outcome']; request: number | null; error: number | null }

type Mailbox = { server: number; identity: string }

/** Every message ever taken from a server; it makes sure that none becomes two requests. */
export const ledgerTable = {
  async add(transaction: Transaction, entries: readonly LedgerEntry[]): Promise<void> {
    const rows = entries.map((one): SqlValue[] => [
      one.server, one.identity, one.uid, shortened(one.fingerprint), one.outcome, one.reason, one.request, one.error, one.acknowledged ? 1 : 0, one.at,
      one.headline?.subject ?? null, one.headline?.sender ?? null, one.headline?.messageId ?? null
    ])
    await insertRows(transaction, 'ledger', ['server', 'identity', 'uid', 'fingerprint', 'outcome', 'reason', 'request', 'error', 'acknowledged', 'at', 'subject', 'sender', 'message_id'], rows)
  },

  /** Those of the given uids that are in the ledger, by this server or by others that fetch from the same mailbox; released ones are not. */
  async known(queryable: Queryable, { server, identity }: Mailbox, uids: readonly string[], others: readonly number[] = []): Promise<Set<string>> {
    const servers = [server, ...others]
    const found = new Set<string>()
    for (const some of portions(uids)) {
      const rows = await queryable.all<{ uid: string }>(
        `SELECT uid FROM ledger WHERE server IN ${placeholders(servers.length)} AND identity = ? AND outcome <> 'released' AND uid IN ${placeholders(some.length)}`, [...servers, identity, ...some])
      for (const { uid } of rows) found.add(uid)
    }
    return found
  },

  /** Messages of the mailbox with something left to be done on the server, oldest first. */
  async unfinished(queryable: Queryable, mailbox: Mailbox): Promise<{ uid: string; outcome: Outcome; error: number | null }[]> {
    return queryable.all<{ uid: string; outcome: Outcome; error: number | null } & Row>('SELECT uid, outcome, error FROM ledger WHERE server = ? AND identity = ? AND acknowledged = 0 ORDER BY id', [mailbox.server, mailbox.identity])
  },

  /**
   * The best that became of messages with these fingerprints on this server: an outcome of its own before an error. What others that
   * fetch from the same mailbox took counts too; their errors do not.
   */
  async sameMessages(queryable: Queryable, server: number, others: readonly number[], fingerprints: readonly string[]): Promise<Map<string, SameMessage>> {
    const found = new Map<string, SameMessage>()
    const by = others.length === 0 ? 'server = ?' : `(server = ? OR (server IN ${placeholders(others.length)} AND outcome NOT IN ('error', 'released')))`
    const byShort = new Map(fingerprints.map((one) => [shortened(one), one]))
    for (const some of portions([...byShort.keys()])) {
      const rows = await queryable.all<{ fingerprint: string } & SameMessage & Row>(
        `SELECT fingerprint, outcome, request, error FROM ledger WHERE fingerprint IN ${placeholders(some.length)} AND ${by} ORDER BY id`, [...some, server, ...others])
      for (const { fingerprint, ...same } of rows) keepBetter(found, byShort.get(fingerprint) ?? fingerprint, same)
    }
    return found
  },

  /** How a message with this fingerprint ended last, on whichever server; null: none was taken. */
  async lastFate(queryable: Queryable, fingerprint: string): Promise<Pick<LedgerEntry, 'outcome' | 'reason' | 'request' | 'at'> | null> {
    const [last] = await queryable.all<Pick<LedgerEntry, 'outcome' | 'reason' | 'request' | 'at'> & Row>(`SELECT outcome, reason, request, at FROM ledger WHERE fingerprint = ? AND outcome <> 'released' ORDER BY id DESC LIMIT 1`, [shortened(fingerprint)])
    return last ?? null
  },

  async newestId(queryable: Queryable): Promise<number> {
    const [row] = await queryable.all<{ id: number | null }>('SELECT MAX(id) AS id FROM ledger')
    return row?.id ?? 0
  },

  /** How many messages came to each server in each hour (YYYY-MM-DDTHH in UTC), of the entries after one id up to another that are no older than `since`. */
  byHour(queryable: Queryable, { after, until, since }: { after: number; until: number; since: string }): Promise<{ server: number; hour: string; messages: number; first: string; last: string }[]> {
    return queryable.all('SELECT server, SUBSTR(at, 1, 13) AS hour, COUNT(*) AS messages, MIN(at) AS first, MAX(at) AS last FROM ledger WHERE id > ? AND id <= ? AND at >= ? GROUP BY server, SUBSTR(at, 1, 13)', [after, until, since])
  },

  async setAcknowledged(transaction: Transaction, mailbox: Mailbox, uids: readonly string[]): Promise<void> {
    for (const some of portions(uids))
      await transaction.run(`UPDATE ledger SET acknowledged = 1 WHERE server = ? AND identity = ? AND uid IN ${placeholders(some.length)}`, [mailbox.server, mailbox.identity, ...some])
  },

  /** Lets the messages of these error records be processed again. */
  async releaseErrors(transaction: Transaction, errors: readonly number[]): Promise<void> {
    for (const some of portions(errors)) await transaction.run(`UPDATE ledger SET outcome = 'released', acknowledged = 1 WHERE outcome = 'error' AND error IN ${placeholders(some.length)}`, some)
  },

  /** Gives the message of an error record the outcome of a copy of it. False where no entry names the record any more. */
  async settleError(transaction: Transaction, error: number, { outcome, reason, request }: Pick<LedgerEntry, 'outcome' | 'reason' | 'request'>): Promise<boolean> {
    return (await transaction.run(`UPDATE ledger SET outcome = ?, reason = ?, request = ? WHERE error = ? AND outcome IN ('error', 'released')`, [outcome, reason, request, error])).changes > 0
  },

  /** Cuts the tie to error records that are deleted, whose ids may be given out again. */
  async forgetErrors(transaction: Transaction, errors: readonly number[]): Promise<void> {
    for (const some of portions(errors)) await transaction.run(`UPDATE ledger SET error = NULL WHERE error IN ${placeholders(some.length)}`, some)
  },

  /** Takes out what was released under these uids, so that they can be entered anew. */
  async forgetReleased(transaction: Transaction, mailbox: Mailbox, uids: readonly string[]): Promise<void> {
    for (const some of portions(uids))
      await transaction.run(`DELETE FROM ledger WHERE server = ? AND identity = ? AND outcome = 'released' AND uid IN ${placeholders(some.length)}`, [mailbox.server, mailbox.identity, ...some])
  }
}

// Half of a SHA-256 still tells any number of messages apart, and it is kept twice: in the row and in the index.
const shortened = <Text extends string | null>(fingerprint: Text): Text => (fingerprint === null ? fingerprint : (fingerprint.slice(0, 32) as Text))

const isFailure = (same: SameMessage): boolean => same.outcome === 'error' || same.outcome === 'released'
function keepBetter(found: Map<string, SameMessage>, fingerprint: string, same: SameMessage): void {
  const before = found.get(fingerprint)
  if (before === undefined || isFailure(before) || (!isFailure(same) && before.outcome === 'dropped')) found.set(fingerprint, same)
}

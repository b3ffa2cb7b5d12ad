import type { NoticeKind } from '#contract/notice.ts'
import type { Queryable, Transaction } from './database.ts'

/** A trouble that was told and is not over; `since` is ISO 8601. */
export type StandingNotice = { kind: NoticeKind; server: string; since: string }

/** Which troubles people know of, so that each is told once and its end is told too, whatever restarts lie between. */
export const standingNoticesTable = {
  all: (queryable: Queryable): Promise<StandingNotice[]> => queryable.all<StandingNotice>('SELECT kind, server, since FROM standing_notices'),

  async find(queryable: Queryable, kind: NoticeKind, server: string): Promise<StandingNotice | null> {
    const [found] = await queryable.all<StandingNotice>('SELECT kind, server, since FROM standing_notices WHERE kind = ? AND server = ?', [kind, server])
    return found ?? null
  },

  /** Whether it is new. */
  async add(transaction: Transaction, { kind, server, since }: StandingNotice): Promise<boolean> {
    const { changes } = await transaction.run('INSERT INTO standing_notices (kind, server, since) VALUES (?, ?, ?) ON CONFLICT (kind, server) DO NOTHING', [kind, server, since])
    return changes > 0
  },

  async forget(transaction: Transaction, kind: NoticeKind, server: string): Promise<void> {
    await transaction.run('DELETE FROM standing_notices WHERE kind = ? AND server = ?', [kind, server])
  }
}

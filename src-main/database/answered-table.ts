import { countedAs, domainOf } from '../model/is-for-mailbox.ts'
import type { Queryable, Transaction } from './database.ts'
import { insertRows, placeholders, portions } from './insert-rows.ts'

/** To whom automatic answers went in the last hours, so that no address gets too many, and no domain (`@example.com`), where each may come from another address. */
export const answeredTable = {
  async add(transaction: Transaction, recipients: readonly string[], at: string): Promise<void> {
    await insertRows(transaction, 'answered', ['recipient', 'at'], recipients.flatMap((recipient) => [[countedAs(recipient), at], [domainOf(recipient), at]]))
  },

  /** How many answers each address, or each domain, got at that time or later, by what it counts as; those without any are left out. */
  async countSince(queryable: Queryable, recipients: readonly string[], since: string): Promise<Map<string, number>> {
    const found = new Map<string, number>()
    for (const some of portions([...new Set(recipients.map(countedAs))])) {
      const rows = await queryable.all<{ recipient: string; answers: number }>(`SELECT recipient, COUNT(*) AS answers FROM answered WHERE recipient IN ${placeholders(some.length)} AND at >= ? GROUP BY recipient`, [...some, since])
      for (const { recipient, answers } of rows) found.set(recipient, answers)
    }
    return found
  },

  async forgetBefore(transaction: Transaction, at: string): Promise<void> {
    await transaction.run('DELETE FROM answered WHERE at < ?', [at])
  }
}

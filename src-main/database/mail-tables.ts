import { contentsTable } from './contents-table.ts'
import { cursorsTable } from './cursors-table.ts'
import { entriesTable } from './entries-table.ts'
import { errorsTable } from './errors-table.ts'
import { healthTable } from './health-table.ts'
import { ledgerTable } from './ledger-table.ts'
import { mailboxesTable } from './mailboxes-table.ts'
import { noticesTable } from './notices-table.ts'
import { requestsTable } from './requests-table.ts'
import { rungExpiriesTable } from './rung-expiries-table.ts'
import { spamHitsTable } from './spam-hits-table.ts'
import { threadsTable } from './threads-table.ts'

/** The tables that mail goes into, as the use cases are given them. */
export const mailTables = {
  contents: contentsTable,
  cursors: cursorsTable,
  entries: entriesTable,
  errors: errorsTable,
  health: healthTable,
  ledger: ledgerTable,
  mailboxes: mailboxesTable,
  notices: noticesTable,
  requests: requestsTable,
  rungExpiries: rungExpiriesTable,
  spamHits: spamHitsTable,
  threads: threadsTable
}
export type MailTables = typeof mailTables

import { answeredTable } from './answered-table.ts'
import { contentsTable } from './contents-table.ts'
import { cursorsTable } from './cursors-table.ts'
import { entriesTable } from './entries-table.ts'
import { errorsTable } from './errors-table.ts'
import { healthTable } from './health-table.ts'
import { ledgerTable } from './ledger-table.ts'
import { mailboxesTable } from './mailboxes-table.ts'
import { noticesTable } from './notices-table.ts'
import { outboxTable } from './outbox-table.ts'
import { peopleTable } from './people-table.ts'
import { requestChangesTable } from './request-changes-table.ts'
import { requestsTable } from './requests-table.ts'
import { rungExpiriesTable } from './rung-expiries-table.ts'
import { sentTable } from './sent-table.ts'
import { spamHitsTable } from './spam-hits-table.ts'
import { threadsTable } from './threads-table.ts'

/** The tables that mail goes into, as the use cases are given them. */
export const mailTables = {
  answered: answeredTable,
  contents: contentsTable,
  cursors: cursorsTable,
  entries: entriesTable,
  errors: errorsTable,
  health: healthTable,
  ledger: ledgerTable,
  mailboxes: mailboxesTable,
  notices: noticesTable,
  outbox: outboxTable,
  people: peopleTable,
  requestChanges: requestChangesTable,
  requests: requestsTable,
  rungExpiries: rungExpiriesTable,
  sent: sentTable,
  spamHits: spamHitsTable,
  threads: threadsTable
}
export type MailTables = typeof mailTables

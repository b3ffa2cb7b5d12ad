import { answeredTable } from './answered-table.ts'
import { contentsTable } from './contents-table.ts'
import { cursorsTable } from './cursors-table.ts'
import { delayHoursTable } from './delay-hours-table.ts'
import { entriesTable } from './entries-table.ts'
import { errorsTable } from './errors-table.ts'
import { healthTable } from './health-table.ts'
import { lastMailsTable } from './last-mails-table.ts'
import { ledgerTable } from './ledger-table.ts'
import { ledgerViews } from './ledger-views.ts'
import { mailboxesTable } from './mailboxes-table.ts'
import { noticeMailsTable } from './notice-mails-table.ts'
import { noticesTable } from './notices-table.ts'
import { outboxTable } from './outbox-table.ts'
import { peopleTable } from './people-table.ts'
import { queueSamplesTable } from './queue-samples-table.ts'
import { requestChangesTable } from './request-changes-table.ts'
import { requestsTable } from './requests-table.ts'
import { roundHoursTable } from './round-hours-table.ts'
import { rungExpiriesTable } from './rung-expiries-table.ts'
import { sentTable } from './sent-table.ts'
import { silencesTable } from './silences-table.ts'
import { spamHitsTable } from './spam-hits-table.ts'
import { standingNoticesTable } from './standing-notices-table.ts'
import { threadsTable } from './threads-table.ts'
import { trafficHoursTable } from './traffic-hours-table.ts'

/** The tables that mail goes into, as the use cases are given them. */
export const mailTables = {
  answered: answeredTable,
  contents: contentsTable,
  cursors: cursorsTable,
  delayHours: delayHoursTable,
  entries: entriesTable,
  errors: errorsTable,
  health: healthTable,
  lastMails: lastMailsTable,
  ledger: ledgerTable,
  ledgerViews,
  mailboxes: mailboxesTable,
  noticeMails: noticeMailsTable,
  notices: noticesTable,
  outbox: outboxTable,
  people: peopleTable,
  queueSamples: queueSamplesTable,
  requestChanges: requestChangesTable,
  requests: requestsTable,
  roundHours: roundHoursTable,
  rungExpiries: rungExpiriesTable,
  sent: sentTable,
  silences: silencesTable,
  spamHits: spamHitsTable,
  standingNotices: standingNoticesTable,
  threads: threadsTable,
  trafficHours: trafficHoursTable
}
export type MailTables = typeof mailTables

import type { IncomingServerDraft } from '#contract/incoming-server.ts'
import { createServersTable } from './servers-table.ts'

/** Incoming servers. The ledger, error records, mailboxes and cursors of a deleted server keep its id from being used again. */
export const incomingServersTable = createServersTable<IncomingServerDraft>(
  'incoming_servers',
  `SELECT MAX(id) AS id FROM (SELECT MAX(id) AS id FROM incoming_servers UNION ALL SELECT MAX(server) AS id FROM ledger
    UNION ALL SELECT MAX(server) AS id FROM errors UNION ALL SELECT MAX(server) AS id FROM mailboxes
    UNION ALL SELECT MAX(server) AS id FROM cursors) AS used`
)

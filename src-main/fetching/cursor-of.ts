import type { IncomingServer } from '#contract/incoming-server.ts'
import type { Database } from '../database/database.ts'
import type { MailTables } from '../database/mail-tables.ts'
import type { Cursor } from '../mail/incoming-transport.ts'
import type { ReadyServer } from './round.ts'

/** The cursor of a server's mailbox in the database; a server that is set to another place begins anew. */
export const createCursorOf =
  ({ database, tables }: { database: Database; tables: Pick<MailTables, 'cursors'> }) =>
  ({ id, server }: ReadyServer): Cursor => ({
    read: () => tables.cursors.read(database, id, placeOf(server)),
    write: (value) => database.transaction((transaction) => tables.cursors.write(transaction, id, placeOf(server), value))
  })

/** What was listed for marking is not what would be listed for deleting. */
const placeOf = ({ protocol, endpoint, host, mailbox, auth, folder, afterFetch }: IncomingServer): string =>
  JSON.stringify([protocol, endpoint ?? host, mailbox || auth.subject || auth.user, folder, afterFetch])

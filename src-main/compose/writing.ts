import { randomUUID } from 'node:crypto'
import type { Database } from '../database/database.ts'
import type { MailTables } from '../database/mail-tables.ts'
import { createComposeOutboxMail } from '../delivery/compose-outbox-mail.ts'
import { createSignMessage } from '../mail/dkim/sign-message.ts'
import { composeMessage } from '../mail/smtp/compose-message.ts'
import type { ServerSources } from '../servers/server-sources.ts'

type Given = { database: Database; tables: Pick<MailTables, 'people'>; sources: ServerSources }

/** How mail is written and signed, typed ones and those of the outbox. */
export function composeWriting({ database, tables, sources }: Given) {
  const writing = { compose: composeMessage, sign: createSignMessage({ keyOf: sources.dkimKeyOf }), newId: randomUUID }
  const formatOf = async (address: string): Promise<'html' | 'plain' | null> => {
    if (!(await sources.settings()).emailFormat.perPerson) return null
    return (await tables.people.byAddresses(database, [address])).get(address.toLowerCase())?.format ?? null
  }
  return { ...writing, composeOutboxMail: createComposeOutboxMail({ ...writing, format: async () => (await sources.settings()).emailFormat.default, formatOf }) }
}

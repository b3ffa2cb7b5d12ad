import type { OutgoingServerDraft } from '#contract/outgoing-server.ts'
import { createServersTable } from './servers-table.ts'

/** Outgoing servers. */
export const outgoingServersTable = createServersTable<OutgoingServerDraft>('outgoing_servers', 'SELECT MAX(id) AS id FROM outgoing_servers')

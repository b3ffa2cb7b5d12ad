import type { OutgoingServerDraft } from '#contract/outgoing-server.ts'
import type { ServersTable } from '../servers/configuration-tables.ts'
import { createServersTable } from './servers-table.ts'

const table = createServersTable<OutgoingServerDraft>('outgoing_servers', 'SELECT MAX(id) AS id FROM outgoing_servers')

/** Outgoing servers. Mail in the outbox that must go through one, or was tried there, follows when it is renamed. */
export const outgoingServersTable: ServersTable<OutgoingServerDraft> = {
  ...table,
  async update(transaction, id, server) {
    const [was] = await transaction.all<{ name: string }>('SELECT name FROM outgoing_servers WHERE id = ?', [id])
    await table.update(transaction, id, server)
    if (was === undefined || was.name === server.name) return
    for (const column of ['wanted_server', 'server']) await transaction.run(`UPDATE outbox SET ${column} = ? WHERE ${column} = ?`, [server.name, was.name])
  }
}

import type { OutgoingServerDraft } from '#contract/outgoing-server.ts'
import type { ServersTable } from '../servers/configuration-tables.ts'
import { createServersTable } from './servers-table.ts'

const table = createServersTable<OutgoingServerDraft>('outgoing_servers', 'SELECT MAX(id) AS id FROM outgoing_servers')

/** Outgoing servers. Mail in the outbox that must go through one, or was tried there, follows when it is renamed; when it is deleted that mail goes through the server of its partition. */
export const outgoingServersTable: ServersTable<OutgoingServerDraft> = {
  ...table,
  async delete(transaction, id) {
    await transaction.run('UPDATE outbox SET wanted_server = NULL WHERE wanted_server = (SELECT name FROM outgoing_servers WHERE id = ?)', [id])
    await table.delete(transaction, id)
  },
  async update(transaction, id, server) {
    const [was] = await transaction.all<{ name: string }>('SELECT name FROM outgoing_servers WHERE id = ?', [id])
    await table.update(transaction, id, server)
    if (was === undefined || was.name === server.name) return
    for (const column of ['wanted_server', 'server']) await transaction.run(`UPDATE outbox SET ${column} = ? WHERE ${column} = ?`, [server.name, was.name])
  }
}

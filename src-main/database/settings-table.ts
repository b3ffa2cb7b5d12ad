import type { SettingsTable } from '../servers/configuration-tables.ts'

/** The settings of the whole console, one document. */
export const settingsTable: SettingsTable = {
  get: async (from) => {
    const [row] = await from.all<{ document: string }>('SELECT document FROM settings')
    return row === undefined ? null : (JSON.parse(row.document) as unknown)
  },
  put: async (transaction, settings) => {
    await transaction.run('DELETE FROM settings')
    await transaction.run('INSERT INTO settings (id, document) VALUES (?, ?)', [1, JSON.stringify(settings)])
  }
}

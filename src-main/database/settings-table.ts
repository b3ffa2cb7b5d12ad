import type { SettingsTable } from '../servers/configuration-tables.ts'
import { sharedTexts } from './shared-texts.ts'

/** The settings of the whole console, one document. */
export const settingsTable: SettingsTable = {
  get: async (from) => {
    const [row] = await from.all<{ document: string }>('SELECT document FROM settings')
    return row === undefined ? null : (JSON.parse(await sharedTexts.whole(from, row.document)) as unknown)
  },
  put: async (transaction, settings) => {
    const document = await sharedTexts.shorten(transaction, JSON.stringify(settings))
    await transaction.run('DELETE FROM settings')
    await transaction.run('INSERT INTO settings (id, document) VALUES (?, ?)', [1, document])
  }
}

import { z } from 'zod'
import type { ChainAnchor } from '../model/history-chain.ts'
import type { ConfigurationNeeds } from './configuration-needs.ts'

export const anchorAccount = 'history/anchor'
const anchorShape = z.object({ id: z.int(), head: z.string(), entries: z.int() })

export type HistoryAnchor = {
  /** null where nothing was noted yet, or what is there is no anchor. */
  read(): Promise<ChainAnchor | null>
  /** Notes the newest entry soon; nothing that changes the configuration waits for it or fails with it. */
  grown(): void
  /** What was to be noted is noted when it resolves. */
  close(): Promise<void>
}

/** What is known of the history outside of the database: its newest entry, kept in the credential store. A crash may leave it behind. */
export const createHistoryAnchor = ({ database, tables, credentials, announce, logWarning }: Pick<ConfigurationNeeds, 'database' | 'tables' | 'credentials' | 'announce'> & { logWarning: (text: string) => void }): HistoryAnchor => {
  let noting: Promise<void> = Promise.resolve()
  let waiting = false

  const stored = async (): Promise<ChainAnchor | null> => {
    const parsed = anchorShape.safeParse(parsedJson(await credentials.get(anchorAccount)))
    return parsed.success ? parsed.data : null
  }
  const note = async (): Promise<void> => {
    waiting = false
    const newest = await tables.history.newest(database)
    if (newest === null) return
    const before = await stored()
    // An anchor that does not fit is what shows that entries were cut off: it stays.
    if (before !== null && (await tables.history.stored(database, before.id - 1, 1))[0]?.hash !== before.head) return
    if (before?.head !== newest.head) await credentials.set(anchorAccount, JSON.stringify(newest))
  }
  return {
    async read() {
      await noting
      return stored()
    },
    grown() {
      announce('history-grew', {})
      if (waiting) return
      waiting = true
      noting = noting.then(note).catch((thrown: unknown) => logWarning(`The newest entry of the history was not noted in the credential store: ${thrown instanceof Error ? thrown.message : String(thrown)}`))
    },
    close: () => noting
  }
}

const parsedJson = (text: string | null): unknown => {
  try {
    return JSON.parse(text ?? 'null')
  } catch {
    return null
  }
}

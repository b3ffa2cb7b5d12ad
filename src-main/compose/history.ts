import type { CredentialStore } from '../credentials/credential-store.ts'
import { configurationTables } from '../database/configuration-tables.ts'
import type { Database } from '../database/database.ts'
import { noticingHistory } from '../database/notice-history.ts'
import { systemClock } from '../fetching/clock.ts'
import type { Bell } from '../notices/bell.ts'
import { createWatchHistory } from '../notices/watch-history.ts'
import type { Announce } from '../servers/configuration-needs.ts'
import { createHistoryAnchor, type HistoryAnchor } from '../servers/history-anchor.ts'
import { createVerifyHistory } from '../servers/verify-history.ts'

/** The database whose history is noted in the credential store whenever it grew. */
export function anchoredDatabase<Given extends Database>(given: { database: Given; credentials: CredentialStore; announce: Announce; logWarning: (text: string) => void }): { database: Given; anchor: HistoryAnchor } {
  const anchor = createHistoryAnchor({ ...given, tables: configurationTables })
  return { database: noticingHistory(given.database, anchor.grown), anchor }
}

/** Whether the history is as it was written; asked, and by itself once a day. */
export function composeVerifyHistory({ database, anchor, bell, notify, logWarning }: { database: Database; anchor: HistoryAnchor; bell: Pick<Bell, 'list'>; notify: Pick<Bell, 'ring'>; logWarning: (text: string) => void }) {
  const verify = createVerifyHistory({ database, tables: configurationTables, now: () => new Date(), anchor })
  return { verify, watch: createWatchHistory({ verify, bell, notify, clock: systemClock, logWarning }) }
}

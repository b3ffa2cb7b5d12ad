import type { NoticeKind } from '#contract/notice.ts'
import type { Problem } from '#contract/problem.ts'
import { wordsOf } from '#contract/problem-words.ts'
import type { Database } from '../database/database.ts'
import type { MailTables } from '../database/mail-tables.ts'
import { isDiskFilling, type DiskRoom } from '../model/disk-room.ts'
import type { ServerSources } from '../servers/server-sources.ts'
import type { Notify } from './notify.ts'

export type WatchConsoleNeeds = {
  database: Database
  tables: Pick<MailTables, 'standingNotices' | 'outbox'>
  /** The data folder, and the room on its disk. */
  folder: string
  diskRoom: () => Promise<DiskRoom>
  sources: Pick<ServerSources, 'incoming'>
  notify: Notify
  now: () => number
}

const longWaitMs = 3_600_000
/** What concerns no server stands under this name. */
const console = 'Mailroom'

/** Looks at what the console itself needs: room on its disk, and mail that gets out. Each trouble is told once until it is over. Throws what the database throws. */
export const createLookAtConsole = ({ database, tables: { standingNotices, outbox }, folder, diskRoom, sources, notify, now }: WatchConsoleNeeds): (() => Promise<void>) => {
  return async () => {
    await lookAtDisk()
    await lookAtOutbox()
    await forgetGone()
  }

  async function lookAtDisk(): Promise<void> {
    const room = await diskRoom()
    const isFilling = isDiskFilling(room, await stands('disk-filling'))
    await standOrEnd('disk-filling', isFilling ? { code: 'disk-filling', folder, freeBytes: room.free } : null)
  }
  async function lookAtOutbox(): Promise<void> {
    const waiting = await outbox.waiting(database)
    const isLong = waiting !== null && (now() - Date.parse(waiting.since) > longWaitMs || (await stands('mail-waits')))
    await standOrEnd('mail-waits', isLong ? { code: 'mail-waits', ...waiting } : null)
  }
  async function stands(kind: NoticeKind): Promise<boolean> {
    return (await standingNotices.find(database, kind, console)) !== null
  }
  async function standOrEnd(kind: 'disk-filling' | 'mail-waits', problem: Problem | null): Promise<void> {
    if (problem === null && !(await stands(kind))) return
    if (problem === null) return database.transaction((transaction) => standingNotices.forget(transaction, kind, console))
    const isNew = await database.transaction((transaction) => standingNotices.add(transaction, { kind, server: console, since: new Date(now()).toISOString() }))
    if (isNew) await notify.ring({ kind, server: console, text: wordsOf(problem).title, problem })
  }
  /** Troubles of servers that are there no more. */
  async function forgetGone(): Promise<void> {
    const names = new Set((await sources.incoming()).map(({ server }) => server.name))
    const gone = (await standingNotices.all(database)).filter(({ kind, server }) => kind === 'connectivity-lost' && !names.has(server))
    if (gone.length > 0) await database.transaction(async (transaction) => { for (const { kind, server } of gone) await standingNotices.forget(transaction, kind, server) })
  }
}

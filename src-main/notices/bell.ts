import type { Notice, NoticeKind } from '#contract/notice.ts'
import type { EventListener } from '../console.ts'
import type { Database } from '../database/database.ts'
import type { MailTables } from '../database/mail-tables.ts'

/** What happened, as the bell tells it. `times`: how often at once, 1 where it is left out. */
export type NewNotice = Pick<Notice, 'kind' | 'server' | 'text' | 'problem'> & { times?: number }
export type BellNeeds = { database: Database; tables: Pick<MailTables, 'notices'>; announce: EventListener; now: () => number }
export type Bell = {
  /** Adds a notice, or counts it on the unread one of its kind and server, and announces it. Answers whether it was added. */
  ring(notice: NewNotice): Promise<boolean>
  list(): Promise<{ notices: Notice[]; unread: number }>
  /** Marks notices as read, all of them for null. */
  read(input: { ids: number[] | null }): Promise<void>
}

const mostNotices = 500
const mostListed = 200
/** Each of these is a matter of its own: only what says the very same is counted. */
const apart: ReadonlySet<NoticeKind> = new Set(['expiry', 'backup-made', 'access-changed', 'access-guessed'])

/** The bell: notices about what happened while nobody looked. The newest 500 are kept. */
export function createBell({ database, tables: { notices }, announce, now }: BellNeeds): Bell {
  return {
    async ring({ times = 1, ...notice }) {
      const at = new Date(now()).toISOString()
      const told = await database.transaction(async (transaction) => {
        const unread = await notices.unreadOf(transaction, notice, apart.has(notice.kind) ? notice.text : null)
        if (unread !== null) {
          const repeated = { ...unread, at, text: notice.text, problem: notice.problem, repeats: unread.repeats + times }
          await notices.repeat(transaction, repeated)
          return { notice: repeated, isNew: false }
        }
        const added = await notices.add(transaction, { ...notice, at, firstAt: at, repeats: times - 1, read: false })
        await notices.trim(transaction, mostNotices)
        return { notice: added, isNew: true }
      })
      announce('notice-added', { notice: told.notice, unread: await notices.unread(database) })
      return told.isNew
    },
    list: async () => ({ notices: await notices.newest(database, mostListed), unread: await notices.unread(database) }),
    read: ({ ids }) => database.transaction((transaction) => notices.setRead(transaction, ids))
  }
}

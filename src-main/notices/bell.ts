import type { Notice } from '#contract/notice.ts'
import type { EventListener } from '../console.ts'
import type { Database } from '../database/database.ts'
import type { MailTables } from '../database/mail-tables.ts'

/** What happened, as the bell tells it. */
export type NewNotice = Pick<Notice, 'kind' | 'server' | 'text' | 'problem'>
export type BellNeeds = { database: Database; tables: Pick<MailTables, 'notices'>; announce: EventListener; now: () => number }
export type Bell = {
  /** Adds a notice and announces it. One that would repeat an unread notice word for word is left out; answers whether it was added. */
  ring(notice: NewNotice): Promise<boolean>
  list(): Promise<{ notices: Notice[]; unread: number }>
  /** Marks notices as read, all of them for null. */
  read(input: { ids: number[] | null }): Promise<void>
}

const mostNotices = 500
const mostListed = 200

/** The bell: notices about what happened while nobody looked. The newest 500 are kept. */
export function createBell({ database, tables: { notices }, announce, now }: BellNeeds): Bell {
  return {
    async ring(notice) {
      const unreadBefore = (await notices.newest(database, mostListed)).filter(({ read }) => !read)
      if (unreadBefore.some((one) => one.kind === notice.kind && one.server === notice.server && one.text === notice.text)) return false
      const added = await database.transaction(async (transaction) => {
        const one = await notices.add(transaction, { ...notice, at: new Date(now()).toISOString(), read: false })
        await notices.trim(transaction, mostNotices)
        return one
      })
      announce('notice-added', { notice: added, unread: await notices.unread(database) })
      return true
    },
    list: async () => ({ notices: await notices.newest(database, mostListed), unread: await notices.unread(database) }),
    read: ({ ids }) => database.transaction((transaction) => notices.setRead(transaction, ids))
  }
}

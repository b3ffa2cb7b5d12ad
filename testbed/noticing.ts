import type { Settings } from '../src-contract/settings.ts'
import type { EventListener } from '../src-main/console.ts'
import type { Database } from '../src-main/database/database.ts'
import { mailTables } from '../src-main/database/mail-tables.ts'
import type { NewMail } from '../src-main/database/outbox-table.ts'
import { systemClock, type Clock } from '../src-main/fetching/clock.ts'
import { createBell, type Bell } from '../src-main/notices/bell.ts'
import { createNoticeMails, type NoticeMails } from '../src-main/notices/notice-mails.ts'
import { createNotify, type Notify } from '../src-main/notices/notify.ts'
import { createTellPeople, type TellPeople } from '../src-main/notices/tell-people.ts'

/** The room of notices over a database; `mails` are the notifications that went into the outbox. */
export type Noticing = { bell: Bell; notify: Notify; tell: TellPeople; noticeMails: NoticeMails; mails: NewMail[] }

export function createNoticing({ database, settings, clock, announce = () => undefined, logWarning }: { database: Database; settings: () => Promise<Settings>; clock: Clock; announce?: EventListener; logWarning: (text: string) => void }): Noticing {
  const mails: NewMail[] = []
  const tables: typeof mailTables = {
    ...mailTables,
    outbox: {
      ...mailTables.outbox,
      async add(transaction, added) {
        await mailTables.outbox.add(transaction, added)
        mails.push(...added)
      }
    }
  }
  let ids = 0
  const bell = createBell({ database, tables, announce, now: clock.now })
  // Nobody waits in real time for what is held back.
  const held = clock === systemClock ? { now: clock.now, after: () => () => undefined } : clock
  const noticeMails = createNoticeMails({ database, tables, settings, clock: held, newId: () => `notice-${++ids}`, ways: async () => (through) => ({ wantedServer: through, domain: 'example.com' }), announce, wakeOutbox: () => undefined, logWarning })
  const notify = createNotify({ bell, mails: noticeMails, partitionOf: async () => 'IT', now: clock.now, logWarning })
  return { bell, notify, noticeMails, mails, tell: createTellPeople({ notify, database, tables, settings, now: clock.now, logWarning }) }
}

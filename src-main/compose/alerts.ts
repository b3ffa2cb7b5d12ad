import { randomUUID } from 'node:crypto'
import type { IncomingState } from '#contract/incoming-server.ts'
import type { Settings } from '#contract/settings.ts'
import type { EventListener } from '../console.ts'
import { diskRoomOf } from '../data-folder/disk-room.ts'
import type { Database } from '../database/database.ts'
import type { MailTables } from '../database/mail-tables.ts'
import type { Delivery } from '../delivery/send-mail.ts'
import { systemClock } from '../fetching/clock.ts'
import type { Bell } from '../notices/bell.ts'
import { createReadMailSeen } from '../notices/mail-seen.ts'
import { createNoticeMails, type NoticeMailsNeeds } from '../notices/notice-mails.ts'
import { createNotify, type Notify } from '../notices/notify.ts'
import { createSendTestNotice } from '../notices/send-test-notice.ts'
import { createTellPeople, type TellPeople } from '../notices/tell-people.ts'
import { createWatch } from '../notices/watch.ts'
import { createLookAtConsole } from '../notices/watch-console.ts'
import { createLookForSilence } from '../notices/watch-silence.ts'
import { nativeMailName } from '../receiving/native-origin.ts'
import { normalAddress } from '../senders/normal-address.ts'
import type { ServerSources } from '../servers/server-sources.ts'
import type { Works } from '../work/works.ts'

export type AlertsNeeds = {
  database: Database
  tables: MailTables
  bell: Bell
  sources: ServerSources
  settings: () => Promise<Settings>
  folder: string
  works: Works
  announce: EventListener
  wakeOutbox: () => void
  sendNotice: Delivery['sendNotice']
  stateOf: (id: number) => IncomingState
  logWarning: (text: string) => void
}
export type Alerts = { notify: Notify; tell: TellPeople; sendTest: ReturnType<typeof createSendTestNotice>; begin(): void; close(): Promise<void> }

/** The room of notices over the real clock, disk and time zone. `sendNotice` and `stateOf` are asked only once the console has begun. */
export function composeAlerts(needs: AlertsNeeds): Alerts {
  const { sources, settings, logWarning } = needs
  const mails = createNoticeMails({ ...needs, clock: systemClock, newId: randomUUID, ways: () => waysOf(sources) })
  const notify = createNotify({ bell: needs.bell, mails, now: Date.now, logWarning, partitionOf: async (server) => (server === nativeMailName ? (await settings()).nativeMail.partition : ((await sources.incoming()).find((one) => one.server.name === server)?.server.partition ?? null)) })
  const watch = createWatch({
    clock: systemClock, firstAfterMs: 60_000, everyMs: 600_000, logWarning,
    looks: [
      { what: 'looking for silent mailboxes', look: createLookForSilence({ ...needs, notify, mailSeen: createReadMailSeen(needs), now: Date.now, hourOfWeek }) },
      { what: 'looking at disk and outbox', look: createLookAtConsole({ ...needs, notify, diskRoom: () => diskRoomOf(needs.folder), now: Date.now }) }
    ]
  })
  return {
    notify,
    tell: createTellPeople({ ...needs, notify, now: Date.now }),
    sendTest: createSendTestNotice(needs),
    begin() {
      mails.begin()
      watch.begin()
    },
    async close() {
      await watch.close()
      await mails.close()
    }
  }
}

export type SenderWay = Awaited<ReturnType<NoticeMailsNeeds['ways']>>

/** Names of servers that are not there any more are nobody's: the partition's server takes the mail. */
export async function waysOf(sources: Pick<ServerSources, 'outgoing' | 'partitions'>): Promise<SenderWay> {
  const [outgoing, partitions] = await Promise.all([sources.outgoing(), sources.partitions()])
  const named = (name: string | null | undefined) => outgoing.find(({ server }) => server.name === name)?.server
  return (through, partition) => {
    const wanted = named(through)
    const server = wanted ?? named(partitions.find(({ name }) => name === partition)?.outgoing) ?? named(partitions.find((one) => one.default)?.outgoing)
    return { wantedServer: wanted?.name ?? null, domain: normalAddress(server?.replyTo ?? '')?.replace(/^.*@/, '') ?? 'mailroom.invalid' }
  }
}

/** By the clock on the wall: habits follow it, daylight saving or not. */
const hourOfWeek = (time: number): number => {
  const date = new Date(time)
  return date.getDay() * 24 + date.getHours()
}

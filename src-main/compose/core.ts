import { wordsOf } from '#contract/problem-words.ts'
import type { createHandlers } from '../ipc/handlers.ts'
import type { PushDesk } from '../web/push-desk.ts'
import type { composeAccess } from './access.ts'
import type { CoreNeeds } from './core-needs.ts'
import type { DashboardRoom } from './dashboard.ts'
import { composeGround, type Ground } from './ground.ts'
import { composeMailWay, type MailWay } from './mail-way.ts'
import { composeRooms, type Rooms } from './rooms.ts'

export type Core = { handlers: ReturnType<typeof createHandlers>; access: Awaited<ReturnType<typeof composeAccess>>; receive: PushDesk['receive']; health: DashboardRoom['health']; begin(): Promise<void>; close(): Promise<void> }

/** Builds every room on an open data folder and connects them. Throws ProblemError `data-folder-damaged`, `data-folder-newer`, `disk-full`. */
export async function composeCore(needs: CoreNeeds): Promise<Core> {
  const built: { way: MailWay | null } = { way: null }
  const ground = await composeGround(needs, (kind, server, problem) => {
    // Fetching tells of its own servers; nobody would notice an outgoing one before mail is to go out.
    if (kind === 'outgoing') built.way?.notify.ring({ kind: 'connectivity-lost', server, text: wordsOf(problem).title, problem }).catch((error: unknown) => needs.reportUnexpected(error, 'telling of a refused sign-in'))
  })
  const way = await composeMailWay(needs, ground)
  built.way = way
  const rooms = await composeRooms(needs, ground, way)
  const { handlers, access, dashboard } = rooms
  return { handlers, access, receive: ground.announcements.receive, health: dashboard.health, begin: () => begin(way, rooms), close: () => close(ground, way, rooms) }
}

async function begin({ sending, alerts, outbox, handOver, scheduler }: MailWay, { retention, history, watchExpiries, dashboard, nativeMail }: Rooms): Promise<void> {
  await retention.begin()
  alerts.begin()
  history.watch.begin()
  watchExpiries.begin()
  sending.oldCodes.begin()
  outbox.begin()
  handOver.begin()
  dashboard.begin()
  await scheduler.begin()
  await nativeMail.begin()
}

/** What brings work ends before what does it, and the ground last. */
async function close(ground: Ground, { sending, transcripts, scheduler, alerts, outbox, handOver, routes }: MailWay, rooms: Rooms): Promise<void> {
  rooms.unsubscribe()
  transcripts.close()
  ground.downloads.close()
  await rooms.nativeMail.close()
  await scheduler.close()
  await rooms.dashboard.close()
  await rooms.watchExpiries.close()
  await alerts.close()
  await sending.oldCodes.close()
  await outbox.close()
  await handOver.close()
  routes.close()
  await ground.signIn.close()
  await rooms.retention.close()
  await ground.intake.close()
  await ground.content.close()
  await rooms.history.watch.close()
  rooms.access.close()
  await ground.anchor.close()
  await ground.database.close()
}

import { healthReasons, type Health, type HealthReason, type ServerHealth } from '#contract/health.ts'
import type { IncomingState } from '#contract/incoming-server.ts'
import type { Settings } from '#contract/settings.ts'
import type { Database } from '../database/database.ts'
import type { MailTables } from '../database/mail-tables.ts'
import { isDiskFilling, type DiskRoom } from '../model/disk-room.ts'
import { workingReasons } from '../model/working-reasons.ts'
import type { ServerSources, StoredIncomingServer } from '../servers/server-sources.ts'

export type LookAtHealthNeeds = {
  database: Database
  tables: Pick<MailTables, 'lastMails' | 'silences' | 'standingNotices'>
  sources: Pick<ServerSources, 'incoming'>
  settings: () => Promise<Settings>
  stateOf: (id: number) => IncomingState
  diskRoom: () => Promise<DiskRoom>
  now: () => number
}

/** Whether mail comes in as it should, and where not. `begunAt` is when fetching began, in milliseconds; null: not yet. Throws what the database throws. */
export const createLookAtHealth = (needs: LookAtHealthNeeds) => async (begunAt: number | null): Promise<Health> => {
  const { database, tables } = needs
  const now = needs.now()
  const { afterFailures } = (await needs.settings()).alerts.connectivity
  const [lastMails, silences] = [await tables.lastMails.all(database), new Map((await tables.silences.all(database)).map(({ server, since }) => [server, since]))]
  const watched = (await needs.sources.incoming()).map((stored) => {
    const state = needs.stateOf(stored.id)
    const reasons = workingReasons({ enabled: stored.server.enabled, isDraft: stored.ready === null, fetchEveryMs: stored.server.fetchEveryMs, state, silentSince: silences.get(stored.id) ?? null }, { now, begunAt: begunAt ?? now, afterFailures })
    return { stored, state, reasons, lastMailAt: lastMails.get(stored.id) ?? null }
  })
  const ofConsole: HealthReason['code'][] = [...(begunAt === null ? ['starting' as const] : []), ...(isDiskFilling(await needs.diskRoom(), false) ? ['disk-filling' as const] : [])]
  if ((await tables.standingNotices.all(database)).some(({ kind }) => kind === 'mail-waits')) ofConsole.push('outbox-waits')
  const reasons = counted([...ofConsole, ...watched.flatMap((one) => one.reasons)])
  const shown = watched.filter(({ stored, reasons: own }) => stored.ready !== null && (stored.server.enabled || own.length > 0))
  return { alive: true, working: reasons.length === 0, at: new Date(now).toISOString(), reasons, servers: shown.map((one) => serverHealth(one, now)) }
}

/** What is said while there is no core to look at. */
export const healthWithout = (code: HealthReason['code'], now: number): Health => ({ alive: true, working: false, at: new Date(now).toISOString(), reasons: [{ code, count: 1 }], servers: [] })

const counted = (codes: readonly HealthReason['code'][]): HealthReason[] =>
  healthReasons.flatMap((code) => {
    const count = codes.filter((one) => one === code).length
    return count === 0 ? [] : [{ code, count }]
  })

type Watched = { stored: StoredIncomingServer; state: IncomingState; reasons: HealthReason['code'][]; lastMailAt: string | null }

const serverHealth = ({ stored, state, reasons, lastMailAt }: Watched, now: number): ServerHealth => ({
  name: stored.server.name, working: reasons.length === 0, reasons, fetching: state.fetching, problem: state.problem?.code ?? null, failuresInARow: state.failuresInARow,
  lastSuccessAt: state.lastSuccessAt, secondsSinceSuccess: secondsSince(state.lastSuccessAt, now), lastMailAt, secondsSinceMail: secondsSince(lastMailAt, now)
})

const secondsSince = (at: string | null, now: number): number | null => (at === null ? null : Math.max(0, Math.round((now - Date.parse(at)) / 1000)))

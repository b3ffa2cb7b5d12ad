import type { IncomingState } from '#contract/incoming-server.ts'
import type { Problem } from '#contract/problem.ts'
import { quoted, wordsOf } from '#contract/problem-words.ts'
import type { Settings } from '#contract/settings.ts'
import { utcMinute } from '#contract/utc-minute.ts'
import type { Database } from '../database/database.ts'
import type { MailTables } from '../database/mail-tables.ts'
import { judgeSilence } from '../model/usual-mail.ts'
import type { ServerSources, StoredIncomingServer } from '../servers/server-sources.ts'
import type { ReadMailSeen } from './mail-seen.ts'
import type { Notify } from './notify.ts'

export type WatchSilenceNeeds = {
  database: Database
  tables: Pick<MailTables, 'silences'>
  mailSeen: ReadMailSeen
  sources: Pick<ServerSources, 'incoming'>
  stateOf: (id: number) => IncomingState
  settings: () => Promise<Settings>
  notify: Notify
  now: () => number
  /** Which of the 168 hours of the week a time is in, here. */
  hourOfWeek: (time: number) => number
}

const hourMs = 3_600_000

/**
 * Looks which mailboxes get no mail although they usually would, and tells of each once, and once when mail comes again. A server that is
 * stopped or failing is not asked: others tell of it. Throws what the database throws.
 */
export const createLookForSilence = (needs: WatchSilenceNeeds): (() => Promise<void>) => {
  const { database, tables: { silences }, notify } = needs
  return async () => {
    const { enabled, afterHours } = (await needs.settings()).alerts.silence
    const servers = await needs.sources.incoming()
    const told = new Map((await silences.all(database)).map(({ server, since }) => [server, since]))
    const watched = servers.filter(({ server }) => enabled && server.silenceAlert)
    for (const id of told.keys()) if (!watched.some((one) => one.id === id)) await forget(id)
    if (watched.length === 0) return
    const now = needs.now()
    const seen = await needs.mailSeen(now)
    for (const stored of watched) {
      const mail = seen.get(stored.id)
      if (mail === undefined) continue
      const since = told.get(stored.id)
      if (since !== undefined && mail.last > Date.parse(since)) await tellHeardAgain(stored, since, mail.last)
      else if (since === undefined && isLookedAt(stored, needs.stateOf(stored.id), now)) {
        const { silent, expected } = judgeSilence(mail, { now, afterHours, hourOfWeek: needs.hourOfWeek })
        if (silent) await tellSilent(stored, new Date(mail.last).toISOString(), expected)
      }
    }
  }

  function forget(server: number): Promise<void> {
    return database.transaction((transaction) => silences.forget(transaction, server))
  }
  async function tellSilent({ id, server }: StoredIncomingServer, since: string, expected: number): Promise<void> {
    // Before it is told: a silence that is told twice is worse than one that a crash takes away.
    await database.transaction((transaction) => silences.put(transaction, { server: id, since }))
    const problem: Problem = { code: 'mailbox-silent', server: server.name, since, expected }
    await notify.ring({ kind: 'mailbox-silent', server: server.name, text: wordsOf(problem).title, problem, mail: { subject: `no mail has come to ${quoted(server.name)}`, partition: server.partition } })
  }
  async function tellHeardAgain({ id, server }: StoredIncomingServer, since: string, last: number): Promise<void> {
    await forget(id)
    const text = `Mail comes to ${quoted(server.name)} again, the last at ${utcMinute(new Date(last).toISOString())}. There had been none since ${utcMinute(since)}.`
    await notify.ring({ kind: 'mailbox-heard-again', server: server.name, text, problem: null, mail: { subject: `mail comes to ${quoted(server.name)} again`, partition: server.partition } })
  }
}

/** Whether rounds of the server succeed: only then is nothing found where there is nothing. */
function isLookedAt({ server, ready }: StoredIncomingServer, state: IncomingState, now: number): boolean {
  if (ready === null || !server.enabled || state.problem !== null || state.stuckSince !== null || state.fetching === 'stopped' || state.fetching === 'failing') return false
  return state.lastSuccessAt !== null && now - Date.parse(state.lastSuccessAt) <= Math.max(hourMs, 2 * server.fetchEveryMs)
}

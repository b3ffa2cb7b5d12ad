import type { Expiry } from '#contract/advice.ts'
import { quoted } from '#contract/problem-words.ts'
import type { Database } from '../database/database.ts'
import type { MailTables } from '../database/mail-tables.ts'
import { warningDue } from '../model/warning-due.ts'
import type { Notify } from './notify.ts'
import { createWatch, type Watch } from './watch.ts'

export type WatchExpiriesNeeds = {
  /** Everything that has an end; the call `expiries.list`. */
  expiries: () => Promise<Expiry[]>
  notify: Notify
  database: Database
  tables: Pick<MailTables, 'rungExpiries'>
  clock: { after(ms: number, work: () => void): () => void }
  /** Writes a line into the log; it must hold no secret. */
  logWarning: (text: string) => void
}
/** Looks soon, and then once a day. `look` looks now; answers which warnings were given, and throws what asking or storing throws. */
export type WatchExpiries = Watch & { look(): Promise<Expiry[]> }

const firstLookMs = 60_000
const dayMs = 86_400_000

/** Warns of what comes to an end, 60, 30 and 7 days ahead and when it is over, each once, whatever restarts lie between. */
export function createWatchExpiries(needs: WatchExpiriesNeeds): WatchExpiries {
  const { notify, database, tables: { rungExpiries } } = needs

  const look = async (): Promise<Expiry[]> => {
    const all = await needs.expiries()
    const rung = new Map((await rungExpiries.all(database)).map((one) => [one.subject, one]))
    const warned: Expiry[] = []
    for (const expiry of all) {
      const subject = subjectOf(expiry)
      const due = warningDue(expiry, rung.get(subject) ?? null)
      if (due === null) continue
      // Before it is told: a warning that is given twice is worse than one that a crash takes away.
      await database.transaction((transaction) => rungExpiries.put(transaction, { subject, ends: expiry.at, days: due }))
      await warn(expiry)
      warned.push(expiry)
    }
    const known = new Set(all.map(subjectOf))
    const gone = [...rung.keys()].filter((subject) => !known.has(subject))
    if (gone.length > 0) await database.transaction(async (transaction) => { for (const subject of gone) await rungExpiries.forget(transaction, subject) })
    return warned
  }

  const warn = async (expiry: Expiry): Promise<void> => {
    const { server, text } = expiry
    await notify.ring({ kind: 'expiry', server, text, problem: null, mail: { subject: `${quoted(server)}, ${whenOver(expiry)}`, text: 'Something comes to an end:', cases: [text] } })
  }

  return { ...createWatch({ ...needs, firstAfterMs: firstLookMs, everyMs: dayMs, looks: [{ what: 'looking for what comes to an end', look }] }), look }
}

/** A provider's date is one subject for each server and date; anything else is one for each server. */
const subjectOf = ({ kind, server, what, text }: Expiry): string => JSON.stringify(what === 'provider' ? [kind, server, what, text] : [kind, server, what])
const whenOver = ({ daysLeft }: Expiry): string => (daysLeft < 0 ? 'over' : daysLeft === 0 ? 'ends today' : `${daysLeft} ${daysLeft === 1 ? 'day' : 'days'} left`)

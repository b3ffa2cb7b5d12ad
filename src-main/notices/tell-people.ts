import type { IncomingServer } from '#contract/incoming-server.ts'
import type { Problem } from '#contract/problem.ts'
import { quoted, wordsOf } from '#contract/problem-words.ts'
import type { Settings } from '#contract/settings.ts'
import { utcMinute } from '#contract/utc-minute.ts'
import type { Database } from '../database/database.ts'
import type { MailTables } from '../database/mail-tables.ts'
import { wantsSignIn } from '../model/after-failure.ts'
import { mostCases } from '../model/notice-mail.ts'
import { plainLine } from '../model/plain-line.ts'
import type { Notify } from './notify.ts'

export type FailedMessage = { subject: string; from: string; problem: Problem }

/** Whose mail it is: a server, or native mail. */
type Source = Pick<IncomingServer, 'name' | 'partition' | 'errorFolder'>

export type TellNeeds = {
  notify: Notify
  database: Database
  tables: Pick<MailTables, 'standingNotices'>
  settings: () => Promise<Settings>
  now: () => number
  /** Writes a line into the log; it must hold no secret. */
  logWarning: (text: string) => void
}

/** Rings the bell and mails people by the rules. Nothing here throws or waits for a mail server. */
export type TellPeople = {
  messagesFailed(server: Source, failed: readonly FailedMessage[]): Promise<void>
  mailboxChanged(server: IncomingServer, problem: Problem): Promise<void>
  /** Fetching has ended until a person starts it again. */
  fetchingStopped(server: IncomingServer, problem: Problem): Promise<void>
  /** Told once until `connectivityBack`, whatever restarts lie between. */
  connectivityLost(server: IncomingServer, problem: Problem, failures: number): Promise<void>
  /** The server answers; told where its loss was. `since` is when it failed first, as far as that is known. */
  connectivityBack(server: IncomingServer, since: string | null): Promise<void>
}

export function createTellPeople({ notify, database, tables: { standingNotices }, settings, now, logWarning }: TellNeeds): TellPeople {
  const quietly = async (work: () => Promise<unknown>): Promise<void> => {
    await work().catch((thrown: unknown) => logWarning(`a notice failed: ${thrown instanceof Error ? thrown.message : String(thrown)}`))
  }
  return {
    messagesFailed: (server, failed) =>
      quietly(async () => {
        const text = failed.length === 1 ? `A message of ${quoted(server.name)} could not be processed.` : `${failed.length} messages of ${quoted(server.name)} could not be processed.`
        const cases = failed.slice(0, mostCases).map(({ subject, from, problem }) => `"${oneLine(subject)}" from ${oneLine(from) || 'nobody'}: ${wordsOf(problem).title}`)
        const words = `Mail of ${quoted(server.name)} could not be processed. The error folder of ${quoted(server.name)} in the console has the details.`
        await notify.ring({ kind: 'message-failed', server: server.name, text, problem: failed[0]?.problem ?? null, times: failed.length, mail: { subject: failed.length === 1 ? text : `mail of ${quoted(server.name)} could not be processed`, text: words, cases, partition: server.partition, technicians: server.errorFolder.notify } })
      }),
    mailboxChanged: (server, problem) => quietly(() => notify.ring({ kind: 'mailbox-identity-changed', server: server.name, text: wordsOf(problem).title, problem, mail: { partition: server.partition, technicians: false } })),
    fetchingStopped: (server, problem) =>
      quietly(async () => {
        const { title, advice } = wordsOf(problem)
        const kind = problem.code === 'error-folder-full' || problem.code === 'mailbox-identity-changed' ? problem.code : 'connectivity-lost'
        await notify.ring({ kind, server: server.name, text: title, problem, mail: { subject: `fetching from ${quoted(server.name)} was stopped`, text: `${title}\n${advice}`, partition: server.partition } })
      }),
    connectivityLost: (server, problem, failures) =>
      quietly(async () => {
        const isNew = await database.transaction((transaction) => standingNotices.add(transaction, { kind: 'connectivity-lost', server: server.name, since: new Date(now()).toISOString() }))
        if (!isNew) return
        const { title, advice } = wordsOf(problem)
        const times = failures === 1 ? '' : ` ${failures} times in a row`
        const text = wantsSignIn(problem) ? title : `${quoted(server.name)} could not be reached${times}. ${title}`
        await notify.ring({ kind: 'connectivity-lost', server: server.name, text, problem, mail: { subject: `no mail from ${quoted(server.name)}`, text: `Fetching from ${quoted(server.name)} failed${times}.\n\n${title}\n${advice}`, partition: server.partition } })
      }),
    connectivityBack: (server, since) =>
      quietly(async () => {
        const standing = await standingNotices.find(database, 'connectivity-lost', server.name)
        if (standing === null) return
        await database.transaction((transaction) => standingNotices.forget(transaction, 'connectivity-lost', server.name))
        if (!(await settings()).alerts.connectivity.enabled) return
        const text = `Mail from ${quoted(server.name)} is fetched again. It had failed since ${utcMinute(since ?? standing.since)}.`
        await notify.ring({ kind: 'connectivity-back', server: server.name, text, problem: null, mail: { subject: `mail from ${quoted(server.name)} again`, text, partition: server.partition } })
      })
  }
}

const oneLine = (text: string): string => plainLine(text, 120)

import type { IncomingServer } from '#contract/incoming-server.ts'
import { ProblemError, type Problem } from '#contract/problem.ts'
import { wordsOf } from '#contract/problem-words.ts'
import type { Settings } from '#contract/settings.ts'
import type { Delivery } from '../delivery/send-mail.ts'
import { wantsSignIn } from '../model/after-failure.ts'
import type { Bell } from './bell.ts'

export type FailedMessage = { subject: string; from: string; problem: Problem }

/** Whose mail it is: a server, or native mail. */
type Source = Pick<IncomingServer, 'name' | 'partition' | 'errorFolder'>

export type TellNeeds = {
  bell: Pick<Bell, 'ring'>
  settings: () => Promise<Settings>
  sendNotice: Delivery['sendNotice']
  /** Writes a line into the log; it must hold no secret. */
  logWarning: (text: string) => void
}

/** Rings the bell and sends mail by the notification rules. Nothing here throws or waits for a mail server. */
export type TellPeople = {
  messagesFailed(server: Source, failed: readonly FailedMessage[]): Promise<void>
  mailboxChanged(server: IncomingServer, problem: Problem): Promise<void>
  /** Fetching has ended until a person starts it again. */
  fetchingStopped(server: IncomingServer, problem: Problem): Promise<void>
  connectivityLost(server: IncomingServer, problem: Problem, failures: number): Promise<void>
  connectivityBack(server: IncomingServer, since: string): Promise<void>
  /** Ends what is on its way; resolves when it has come to rest. */
  close(): Promise<void>
}

export function createTellPeople({ bell, settings, sendNotice, logWarning }: TellNeeds): TellPeople {
  const underWay = new Set<Promise<unknown>>()
  const closing = new AbortController()
  const quietly = async (what: string, work: () => Promise<unknown>): Promise<unknown> => {
    try {
      return await work()
    } catch (thrown) {
      logWarning(`${what} failed: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
      return false
    }
  }
  const mail = (server: Source, subject: string, text: string): void => {
    const sending = quietly('a notification mail', async () => {
      const { enabled, to } = (await settings()).alerts.applicationErrors
      if (enabled && to.length > 0) await sendNotice({ through: { partition: server.partition }, to, subject, text }, closing.signal)
    })
    underWay.add(sending)
    void sending.finally(() => underWay.delete(sending))
  }
  const ring = (kind: Parameters<Bell['ring']>[0]['kind'], server: Source, text: string, problem: Problem | null): Promise<boolean> =>
    quietly('a notice', () => bell.ring({ kind, server: server.name, text, problem })).then((added) => added === true)

  return {
    async messagesFailed(server, failed) {
      const text = failed.length === 1 ? `A message of ${server.name} could not be processed.` : `${failed.length} messages of ${server.name} could not be processed.`
      await ring('message-failed', server, text, failed[0]?.problem ?? null)
      if (server.errorFolder.notify) mail(server, `Mailroom: ${text}`, `${text}\n\n${failedList(failed)}\nThe error folder of ${server.name} in the console has the details.\n`)
    },
    mailboxChanged: async (server, problem) => void (await ring('mailbox-identity-changed', server, wordsOf(problem).title, problem)),
    async fetchingStopped(server, problem) {
      const { title, advice } = wordsOf(problem)
      const isNew = await ring(problem.code === 'error-folder-full' || problem.code === 'mailbox-identity-changed' ? problem.code : 'connectivity-lost', server, title, problem)
      if (isNew) mail(server, `Mailroom: fetching from ${server.name} was stopped`, `${title}\n${advice}\n`)
    },
    async connectivityLost(server, problem, failures) {
      const { title, advice } = wordsOf(problem)
      const times = failures === 1 ? '' : ` ${failures} times in a row`
      await ring('connectivity-lost', server, wantsSignIn(problem) ? title : `${server.name} could not be reached${times}. ${title}`, problem)
      mail(server, `Mailroom: no mail from ${server.name}`, `Fetching from ${server.name} failed${times}.\n\n${title}\n${advice}\n`)
    },
    async connectivityBack(server, since) {
      const text = `Mail from ${server.name} is fetched again. It had failed since ${since.slice(0, 16).replace('T', ' ')} UTC.`
      await ring('connectivity-back', server, text, null)
      mail(server, `Mailroom: mail from ${server.name} again`, `${text}\n`)
    },
    async close() {
      closing.abort(new ProblemError({ code: 'cancelled' }))
      await Promise.all(underWay)
    }
  }
}

const mostListed = 20
function failedList(failed: readonly FailedMessage[]): string {
  const lines = failed.slice(0, mostListed).map(({ subject, from, problem }) => `- "${oneLine(subject)}" from ${oneLine(from) || 'nobody'}: ${wordsOf(problem).title}\n`)
  return lines.join('') + (failed.length > mostListed ? `and ${failed.length - mostListed} more\n` : '')
}
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').slice(0, 120)

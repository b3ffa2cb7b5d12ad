import { wordsOf } from '#contract/problem-words.ts'
import { mostCases } from '../model/notice-mail.ts'
import { plainLine } from '../model/plain-line.ts'
import type { Bell, NewNotice } from './bell.ts'
import type { NoticeMails } from './notice-mails.ts'

/** How a mail tells what the bell tells, where the bell's words would not do. */
export type MailWords = {
  /** Without "Mailroom: ". */
  subject?: string
  text?: string
  /** Instances, a line each. */
  cases?: readonly string[]
  partition?: string
  /** false: only people whom a rule names are told. */
  technicians?: boolean
}

export type NotifyNeeds = {
  bell: Pick<Bell, 'ring'>
  mails: Pick<NoticeMails, 'tell'>
  /** The partition of a server that has one, by name; else null. */
  partitionOf: (server: string) => Promise<string | null>
  now: () => number
  /** Writes a line into the log; it must hold no secret. */
  logWarning: (text: string) => void
}

// Names of files, senders and servers in it come from whoever sends mail; only a text of our own has lines.
const plainText = (text: string): string => text.split('\n').slice(0, 50).map((line) => plainLine(line, 1_000)).join('\n')

/** Rings the bell and mails whom the rules name. Answers whether the notice is new on the bell. Nothing is waited for but the own disk; a mail that fails is logged. */
export type Notify = { ring(notice: NewNotice & { mail?: MailWords }): Promise<boolean> }

export const createNotify = ({ bell, mails, partitionOf, now, logWarning }: NotifyNeeds): Notify => ({
  async ring({ mail = {}, ...given }) {
    const notice = { ...given, text: plainLine(given.text, 300) }
    const added = await bell.ring(notice)
    const at = new Date(now()).toISOString()
    const { kind, server, text, problem, times = 1 } = notice
    await told().catch((thrown: unknown) => logWarning(`a notification mail failed: ${thrown instanceof Error ? thrown.message : String(thrown)}`))
    return added

    async function told(): Promise<void> {
      const partition = mail.partition ?? (await partitionOf(server)) ?? ''
      const whole = plainText(mail.text ?? (problem === null ? text : `${text}\n${wordsOf(problem).advice}`))
      const cases = (mail.cases ?? []).slice(-mostCases).map((one) => plainLine(one, 300))
      await mails.tell({ kind, server, partition, technicians: mail.technicians ?? true, subject: plainLine(mail.subject ?? text, 200).replace(/\.$/, ''), text: whole, cases, times, firstAt: at, lastAt: at })
    }
  }
})

import type { NewMail } from '../database/outbox-table.ts'
import { codeLimits } from '../model/code-rules.ts'

/** Why a code is mailed. */
export type CodeReason = 'sender' | 'second-factor'

/** Subjects, by which the mails are told apart; lists and logs show them, so none of the digits is in them. */
export const codeSubjects: Readonly<Record<CodeReason, string>> = { sender: 'Mailroom: your code for a sender address', 'second-factor': 'Mailroom: your code to sign in' }

const words: Record<CodeReason, (about: string) => { why: string; otherwise: string }> = {
  sender: (address) => ({ why: `Somebody wants Mailroom to send mail as ${address}, or notifications to it. To show that you read this address, enter this code in Mailroom, under Verified senders:`, otherwise: 'If you know nothing of it, do nothing: without the code nothing happens.' }),
  'second-factor': (name) => ({ why: `Somebody, probably you, opened Mailroom with the link named ${name}. Enter this code there:`, otherwise: 'If it was not you, somebody else has that link. Tell your administrator to revoke the token.' })
}

/** A mail with a code, to be put into the outbox: before all else, and through `wantedServer` (null: the default). `name` is that of the token whose second step it is; `messageId` is in angle brackets. */
export function codeMail(about: CodeReason, { to, code, name = to, at, wantedServer, messageId }: { to: string; code: string; name?: string; at: number; wantedServer: string | null; messageId: string }): NewMail {
  const { why, otherwise } = words[about](name)
  const time = new Date(at).toISOString()
  const text = `${why}\n\n${code.slice(0, 4)} ${code.slice(4)}\n\nIt holds for ${codeLimits.validMs / 60_000} minutes. ${otherwise}\n`
  return { partition: '', to, subject: codeSubjects[about], content: text, inReplyTo: null, messageId, request: null, createdAt: time, tries: 0, nextAt: time, problem: null, kind: 'code', priority: true, wantedServer }
}

import type { Auth } from '#contract/fields.ts'
import type { ProblemOf } from '#contract/problem.ts'

/** Words of Exchange for a sign-in that is right and a mailbox that it may not open. */
export const saysNotConnected = (said: string): boolean => /authenticated but not connected/i.test(said)

/**
 * The problem of a mailbox that a signed-in user or application may not open in Exchange, with what an administrator can paste.
 * https://learn.microsoft.com/powershell/module/exchange/add-mailboxpermission
 */
export function mailboxDenied(asked: { server: string; mailbox: string; auth: Auth; serverSaid: string }): ProblemOf<'mailbox-access-denied'> {
  const { server, mailbox, auth, serverSaid } = asked
  const byApplication = auth.flow === 'client-credentials'
  const who = byApplication ? '<object id of the service principal>' : auth.user === '' ? '<user who signs in>' : auth.user
  return { code: 'mailbox-access-denied', server, mailbox, right: 'FullAccess', command: `Add-MailboxPermission -Identity ${quoted(mailbox)} -User ${quoted(who)} -AccessRights FullAccess`, serverSaid }
}

/** A literal of PowerShell, in which nothing is expanded. */
const quoted = (text: string): string => `'${text.replace(/['\u2018\u2019\u201a\u201b]/g, '$&$&')}'`

import type { Peer, Problem } from '#contract/problem.ts'
import { looseJson, memberOf, shortLine, textOf } from '../connection/loose-json.ts'
import { retryAfterMs } from '../connection/retry-after.ts'
import { mailboxDenied } from '../mailbox-denied.ts'
import type { GraphUse } from './graph-rights.ts'

/** What Graph answered instead of what was asked for. `json` says that it spoke Graph's error format; `claims` is what a 401 asks for. */
export type GraphError = { status: number; code: string; message: string; json: boolean; retryAfter: string | null; claims: string | null }

/** Whose request it was, for the words. */
export type GraphCircumstances = { server: string; endpoint: string; mailbox: string; user: string; peer: Peer; request: string; use: GraphUse; byApplication: boolean; isShared: boolean; granted: readonly string[]; /** What is sent by it. */ mail?: { from: string; recipients: readonly string[]; size: number } }

/** Reads the error format of https://learn.microsoft.com/graph/errors, of an answer or of a part of a batch; never throws. Pure. */
export function readGraphError(status: number, headers: Readonly<Record<string, string>>, body: unknown): GraphError {
  const header = (name: string): string | null => Object.entries(headers).find(([one]) => one.toLowerCase() === name)?.[1] ?? null
  const error = memberOf(typeof body === 'string' ? looseJson(body) : body, 'error')
  const code = textOf(memberOf(error, 'code'))
  const json = typeof error === 'object' && error !== null && (code !== '' || typeof memberOf(error, 'message') === 'string')
  // https://learn.microsoft.com/entra/identity-platform/claims-challenge
  const claims = /\bclaims="([^"]+)"/.exec(header('www-authenticate') ?? '')?.[1] ?? null
  return { status, code, message: shortLine(json ? textOf(memberOf(error, 'message')) : typeof body === 'string' ? body : ''), json, retryAfter: header('retry-after'), claims }
}

const longestMs = 86_400_000

/**
 * How long Graph wants to be left alone, in milliseconds; null where it does not say so. Retry-After is seconds or a date (RFC 9110 10.2.3); some throttles come
 * without it, and then the wait doubles with each attempt (from 1), spread by `chance` (0 to 1). https://learn.microsoft.com/graph/throttling
 */
export function pauseAsked({ status, retryAfter }: GraphError, now: number, attempt: number, chance: number): number | null {
  if (status !== 429 && !((status === 503 || status === 504) && retryAfter !== null)) return null
  const asked = retryAfterMs(retryAfter, now)
  if (asked !== null) return Math.min(Math.max(asked, 100), longestMs)
  return Math.min(500 * 2 ** (attempt - 1), 60_000) * (1 + chance)
}

/** The problem behind an error that waiting does not mend. Pure. */
export function graphProblem(error: GraphError, where: GraphCircumstances): Problem {
  const { server, mailbox, endpoint } = where
  const serverSaid = [String(error.status), error.code, error.message].filter((part) => part !== '').join(' ')
  const is = (...codes: string[]): boolean => codes.some((code) => error.code.toLowerCase() === code.toLowerCase())
  const ofMail = where.mail === undefined ? null : problemOfMail(error, where, where.mail, serverSaid)
  if (ofMail !== null) return ofMail
  if (error.status >= 500 || is('ErrorMailboxMoveInProgress', 'ErrorMailboxStoreUnavailable', 'ErrorServerBusy')) return { code: 'server-busy', serverSaid, ...where.peer }
  if (error.status === 401) return /audience/i.test(error.message) ? { code: 'wrong-cloud', server, serverSaid } : { code: 'token-refused', server, serverSaid }
  if (!error.json) return { code: 'endpoint-wrong', server, endpoint, serverSaid }
  if (is('MailboxNotEnabledForRESTAPI', 'MailboxNotSupportedForRESTAPI', 'MailboxNotHostedInExchangeOnline', 'ErrorNonExistentMailbox', 'ErrorInvalidUser', 'ErrorMailboxNotFound', 'ResourceNotFound', 'Request_ResourceNotFound')) return { code: 'mailbox-not-found', server, mailbox, serverSaid }
  if (error.status === 403 || is('ErrorAccessDenied', 'Authorization_RequestDenied')) return denied(where, serverSaid)
  return where.mail === undefined ? { code: 'provider-refused', server, request: where.request, serverSaid } : { code: 'mail-refused', server, serverSaid }
}

/** What a refusal means for a mail; null where it means the same as for anything else. */
function problemOfMail({ status, code, message }: GraphError, { server, mailbox, user, isShared }: GraphCircumstances, { from, recipients, size }: NonNullable<GraphCircumstances['mail']>, serverSaid: string): Problem | null {
  if (/^Error(?:QuotaExceeded|SubmissionQuotaExceeded|ExceededMessageLimit|MessageThrottled|MailboxMoveInProgress|MailboxStoreUnavailable|ServerBusy)$/i.test(code)) return { code: 'mail-deferred', server, serverSaid }
  if (status === 413 || /^Error(?:MessageSizeExceeded|AttachmentSizeLimitExceeded|RequestEntityTooLarge)$/i.test(code)) return { code: 'mail-too-large', server, size, limit: 0, serverSaid }
  if (/^ErrorSendAsDenied$/i.test(code)) return isShared && from.toLowerCase() === mailbox.toLowerCase() ? sendAsDenied({ server, mailbox, user, serverSaid }) : { code: 'sender-refused', server, sender: from, serverSaid }
  if (/^ErrorInvalidRecipients$/i.test(code)) {
    const named = recipients.filter((one) => message.toLowerCase().includes(one.toLowerCase()))
    return { code: 'recipient-refused', server, recipients: named.length > 0 ? named : [...recipients], serverSaid }
  }
  return status >= 500 ? { code: 'mail-deferred', server, serverSaid } : null
}

/** A user's own mailbox lacks a scope; another's lacks a permission; an application lacks its role in Exchange. */
function denied({ server, mailbox, user, use, byApplication, isShared, granted }: GraphCircumstances, serverSaid: string): Problem {
  const right = use === 'sending' ? 'Mail.Send' : 'Mail.ReadWrite'
  // https://learn.microsoft.com/exchange/permissions-exo/application-rbac
  if (byApplication) return { code: 'mailbox-access-denied', server, mailbox, right: `Application ${right}`, command: `New-ManagementRoleAssignment -App '<object id of the service principal>' -Role 'Application ${right}' -CustomResourceScope '<management scope that holds ${quotable(mailbox)}>'`, serverSaid }
  if (!isShared) return { code: 'scope-missing', server, missing: [right], granted: [...granted] }
  return use === 'sending' ? sendAsDenied({ server, mailbox, user, serverSaid }) : mailboxDenied({ server, mailbox, auth: { method: 'oauth2', user, secret: 'keychain' }, serverSaid })
}

/** https://learn.microsoft.com/powershell/module/exchange/add-recipientpermission */
function sendAsDenied({ server, mailbox, user, serverSaid }: { server: string; mailbox: string; user: string; serverSaid: string }): Problem {
  return { code: 'mailbox-access-denied', server, mailbox, right: 'SendAs', command: `Add-RecipientPermission -Identity '${quotable(mailbox)}' -Trustee '${quotable(user || '<user who signs in>')}' -AccessRights SendAs`, serverSaid }
}

const quotable = (text: string): string => text.replace(/['\u2018\u2019\u201a\u201b]/g, '$&$&')

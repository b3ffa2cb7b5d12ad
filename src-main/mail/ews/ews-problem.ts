import type { Auth } from '#contract/fields.ts'
import type { Problem } from '#contract/problem.ts'
import { mailboxDenied } from '../mailbox-denied.ts'

/**
 * Where a failure of EWS happened, as far as the words need it. `sending` is the mail that was being sent; `folder` the one being opened;
 * `impersonating` says that an application acts for the mailbox.
 */
export type EwsCircumstances = {
  server: string
  host: string
  port: number
  endpoint: string
  mailbox: string
  auth: Auth
  operation: string
  folder: string | null
  impersonating: boolean
  sending: { sender: string; recipients: string[]; size: number } | null
}

/**
 * What a ResponseCode means, be it of a response message or of a SOAP fault. Pure.
 * https://learn.microsoft.com/exchange/client-developer/web-service-reference/responsecode
 * https://learn.microsoft.com/exchange/client-developer/exchange-web-services/handling-delegation-related-errors-in-ews-in-exchange
 */
export function responseProblem(code: string, text: string, where: EwsCircumstances): Problem {
  const { server, host, port, mailbox, operation, sending } = where
  const serverSaid = `${code}: ${readable(text)}`.replace(/: $/, '')
  if (busyCodes.has(code)) return sending === null ? { code: 'server-busy', serverSaid, host, port } : { code: 'mail-deferred', server, serverSaid }
  if (accountCodes.has(code)) return { code: 'credentials-refused', server, user: where.auth.user, serverSaid }
  if (impersonationCodes.has(code)) return impersonationDenied(where, serverSaid)
  if (mailboxCodes.has(code)) return { code: 'mailbox-not-found', server, mailbox, serverSaid }
  if (sending !== null) return sendingProblem(code, serverSaid, sending, where)
  if (code === 'ErrorAccessDenied') return accessDenied(where, serverSaid)
  // Exchange does not tell a folder that is hidden from one that is not there; every mailbox has an inbox.
  if (isInbox(where.folder) && (folderCodes.has(code) || code === 'ErrorItemNotFound')) return accessDenied(where, serverSaid)
  if (folderCodes.has(code)) return { code: 'folder-not-found', server, folder: where.folder ?? '', available: [] }
  if (operation === 'GetItem' && unreadableCodes.has(code)) return { code: 'message-unreadable', reason: `Exchange refuses to give it (${serverSaid})` }
  if (code === 'ErrorInvalidServerVersion' || code === 'ErrorIncorrectSchemaVersion') return { code: 'provider-refused', server, request: operation, serverSaid: `${serverSaid} Exchange 2013 SP1 or later is needed.` }
  return { code: 'provider-refused', server, request: operation, serverSaid }
}

/**
 * What an answer means that is no SOAP: of IIS, of a load balancer, of Outlook on the web. 401 is left to whoever signs in. Pure.
 * https://learn.microsoft.com/exchange/client-developer/exchange-web-services/how-to-control-access-to-ews-in-exchange
 */
export function httpProblem(status: number, headers: Readonly<Record<string, string>>, body: string, where: EwsCircumstances): Problem {
  const { server, host, port, endpoint, operation, sending } = where
  const diagnostics = headers['x-ms-diagnostics'] ?? ''
  const serverSaid = [`HTTP ${status}`, readable(diagnostics), pageText(body)].filter((part) => part !== '').join(': ')
  // Exchange Online marks so that an application has no access to this mailbox.
  if (status === 403) return where.impersonating && headers['restrict-access-confirm'] !== undefined ? impersonationDenied(where, serverSaid) : protocolDisabled(where, serverSaid)
  if (status === 413 && sending !== null) return { code: 'mail-too-large', server, size: sending.size, limit: 0, serverSaid }
  if (status === 429 || status === 502 || status === 503 || status === 504) return sending === null ? { code: 'server-busy', serverSaid, host, port } : { code: 'mail-deferred', server, serverSaid }
  if (status === 400 || (status >= 500 && status !== 501 && status !== 505)) return { code: 'provider-refused', server, request: operation, serverSaid }
  return { code: 'endpoint-wrong', server, endpoint, serverSaid: `${serverSaid}${headers.location === undefined ? '' : `, on to ${headers.location.split('?')[0] ?? ''}`}` }
}

/** Ways to sign in that WWW-Authenticate names (RFC 9110 11.6.1), in the words of the settings. */
export function offeredMethods(header: string | undefined): string[] {
  const words: Record<string, string> = { basic: 'password (Basic)', ntlm: 'NTLM', negotiate: 'NTLM or Kerberos (Negotiate)', bearer: 'OAuth 2.0 (Bearer)' }
  return [...new Set((header ?? '').split(',').flatMap((part) => /^\s*([A-Za-z-]+)(?:\s|$)/.exec(part)?.[1] ?? []))].map((scheme) => words[scheme.toLowerCase()] ?? scheme)
}

function sendingProblem(code: string, serverSaid: string, { sender, recipients, size }: NonNullable<EwsCircumstances['sending']>, where: EwsCircumstances): Problem {
  const { server } = where
  if (code === 'ErrorSendAsDenied') return { code: 'sender-refused', server, sender, serverSaid }
  if (code === 'ErrorAccessDenied' || code === 'ErrorCreateItemAccessDenied' || folderCodes.has(code)) return accessDenied({ ...where, folder: null }, serverSaid)
  if (recipientCodes.has(code)) return { code: 'recipient-refused', server, recipients, serverSaid }
  if (code === 'ErrorMessageSizeExceeded' || code === 'ErrorDataSizeLimitExceeded' || code === 'ErrorRequestStreamTooBig') return { code: 'mail-too-large', server, size, limit: 0, serverSaid }
  // A full mailbox, which has no room for the copy, and too many mails in a day are both over after a while.
  if (code === 'ErrorSubmissionQuotaExceeded' || code === 'ErrorQuotaExceeded') return { code: 'mail-deferred', server, serverSaid }
  return { code: 'mail-refused', server, serverSaid }
}

function accessDenied(where: EwsCircumstances, serverSaid: string): Problem {
  const { server, mailbox, auth, folder } = where
  if (folder !== null && !isInbox(folder)) return { code: 'folder-access-denied', server, folder, serverSaid }
  return where.impersonating ? impersonationDenied(where, serverSaid) : mailboxDenied({ server, mailbox, auth, serverSaid })
}

const isInbox = (folder: string | null): boolean => folder?.toLowerCase() === 'inbox'

/** https://learn.microsoft.com/exchange/client-developer/exchange-web-services/how-to-configure-impersonation */
function impersonationDenied({ server, mailbox, auth, endpoint }: EwsCircumstances, serverSaid: string): Problem {
  const online = /\.(?:office365\.(?:com|us)|outlook\.cn|apps\.mil)(?=[:/]|$)/i.test(endpoint)
  const command = online
    ? `New-ManagementRoleAssignment -App ${quoted(auth.clientId ?? '')} -Role 'Application EWS.AccessAsApp' -CustomResourceScope '<management scope with ${mailbox.replaceAll("'", '')}>'`
    : `New-ManagementRoleAssignment -Name 'Mailroom' -Role ApplicationImpersonation -User ${quoted(auth.user)}`
  return { code: 'mailbox-access-denied', server, mailbox, right: 'ApplicationImpersonation', command, serverSaid }
}

function protocolDisabled({ server, mailbox }: EwsCircumstances, serverSaid: string): Problem {
  return { code: 'mailbox-access-denied', server, mailbox, right: 'the use of Exchange Web Services', command: `Set-CASMailbox -Identity ${quoted(mailbox)} -EwsEnabled $true`, serverSaid }
}

const quoted = (text: string): string => `'${text.replace(/['\u2018\u2019\u201a\u201b]/g, '$&$&')}'`

/** Another attempt later may succeed. */
export const busyCodes = new Set([
  'ErrorServerBusy', 'ErrorMailboxStoreUnavailable', 'ErrorMailboxMoveInProgress', 'ErrorADUnavailable', 'ErrorADOperation', 'ErrorConnectionFailed', 'ErrorInsufficientResources', 'ErrorTimeoutExpired',
  'ErrorTooManyObjectsOpened', 'ErrorExceededConnectionCount', 'ErrorInternalServerTransientError', 'ErrorNoRespondingCASInDestinationSite', 'ErrorProxyCallFailed', 'ErrorMailboxFailover', 'ErrorMailboxLogonFailed', 'ErrorNotEnoughMemory', 'ErrorBatchProcessingStopped'
])
const recipientCodes = new Set(['ErrorInvalidRecipients', 'ErrorMissingRecipients', 'ErrorInvalidSmtpAddress', 'ErrorMailRecipientNotFound', 'ErrorInvalidRoutingType'])
const accountCodes = new Set(['ErrorAccountDisabled', 'ErrorPasswordExpired', 'ErrorPasswordChangeRequired'])
const impersonationCodes = new Set(['ErrorImpersonateUserDenied', 'ErrorImpersonationDenied', 'ErrorImpersonationFailed'])
const mailboxCodes = new Set(['ErrorNonExistentMailbox', 'ErrorNonPrimarySmtpAddress', 'ErrorMissingEmailAddress', 'ErrorInvalidUserPrincipalName', 'ErrorMailboxConfiguration', 'ErrorInvalidExchangeImpersonationHeaderData'])
const folderCodes = new Set(['ErrorFolderNotFound', 'ErrorParentFolderNotFound', 'ErrorToFolderNotFound', 'ErrorSavedItemFolderNotFound', 'ErrorInvalidFolderId'])
const unreadableCodes = new Set([
  'ErrorMimeContentConversionFailed', 'ErrorMimeContentInvalid', 'ErrorMimeContentInvalidBase64String', 'ErrorUnsupportedMimeConversion', 'ErrorContentConversionFailed', 'ErrorCorruptData',
  'ErrorItemCorrupt', 'ErrorPropertyValidationFailure', 'ErrorInternalServerError', 'ErrorMessageSizeExceeded', 'ErrorVirusDetected', 'ErrorVirusMessageDeleted', 'ErrorUnsupportedTypeForConversion'
])

/** The text of a page that answered instead, for people. */
function pageText(body: string): string {
  const title = /<title[^>]*>([^<]*)<\/title>/i.exec(body)?.[1]
  return readable(title ?? body.replace(/<(?:script|style)[\s\S]*?<\/(?:script|style)>/gi, ' ').replace(/<[^>]*>/g, ' ')).slice(0, 200)
}
function readable(text: string): string {
  return text.replace(/[^\u0020-\u007e\u00a0-\uffff]+/g, ' ').replace(/ {2,}/g, ' ').trim().slice(0, 500)
}

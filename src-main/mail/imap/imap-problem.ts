import type { Auth } from '#contract/fields.ts'
import type { Problem } from '#contract/problem.ts'
import { tokenErrorWords } from '../sasl-token.ts'
import { mailboxDenied, saysNotConnected } from '../mailbox-denied.ts'

/** Where an IMAP failure happened, as far as the words need it. `mailbox` is the one that was signed in to. */
export type ImapCircumstances = { server: string; host: string; port: number; user: string; mailbox: string; auth: Auth; command: string; folder: string | null; capabilities: string[] }

/**
 * What an error of ImapFlow 2 means in terms of IMAP: a refused command with its response code (RFC 5530, RFC 9051 7.1), a refused sign-in,
 * a BYE. null where it is about the connection or unknown; `connection-problem.ts` knows more then. Pure.
 */
export function imapProblem(error: unknown, where: ImapCircumstances): Problem | null {
  const failure = shapeOf(error)
  const peer = { host: where.host, port: where.port }
  if (failure.message === 'Server does not support STARTTLS') return { code: 'starttls-not-offered', ...peer }
  if (isForeign(failure.code)) return { code: 'not-a-mail-server', expected: 'IMAP', serverSaid: failure.said || failure.message, ...peer }
  if (failure.code === 'ETHROTTLE') return { code: 'server-busy', serverSaid: failure.said, ...peer }
  if (failure.bye !== '') return farewell(failure.bye, peer)
  if (failure.authenticationFailed) return signInProblem(failure, where)
  if (failure.message === 'Unsupported authentication mechanism') return { code: 'sign-in-method-not-offered', server: where.server, offered: signInMethods(where.capabilities) }
  if (failure.status !== '') return refusal(failure, where)
  return null
}

type Failure = { message: string; code: string; responseCode: string; status: string; said: string; bye: string; authenticationFailed: boolean; tokenError: string }

/** The error of RFC 7628 3.2.2 that ImapFlow read. */
function tokenErrorOf(error: unknown): string {
  return typeof error === 'object' && error !== null ? tokenErrorWords(Buffer.from(JSON.stringify(error)).toString('base64')) : ''
}

/** ImapFlow's error properties: `serverResponseCode`, `responseStatus`, `responseText`, `reason` (of a BYE), `authenticationFailed`, `_err`. */
function shapeOf(error: unknown): Failure {
  const at = (name: string): unknown => (typeof error === 'object' && error !== null && name in error ? (error as Record<string, unknown>)[name] : undefined)
  const text = (name: string): string => {
    const value = at(name)
    return typeof value === 'string' ? value : ''
  }
  const closed = ['NoConnection', 'EConnectionClosed', 'ClosedAfterConnectText', 'ClosedAfterConnectTLS', 'StateLogout'].includes(text('code'))
  return {
    message: text('message'),
    code: text('code'),
    responseCode: text('serverResponseCode') || (/^\S+ (?:NO|BAD) \[([A-Z-]+)/i.exec(text('response'))?.[1] ?? '').toUpperCase(),
    status: text('responseStatus'),
    said: short(text('responseText') || text('response').replace(/^\S+ (?:NO|BAD) /i, '')),
    bye: closed ? short(text('reason')) : '',
    authenticationFailed: at('authenticationFailed') === true,
    tokenError: tokenErrorOf(at('oauthError'))
  }
}

function signInProblem({ responseCode, said, message, tokenError }: Failure, where: ImapCircumstances): Problem {
  const { server, user, host, port } = where
  if (message === 'Login is disabled') return { code: 'sign-in-needs-encryption', server, serverSaid: 'LOGINDISABLED' }
  if (message === 'No matching authentication method') return { code: 'sign-in-method-not-offered', server, offered: signInMethods(where.capabilities) }
  if (message === 'Please configure the login' || message === 'No password configured') return { code: 'credentials-missing', server }
  if (responseCode === 'PRIVACYREQUIRED' || responseCode === 'ENCRYPTNEEDED' || /plain-?text .*(?:disallowed|disabled|not allowed)/i.test(said)) return { code: 'sign-in-needs-encryption', server, serverSaid: said }
  if (busyCodes.has(responseCode) || /^Temporary authentication failure/i.test(said)) return { code: 'server-busy', serverSaid: said, host, port }
  if (saysNotConnected(said)) return denied(said, where)
  return { code: 'credentials-refused', server, user, serverSaid: tokenError === '' ? said || message : `${said} (${tokenError})` }
}

function refusal({ responseCode, said, status }: Failure, where: ImapCircumstances): Problem {
  const { server, host, port, command } = where
  const folder = where.folder ?? 'INBOX'
  if (saysNotConnected(said)) return denied(said, where)
  if (responseCode === 'NONEXISTENT' || responseCode === 'TRYCREATE') return { code: 'folder-not-found', server, folder, available: [] }
  if (responseCode === 'NOPERM' || responseCode === 'AUTHORIZATIONFAILED' || responseCode === 'READ-ONLY') return { code: 'folder-access-denied', server, folder, serverSaid: said }
  // Dovecot answers this when it may not read the folder's directory; the words tell the rest.
  if (responseCode === 'SERVERBUG' && isOpening(command)) return { code: 'folder-access-denied', server, folder, serverSaid: said }
  if (responseCode === 'INUSE') return { code: 'mailbox-locked', server, serverSaid: said }
  if (responseCode === 'PRIVACYREQUIRED') return { code: 'sign-in-needs-encryption', server, serverSaid: said }
  if (busyCodes.has(responseCode) && !['COPY', 'MOVE', 'FETCH'].includes(command)) return { code: 'server-busy', serverSaid: said, host, port }
  return byWords(said, where, folder) ?? { code: 'command-refused', server, command, serverSaid: said || status }
}

/** Servers without RFC 5530 codes; words of Dovecot, Cyrus, Courier and Exchange. Only SELECT, for elsewhere they mean less. */
function byWords(said: string, { server, command }: ImapCircumstances, folder: string): Problem | null {
  if (!isOpening(command)) return null
  if (/permission denied|access denied|not permitted|no permission|acl/i.test(said)) return { code: 'folder-access-denied', server, folder, serverSaid: said }
  if (/locked|in use by another/i.test(said)) return { code: 'mailbox-locked', server, serverSaid: said }
  if (/n.t exist|not exist|not found|no such|unknown (?:mailbox|folder)|can't open mailbox|nonexistent/i.test(said)) return { code: 'folder-not-found', server, folder, available: [] }
  return null
}

function denied(serverSaid: string, { server, mailbox, auth }: ImapCircumstances): Problem {
  return mailboxDenied({ server, mailbox, auth, serverSaid })
}

function isOpening(command: string): boolean {
  return command === 'SELECT' || command === 'EXAMINE'
}

function farewell(bye: string, peer: { host: string; port: number }): Problem {
  const busy = /too many|busy|try (?:again )?later|unavailable|shutting down|maximum|limit|overload|temporar|inactivity|autologout/i.test(bye)
  return { code: busy ? 'server-busy' : 'server-refused', serverSaid: bye, ...peer }
}

/** UNAVAILABLE, LIMIT and friends: another attempt later may succeed. */
const busyCodes = new Set(['UNAVAILABLE', 'LIMIT', 'SERVERBUG', 'INUSE', 'THROTTLED', 'OVERLOADED'])

function isForeign(code: string): boolean {
  return code.startsWith('ParserError') || ['LineTooLarge', 'LiteralTooLarge', 'ResponseTooLarge', 'UnexpectedTag', 'InvalidResponse', 'ResponseProcessingFailed', 'MAX_IMAP_NESTING_REACHED'].includes(code)
}

/** Ways to sign in that a server names: `AUTH=PLAIN` gives PLAIN. */
export function signInMethods(capabilities: string[]): string[] {
  return capabilities.filter((name) => name.startsWith('AUTH=')).map((name) => name.slice(5))
}
function short(text: string): string {
  return text.replace(/[^\u0020-\u007e\u00a0-\uffff]+/g, ' ').trim().slice(0, 500)
}

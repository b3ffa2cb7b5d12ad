import type { IncomingServerView, RoundResult } from '#contract/incoming-server.ts'
import type { OutgoingServerView } from '#contract/outgoing-server.ts'
import type { TestStepName, TestVerdict } from '#contract/connection-test.ts'
import { incomingProtocols, outgoingProtocols, protocolLabel, type ProtocolRow, type Security } from '#contract/protocols.ts'
import { wordsOf } from '#contract/problem-words.ts'
import type { Tone } from './status-mark.tsx'
import { plural } from './sizes.ts'
import { clockText, spanText } from './times.tsx'

const shortType = (row: ProtocolRow, security: Security): string => protocolLabel({ ...row, label: row.short }, security)

export type State = { tone: Tone; words: string }

export const incomingType = ({ server }: IncomingServerView): string => shortType(incomingProtocols[server.protocol], server.security)
export const outgoingType = ({ server }: OutgoingServerView): string => shortType(outgoingProtocols[server.protocol], server.security)

/** Where a server is, as short as its protocol allows: host and port, or the host and path of its URL. */
export const serverPlace = ({ server }: Pick<OutgoingServerView, 'server'>): string =>
  outgoingProtocols[server.protocol].reach === 'endpoint' ? (server.endpoint ?? '').replace(/^https:\/\//, '').replace(/\/$/, '') || '–' : placeText(server.host, server.port)

/** "mail.example.com:587", an IPv6 address in brackets. */
export const placeText = (host: string, port: number): string => (host === '' ? '–' : `${host.includes(':') ? `[${host}]` : host}:${port}`)

/** The mailbox as people know it: the first address served, otherwise the user who signs in. */
export const mailboxText = ({ server }: IncomingServerView): string => {
  const [first, ...others] = server.addresses
  return first === undefined ? server.mailbox || server.auth.subject || server.auth.user || '–' : others.length === 0 ? first : `${first} +${others.length}`
}

/** Listening only where a connection really waits for announcements; push that is wanted but not had is said. */
const rhythm = ({ server, state }: IncomingServerView): string => {
  const every = `every ${spanText(server.fetchEveryMs)}`
  if (state.fetching === 'listening' && state.looksEveryMs) return `Looking every ${Math.round(state.looksEveryMs / 1000)} s`
  return state.fetching === 'listening' ? `Listening + ${every}` : `Polling ${every}`
}

/** Is it working, and if not, what is wrong: the column "Fetching". */
export const fetchingState = (view: IncomingServerView, now: number): State => {
  const { state, issues } = view
  if (issues.length > 0) return { tone: 'draft', words: `Draft, ${plural(issues.length, 'field')} to complete` }
  if (state.delayedUntil && Date.parse(state.delayedUntil) > now) return { tone: 'paused', words: delayWords(state.delayedUntil, now) }
  if (state.stuckSince) return { tone: 'warning', words: `No progress since ${clockText(state.stuckSince, now)}` }
  if (state.fetching === 'fetching') return { tone: 'busy', words: state.progress ? `Fetching ${state.progress.done} of ${state.progress.total}` : 'Fetching' }
  if (state.fetching === 'failing') return { tone: 'bad', words: state.problem ? shortWords[state.problem.code] ?? wordsOf(state.problem).title : 'Failing' }
  if (state.fetching === 'stopped') return state.problem ? { tone: 'warning', words: `Stopped: ${shortWords[state.problem.code] ?? wordsOf(state.problem).title}` } : { tone: 'stopped', words: 'Stopped' }
  return { tone: 'good', words: rhythm(view) }
}

/** The provider asked for patience: no failure, so no colour of one. */
const delayWords = (until: string, now: number): string => `Delayed until ${clockText(until, now)} by the provider`

/** A few words for a table cell; the sentence is on hover and in the band below the table. */
const shortWords: Record<string, string> = {
  'credentials-refused': 'Sign-in refused', 'credentials-missing': 'Password missing', 'host-not-found': 'Name not found', 'connection-refused': 'Connection refused', 'host-unreachable': 'No route',
  'connection-timed-out': 'No answer', 'server-silent': 'Server silent', 'connection-dropped': 'Connection lost', 'server-busy': 'Server busy', 'error-folder-full': 'error folder full',
  'certificate-expired': 'Certificate expired', 'certificate-self-signed': 'Certificate not trusted', 'certificate-untrusted': 'Certificate not trusted', 'certificate-wrong-name': 'Certificate for another name', 'certificate-pin-mismatch': 'Certificate changed',
  'folder-not-found': 'Folder not found', 'folder-access-denied': 'Folder not allowed', 'mailbox-locked': 'Mailbox locked', 'mailbox-identity-changed': 'Mailbox was replaced', 'proxy-failed': 'Proxy failed', 'tls-version-too-low': 'TLS version too low',
  'server-speaks-plain-text': 'TLS not spoken', 'server-expects-tls': 'TLS expected', 'starttls-not-offered': 'No STARTTLS', 'round-too-slow': 'Too slow', 'sign-in-method-not-offered': 'Sign-in not offered', 'source-did-not-shrink': 'Mail could not be moved',
  'sign-in-needed': 'Sign-in needed', 'sign-in-idle-too-long': 'Sign-in expired', 'sign-in-revoked': 'Sign-in revoked', 'client-secret-expired': 'Client secret expired', 'client-secret-wrong': 'Client secret wrong', 'client-unknown': 'Application unknown', 'tenant-unknown': 'Tenant unknown',
  'scope-refused': 'Scopes refused', 'scope-missing': 'Permission missing', 'consent-missing': 'Consent missing', 'sign-in-interaction-needed': 'Sign-in in person needed', 'sign-in-declined': 'Sign-in declined', 'sign-in-timed-out': 'Sign-in not finished', 'signed-in-as-another': 'Another account signed in',
  'wrong-cloud': 'Wrong cloud', 'authority-unusable': 'Sign-in service wrong', 'sign-in-flow-refused': 'Way to sign in refused', 'key-file-unusable': 'Key unusable', 'delegation-missing': 'Delegation missing', 'clock-wrong': 'Clock is wrong', 'token-refused': 'Sign-in refused', 'redirect-url-refused': 'Redirect URL refused',
  'endpoint-wrong': 'Endpoint wrong', 'provider-refused': 'Refused by the provider', 'mailbox-not-found': 'Mailbox not found', 'mailbox-access-denied': 'Mailbox not allowed', 'forbidden-mailbox-readable': 'Sign-in reaches too far',
  'proxy-asks-for-credentials': 'Proxy wants a password', 'proxy-secret-missing': 'Proxy password missing', 'not-a-proxy': 'No proxy there', 'certificate-chain-incomplete': 'Certificate chain incomplete', 'client-certificate-wanted': 'Client certificate wanted', 'client-certificate-unusable': 'Client certificate unusable', 'ca-file-unusable': 'CA file unusable'
}

/** "3 new": what a round brought. */
export const roundText = (round: RoundResult): string =>
  round.problem ? (round.problem.code === 'cancelled' ? 'cancelled' : 'failed') : round.fetched === 0 ? 'nothing new' : [`${round.fetched} new`, round.errors > 0 ? plural(round.errors, 'error') : ''].filter(Boolean).join(', ')

/** What an outgoing server is good for now: the column "State". */
export const sendingState = (view: OutgoingServerView, now: number): State => {
  const role = view.isDefault ? ' · default' : ''
  if (view.issues.length > 0) return { tone: 'draft', words: `Draft, ${plural(view.issues.length, 'field')} to complete` }
  if (view.server.block) return { tone: 'stopped', words: `Blocked, receive only${role}` }
  if (view.delayedUntil && Date.parse(view.delayedUntil) > now) return { tone: 'paused', words: `${delayWords(view.delayedUntil, now)}${role}` }
  if (view.signIn && view.signIn.state === 'never') return { tone: 'warning', words: `Sign-in needed${role}` }
  if (view.signIn?.state === 'refused') return { tone: 'bad', words: `${(view.signIn.problem && shortWords[view.signIn.problem.code]) ?? 'Sign-in refused'}${role}` }
  if (view.onAlternateSince) return { tone: 'warning', words: `On the alternate since ${clockText(view.onAlternateSince, now)}${role}` }
  if (view.senderVerified === false && view.server.replyTo !== '') return { tone: 'warning', words: `Sender not verified${role}` }
  if (view.trouble) return { tone: 'bad', words: `${shortWords[view.trouble.problem.code] ?? wordsOf(view.trouble.problem).title}${role}` }
  if (view.lastTest?.alternate) return { tone: 'warning', words: `Alternate failed${role}` }
  if (view.lastTest?.verdict === 'failed') return { tone: 'bad', words: `Test failed${role}` }
  if (view.server.overrideTo) return { tone: 'warning', words: `All mail to ${view.server.overrideTo}${role}` }
  return { tone: 'good', words: `Ready${role}` }
}

export const stepWords: Record<TestStepName, string> = {
  'pop-sign-in': 'POP sign-in', resolve: 'Name look-up', proxy: 'Proxy', connect: 'Connection', tls: 'TLS', greeting: 'Greeting', capabilities: 'Capabilities', token: 'Token', endpoint: 'Endpoint', mailbox: 'Mailbox', 'forbidden-mailbox': 'Forbidden mailbox', 'sign-in': 'Sign-in', folder: 'Folder', sample: 'Newest message', dkim: 'DKIM in DNS'
}

/** What a test found: "ok", "ok, 1 warning", "failed at sign-in", "failed at connection of alternate mail2.example.com:587". */
export const testWords = ({ verdict, failedAt, alternate, steps }: TestVerdict): string => {
  const warnings = steps.filter(({ outcome }) => outcome === 'warning').length
  if (verdict === 'ok') return warnings === 0 ? 'ok' : `ok, ${plural(warnings, 'warning')}`
  return `failed${failedAt === null ? '' : ` at ${stepInText(failedAt)}`}${alternate === undefined ? '' : ` of alternate ${alternate}`}`
}

/** The step within a sentence: "sign-in", but "TLS" and "DKIM in DNS". */
const stepInText = (step: TestStepName): string => (step === 'tls' ? 'TLS' : step === 'dkim' ? stepWords.dkim : stepWords[step].toLowerCase())

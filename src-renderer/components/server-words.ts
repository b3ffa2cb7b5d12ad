import type { IncomingServerView, RoundResult } from '#contract/incoming-server.ts'
import type { OutgoingServerView } from '#contract/outgoing-server.ts'
import type { TestStepName } from '#contract/connection-test.ts'
import { incomingProtocols, outgoingProtocols, protocolLabel } from '#contract/protocols.ts'
import { wordsOf } from '#contract/problem-words.ts'
import type { Tone } from './status-mark.tsx'
import { plural } from './sizes.ts'
import { clockText, spanText } from './times.tsx'

export type State = { tone: Tone; words: string }

export const incomingType = ({ server }: IncomingServerView): string => protocolLabel(incomingProtocols[server.protocol], server.security)
export const outgoingType = ({ server }: OutgoingServerView): string => protocolLabel(outgoingProtocols[server.protocol], server.security)

/** "mail.example.com:587", an IPv6 address in brackets. */
export const placeText = (host: string, port: number): string => (host === '' ? '–' : `${host.includes(':') ? `[${host}]` : host}:${port}`)

/** The mailbox as people know it: the first address served, otherwise the user who signs in. */
export const mailboxText = ({ server }: IncomingServerView): string => {
  const [first, ...others] = server.addresses
  return first === undefined ? server.auth.user || '–' : others.length === 0 ? first : `${first} +${others.length}`
}

const rhythm = ({ server }: IncomingServerView): string => `${server.push ? 'Push + every' : 'Every'} ${spanText(server.fetchEveryMs)}`

/** Is it working, and if not, what is wrong: the column "Fetching". */
export const fetchingState = (view: IncomingServerView, now: number): State => {
  const { state, issues } = view
  if (issues.length > 0) return { tone: 'draft', words: `Draft, ${plural(issues.length, 'field')} to complete` }
  if (state.stuckSince) return { tone: 'warning', words: `No progress since ${clockText(state.stuckSince, now)}` }
  if (state.fetching === 'fetching') return { tone: 'busy', words: state.progress ? `Fetching ${state.progress.done} of ${state.progress.total}` : 'Fetching' }
  if (state.fetching === 'failing') return { tone: 'bad', words: state.problem ? shortWords[state.problem.code] ?? wordsOf(state.problem).title : 'Failing' }
  if (state.fetching === 'stopped') return state.problem ? { tone: 'warning', words: `Stopped: ${shortWords[state.problem.code] ?? wordsOf(state.problem).title}` } : { tone: 'stopped', words: 'Stopped' }
  return { tone: 'good', words: rhythm(view) }
}

/** A few words for a table cell; the sentence is on hover and in the band below the table. */
const shortWords: Record<string, string> = {
  'credentials-refused': 'Sign-in refused', 'credentials-missing': 'Password missing', 'host-not-found': 'Name not found', 'connection-refused': 'Connection refused', 'host-unreachable': 'No route',
  'connection-timed-out': 'No answer', 'server-silent': 'Server silent', 'connection-dropped': 'Connection lost', 'server-busy': 'Server busy', 'error-folder-full': 'error folder full',
  'certificate-expired': 'Certificate expired', 'certificate-self-signed': 'Certificate not trusted', 'certificate-untrusted': 'Certificate not trusted', 'certificate-wrong-name': 'Certificate for another name', 'certificate-pin-mismatch': 'Certificate changed',
  'folder-not-found': 'Folder not found', 'folder-access-denied': 'Folder not allowed', 'mailbox-locked': 'Mailbox locked', 'mailbox-identity-changed': 'Mailbox was replaced', 'proxy-failed': 'Proxy failed', 'tls-version-too-low': 'TLS version too low',
  'server-speaks-plain-text': 'TLS not spoken', 'server-expects-tls': 'TLS expected', 'starttls-not-offered': 'No STARTTLS', 'round-too-slow': 'Too slow', 'sign-in-method-not-offered': 'Sign-in not offered', 'source-did-not-shrink': 'Mail could not be moved'
}

/** "3 new": what a round brought. */
export const roundText = (round: RoundResult): string =>
  round.problem ? (round.problem.code === 'cancelled' ? 'cancelled' : 'failed') : round.fetched === 0 ? 'nothing new' : [`${round.fetched} new`, round.errors > 0 ? plural(round.errors, 'error') : ''].filter(Boolean).join(', ')

/** What an outgoing server is good for now: the column "State". */
export const sendingState = (view: OutgoingServerView, now: number): State => {
  const role = view.isDefault ? ' · default' : ''
  if (view.issues.length > 0) return { tone: 'draft', words: `Draft, ${plural(view.issues.length, 'field')} to complete` }
  if (view.server.block) return { tone: 'stopped', words: `Blocked, receive only${role}` }
  if (view.onAlternateSince) return { tone: 'warning', words: `On the alternate since ${clockText(view.onAlternateSince, now)}${role}` }
  if (view.lastTest?.verdict === 'failed') return { tone: 'bad', words: `Test failed${role}` }
  if (view.server.overrideTo) return { tone: 'warning', words: `All mail to ${view.server.overrideTo}${role}` }
  return { tone: 'good', words: `Ready${role}` }
}

export const stepWords: Record<TestStepName, string> = {
  resolve: 'Name look-up', proxy: 'Proxy', connect: 'Connection', tls: 'TLS', greeting: 'Greeting', capabilities: 'Capabilities', 'sign-in': 'Sign-in', folder: 'Folder', sample: 'Newest message'
}

/** The step within a sentence: "sign-in", but "TLS". */
export const stepInText = (step: TestStepName): string => (step === 'tls' ? 'TLS' : stepWords[step].toLowerCase())

import type { Advice } from '#contract/advice.ts'
import { urlPlace } from '#contract/fields.ts'
import type { IncomingServerDraft } from '#contract/incoming-server.ts'
import type { OutgoingServerDraft } from '#contract/outgoing-server.ts'
import { incomingProtocols, outgoingProtocols } from '#contract/protocols.ts'
import { providerFacts, type MailProvider, type ProviderFact } from './provider-facts.ts'

export type AdvisedServer = { kind: 'incoming'; server: IncomingServerDraft } | { kind: 'outgoing'; server: OutgoingServerDraft }

/**
 * What providers have announced that touches a server, worst first; for a draft as well, so that it is known before the first attempt.
 * `today` is a day as YYYY-MM-DD, `others` are all other servers.
 */
export const adviceFor = (advised: AdvisedServer, today: string, others: readonly AdvisedServer[]): Advice[] =>
  rules
    .filter(({ fact, applies }) => (applies.anywhere === true || fact.provider === providerOf(advised.server)) && applies.to(advised, others))
    .map(({ fact, action }) => asAdvice(fact, today, action === 'move-to-graph' && hasGraphTwin(advised, others) ? null : action))
    .sort((one, other) => severities.indexOf(one.severity) - severities.indexOf(other.severity))

const severities: readonly Advice['severity'][] = ['broken', 'warning', 'note']

/** `anywhere` where the host does not have to be the provider's own. */
type Rule = { fact: ProviderFact; applies: { to: (advised: AdvisedServer, others: readonly AdvisedServer[]) => boolean; anywhere?: boolean }; action: Advice['action'] }

const rules: readonly Rule[] = [
  { fact: providerFacts.ewsRetired, applies: { to: ({ server }) => server.protocol === 'ews' }, action: 'move-to-graph' },
  { fact: providerFacts.hybridNeedsGraph, applies: { to: ({ server }) => server.protocol === 'ews' && byPassword(server) && hostOf(server) !== '' && providerOf(server) === null, anywhere: true }, action: null },
  { fact: providerFacts.fetchingByPassword, applies: { to: ({ server }) => server.protocol !== 'smtp' && byPassword(server) }, action: 'move-to-graph' },
  { fact: providerFacts.submissionByPassword, applies: { to: ({ server }) => server.protocol === 'smtp' && byPassword(server) }, action: 'move-to-graph' },
  { fact: providerFacts.oldTls, applies: { to: ({ server }) => (server.protocol === 'imap' || server.protocol === 'pop3') && (server.tls.minVersion === 'TLSv1' || server.tls.minVersion === 'TLSv1.1') }, action: 'open-server' },
  { fact: providerFacts.personalByPassword, applies: { to: ({ server }) => byPassword(server) }, action: 'open-server' },
  { fact: providerFacts.googleByPassword, applies: { to: ({ server }) => byPassword(server) }, action: 'open-server' },
  { fact: providerFacts.sharedClient, applies: { to: sharesClient, anywhere: true }, action: 'open-server' }
]

const byPassword = ({ auth }: AdvisedServer['server']): boolean => auth.method === 'password' || auth.method === 'ntlm'

/** A Graph server that sends with the application that also fetches from its mailbox. */
function sharesClient({ kind, server }: AdvisedServer, others: readonly AdvisedServer[]): boolean {
  if (kind !== 'outgoing' || server.protocol !== 'graph' || !server.auth.clientId) return false
  return others.some((other) => other.kind === 'incoming' && other.server.protocol === 'graph' && same(other.server.auth.clientId, server.auth.clientId) && same(mailboxOf(other.server), mailboxOf(server)))
}

/** Somebody has moved this mailbox already. */
const hasGraphTwin = ({ kind, server }: AdvisedServer, others: readonly AdvisedServer[]): boolean =>
  others.some((other) => other.kind === kind && other.server.protocol === 'graph' && mailboxOf(server) !== '' && same(mailboxOf(other.server), mailboxOf(server)))

const mailboxOf = ({ mailbox, auth }: AdvisedServer['server']): string => mailbox || auth.subject || auth.user
const same = (one: string | undefined, other: string | undefined): boolean => one !== undefined && one.toLowerCase() === other?.toLowerCase()

const hostOf = (server: AdvisedServer['server']): string => {
  const { reach } = { ...incomingProtocols, ...outgoingProtocols }[server.protocol]
  return (reach === 'endpoint' ? (urlPlace(server.endpoint)?.host ?? '') : server.host).toLowerCase().replace(/\.$/, '')
}

const hosts: readonly (readonly [MailProvider, RegExp])[] = [
  ['outlook-personal', /^(?:imap|pop|smtp)-mail\.outlook\.com$/],
  ['exchange-online', /^(?:(?:outlook|smtp|pop|imap|smtp-legacy|pop-legacy|imap-legacy)\.office365\.(?:com|us)|outlook\.office\.com|webmail\.apps\.mil|partner\.outlook\.cn)$/],
  ['google', /^(?:imap|pop|smtp)\.(?:gmail|googlemail)\.com$/]
]
/** These accounts are reached at the hosts of Exchange Online too. */
const personal = /@(?:outlook|hotmail|live|msn)\.[a-z.]+$/i

/** By the host alone: an address says nothing about where its mailbox is. */
const providerOf = (server: AdvisedServer['server']): MailProvider | null => {
  const found = hosts.find(([, pattern]) => pattern.test(hostOf(server)))?.[0] ?? null
  return found === 'exchange-online' && personal.test(server.auth.user) ? 'outlook-personal' : found
}

const asAdvice = ({ code, source, asOf, stages }: ProviderFact, today: string, action: Advice['action']): Advice => {
  const stage = stages.filter(({ from }) => from <= today).at(-1)
  if (stage === undefined) throw new Error(`no stage of ${code} holds on ${today}`)
  const { severity, date, title, text } = stage
  return { code, severity, date, title, text, source, asOf, action }
}

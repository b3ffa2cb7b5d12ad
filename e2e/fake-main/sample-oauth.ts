import type { Advice, Expiry } from '../../src-contract/advice.ts'
import { newIncomingServer, type IncomingServerView } from '../../src-contract/incoming-server.ts'
import { newOutgoingServer, type OutgoingServerView } from '../../src-contract/outgoing-server.ts'
import type { SignInState } from '../../src-contract/oauth.ts'
import { ago, goodTest, onPrimary, round, state } from './sample-configuration.ts'

const days = 86_400_000
const ahead = (ms: number): string => new Date(Date.now() + ms).toISOString()

export const signedIn = (account: string): SignInState => ({ state: 'signed-in', account, scope: ['https://graph.microsoft.com/Mail.ReadWrite', 'https://graph.microsoft.com/Mail.Send', 'offline_access'], signedInAt: ago(12 * days), lastRefreshAt: ago(19 * 60_000), accessExpiresAt: ahead(41 * 60_000), idleExpiresAt: ahead(90 * days), problem: null })
export const neverSignedIn: SignInState = { state: 'never', account: null, scope: [], signedInAt: null, lastRefreshAt: null, accessExpiresAt: null, idleExpiresAt: null, problem: null }
const revoked = (server: string): SignInState => ({ ...signedIn('it@example.com'), state: 'refused', problem: { code: 'sign-in-revoked', server, serverSaid: 'AADSTS50173: The provided grant has expired due to it being revoked. Trace ID: 2f8c' } })

export const ewsEnds: Advice = {
  code: 'ews-exchange-online', severity: 'warning', date: '2027-04-01', title: 'Exchange Online switches EWS off',
  text: 'Blocked since October 2026 unless an administrator allows the application; gone for good in April 2027. Microsoft Graph does the same for this mailbox.',
  source: 'https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/deprecation-of-basic-authentication-exchange-online', asOf: '2026-11-20', action: 'move-to-graph'
}
export const smtpBasicEnds: Advice = {
  code: 'smtp-auth-basic', severity: 'warning', date: '2026-12-31', title: 'Microsoft 365 switches passwords off for SMTP',
  text: 'By default after December 2026; an administrator may allow them for a while. OAuth 2.0 or Microsoft Graph goes on working.',
  source: 'https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/authenticated-client-smtp-submission', asOf: '2026-11-20', action: 'move-to-graph'
}

const secrets = { hasSecret: true, hasProxySecret: false, hasClientKeySecret: false }
const oauth = { method: 'oauth2', provider: 'microsoft', flow: 'interactive', clientId: '7f1c2a90-0c1e-4f7e-9d55-1a2b3c4d5e6f', tenant: 'example.com', secret: 'keychain' } as const

/** Servers that sign in by token, one in each state. */
export const oauthIncoming = (): IncomingServerView[] => [
  {
    server: { ...newIncomingServer('graph', 'IT'), name: 'cloud', auth: { ...oauth, user: 'it@example.com' }, mailbox: 'support@example.com', addresses: ['support@example.com'], enabled: true },
    issues: [], ...secrets, signIn: signedIn('it@example.com'), advice: [], errorCount: 0, lastTest: goodTest(),
    state: state({ fetching: 'waiting', lastRound: round('cloud', 1, 40), lastSuccessAt: ago(40_000), nextRoundAt: ahead(540_000), delayedUntil: ahead(540_000) })
  },
  {
    server: { ...newIncomingServer('ews', 'HR'), name: 'exchange', endpoint: 'https://outlook.office365.com/EWS/Exchange.asmx', auth: { ...oauth, user: 'hr@example.com' }, addresses: ['payroll@example.com'], enabled: true },
    issues: [], ...secrets, signIn: revoked('exchange'), advice: [ewsEnds], errorCount: 0, lastTest: null,
    state: state({ fetching: 'failing', failuresInARow: 3, failingSince: ago(22 * 60_000), nextRoundAt: null, problem: { code: 'sign-in-revoked', server: 'exchange', serverSaid: 'AADSTS50173: The provided grant has expired due to it being revoked. Trace ID: 2f8c' } })
  },
  {
    server: { ...newIncomingServer('gmail', 'Sales'), name: 'workspace', auth: { method: 'service-account', user: '', account: 'mail@example-desk.iam.gserviceaccount.com', subject: 'orders@example.com', secret: 'keychain' }, addresses: [], enabled: true },
    issues: [], ...secrets, signIn: { ...neverSignedIn, state: 'app' }, advice: [], errorCount: 0, lastTest: goodTest(),
    state: state({ fetching: 'waiting', lastRound: round('workspace', 0, 21), lastSuccessAt: ago(21_000), nextRoundAt: ahead(39_000) })
  },
  {
    server: { ...newIncomingServer('imap', 'IT'), name: 'facility', host: 'outlook.office365.com', auth: { ...oauth, flow: 'device-code', user: 'facility@example.com' }, addresses: ['facility@example.com'] },
    issues: [], ...secrets, hasSecret: false, signIn: neverSignedIn, advice: [], errorCount: 0, lastTest: null,
    state: state({ problem: { code: 'sign-in-needed', server: 'facility' } })
  }
]

export const oauthOutgoing = (): OutgoingServerView[] => [
  {
    server: { ...newOutgoingServer('graph'), name: 'cloud', auth: { ...oauth, user: 'it@example.com' }, mailbox: 'support@example.com', replyTo: 'support@example.com', senderName: 'Support' },
    issues: [], ...secrets, signIn: neverSignedIn, advice: [], delayedUntil: null, usedBy: [], isDefault: false, ...onPrimary, hasDkimKey: false, lastTest: null
  },
  {
    server: { ...newOutgoingServer('smtp'), name: 'office', host: 'smtp.office365.com', auth: { method: 'password', user: 'hr@example.com', secret: 'keychain' }, replyTo: 'hr@example.com' },
    issues: [], ...secrets, signIn: null, advice: [smtpBasicEnds], delayedUntil: ahead(300_000), usedBy: ['HR'], isDefault: false, ...onPrimary, hasDkimKey: false, lastTest: goodTest()
  }
]

const expiry = (server: string, kind: Expiry['kind'], what: Expiry['what'], daysLeft: number, text: string): Expiry => ({ server, kind, what, at: ahead(daysLeft * days), daysLeft, text })
export const expiries = (): Expiry[] => [
  expiry('main', 'outgoing', 'server-certificate', 100, 'The administrator of mail.example.com renews it; Mailroom needs no change unless it is pinned.'),
  expiry('cloud', 'incoming', 'client-secret', 5, 'Create a new client secret in the app registration, then enter it and its day of expiry in the server details.'),
  expiry('office', 'outgoing', 'provider', 40, 'Microsoft 365 switches passwords off for SMTP. Move to OAuth 2.0 or Microsoft Graph.'),
  expiry('exchange', 'incoming', 'provider', 131, 'Exchange Online switches EWS off. Move to Microsoft Graph.'),
  expiry('facility', 'incoming', 'sign-in', -2, 'Nobody used it for 90 days. Sign in again.')
]

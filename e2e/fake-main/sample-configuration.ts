import { newIncomingServer, type IncomingServerView, type IncomingState, type RoundResult } from '../../src-contract/incoming-server.ts'
import { newOutgoingServer, type OutgoingServerView } from '../../src-contract/outgoing-server.ts'
import type { TestVerdict } from '../../src-contract/connection-test.ts'

export const ago = (ms: number): string => new Date(Date.now() - ms).toISOString()
const minute = 60_000

export const round = (server: string, fetched: number, secondsAgo: number, errors = 0): RoundResult =>
  ({ server, fetched, requests: Math.max(0, fetched - errors), replies: 0, commands: 0, dropped: 0, errors, seconds: 0.4, startedAt: ago(secondsAgo * 1_000), problem: null })

export const state = (changes: Partial<IncomingState>): IncomingState =>
  ({ fetching: 'stopped', progress: null, lastRound: null, lastSuccessAt: null, nextRoundAt: null, failuresInARow: 0, failingSince: null, problem: null, stuckSince: null, delayedUntil: null, ...changes })

export const goodTest = (): TestVerdict => ({ verdict: 'ok', at: ago(34 * minute), failedAt: null, problem: null, sample: null, steps: [] })

/** What a server without tokens and without advice has. */
const plain = { hasProxySecret: false, hasClientKeySecret: false, signIn: null, advice: [] }

export const incomingViews = (): IncomingServerView[] => [
  {
    server: { ...newIncomingServer('imap', 'IT'), name: 'it', host: 'mail.example.com', auth: { method: 'password', user: 'it@example.com', secret: 'keychain' }, addresses: ['it@example.com', 'helpdesk@example.com'], enabled: true },
    issues: [], hasSecret: true, ...plain, errorCount: 0, lastTest: goodTest(),
    state: state({ fetching: 'listening', lastRound: round('it', 3, 12), lastSuccessAt: ago(12_000), nextRoundAt: new Date(Date.now() + 48_000).toISOString() })
  },
  {
    server: { ...newIncomingServer('pop3', 'HR'), name: 'hr', host: 'pop.example.com', auth: { method: 'password', user: 'hr@example.com', secret: 'keychain' }, addresses: ['hr@example.com'] },
    issues: [], hasSecret: true, ...plain, errorCount: 2, lastTest: goodTest(), state: state({ lastRound: round('hr', 5, 61_000, 2) })
  },
  {
    server: { ...newIncomingServer('imap', 'Sales'), name: 'sales', host: 'mail.example.com', auth: { method: 'password', user: 'sales@example.com', secret: 'keychain' }, addresses: ['sales@example.com'], enabled: true },
    issues: [], hasSecret: true, ...plain, errorCount: 4, lastTest: null,
    state: state({ fetching: 'failing', failuresInARow: 4, failingSince: ago(46 * minute), nextRoundAt: new Date(Date.now() + 180_000).toISOString(), problem: { code: 'credentials-refused', server: 'sales', user: 'sales@example.com', serverSaid: 'NO [AUTHENTICATIONFAILED] Authentication failed.' } })
  },
  {
    server: { ...newIncomingServer('imap', 'IT'), name: 'branch office', auth: { method: 'password', user: '', secret: 'keychain' } },
    issues: [{ path: 'host', message: 'Enter the server name or IP address.' }, { path: 'auth.user', message: 'Enter the user name of the mailbox.' }], hasSecret: false, ...plain, errorCount: 0, lastTest: null, state: state({})
  }
]

/** Mail goes through the server itself, and none waits. */
export const onPrimary = { onAlternateSince: null, throughAlternate: null, outbox: { waiting: 0, stuck: 0 }, trouble: null, senderVerified: null } as const

export const outgoingViews = (): OutgoingServerView[] => [
  {
    server: { ...newOutgoingServer('smtp'), name: 'main', host: 'mail.example.com', auth: { method: 'password', user: 'it@example.com', secret: 'keychain' }, senderName: 'IT Support', replyTo: 'it@example.com' },
    issues: [], hasSecret: true, ...plain, delayedUntil: null, usedBy: ['IT'], isDefault: true, ...onPrimary, hasDkimKey: false, outbox: { waiting: 4, stuck: 2 }, lastTest: goodTest()
  },
  {
    server: { ...newOutgoingServer('smtp'), name: 'reserve', host: 'mx2.example.com', port: 465, security: 'tls', auth: { method: 'none', user: '', secret: 'keychain' }, replyTo: 'it@example.com', maxMailSize: 25_000_000, alternate: { host: 'mx3.example.com', port: 25, security: 'none', returnToPrimary: 'manual', afterFailures: 1 } },
    issues: [], hasSecret: false, ...plain, delayedUntil: null, usedBy: ['Sales'], isDefault: false, ...onPrimary, hasDkimKey: false, onAlternateSince: ago(49 * minute), throughAlternate: 'mx3.example.com:25', outbox: { waiting: 1, stuck: 1 }, lastTest: { ...goodTest(), verdict: 'failed', failedAt: 'connect', problem: { code: 'connection-refused', host: 'mx2.example.com', port: 465 } }
  }
]

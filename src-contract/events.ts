import type { TestStep } from './connection-test.ts'
import type { IncomingState, RoundResult } from './incoming-server.ts'
import type { SignInStep } from './oauth.ts'
import type { Notice } from './notice.ts'

/** Every announcement the core may make, a line each. An event says what happened; who wants more asks. */
export type Events = {
  'test-step-happened': { workId: string; step: TestStep }
  'sign-in-step-happened': { workId: string; step: SignInStep }
  'work-progressed': { workId: string; done: number; total: number | null; what: string }
  'incoming-state-changed': { server: string; state: IncomingState; errorCount: number }
  'round-finished': RoundResult
  'servers-changed': { kind: 'incoming' | 'outgoing' }
  'settings-changed': Record<never, never>
  'requests-changed': { newest: number }
  'people-changed': Record<never, never>
  'spam-hits-changed': Record<never, never>
  'hand-over-changed': { target: string }
  'native-mail-changed': Record<never, never>
  'outbox-changed': Record<never, never>
  'senders-changed': Record<never, never>
  'errors-changed': { server: string; count: number }
  'notice-added': { notice: Notice; unread: number }
  'transcript-grew': { kind: 'incoming' | 'outgoing'; server: string; lines: string[] }
  'storage-changed': Record<never, never>
  'history-grew': Record<never, never>
  'access-changed': Record<never, never>
  'vault-opened': Record<never, never>
}
export type EventName = keyof Events

/** What only administrators hear: with the code and the address of a sign-in another could sign in with an account of his own. */
export const administratorsEvents: readonly EventName[] = ['sign-in-step-happened']

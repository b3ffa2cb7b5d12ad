import type { Advice } from './advice.ts'
import type { ConsoleState } from './calls.ts'
import type { IncomingState } from './incoming-server.ts'
import type { SignInState } from './oauth.ts'
import type { Problem, ProblemCode } from './problem.ts'

type ShortAdvice = Pick<Advice, 'code' | 'severity' | 'date' | 'title' | 'source'>

/** Health of every server and the lengths of the queues, without a word of any mail. Times are ISO 8601. */
export type ConsoleStatus = Pick<ConsoleState, 'version' | 'dataFolder' | 'credentials'> & {
  queues: { requests: number; errors: number; notices: number; outbox: number; handOver: { waiting: number; refused: number } }
  /** Mailboxes that are listened to. */
  listening: number
  incoming: {
    name: string; enabled: boolean; draft: boolean; hasSecret: boolean; fetching: IncomingState['fetching']; lastFetch: string | null; lastSuccess: string | null; nextFetch: string | null
    signIn: SignInState['state'] | null; delayedUntil: string | null; advice: ShortAdvice[]; failuresInARow: number; failingSince: string | null; stuckSince: string | null; errors: number; problem: Problem | null
  }[]
  outgoing: {
    name: string; default: boolean; draft: boolean; blocked: boolean; hasSecret: boolean; signIn: SignInState['state'] | null; delayedUntil: string | null; advice: ShortAdvice[]; onAlternateSince: string | null; throughAlternate: string | null; outbox: { waiting: number; stuck: number }
    lastTest: { verdict: string; at: string; code: ProblemCode | null } | null
  }[]
}

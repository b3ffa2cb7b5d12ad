import type { Answer } from '#contract/bridge.ts'
import type { Role } from '#contract/calls.ts'
import type { Health } from '#contract/health.ts'
import type { EventName, Events } from '#contract/events.ts'
import type { Clock } from './fetching/clock.ts'
import type { SecondFactor } from './access/second-factor.ts'
import type { Log } from './log/create-log.ts'

/** Who asks: the role of the token, window or command line, and a name for the history. */
export type CallContext = { role: Role; who: string }

/** Receives announcements; the detail belongs to the name as in `Events`. */
export type EventListener = <Name extends EventName>(name: Name, detail: Events[Name]) => void

/** The running core as the hosts and the command line see it. `answer` is the door: it never throws. */
export type MailroomConsole = {
  answer(name: string, input: unknown, context: CallContext): Promise<Answer<unknown>>
  /** Returns the function that ends the subscription. */
  subscribe(listener: EventListener): () => void
  /** Takes what a provider sends to an announcement's address; false where nobody waits at this id. */
  receive(id: string, announcement: unknown): boolean
  /** Who holds the token with this SHA-256 (hex), and that it was used now; null for one that is not known, was revoked, or cannot be looked up yet. */
  namedToken(sha256: string): { name: string; role: Role; secondFactor: string | null } | null
  /** The second step of tokens that have one; asked only after `namedToken` knew the token. */
  secondFactor: SecondFactor
  /** A token was wrong; `from` is the address that it came from. */
  guessed(from: string, what: 'token'): void
  /** What the desktop window may: support while it is locked by a PIN. */
  windowRole(): Role
  /** Somebody works at the desktop window: it is not locked for a while. */
  windowUsed(): void
  /** Whether mail comes in; answers within about a second, also while the credential store is locked. Never throws. */
  health(): Promise<Health>
  /** Begins scheduled fetching. */
  start(): Promise<void>
  /** Ends rounds and writes, and gives the data folder free. */
  close(): Promise<void>
}

/** `passphrase` opens or makes the vault where no keychain answers; null leaves it locked until `vault.unlock` or `vault.create`. */
export type ConsoleNeeds = {
  dataFolder: string
  host: 'desktop' | 'browser'
  demo: boolean
  passphrase: string | null
  log: Log
  env: Readonly<Record<string, string | undefined>>
  /** Time as the outbox sees it; left out: the computer's. */
  sendingClock?: Clock
}

/** Throws ProblemError `data-folder-in-use`, `data-folder-damaged`, `data-folder-newer`, `data-folder-unwritable`, `wrong-passphrase`. */
export type OpenConsole = (needs: ConsoleNeeds) => Promise<MailroomConsole>

/**
 * A console that only looks: it makes no folder, takes no lock, writes nothing and opens no connection. It answers
 * `configuration.validate`, `configuration.diff`, `configuration.template` and `processing.try` from the data folder, or from an empty configuration and default
 * settings where `dataFolder` is null or not there. Any other call is `not-found`. Throws ProblemError `vault-locked`, `wrong-passphrase`.
 */
export type OpenOffline = (needs: Pick<ConsoleNeeds, 'passphrase' | 'log' | 'env'> & { dataFolder: string | null }) => Promise<Pick<MailroomConsole, 'answer' | 'close'>>

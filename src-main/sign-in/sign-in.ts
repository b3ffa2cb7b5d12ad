import type { IncomingServer } from '#contract/incoming-server.ts'
import type { SignInState, SignInStep } from '#contract/oauth.ts'
import type { OutgoingServer } from '#contract/outgoing-server.ts'
import type { TokenSource } from '../mail/incoming-transport.ts'

/** A server that signs in by tokens (`oauth2` or `service-account`), with what its token requests need of the connection. */
export type TokenServer = { kind: 'incoming' | 'outgoing'; server: IncomingServer | OutgoingServer; secret: string | null; proxyPassword: string | null; clientKeyPassphrase: string | null }

/** Signing in and keeping signed in, whoever issues the tokens. */
export interface SignIn {
  /**
   * Tokens for a server, from the cache where they are good for five minutes more. However many ask at once, one request goes out for each
   * server. Throws ProblemError.
   */
  tokensOf(server: TokenServer): TokenSource
  /** Signs a person in (or, for an application, tries it); resolves when tokens are stored. Throws ProblemError; nothing is stored then. */
  start(server: TokenServer, run: { id: string; signal: AbortSignal; step: (step: SignInStep) => void }): Promise<SignInState>
  /** Hands over the address at which the user's browser ended. Throws ProblemError `not-found` where no sign-in of this id waits. */
  answer(id: string, url: string): Promise<void>
  /** For views: never throws ProblemError; one of the credential store is `problem` of the state. */
  stateOf(kind: 'incoming' | 'outgoing', server: IncomingServer | OutgoingServer): Promise<SignInState>
  forget(kind: 'incoming' | 'outgoing', name: string): Promise<void>
  /** Takes the tokens along when a server gets another name. */
  rename(kind: 'incoming' | 'outgoing', was: string, name: string): Promise<void>
  close(): Promise<void>
}

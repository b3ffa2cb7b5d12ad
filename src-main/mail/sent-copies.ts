import type { IncomingServer } from '#contract/incoming-server.ts'
import type { ConnectionNeeds } from './incoming-transport.ts'

/** The mailbox in which a provider keeps a copy of what it sends, of an outgoing server that has none of its own. */
export type SentCopies = {
  /** Whether a copy with this Message-ID is there; null where the mailbox has no such folder. Throws ProblemError where it cannot be asked now. */
  has(server: IncomingServer, messageId: string, needs: ConnectionNeeds): Promise<boolean | null>
}

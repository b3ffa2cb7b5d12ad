import type { IncomingServer } from '#contract/incoming-server.ts'
import { ProblemError } from '#contract/problem.ts'
import type { ConnectionSecrets } from '../mail/incoming-transport.ts'
import type { OutgoingTransport } from '../mail/outgoing-transport.ts'
import type { SentCopies } from '../mail/sent-copies.ts'
import type { ServerSources } from '../servers/server-sources.ts'

export type SentCopiesNeeds = { sources: Pick<ServerSources, 'incomingNamed'>; copies: SentCopies; connectionFor: (server: IncomingServer) => Promise<ConnectionSecrets> }

/**
 * What a server with `sentCopiesIn` has sent is looked for in the mailbox of the IMAP server that it names; null where that one is gone, not finished or another kind.
 * Throws ProblemError where that mailbox cannot be asked now.
 */
export const createSentCopiesElsewhere = ({ sources, copies, connectionFor }: SentCopiesNeeds) => (transport: OutgoingTransport): OutgoingTransport => ({
  ...transport,
  async wasSent(server, messageId, connection) {
    if (server.sentCopiesIn === null) return transport.wasSent(server, messageId, connection)
    const named = await sources.incomingNamed(server.sentCopiesIn).catch((error: unknown) => {
      if (error instanceof ProblemError && error.problem.code === 'not-found') return null
      throw error
    })
    if (named?.ready?.protocol !== 'imap') return null
    return copies.has(named.ready, messageId, { ...(await connectionFor(named.ready)), signal: connection.signal, transcript: connection.transcript, cursor: null })
  }
})

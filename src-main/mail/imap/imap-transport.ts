import type { IncomingTransport } from '../incoming-transport.ts'
import { defaultLimits } from '../connection/destination.ts'
import type { TransportNeeds } from '../transport-needs.ts'
import { diagnoseImap } from './imap-diagnosis.ts'
import { openImapMailbox } from './imap-mailbox.ts'
import { openSession } from './imap-session.ts'

/** IMAP4rev1 and rev2 (RFC 3501, RFC 9051) with ImapFlow, plain, STARTTLS or TLS exactly as the server's settings say. */
export function createImapTransport(needs: TransportNeeds): IncomingTransport {
  const limits = { ...defaultLimits, ...needs.limits }
  return {
    async open(server, connection) {
      const session = await openSession(server, connection, { signal: connection.signal, limits })
      try {
        return await openImapMailbox(session, server, needs.readSample)
      } catch (error) {
        await session.close()
        throw error
      }
    },
    diagnose: (server, connection, report) => diagnoseImap(server, connection, { signal: connection.signal, limits }, report, needs.readSample)
  }
}

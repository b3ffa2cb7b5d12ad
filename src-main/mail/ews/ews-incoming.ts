import { defaultLimits } from '../connection/destination.ts'
import type { IncomingTransport } from '../incoming-transport.ts'
import type { TransportNeeds } from '../transport-needs.ts'
import { diagnoseEwsIncoming } from './ews-diagnosis.ts'
import { openEwsMailbox } from './ews-mailbox.ts'
import { ewsPlace } from './ews-place.ts'
import { createEwsSession } from './ews-session.ts'

/**
 * Exchange Web Services of Exchange 2013 SP1 and later, on premises first, by Basic, NTLM or OAuth.
 * https://learn.microsoft.com/exchange/client-developer/exchange-web-services/start-using-web-services-in-exchange
 */
export function createEwsIncoming(needs: TransportNeeds): IncomingTransport {
  const limits = { ...defaultLimits, ...needs.limits }
  return {
    async open(server, connection) {
      const session = createEwsSession({ place: ewsPlace(server, connection), connection, attempt: { signal: connection.signal, limits }, throttle: needs.throttle })
      try {
        return await openEwsMailbox({ session, server, cursor: connection.cursor, readSample: needs.readSample, heartbeatMs: limits.silenceMs * 2 })
      } catch (error) {
        session.close()
        throw error
      }
    },
    diagnose: (server, connection, report) => diagnoseEwsIncoming(server, connection, { needs, limits }, report)
  }
}

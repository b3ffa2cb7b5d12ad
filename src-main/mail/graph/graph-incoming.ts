import { defaultLimits } from '../connection/destination.ts'
import { createTranscript } from '../connection/transcript.ts'
import type { IncomingTransport } from '../incoming-transport.ts'
import type { TransportNeeds } from '../transport-needs.ts'
import { createGraphClient, systemGraphClock, type GraphClock } from './graph-client.ts'
import { diagnoseGraphIncoming } from './graph-diagnosis.ts'
import { openGraphMailbox } from './graph-mailbox.ts'
import { graphPlace } from './graph-server-place.ts'

/** A mailbox of Exchange Online by Microsoft Graph v1.0. https://learn.microsoft.com/graph/api/resources/mail-api-overview */
export function createGraphIncoming(needs: TransportNeeds, clock: GraphClock = systemGraphClock): IncomingTransport {
  const limits = { ...defaultLimits, ...needs.limits }
  return {
    async open(server, connection) {
      const attempt = { signal: connection.signal, limits }
      const client = createGraphClient({ place: graphPlace(server, 'reading'), connection, attempt, throttle: needs.throttle, transcript: createTranscript(connection.transcript, null), clock })
      try {
        return await openGraphMailbox(client, server, connection, needs)
      } catch (error) {
        client.close()
        throw error
      }
    },
    diagnose: (server, connection, report) => diagnoseGraphIncoming(server, connection, { needs, limits, clock }, report)
  }
}

import type { OutgoingServer } from '#contract/outgoing-server.ts'
import { defaultLimits, type ConnectionLimits } from '../connection/destination.ts'
import type { OutgoingTransport } from '../outgoing-transport.ts'
import type { TransportNeeds } from '../transport-needs.ts'
import { addressedTo } from './addressed-to.ts'
import { diagnoseEwsOutgoing } from './ews-diagnosis.ts'
import { ewsPlace } from './ews-place.ts'
import { sendMime } from './ews-requests.ts'
import { createEwsSession } from './ews-session.ts'

/** Sends by CreateItem with the finished message; a copy lies in the Sent Items of the mailbox that is sent from. */
export function createEwsOutgoing(needs: TransportNeeds): OutgoingTransport {
  return {
    async send(server, message, connection) {
      const place = ewsPlace(server, connection)
      const session = createEwsSession({ place, connection, attempt: { signal: connection.signal, limits: limitsFor(server, needs) }, throttle: needs.throttle })
      const { raw, bcc } = addressedTo(message.raw, message.recipients)
      try {
        await session.askOne(sendMime({ bcc, messageId: message.messageId, sentItemsOf: place.other }), { mime: raw, isOnce: true, sending: { sender: message.from, recipients: message.recipients, size: message.raw.length } })
        return { serverSaid: 'Exchange took it (NoError)', accepted: message.recipients, refused: [] }
      } finally {
        session.close()
      }
    },
    diagnose: (server, connection, report) => diagnoseEwsOutgoing(server, connection, { needs, limits: limitsFor(server, needs) }, report)
  }
}

/** The server's own time-out bounds each wait. */
const limitsFor = ({ timeoutMs }: OutgoingServer, { limits }: TransportNeeds): ConnectionLimits => ({ ...defaultLimits, connectMs: timeoutMs, handshakeMs: timeoutMs, greetingMs: timeoutMs, silenceMs: timeoutMs, ...limits })

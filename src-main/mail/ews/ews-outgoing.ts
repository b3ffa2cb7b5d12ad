import { outgoingLimits } from '../outgoing-limits.ts'
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
      const session = createEwsSession({ place, connection, attempt: { signal: connection.signal, limits: outgoingLimits(server, needs.limits) }, throttle: needs.throttle })
      const { raw, bcc } = addressedTo(message.raw, message.recipients)
      try {
        await session.askOne(sendMime({ bcc, messageId: message.messageId, sentItemsOf: place.other }), { mime: raw, isOnce: true, sending: { sender: message.from, recipients: message.recipients, size: message.raw.length } })
        return { serverSaid: 'Exchange took it (NoError)', accepted: message.recipients, refused: [] }
      } finally {
        session.close()
      }
    },
    diagnose: (server, connection, report) => diagnoseEwsOutgoing(server, connection, { needs, limits: outgoingLimits(server, needs.limits) }, report)
  }
}

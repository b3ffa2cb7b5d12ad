import type { OutgoingServer } from '#contract/outgoing-server.ts'
import { addressedBeside } from '../addressed-to.ts'
import { httpSession, mostRequestsAtOnce } from '../http-session.ts'
import type { ConnectionNeeds } from '../incoming-transport.ts'
import { lookPatiently } from '../look-patiently.ts'
import { outgoingLimits } from '../outgoing-limits.ts'
import type { OutgoingSession, OutgoingTransport } from '../outgoing-transport.ts'
import type { TransportNeeds } from '../transport-needs.ts'
import { uncertainOr } from '../uncertain-or.ts'
import { diagnoseEwsOutgoing } from './ews-diagnosis.ts'
import { ewsPlace } from './ews-place.ts'
import { sendMime } from './ews-requests.ts'
import { createEwsSession, type EwsSession } from './ews-session.ts'
import { wasSentByEws } from './was-sent.ts'

/** Sends by CreateItem with the finished message: Exchange sends to whom To and Cc name, and to Bcc besides. A copy lies in the Sent Items of the mailbox that is sent from. */
export function createEwsOutgoing(needs: TransportNeeds): OutgoingTransport {
  const ewsSession = (server: OutgoingServer, connection: ConnectionNeeds): EwsSession =>
    createEwsSession({ place: ewsPlace(server, connection), connection, attempt: { signal: connection.signal, limits: outgoingLimits(server, needs.limits) }, throttle: needs.throttle })
  const open = async (server: OutgoingServer, connection: ConnectionNeeds): Promise<OutgoingSession> => {
    const session = ewsSession(server, connection)
    return httpSession(connection, () => session.reach(), async (message) => {
      const { raw, bcc } = addressedBeside(message.raw, message.recipients)
      await session.askOne(sendMime({ bcc, messageId: message.messageId, sentItemsOf: session.place.other }), { mime: raw, isOnce: true, sending: { sender: message.from, recipients: message.recipients, size: message.raw.length } }).catch((error: unknown) => uncertainOr(error, server.name))
      return { serverSaid: 'Exchange took it (NoError)', accepted: message.recipients, refused: [] }
    }, () => session.close())
  }
  return {
    open,
    mostSessions: ({ mostConnections }) => Math.min(mostConnections, mostRequestsAtOnce),
    async wasSent(server, messageId, connection) {
      const session = ewsSession(server, connection)
      return lookPatiently(() => wasSentByEws(session, messageId), connection.signal, needs.copyAppearsMs).finally(() => session.close())
    },
    async send(server, message, connection) {
      const session = await open(server, connection)
      return session.send(message).finally(() => session.close())
    },
    diagnose: (server, connection, report) => diagnoseEwsOutgoing(server, connection, { needs, limits: outgoingLimits(server, needs.limits) }, report)
  }
}

import type { OutgoingServer } from '#contract/outgoing-server.ts'
import { ProblemError } from '#contract/problem.ts'
import { createTranscript } from '../connection/transcript.ts'
import { httpSession, mostRequestsAtOnce } from '../http-session.ts'
import type { ConnectionNeeds } from '../incoming-transport.ts'
import { lookPatiently } from '../look-patiently.ts'
import { outgoingLimits } from '../outgoing-limits.ts'
import type { OutgoingSession, OutgoingTransport } from '../outgoing-transport.ts'
import type { TransportNeeds } from '../transport-needs.ts'
import { addressedTo } from '../addressed-to.ts'
import { createGmailClient, systemGmailClock, type GmailClient, type GmailClock } from './gmail-client.ts'
import { diagnoseGmailOutgoing } from './gmail-diagnosis.ts'
import { gmailPlace } from './gmail-server-place.ts'
import { uploadMessage } from './upload-message.ts'
import { createLookAtMessageIds, isInSentMail } from './was-sent.ts'

/** Gmail sends no more than this; the base64 of attachments counts. https://support.google.com/mail/answer/6584 */
const mostBytes = 25 * 1024 * 1024

/**
 * Sends by messages.send of the Gmail API v1. Gmail takes the recipients from To, Cc and Bcc and takes Bcc out before it sends on, so the header
 * is made to name exactly the envelope's. https://developers.google.com/workspace/gmail/api/guides/sending
 */
export function createGmailOutgoing(needs: TransportNeeds, clock: GmailClock = systemGmailClock): OutgoingTransport {
  const clientFor = (server: OutgoingServer, connection: ConnectionNeeds): GmailClient => createGmailClient({
    place: gmailPlace(server, 'sending'), connection, attempt: { signal: connection.signal, limits: outgoingLimits(server, needs.limits) },
    throttle: needs.throttle, transcript: createTranscript(connection.transcript, null), clock
  })
  const open = async (server: OutgoingServer, connection: ConnectionNeeds): Promise<OutgoingSession> => {
    const client = clientFor(server, connection)
    const lookAtMessageId = createLookAtMessageIds(client)
    return httpSession(connection, () => client.reach(), async ({ raw, recipients, messageId }) => {
      if (raw.length > mostBytes) throw new ProblemError({ code: 'mail-too-large', server: server.name, size: raw.length, limit: mostBytes, serverSaid: '' })
      const id = await uploadMessage(client, server, addressedTo(raw, recipients), recipients)
      return { serverSaid: `Gmail took it as message ${id}`, accepted: recipients, refused: [], knownAs: () => lookAtMessageId(id, messageId) }
    }, () => client.close())
  }
  return {
    open,
    mostSessions: ({ mostConnections }) => Math.min(mostConnections, mostRequestsAtOnce),
    async wasSent(server, messageId, connection) {
      const client = clientFor(server, connection)
      const seen = await lookPatiently(() => isInSentMail(client, messageId), connection.signal, needs.copyAppearsMs).finally(() => client.close())
      return seen === true ? true : null
    },
    async send(server, message, connection) {
      const session = await open(server, connection)
      return session.send(message).finally(() => session.close())
    },
    diagnose: (server, connection, report) => diagnoseGmailOutgoing(server, connection, { needs, limits: outgoingLimits(server, needs.limits), clock }, report)
  }
}

import type { OutgoingServer } from '#contract/outgoing-server.ts'
import { ProblemError } from '#contract/problem.ts'
import { addressedTo } from '../addressed-to.ts'
import { createTranscript } from '../connection/transcript.ts'
import { bareMessageId } from '../../model/bare-message-id.ts'
import { httpSession, mostRequestsAtOnce } from '../http-session.ts'
import type { ConnectionNeeds } from '../incoming-transport.ts'
import { lookPatiently } from '../look-patiently.ts'
import { outgoingLimits } from '../outgoing-limits.ts'
import type { OutgoingMessage, OutgoingSession, OutgoingTransport, SendAnswer } from '../outgoing-transport.ts'
import type { TransportNeeds } from '../transport-needs.ts'
import { uncertainOr } from '../uncertain-or.ts'
import { messagePage, quoted } from './graph-answers.ts'
import { createGraphClient, systemGraphClock, type GraphClient, type GraphClock } from './graph-client.ts'
import { diagnoseGraphOutgoing } from './graph-diagnosis.ts'
import { graphPlace } from './graph-server-place.ts'
import { createKeptHttp } from './kept-http.ts'
import { sendInPieces } from './send-in-pieces.ts'
import { createSendTogether, mostBytesTogether, type SendTogether } from './send-together.ts'
import { submit } from './submit.ts'
import { takeOutAttachments } from './take-out-attachments.ts'

/** A request has 4 MB at most, and base64 makes three bytes four. https://learn.microsoft.com/graph/api/user-sendmail */
export const mostMimeBytes = 3_000_000
/** Exchange Online takes no more, whatever way a message comes. https://learn.microsoft.com/office365/servicedescriptions/exchange-online-service-description/exchange-online-limits */
const mostBytes = 150 * 1024 * 1024

/**
 * Sends by sendMail in MIME, which keeps a message as it is; a larger one as a draft whose attachments are uploaded, for which Mail.ReadWrite is needed. Graph takes the
 * recipients from To, Cc and Bcc, so the header is made to name exactly the envelope's. A copy is kept in the sent items.
 */
export function createGraphOutgoing(needs: TransportNeeds, clock: GraphClock = systemGraphClock): OutgoingTransport {
  const kept = createKeptHttp()
  const groups = new Map<string, SendTogether>()
  /** Mails of one server go together: the same settings, and so the same mailbox. */
  const groupOf = (server: OutgoingServer): SendTogether => {
    const key = JSON.stringify(server)
    const group = groups.get(key) ?? createSendTogether(requestsAtOnce(server))
    groups.set(key, group)
    return group
  }
  const clientFor = (server: OutgoingServer, connection: ConnectionNeeds): GraphClient =>
    createGraphClient({ place: graphPlace(server, 'sending'), connection, attempt: { signal: connection.signal, limits: outgoingLimits(server, needs.limits) }, throttle: needs.throttle, transcript: createTranscript(connection.transcript, null), clock, kept })
  const sendBy = async (client: GraphClient, server: OutgoingServer, message: OutgoingMessage, together: SendTogether | null): Promise<SendAnswer> => {
    const { from, recipients } = message
    const mime = addressedTo(message.raw, recipients)
    const isLarge = mime.length > mostMimeBytes
    const usual = graphPlace(server, isLarge ? 'uploading' : 'sending')
    const own = client.at({ ...usual, circumstances: { ...usual.circumstances, use: 'sending', mail: { from, recipients, size: message.raw.length } } })
    const sending = isLarge ? sendLarge(own, server, mime, message) : together !== null && mime.length <= mostBytesTogether ? together.send(own, mime) : submit(own, 'sendMail', mime)
    await sending.catch((error: unknown) => uncertainOr(error, server.name))
    return { serverSaid: `Microsoft Graph took it (${isLarge ? 'draft with uploads' : '202 Accepted'})`, accepted: recipients, refused: [] }
  }
  const sessionOf = (server: OutgoingServer, connection: ConnectionNeeds, together: SendTogether | null): Promise<OutgoingSession> => {
    const client = clientFor(server, connection)
    return httpSession(connection, () => client.reach(), (message) => sendBy(client, server, message, together), () => client.close())
  }
  return {
    open: async (server, connection) => sessionOf(server, connection, groupOf(server)),
    mostSessions: (server) => sessionsToARequest * requestsAtOnce(server),
    async wasSent(server, messageId, connection) {
      const client = clientFor(server, connection)
      return lookPatiently(() => isInSentItems(client, messageId), connection.signal, needs.copyAppearsMs).finally(() => client.close())
    },
    async send(server, message, connection) {
      const session = await sessionOf(server, connection, null)
      return session.send(message).finally(() => session.close())
    },
    diagnose: (server, connection, report) => diagnoseGraphOutgoing(server, connection, { needs, limits: outgoingLimits(server, needs.limits), clock }, report)
  }
}

/** Of sessions only requests count for Exchange: four requests with five mails each keep the four busy while the answers of others are on their way. */
const sessionsToARequest = 5
const requestsAtOnce = ({ mostConnections }: OutgoingServer): number => Math.min(mostConnections, mostRequestsAtOnce)

async function sendLarge(client: GraphClient, server: OutgoingServer, mime: Buffer, { raw, messageId }: OutgoingMessage): Promise<void> {
  const { rest, attachments } = takeOutAttachments(mime, mostMimeBytes)
  // A text that is too long by itself, or one that is signed, cannot be taken apart.
  const limit = rest.length > mostMimeBytes ? mostMimeBytes : mostBytes
  if (rest.length > mostMimeBytes || raw.length > mostBytes) throw new ProblemError({ code: 'mail-too-large', server: server.name, size: raw.length, limit, serverSaid: '' })
  await sendInPieces(client, rest, attachments, messageId)
}

/** null where the token may send and not read. Throws ProblemError where Graph cannot be asked now. https://learn.microsoft.com/graph/api/user-list-messages */
async function isInSentItems(client: GraphClient, messageId: string): Promise<boolean | null> {
  const query = { $select: 'id', $filter: `internetMessageId eq ${quoted(`<${bareMessageId(messageId)}>`)}` }
  const found = await client.find({ path: 'mailFolders/sentitems/messages', words: 'the sent items', query, absent: ({ status }) => status === 403 }, messagePage)
  return found === null ? null : found.value.length > 0
}

import type { OutgoingServer } from '#contract/outgoing-server.ts'
import { ProblemError } from '#contract/problem.ts'
import { addressedTo } from '../addressed-to.ts'
import { createTranscript } from '../connection/transcript.ts'
import { bareMessageId } from '../../model/bare-message-id.ts'
import { httpSession, mostRequestsAtOnce } from '../http-session.ts'
import type { ConnectionNeeds } from '../incoming-transport.ts'
import { lookPatiently } from '../look-patiently.ts'
import { outgoingLimits } from '../outgoing-limits.ts'
import type { OutgoingMessage, OutgoingTransport, SendAnswer } from '../outgoing-transport.ts'
import type { TransportNeeds } from '../transport-needs.ts'
import { uncertainOr } from '../uncertain-or.ts'
import { messagePage, nothing, quoted } from './graph-answers.ts'
import { createGraphClient, systemGraphClock, type GraphClient, type GraphClock } from './graph-client.ts'
import { diagnoseGraphOutgoing } from './graph-diagnosis.ts'
import { graphPlace, type GraphPlace } from './graph-server-place.ts'
import { createKeptHttp } from './kept-http.ts'
import { sendInPieces } from './send-in-pieces.ts'
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
  const clientFor = (place: GraphPlace, server: OutgoingServer, connection: ConnectionNeeds): GraphClient =>
    createGraphClient({ place, connection, attempt: { signal: connection.signal, limits: outgoingLimits(server, needs.limits) }, throttle: needs.throttle, transcript: createTranscript(connection.transcript, null), clock, kept })
  const send = async (server: OutgoingServer, message: OutgoingMessage, connection: ConnectionNeeds): Promise<SendAnswer> => {
    const { from, recipients } = message
    const mime = addressedTo(message.raw, recipients)
    const isLarge = mime.length > mostMimeBytes
    const usual = graphPlace(server, isLarge ? 'uploading' : 'sending')
    const client = clientFor({ ...usual, circumstances: { ...usual.circumstances, use: 'sending', mail: { from, recipients, size: message.raw.length } } }, server, connection)
    try {
      if (isLarge) await sendLarge(client, server, mime, message)
      else await sendWhole(client, mime)
      return { serverSaid: `Microsoft Graph took it (${isLarge ? 'draft with uploads' : '202 Accepted'})`, accepted: recipients, refused: [] }
    } catch (error) {
      return uncertainOr(error, server.name)
    } finally {
      client.close()
    }
  }
  return {
    async open(server, connection) {
      const client = clientFor(graphPlace(server, 'sending'), server, connection)
      return httpSession(connection, (message) => send(server, message, connection), () => client.close())
    },
    mostSessions: ({ mostConnections }) => Math.min(mostConnections, mostRequestsAtOnce),
    async wasSent(server, messageId, connection) {
      const client = clientFor(graphPlace(server, 'sending'), server, connection)
      return lookPatiently(() => isInSentItems(client, messageId), connection.signal).finally(() => client.close())
    },
    send,
    diagnose: (server, connection, report) => diagnoseGraphOutgoing(server, connection, { needs, limits: outgoingLimits(server, needs.limits), clock }, report)
  }
}

async function sendLarge(client: GraphClient, server: OutgoingServer, mime: Buffer, { raw, messageId }: OutgoingMessage): Promise<void> {
  const { rest, attachments } = takeOutAttachments(mime, mostMimeBytes)
  // A text that is too long by itself, or one that is signed, cannot be taken apart.
  const limit = rest.length > mostMimeBytes ? mostMimeBytes : mostBytes
  if (rest.length > mostMimeBytes || raw.length > mostBytes) throw new ProblemError({ code: 'mail-too-large', server: server.name, size: raw.length, limit, serverSaid: '' })
  await sendInPieces(client, rest, attachments, messageId)
}

async function sendWhole(client: GraphClient, mime: Buffer): Promise<void> {
  await client.json({ method: 'POST', path: 'sendMail', words: 'the mail', headers: { 'content-type': 'text/plain' }, body: mime.toString('base64') }, nothing)
}

/** null where the token may send and not read. Throws ProblemError where Graph cannot be asked now. https://learn.microsoft.com/graph/api/user-list-messages */
async function isInSentItems(client: GraphClient, messageId: string): Promise<boolean | null> {
  const query = { $select: 'id', $filter: `internetMessageId eq ${quoted(`<${bareMessageId(messageId)}>`)}` }
  const found = await client.find({ path: 'mailFolders/sentitems/messages', words: 'the sent items', query, absent: ({ status }) => status === 403 }, messagePage)
  return found === null ? null : found.value.length > 0
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { OutgoingServer } from '#contract/outgoing-server.ts'
import { ProblemError, type ProblemCode } from '#contract/problem.ts'
import { addressedTo } from '../addressed-to.ts'
import { createTranscript } from '../connection/transcript.ts'
import { bareMessageId } from '../../model/bare-message-id.ts'
import { outgoingLimits } from '../outgoing-limits.ts'
import type { OutgoingMessage, OutgoingTransport } from '../outgoing-transport.ts'
import type { TransportNeeds } from '../transport-needs.ts'
import { messagePage, nothing, quoted } from './graph-answers.ts'
import { createGraphClient, systemGraphClock, type GraphClient, type GraphClock } from './graph-client.ts'
import { diagnoseGraphOutgoing } from './graph-diagnosis.ts'
import { graphPlace } from './graph-server-place.ts'
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
  return {
    async send(server, message, connection) {
      const { from, recipients } = message
      const mime = addressedTo(message.raw, recipients)
      const isLarge = mime.length > mostMimeBytes
      const usual = graphPlace(server, isLarge ? 'uploading' : 'sending')
      const place = { ...usual, circumstances: { ...usual.circumstances, use: 'sending' as const, mail: { from, recipients, size: message.raw.length } } }
      const client = createGraphClient({ place, connection, attempt: { signal: connection.signal, limits: outgoingLimits(server, needs.limits) }, throttle: needs.throttle, transcript: createTranscript(connection.transcript, null), clock, kept })
      try {
        if (isLarge) await sendLarge(client, server, mime, message)
        else await sendWhole(client, mime, message, connection.signal)
        return { serverSaid: `Microsoft Graph took it (${isLarge ? 'draft with uploads' : '202 Accepted'})`, accepted: recipients, refused: [] }
      } finally {
        client.close()
      }
    },
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

const doubtful: readonly ProblemCode[] = ['connection-dropped', 'server-silent', 'mail-deferred']
const lookAgainMs = 2_000

/** Where the answer is lost, the sent items tell whether the mail went: sending it again would double it. */
async function sendWhole(client: GraphClient, mime: Buffer, { messageId }: OutgoingMessage, signal: AbortSignal): Promise<void> {
  try {
    await client.json({ method: 'POST', path: 'sendMail', words: 'the mail', headers: { 'content-type': 'text/plain' }, body: mime.toString('base64') }, nothing)
  } catch (error) {
    if (!(error instanceof ProblemError) || !doubtful.includes(error.problem.code)) throw error
    const seen = await isInSentItems(client, messageId)
    if (seen === true) return
    // The copy appears a moment after the mail has gone.
    if (seen === false) await sleep(lookAgainMs, undefined, { signal }).catch(() => undefined)
    if (seen === null || (await isInSentItems(client, messageId)) !== true) throw error
  }
}

/** null where it cannot be told. */
async function isInSentItems(client: GraphClient, messageId: string): Promise<boolean | null> {
  try {
    const query = { $select: 'id', $filter: `internetMessageId eq ${quoted(`<${bareMessageId(messageId)}>`)}` }
    return (await client.json({ path: 'mailFolders/sentitems/messages', words: 'the sent items', query }, messagePage)).value.length > 0
  } catch (error) {
    if (error instanceof ProblemError) return null
    throw error
  }
}

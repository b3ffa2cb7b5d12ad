import { ProblemError } from '#contract/problem.ts'
import { createTranscript } from '../connection/transcript.ts'
import { outgoingLimits } from '../outgoing-limits.ts'
import type { OutgoingTransport } from '../outgoing-transport.ts'
import type { TransportNeeds } from '../transport-needs.ts'
import { addressedTo } from '../addressed-to.ts'
import { createGmailClient, systemGmailClock, type GmailClock } from './gmail-client.ts'
import { diagnoseGmailOutgoing } from './gmail-diagnosis.ts'
import { gmailPlace } from './gmail-server-place.ts'
import { uploadMessage } from './upload-message.ts'

/** Gmail sends no more than this; the base64 of attachments counts. https://support.google.com/mail/answer/6584 */
const mostBytes = 25 * 1024 * 1024

/**
 * Sends by messages.send of the Gmail API v1. Gmail takes the recipients from To, Cc and Bcc and takes Bcc out before it sends on, so the header
 * is made to name exactly the envelope's. https://developers.google.com/workspace/gmail/api/guides/sending
 */
export function createGmailOutgoing(needs: TransportNeeds, clock: GmailClock = systemGmailClock): OutgoingTransport {
  return {
    async send(server, message, connection) {
      if (message.raw.length > mostBytes) throw new ProblemError({ code: 'mail-too-large', server: server.name, size: message.raw.length, limit: mostBytes, serverSaid: '' })
      const client = createGmailClient({
        place: gmailPlace(server, 'sending'), connection, attempt: { signal: connection.signal, limits: outgoingLimits(server, needs.limits) },
        throttle: needs.throttle, transcript: createTranscript(connection.transcript, null), clock
      })
      try {
        const id = await uploadMessage(client, server, addressedTo(message.raw, message.recipients), message.recipients)
        return { serverSaid: `Gmail took it as message ${id}`, accepted: message.recipients, refused: [] }
      } finally {
        client.close()
      }
    },
    diagnose: (server, connection, report) => diagnoseGmailOutgoing(server, connection, { needs, limits: outgoingLimits(server, needs.limits), clock }, report)
  }
}

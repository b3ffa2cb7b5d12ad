import { defaultLimits } from '../connection/destination.ts'
import { createTranscript } from '../connection/transcript.ts'
import type { IncomingTransport } from '../incoming-transport.ts'
import type { TransportNeeds } from '../transport-needs.ts'
import { createGmailClient, systemGmailClock, type GmailClock } from './gmail-client.ts'
import { diagnoseGmailIncoming } from './gmail-diagnosis.ts'
import { openGmailMailbox } from './gmail-mailbox.ts'
import { gmailPlace } from './gmail-server-place.ts'

/** A mailbox of Gmail or Google Workspace by the Gmail API v1. https://developers.google.com/workspace/gmail/api/reference/rest */
export function createGmailIncoming(needs: TransportNeeds, clock: GmailClock = systemGmailClock): IncomingTransport {
  const limits = { ...defaultLimits, ...needs.limits }
  return {
    async open(server, connection) {
      const attempt = { signal: connection.signal, limits }
      const client = createGmailClient({ place: gmailPlace(server, 'reading'), connection, attempt, throttle: needs.throttle, transcript: createTranscript(connection.transcript, null), clock })
      try {
        return await openGmailMailbox(client, server, connection.cursor, needs.readSample)
      } catch (error) {
        client.close()
        throw error
      }
    },
    diagnose: (server, connection, report) => diagnoseGmailIncoming(server, connection, { needs, limits, clock }, report)
  }
}

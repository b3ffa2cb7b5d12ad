import type { IncomingProtocol, OutgoingProtocol } from '#contract/protocols.ts'
import { createEwsIncoming } from './ews/ews-incoming.ts'
import { createEwsOutgoing } from './ews/ews-outgoing.ts'
import { createGmailIncoming } from './gmail/gmail-incoming.ts'
import { createGmailOutgoing } from './gmail/gmail-outgoing.ts'
import { createGraphIncoming } from './graph/graph-incoming.ts'
import { createGraphOutgoing } from './graph/graph-outgoing.ts'
import { createImapTransport } from './imap/imap-transport.ts'
import type { IncomingTransport } from './incoming-transport.ts'
import type { OutgoingTransport } from './outgoing-transport.ts'
import { createPop3Transport } from './pop3/pop3-transport.ts'
import { createSmtpTransport } from './smtp/smtp-transport.ts'
import type { TransportNeeds } from './transport-needs.ts'

export type Transports = { incoming: Record<IncomingProtocol, IncomingTransport>; outgoing: Record<OutgoingProtocol, OutgoingTransport> }

/** The transport of every protocol; a protocol without one does not compile. */
export function createTransports(needs: TransportNeeds): Transports {
  return {
    incoming: { imap: createImapTransport(needs), pop3: createPop3Transport(needs), ews: createEwsIncoming(needs), graph: createGraphIncoming(needs), gmail: createGmailIncoming(needs) },
    outgoing: { smtp: createSmtpTransport(needs), ews: createEwsOutgoing(needs), graph: createGraphOutgoing(needs), google: createGmailOutgoing(needs) }
  }
}

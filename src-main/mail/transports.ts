import type { IncomingProtocol, OutgoingProtocol } from '#contract/protocols.ts'
import { createEwsIncoming } from './ews/ews-incoming.ts'
import { createEwsOutgoing } from './ews/ews-outgoing.ts'
import { createGmailIncoming } from './gmail/gmail-incoming.ts'
import { createGmailOutgoing } from './gmail/gmail-outgoing.ts'
import { createGraphIncoming } from './graph/graph-incoming.ts'
import { createGraphOutgoing } from './graph/graph-outgoing.ts'
import { createImapTransport } from './imap/imap-transport.ts'
import { createImapSentCopies } from './imap/sent-copies.ts'
import type { IncomingTransport } from './incoming-transport.ts'
import { incomingWithoutSecrets, outgoingWithoutSecrets, sentCopiesWithoutSecrets } from './keep-secrets.ts'
import type { OutgoingTransport } from './outgoing-transport.ts'
import { createPop3Transport } from './pop3/pop3-transport.ts'
import type { SentCopies } from './sent-copies.ts'
import { createSmtpTransport } from './smtp/smtp-transport.ts'
import type { TransportNeeds } from './transport-needs.ts'

export type Transports = { incoming: Record<IncomingProtocol, IncomingTransport>; outgoing: Record<OutgoingProtocol, OutgoingTransport>; /** In an IMAP mailbox. */ sentCopies: SentCopies }

/** The transport of every protocol; a protocol without one does not compile. */
export function createTransports(needs: TransportNeeds): Transports {
  const [incoming, outgoing] = [incomingWithoutSecrets, outgoingWithoutSecrets]
  return {
    incoming: { imap: incoming(createImapTransport(needs)), pop3: incoming(createPop3Transport(needs)), ews: incoming(createEwsIncoming(needs)), graph: incoming(createGraphIncoming(needs)), gmail: incoming(createGmailIncoming(needs)) },
    outgoing: { smtp: outgoing(createSmtpTransport(needs)), ews: outgoing(createEwsOutgoing(needs)), graph: outgoing(createGraphOutgoing(needs)), google: outgoing(createGmailOutgoing(needs)) },
    sentCopies: sentCopiesWithoutSecrets(createImapSentCopies(needs))
  }
}

import type { IncomingProtocol, OutgoingProtocol } from '#contract/protocols.ts'
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
    incoming: { imap: createImapTransport(needs), pop3: createPop3Transport(needs) },
    outgoing: { smtp: createSmtpTransport(needs) }
  }
}

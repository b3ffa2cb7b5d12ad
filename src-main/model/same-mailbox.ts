import type { IncomingServer } from '#contract/incoming-server.ts'
import { incomingProtocols } from '#contract/protocols.ts'

/** Whether two servers fetch from one mailbox: the same host, user and folder; a protocol without folders reads INBOX. */
export const sameMailbox = (one: IncomingServer, other: IncomingServer): boolean => placeOf(one) === placeOf(other)

const placeOf = ({ protocol, host, mailbox, auth, folder }: IncomingServer): string =>
  JSON.stringify([host, mailbox || auth.subject || auth.user, incomingProtocols[protocol].has.folders ? folder : 'INBOX']).toLowerCase()

import type { IncomingServer } from '#contract/incoming-server.ts'
import type { ConnectionSecrets, IncomingTransport, OpenMailbox } from '../mail/incoming-transport.ts'
import type { Clock } from './clock.ts'
import { closeMailbox } from './close-mailbox.ts'

export type MailboxNeeds = {
  transportFor: (protocol: IncomingServer['protocol']) => IncomingTransport
  connectionFor: (server: IncomingServer) => Promise<ConnectionSecrets>
  clock: Pick<Clock, 'after'>
}

/** Works in a mailbox on a connection of its own, where nothing is remembered. Throws ProblemError. */
export async function inMailbox<Result>(needs: MailboxNeeds, server: IncomingServer, signal: AbortSignal, work: (mailbox: OpenMailbox) => Promise<Result>): Promise<Result> {
  const mailbox = await needs.transportFor(server.protocol).open(server, { ...(await needs.connectionFor(server)), signal, transcript: null, cursor: null })
  try {
    return await work(mailbox)
  } finally {
    await closeMailbox(mailbox, needs.clock)
  }
}

import type { ParsedInput } from '#contract/calls.ts'
import type { RoundTrip } from '#contract/connection-test.ts'
import { mailAddress } from '#contract/fields.ts'
import type { IncomingServer } from '#contract/incoming-server.ts'
import type { SentMail } from '#contract/outgoing-server.ts'
import { ProblemError } from '#contract/problem.ts'
import type { EventListener } from '../console.ts'
import type { NoticeMail } from '../delivery/send-mail.ts'
import type { ConnectionSecrets, DownloadedMessage, IncomingTransport, OpenMailbox } from '../mail/incoming-transport.ts'
import { receivedHops } from '../model/received-hops.ts'
import type { ServerSources } from '../servers/server-sources.ts'
import type { Works } from '../work/works.ts'
import { pause, type Clock } from './clock.ts'
import { closeMailbox } from './close-mailbox.ts'

export type RoundTripNeeds = {
  sources: Pick<ServerSources, 'incomingNamed'>
  transportFor: (protocol: IncomingServer['protocol']) => IncomingTransport
  connectionFor: (server: IncomingServer) => Promise<ConnectionSecrets>
  /** Sends mail that is marked as our own: the next round drops it instead of making a request of it. */
  sendOwnMail: (mail: NoticeMail, signal: AbortSignal) => Promise<SentMail>
  /** Runs work on a server's mailbox while no round does, so that none takes the probe away. */
  exclusively: <Result>(id: number, work: () => Promise<Result>) => Promise<Result>
  works: Works
  clock: Clock
  announce: EventListener
}

/** How often a mailbox is looked at for the probe; one that cannot announce new mail is opened anew for it. */
const lookEveryMs = 2_000
const reopenEveryMs = 5_000

/**
 * The call `incoming.round-trip`: sends a probe through an outgoing server and waits for it in the mailbox, which is left as it is but for
 * the probe. Throws ProblemError: `invalid-input` where no address of the mailbox is known, `round-trip-lost`, whatever sending or opening finds.
 */
export function createRoundTrip(needs: RoundTripNeeds): (input: ParsedInput<'incoming.round-trip'>) => Promise<RoundTrip> {
  return async ({ name, through, to, waitMs, workId }) => {
    const { id, ready, server, issues } = await needs.sources.incomingNamed(name)
    if (ready === null) throw new ProblemError({ code: 'server-is-draft', server: server.name, issues })
    const address = to ?? addressOf(ready)
    if (address === null) throw new ProblemError({ code: 'invalid-input', issues: [{ path: 'to', message: 'Enter the address of the mailbox: none is set for this server.' }] })
    const signal = needs.works.start(workId)
    try {
      return await needs.exclusively(id, () => there(needs, ready, { through, address, waitMs, workId }, signal))
    } catch (thrown) {
      throw signal.aborted ? new ProblemError({ code: 'cancelled' }, { cause: thrown }) : thrown
    } finally {
      needs.works.end(workId)
    }
  }
}

type Trip = { through: string; address: string; waitMs: number; workId: string }

/** The mailbox is opened before anything is sent: a probe that nobody could look for is not sent. */
async function there(needs: RoundTripNeeds, server: IncomingServer, { through, address, waitMs, workId }: Trip, signal: AbortSignal): Promise<RoundTrip> {
  const { clock } = needs
  const place = { mailbox: await openMailbox(needs, server, signal) }
  try {
    const sentAt = clock.now()
    const sent = await needs.sendOwnMail({ through: { server: through }, to: [address], subject: 'Mailroom round-trip test', text: `Sent by Mailroom through ${through} to see how long a mail takes to ${server.name}. It can be deleted.` }, signal)
    for (;;) {
      const waited = clock.now() - sentAt
      needs.announce('work-progressed', { workId, done: Math.round(waited / 1000), total: Math.round(waitMs / 1000), what: 'seconds' })
      const found = await place.mailbox.find(sent.messageId)
      if (found !== null) return arrived(sent, found, sentAt, clock.now())
      if (waited >= waitMs) throw new ProblemError({ code: 'round-trip-lost', server: server.name, through, afterMs: waitMs, serverSaid: sent.serverSaid })
      await nextLook(needs, server, place, Math.max(1, waitMs - waited), signal)
    }
  } finally {
    await closeMailbox(place.mailbox, clock)
  }
}

/** A POP3 session shows what was there when it began (RFC 1939 section 5). */
async function nextLook(needs: RoundTripNeeds, server: IncomingServer, place: { mailbox: OpenMailbox }, leftMs: number, signal: AbortSignal): Promise<void> {
  const seesNewMail = place.mailbox.waitForNews !== null
  await pause(needs.clock, Math.min(seesNewMail ? lookEveryMs : reopenEveryMs, leftMs), signal)
  signal.throwIfAborted()
  if (seesNewMail) return
  await closeMailbox(place.mailbox, needs.clock)
  place.mailbox = await openMailbox(needs, server, signal)
}

async function openMailbox(needs: RoundTripNeeds, server: IncomingServer, signal: AbortSignal): Promise<OpenMailbox> {
  return needs.transportFor(server.protocol).open(server, { ...(await needs.connectionFor(server)), signal, transcript: null, cursor: null })
}

function arrived(sent: SentMail, found: DownloadedMessage, sentAt: number, foundAt: number): RoundTrip {
  return {
    messageId: sent.messageId, serverSaid: sent.serverSaid, sentAt: new Date(sentAt).toISOString(), foundAt: new Date(foundAt).toISOString(),
    seconds: Math.round((foundAt - sentAt) / 100) / 10, hops: receivedHops(found.raw.subarray(0, 100_000).toString('latin1'))
  }
}

function addressOf({ addresses, mailbox, auth }: IncomingServer): string | null {
  return [...addresses, mailbox, auth.subject, auth.user].find((one) => mailAddress.safeParse(one).success) ?? null
}

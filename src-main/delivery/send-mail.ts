import { ProblemError, type Problem } from '#contract/problem.ts'
import type { OutgoingProtocol } from '#contract/protocols.ts'
import type { OutgoingServer, SentMail, TestMail } from '#contract/outgoing-server.ts'
import type { OutgoingMessage, OutgoingTransport } from '../mail/outgoing-transport.ts'
import type { ServerSources, StoredOutgoingServer } from '../servers/server-sources.ts'
import { ownMailField } from '../model/own-mail-field.ts'
import { composeMail, type ComposeNeeds, type OwnParts, type WrittenMail } from './compose-mail.ts'
import type { FailOverClock } from './fail-over.ts'
import type { Routes } from './routes.ts'

export type DeliveryNeeds = Omit<ComposeNeeds, 'now' | 'format'> & {
  sources: ServerSources
  transports: Record<OutgoingProtocol, OutgoingTransport>
  clock: FailOverClock
  routes: Routes
  /** Why nothing may be sent under the address of a server; null: it may. */
  mayNotSend: (server: OutgoingServer) => Promise<Problem | null>
  /** Takes the redacted conversation of one connection; null where none is wanted. */
  transcriptFor: (server: OutgoingServer) => ((line: string) => void) | null
}

/** A notice to people, sent through the named outgoing server, or the one of the partition. */
export type NoticeMail = { through: { server: string } | { partition: string }; to: string[]; subject: string; text: string }

/**
 * Sends mail through configured servers. Throws ProblemError: `outgoing-blocked`, `sender-unverified`, `server-is-draft`, `no-outgoing-server`, what the
 * transport found. Which server takes a mail is said by `Routes`.
 */
export type Delivery = {
  sendTest(name: string, mail: TestMail, signal: AbortSignal): Promise<SentMail>
  sendNotice(notice: NoticeMail, signal: AbortSignal): Promise<SentMail>
  /** Throws ProblemError `not-found`. */
  returnToPrimary(name: string): Promise<void>
}

export const createDelivery = (needs: DeliveryNeeds): Delivery => {
  const { sources, clock, routes } = needs
  const composeNeeds = async (): Promise<ComposeNeeds> => ({ compose: needs.compose, sign: needs.sign, newId: needs.newId, now: () => new Date(clock.now()), format: (await sources.settings()).emailFormat.default })

  const connectionNeeds = async (server: OutgoingServer, signal: AbortSignal) => ({
    ...(await sources.connectionFor('outgoing', server)), signal, transcript: needs.transcriptFor(server), cursor: null
  })
  const sendThrough = async (server: OutgoingServer, message: OutgoingMessage, through: SentMail['through'], signal: AbortSignal): Promise<SentMail> => {
    const { serverSaid, accepted, refused } = await needs.transports[server.protocol].send(server, message, await connectionNeeds(server, signal))
    return { messageId: message.messageId, through, serverSaid, accepted, refused }
  }
  const send = async (stored: StoredOutgoingServer, mail: WrittenMail, signal: AbortSignal, own: OwnParts = {}): Promise<SentMail> => {
    const server = readyServer(stored)
    const idLeft = own.idLeft ?? needs.newId()
    for (;;) {
      const route = await routes.of(server)
      const barred = await needs.mayNotSend(route.server)
      if (barred !== null) throw new ProblemError(barred)
      const message = await composeMail(route.server, mail, await composeNeeds(), { ...own, idLeft })
      try {
        const sent = await sendThrough(route.server, message, route.through, signal)
        routes.worked(route)
        return sent
      } catch (error) {
        if (!(error instanceof ProblemError) || !(await routes.failed(route, error.problem))) throw error
      }
    }
  }

  const sendFor = async (partition: string, mail: WrittenMail, signal: AbortSignal, own: OwnParts): Promise<SentMail> => {
    const stored = await sources.outgoingFor(partition)
    if (stored === null) throw new ProblemError({ code: 'no-outgoing-server' })
    return send(stored, mail, signal, own)
  }

  return {
    sendTest: async (name, mail, signal) => send(await sources.outgoingNamed(name), mail, signal),
    async sendNotice({ through, to, subject, text }, signal) {
      const mail = { to, cc: [], bcc: [], subject, text }
      const own = { headers: { [ownMailField]: 'yes' } }
      return 'server' in through ? send(await sources.outgoingNamed(through.server), mail, signal, own) : sendFor(through.partition, mail, signal, own)
    },
    async returnToPrimary(name) {
      routes.returnToPrimary((await sources.outgoingNamed(name)).server.name)
    }
  }
}

function readyServer({ ready, server, issues }: StoredOutgoingServer): OutgoingServer {
  if (ready === null) throw new ProblemError({ code: 'server-is-draft', server: server.name, issues })
  if (ready.block) throw new ProblemError({ code: 'outgoing-blocked', server: ready.name })
  return ready
}

import { ProblemError, type Problem } from '#contract/problem.ts'
import type { EventName, Events } from '#contract/events.ts'
import type { OutgoingProtocol } from '#contract/protocols.ts'
import type { OutgoingServer, OutgoingServerDraft, SentMail, TestMail } from '#contract/outgoing-server.ts'
import type { OutgoingMessage, OutgoingTransport } from '../mail/outgoing-transport.ts'
import type { ServerSources, StoredOutgoingServer } from '../servers/server-sources.ts'
import { withConversationMark } from '../model/conversation-mark.ts'
import { ownMailField } from '../model/own-mail-field.ts'
import { composeMail, type ComposeNeeds, type OwnParts } from './compose-mail.ts'
import { createFailOver, type FailOverClock } from './fail-over.ts'
import { mayUseAlternate } from './may-use-alternate.ts'

export type DeliveryNeeds = Omit<ComposeNeeds, 'now' | 'format'> & {
  sources: ServerSources
  transports: Record<OutgoingProtocol, OutgoingTransport>
  clock: FailOverClock
  announce: <Name extends EventName>(name: Name, detail: Events[Name]) => void
  /** Rings the bell when mail begins to go through an alternate server. */
  onAlternate: (server: string, problem: Problem) => Promise<void>
  /** Takes the redacted conversation of one connection; null where none is wanted. */
  transcriptFor: (server: OutgoingServer) => ((line: string) => void) | null
}

/** Mail that goes out by itself, under a Message-ID that is known before it is sent. `format` null: the console's. */
export type AutomaticMail = { partition: string; to: string; subject: string; text: string; messageId: string; inReplyTo: string | null; request: number | null; format: 'html' | 'plain' | null; /** A notification of the console itself. */ notice?: boolean }

/** A notice to people, sent through the named outgoing server, or the one of the partition. */
export type NoticeMail = { through: { server: string } | { partition: string }; to: string[]; subject: string; text: string }

/**
 * Sends mail through configured servers. Throws ProblemError: `outgoing-blocked`, `server-is-draft`, `no-outgoing-server`, what the
 * transport found. When the primary cannot be reached the alternate is used, and stays in use until `returnToPrimary`, a
 * health check, a changed configuration or a restart.
 */
export type Delivery = {
  sendTest(name: string, mail: TestMail, signal: AbortSignal): Promise<SentMail>
  sendNotice(notice: NoticeMail, signal: AbortSignal): Promise<SentMail>
  sendAutomatic(mail: AutomaticMail, signal: AbortSignal): Promise<SentMail>
  returnToPrimary(name: string): Promise<void>
  /** Since when (ISO 8601) the server's mail goes through its alternate; null: through the primary. */
  onAlternateSince(name: string): string | null
  close(): void
}

export const createDelivery = (needs: DeliveryNeeds): Delivery => {
  const { sources, clock } = needs
  const composeNeeds = async (): Promise<ComposeNeeds> => ({ compose: needs.compose, newId: needs.newId, now: () => new Date(clock.now()), format: (await sources.settings()).emailFormat.default })
  const failOver = createFailOver({ clock, changed: () => needs.announce('servers-changed', { kind: 'outgoing' }), isHealthy: (server) => isHealthy(server) })

  const connectionNeeds = async (server: OutgoingServer, signal: AbortSignal) => ({
    ...(await sources.connectionFor('outgoing', server)), signal, transcript: needs.transcriptFor(server), cursor: null
  })
  const isHealthy = async (server: OutgoingServer): Promise<boolean> => {
    let failed = false
    const found = await connectionNeeds(server, AbortSignal.timeout(server.timeoutMs))
    await needs.transports[server.protocol].diagnose(server, { ...found, transcript: null }, (step) => { failed ||= step.outcome === 'failed' })
    return !failed
  }
  const sendThrough = async (server: OutgoingServer, message: OutgoingMessage, through: SentMail['through'], signal: AbortSignal): Promise<SentMail> => {
    const answer = await needs.transports[server.protocol].send(server, message, await connectionNeeds(server, signal))
    return { messageId: message.messageId, through, ...answer }
  }
  const send = async (stored: StoredOutgoingServer, mail: TestMail, signal: AbortSignal, own: OwnParts = {}): Promise<SentMail> => {
    const server = readyServer(stored)
    const message = await composeMail(server, mail, await composeNeeds(), own)
    const alternate = alternateOf(server)
    if (alternate === null) return sendThrough(server, message, 'primary', signal)
    if (failOver.since(server) !== null) return sendThrough(alternate, message, 'alternate', signal)
    try {
      return await sendThrough(server, message, 'primary', signal)
    } catch (error) {
      if (!(error instanceof ProblemError) || !mayUseAlternate(error.problem)) throw error
      const sent = await sendThrough(alternate, message, 'alternate', signal)
      if (failOver.begin(server)) await needs.onAlternate(server.name, error.problem)
      return sent
    }
  }

  const sendFor = async (partition: string, mailThrough: (server: OutgoingServerDraft) => TestMail, signal: AbortSignal, own: OwnParts): Promise<SentMail> => {
    const stored = await sources.outgoingFor(partition)
    if (stored === null) throw new ProblemError({ code: 'no-outgoing-server' })
    return send(stored, mailThrough(stored.server), signal, own)
  }

  return {
    sendTest: async (name, mail, signal) => send(await sources.outgoingNamed(name), mail, signal),
    async sendNotice({ through, to, subject, text }, signal) {
      const mail = { to, cc: [], bcc: [], subject, text }
      const own = { headers: { [ownMailField]: 'yes' } }
      return 'server' in through ? send(await sources.outgoingNamed(through.server), mail, signal, own) : sendFor(through.partition, () => mail, signal, own)
    },
    // The reports on such mail are wanted: they are tied to the request and mark the address. So the envelope sender is not empty (RFC 3834 3.3).
    sendAutomatic: ({ partition, to, subject, text, request, messageId, inReplyTo, format, notice = false }, signal) =>
      sendFor(partition, (server) => ({ to: [to], cc: [], bcc: [], ...withConversationMark({ subject, text }, request, server.conversationId) }), signal, {
        ...(notice ? { idLeft: messageId.slice(1, messageId.indexOf('@')) } : { messageId }), format, headers: inReplyTo === null ? (notice ? { [ownMailField]: 'yes' } : {}) : { 'Auto-Submitted': 'auto-replied', 'X-Auto-Response-Suppress': 'All', 'In-Reply-To': inReplyTo, References: inReplyTo }
      }),
    async returnToPrimary(name) {
      failOver.end((await sources.outgoingNamed(name)).server.name)
    },
    onAlternateSince: (name) => failOver.sinceOf(name),
    close: () => failOver.close()
  }
}

function readyServer({ ready, server, issues }: StoredOutgoingServer): OutgoingServer {
  if (ready === null) throw new ProblemError({ code: 'server-is-draft', server: server.name, issues })
  if (ready.block) throw new ProblemError({ code: 'outgoing-blocked', server: ready.name })
  return ready
}

/** The alternate signs in as the primary does. A pin belongs to one certificate, so the alternate's is checked by its authority instead. */
function alternateOf(server: OutgoingServer): OutgoingServer | null {
  if (server.alternate === null) return null
  const { host, port, security } = server.alternate
  return { ...server, host, port, security, alternate: null, tls: { ...server.tls, pin: null } }
}

import type { OutgoingServer } from '#contract/outgoing-server.ts'
import type { TestStep } from '#contract/connection-test.ts'
import type { ConnectionNeeds } from './incoming-transport.ts'

/** Envelope of RFC 5321 and the finished message of RFC 5322; Bcc is in the envelope alone. */
export type OutgoingMessage = { from: string; recipients: string[]; raw: Buffer; messageId: string }
export type SendAnswer = {
  serverSaid: string
  accepted: string[]
  refused: { address: string; serverSaid: string }[]
  /** The other Message-ID under which the provider sent it; null: it kept its own, or that is not told. Can be asked as long as the session is open; may reject. Absent where a mail always keeps it. */
  knownAs?: () => Promise<string | null>
}

/** A way to a server that stays open from mail to mail. One mail at a time. */
export interface OutgoingSession {
  /** Sends one message. Throws ProblemError: nothing was accepted then, but for `mail-uncertain`, of which nobody can say. */
  send(message: OutgoingMessage): Promise<SendAnswer>
  /** False once the connection is gone, or the server wants a new one. */
  isUsable(): boolean
  close(): void
}

export interface OutgoingTransport {
  /** Connects and signs in; a protocol without a sign-in of its own (EWS by password) shows the password with the first mail. `needs.signal` ends the session. Throws ProblemError. */
  open(server: OutgoingServer, needs: ConnectionNeeds): Promise<OutgoingSession>
  /** How many sessions may be open at once; several of Graph share a connection. */
  mostSessions(server: OutgoingServer): number
  /** Whether the mailbox has a copy of what it sent under this Message-ID, looked for until one would be there; null where that is not told, or an absent copy proves nothing. Throws ProblemError where it cannot be asked now. */
  wasSent(server: OutgoingServer, messageId: string, needs: ConnectionNeeds): Promise<boolean | null>
  /** Sends one message over one connection. Throws ProblemError; nothing was accepted then. */
  send(server: OutgoingServer, message: OutgoingMessage, needs: ConnectionNeeds): Promise<SendAnswer>
  /** Steps as for an incoming server, up to sign-in. Never throws. */
  diagnose(server: OutgoingServer, needs: ConnectionNeeds, report: (step: TestStep) => void): Promise<void>
}

import type { OutgoingServer } from '#contract/outgoing-server.ts'
import type { TestStep } from '#contract/connection-test.ts'
import type { ConnectionNeeds } from './incoming-transport.ts'

/** Envelope of RFC 5321 and the finished message of RFC 5322; Bcc is in the envelope alone. */
export type OutgoingMessage = { from: string; recipients: string[]; raw: Buffer; messageId: string }
export type SendAnswer = { serverSaid: string; accepted: string[]; refused: { address: string; serverSaid: string }[] }

export interface OutgoingTransport {
  /** Sends one message over one connection. Throws ProblemError; nothing was accepted then. */
  send(server: OutgoingServer, message: OutgoingMessage, needs: ConnectionNeeds): Promise<SendAnswer>
  /** Steps as for an incoming server, up to sign-in. Never throws. */
  diagnose(server: OutgoingServer, needs: ConnectionNeeds, report: (step: TestStep) => void): Promise<void>
}

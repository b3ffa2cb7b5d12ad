import type { Problem } from '#contract/problem.ts'
import type { SmtpSession } from '../intake/intake.ts'

/** A message as it came by SMTP: `raw` begins with Return-Path and Received of this receiver; one message, however many recipients. */
export type ReceivedMail = { raw: Buffer; session: SmtpSession; recipients: readonly string[] }

export type ReceiverOrder = {
  /** Name in the banner, in the answer to EHLO and in the Received field. */
  host: string
  listen: string
  port: number
  /** PEM files for STARTTLS; null: mail is taken unencrypted. */
  certificate: { certFile: string; keyFile: string } | null
  /** Bytes. */
  maxMessageSize: number
  /** Whether mail for an address, as given in RCPT TO, is taken. */
  recipient: (address: string) => 'here' | 'unknown' | 'elsewhere'
  /**
   * Resolves when the message is on disk: only then is it acknowledged. Whatever it throws is answered with a temporary error, so that
   * the sender tries again: ProblemError `disk-full` 452, `vault-locked` and `cancelled` (shutting down) 421, anything else 451.
   */
  accept: (mail: ReceivedMail) => Promise<void>
  /** A recipient or a message was refused for good. */
  refused: () => void
  /** Something that a person has to know: a renewed certificate that cannot be used. null: it is well again. */
  certificateProblem: (problem: Problem | null) => void
  /** Told of what is no answer to a client, such as a bug. */
  reportUnexpected: (thrown: unknown, during: string) => void
  now?: () => number
  limits?: Partial<ReceiverLimits>
}

export type ReceiverLimits = {
  connections: number
  connectionsPerClient: number
  recipients: number
  /** Answers of 5xx to one client before it is sent away. */
  refusals: number
  /** Between two commands, and between two pieces of a message (RFC 5321 4.5.3.2.7: at least five minutes). */
  silenceMs: number
  /** For a connection that gets no message through. */
  progressMs: number
  /** Characters of a command line (RFC 5321 4.5.3.1.4: at least 512). */
  commandLine: number
  /** Bytes of messages that are on their way, over all connections. */
  bytesHeld: number
  /** For messages that are being taken when the receiver is closed. */
  closeMs: number
}

/** `port` is the one that is listened on. After `close`, what was on its way is on disk and acknowledged, or will be sent again. */
export type SmtpReceiver = { port: number; close(): Promise<void> }

/** Throws ProblemError `native-mail-cannot-listen`, `native-mail-certificate-unusable`. */
export type StartReceiver = (order: ReceiverOrder) => Promise<SmtpReceiver>

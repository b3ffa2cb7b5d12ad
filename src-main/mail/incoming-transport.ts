import type { IncomingServer } from '#contract/incoming-server.ts'
import type { SampleMail, TestStep } from '#contract/connection-test.ts'

/**
 * What a transport signs in with. The secret is fetched for each connection and kept nowhere else; a token is asked for whenever it is
 * needed, since it changes while a connection lives.
 */
export type Credentials = { kind: 'password'; user: string; secret: string } | { kind: 'token'; user: string; token: TokenSource }

/**
 * Gives an access token that is still valid for a while. `refused` is the one that the server did not take (HTTP 401), with the claims
 * it asks for; another is fetched then. Throws ProblemError of the sign-in (`sign-in-needed`, `sign-in-revoked`, …).
 */
export type TokenSource = (signal: AbortSignal, refused?: { token: string; claims: string | null }) => Promise<AccessToken>
/** `expiresAt` in milliseconds since 1970; `scope` as granted, empty where the provider does not say. */
export type AccessToken = { token: string; expiresAt: number; scope: string[]; account: string | null }

/** Where a mailbox left off, kept over restarts: a delta link, a SyncState. Losing it costs time, never mail. */
export type Cursor = { read(): Promise<string | null>; write(value: string): Promise<void> }

/** What a connection is given of the credential store. */
export type ConnectionSecrets = { credentials: Credentials | null; proxyPassword: string | null; clientKeyPassphrase: string | null }

/** What a connection is given from outside. Lines written to `transcript` are redacted at the source. */
export type ConnectionNeeds = ConnectionSecrets & {
  signal: AbortSignal
  transcript: ((line: string) => void) | null
  /** null where nothing is to be remembered: a test, a sample. */
  cursor: Cursor | null
}

/** A message as the server lists it: `id` is the UID (IMAP), UIDL (POP3) or item id, `size` in bytes as the server says. */
export type ListedMessage = { id: string; size: number }
export type DownloadedMessage = ListedMessage & { raw: Buffer }

/** A message as it lies in a folder now. `messageId` without angle brackets, null where it has none; `receivedAt` is ISO 8601, null where the server does not say. */
export type FolderMessage = ListedMessage & { isRead: boolean; messageId: string | null; subject: string; from: string; receivedAt: string | null }

/**
 * An open mailbox. Every method throws ProblemError. A connection problem means that nothing further can be done on it;
 * nothing on the server was changed except what an earlier call was answered for.
 */
export interface OpenMailbox {
  /** What makes ids comparable over time: UIDVALIDITY with the folder (RFC 9051 2.3.1.1); for POP3 a constant. */
  readonly identity: string
  /** Messages that await processing, oldest first: UNSEEN and not \Deleted for IMAP `mark-seen`, otherwise all. */
  listWaiting(): Promise<ListedMessage[]>
  /**
   * Raw bytes of the given messages, in the order of the server's answer. A message that vanished meanwhile is left out.
   * Nothing is marked as read. One download at a time; the consumer's pace holds the server back. A message that the server refuses
   * throws `message-unreadable`, one of which it sends only a part `message-incomplete`: the others can still be had, one by one.
   */
  download(messages: readonly ListedMessage[]): AsyncIterable<DownloadedMessage>
  /**
   * After the outcome is on disk: marks, moves or deletes as the server's `afterFetch` says. `again`: it was attempted before and may have
   * been carried out in part; nothing is copied twice.
   */
  acknowledge(ids: readonly string[], again?: boolean): Promise<void>
  /** Moves messages that could not be processed; creates the folder where missing. Protocols without folders do nothing. */
  moveToErrorFolder(ids: readonly string[], again?: boolean): Promise<void>
  /**
   * Moves everything (or the messages with these Message-IDs, and those that `inventory` lists under these ids) from the error folder back to
   * the inbox, unread. `missing` counts Message-IDs and ids that no message there has.
   */
  moveBackToInbox(messageIds: readonly string[] | null, ids?: readonly string[]): Promise<{ moved: number; missing: number }>
  /**
   * Resolves with true as soon as the server announces new mail, with false after `limitMs` or when `signal` aborts.
   * A heartbeat proves the connection (RFC 2177: at least every 29 minutes); a dead one throws. null: no push.
   */
  waitForNews: ((limitMs: number, signal: AbortSignal) => Promise<boolean>) | null
  /** How often `waitForNews` looks by itself, milliseconds, where nothing is announced; left out or null where news is announced. */
  looksEveryMs?(): number | null
  /**
   * Everything in the folder that is fetched from, or in the error folder, oldest first; nothing is changed. null where there is no such folder.
   * A protocol that cannot tell the header without downloading the message (POP3 without TOP) leaves subject and sender empty.
   */
  inventory(which: 'inbox' | 'error-folder'): Promise<FolderMessage[] | null>
  /** Makes messages unread again, so that they await processing; protocols without flags do nothing. */
  markUnread(ids: readonly string[]): Promise<void>
  /** The message with this Message-ID in the folder, left as it is; null where there is none. For a probe that comes back. */
  find(messageId: string): Promise<DownloadedMessage | null>
  /** The oldest message, left as it is; null when the mailbox is empty. */
  sample(): Promise<SampleMail | null>
  close(): Promise<void>
}

export interface IncomingTransport {
  open(server: IncomingServer, needs: ConnectionNeeds): Promise<OpenMailbox>
  /** Runs the steps one by one and reports each; the first failed step is the last. Returns the newest message as a sample. Never throws. */
  diagnose(server: IncomingServer, needs: ConnectionNeeds, report: (step: TestStep) => void): Promise<{ sample: SampleMail | null }>
}

import type { IncomingServer, IncomingServerDraft } from '#contract/incoming-server.ts'
import type { OutgoingServer, OutgoingServerDraft } from '#contract/outgoing-server.ts'
import type { Partition, Settings } from '#contract/settings.ts'
import type { TestVerdict } from '#contract/connection-test.ts'
import type { ConnectionSecrets } from '../mail/incoming-transport.ts'

/** A configured server; `ready` is null while it is a draft, then `issues` says why. Its id outlives renaming. */
export type StoredIncomingServer = { id: number; server: IncomingServerDraft; ready: IncomingServer | null; issues: { path: string; message: string }[]; lastTest: TestVerdict | null }
export type StoredOutgoingServer = { id: number; server: OutgoingServerDraft; ready: OutgoingServer | null; issues: { path: string; message: string }[]; lastTest: TestVerdict | null }

/** What fetching and delivery need to know of the configuration. */
export interface ServerSources {
  incoming(): Promise<StoredIncomingServer[]>
  /** Throws ProblemError `not-found` with the nearest name. */
  incomingNamed(name: string): Promise<StoredIncomingServer>
  outgoing(): Promise<StoredOutgoingServer[]>
  outgoingNamed(name: string): Promise<StoredOutgoingServer>
  /** The server that a partition sends through: its own or the default partition's; null where there is none. */
  outgoingFor(partition: string): Promise<StoredOutgoingServer | null>
  /** What a connection is given of the credential store; throws ProblemError `credentials-missing`, `proxy-secret-missing`. Tokens are asked for later. */
  connectionFor(kind: 'incoming' | 'outgoing', server: IncomingServer | OutgoingServer): Promise<ConnectionSecrets>
  /** The private key (PEM) that an outgoing server's mail is signed with; null where none is stored. */
  dkimKeyOf(server: string): Promise<string | null>
  /** In the order of names; one of them is the default. */
  partitions(): Promise<Partition[]>
  settings(): Promise<Settings>
}

import type { IncomingServer, IncomingServerDraft } from '#contract/incoming-server.ts'
import type { OutgoingServer, OutgoingServerDraft } from '#contract/outgoing-server.ts'
import type { Settings } from '#contract/settings.ts'
import type { TestVerdict } from '#contract/connection-test.ts'
import type { Credentials } from '../mail/incoming-transport.ts'

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
  /** Sign-in data; throws ProblemError `credentials-missing` where a secret is needed and none is stored; null for no authentication. */
  credentialsFor(server: { name: string; auth: { method: string; user: string } }): Promise<Credentials | null>
  settings(): Promise<Settings>
}

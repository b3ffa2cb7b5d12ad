import type { IncomingServerDraft } from '#contract/incoming-server.ts'
import type { OutgoingServerDraft } from '#contract/outgoing-server.ts'
import type { SampleMail, TestStep } from '#contract/connection-test.ts'
import type { ConnectionNeeds } from '../mail/incoming-transport.ts'
import type { Form } from '../model/configuration-difference.ts'
import type { ServerRow, ServersTable } from './configuration-tables.ts'
import type { ReadyServer } from './connection-secrets.ts'
import type { PresentConfiguration } from './present-configuration.ts'
import type { Readiness } from './server-readiness.ts'

/** What an incoming and an outgoing server have in common, and where else an outgoing one signs in. */
export type AnyServer = Pick<IncomingServerDraft, 'name' | 'host' | 'port' | 'security' | 'endpoint' | 'mailbox' | 'auth' | 'tls' | 'proxy'> & { alternate?: OutgoingServerDraft['alternate'] }

/** Where incoming and outgoing servers differ when they are saved, deleted and tested. */
export type ServerKind<Draft extends AnyServer, Ready extends ReadyServer> = {
  what: 'incoming server' | 'outgoing server'
  kind: 'incoming' | 'outgoing'
  table: ServersTable<Draft>
  rows: (present: PresentConfiguration) => ServerRow<Draft>[]
  /** Names of the servers of the other kind, which share a secret with one of the same name. */
  others: (present: PresentConfiguration) => string[]
  /** The configuration with these servers in place of those of their names. */
  withChanged: (present: PresentConfiguration, servers: readonly Draft[]) => PresentConfiguration
  form: (server: Draft) => Form
  readiness: (server: Draft, present: PresentConfiguration) => Readiness<Ready>
  /** Throws when the stored server must not be changed now. */
  refuseChange: (server: Draft) => void
  /** Throws when it must not be deleted now. */
  refuseDelete: (server: Draft, present: PresentConfiguration) => void
  /** `dkimKey` is what an outgoing server signs with, null where there is none. */
  diagnose: (server: Ready, needs: ConnectionNeeds, report: (step: TestStep) => void, dkimKey: string | null) => Promise<SampleMail | null>
}

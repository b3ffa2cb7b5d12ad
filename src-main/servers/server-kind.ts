import type { Auth, TlsSettings } from '#contract/fields.ts'
import type { SampleMail, TestStep } from '#contract/connection-test.ts'
import type { Security } from '#contract/protocols.ts'
import type { ConnectionNeeds } from '../mail/incoming-transport.ts'
import type { Form } from '../model/configuration-difference.ts'
import type { ServerRow, ServersTable } from './configuration-tables.ts'
import type { PresentConfiguration } from './present-configuration.ts'
import type { Readiness } from './server-readiness.ts'

/** What an incoming and an outgoing server have in common. */
export type AnyServer = { name: string; host: string; port: number; security: Security; auth: Auth; tls: TlsSettings; proxy: string | null }

/** Where incoming and outgoing servers differ when they are saved, deleted and tested. */
export type ServerKind<Draft extends AnyServer, Ready extends AnyServer> = {
  what: 'incoming server' | 'outgoing server'
  kind: 'incoming' | 'outgoing'
  table: ServersTable<Draft>
  rows: (present: PresentConfiguration) => ServerRow<Draft>[]
  /** Names of the servers of the other kind, which share a secret with one of the same name. */
  others: (present: PresentConfiguration) => string[]
  form: (server: Draft) => Form
  readiness: (server: Draft, present: PresentConfiguration) => Readiness<Ready>
  /** Throws when the stored server must not be changed now. */
  refuseChange: (server: Draft) => void
  /** Throws when it must not be deleted now. */
  refuseDelete: (server: Draft, present: PresentConfiguration) => void
  diagnose: (server: Ready, needs: ConnectionNeeds, report: (step: TestStep) => void) => Promise<SampleMail | null>
}

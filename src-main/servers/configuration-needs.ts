import type { Role } from '#contract/calls.ts'
import type { EventName, Events } from '#contract/events.ts'
import type { CredentialStore } from '../credentials/credential-store.ts'
import type { Database } from '../database/database.ts'
import type { SignIn } from '../sign-in/sign-in.ts'
import type { Works } from '../work/works.ts'
import type { ConfigurationTables } from './configuration-tables.ts'

export type Announce = <Name extends EventName>(name: Name, detail: Events[Name]) => void

/** Who asks; `who` is written into the history. */
export type Caller = { who: string; role: Role }

/** What every use case on the configuration touches outside. */
export type ConfigurationNeeds = {
  database: Database
  tables: ConfigurationTables
  credentials: CredentialStore
  signIn: SignIn
  now: () => Date
  announce: Announce
}

/** What a use case with long work needs besides. */
export type WorkNeeds = ConfigurationNeeds & {
  works: Works
  /** Opens the record of what is said with a server in a test; it takes line by line, without secrets. */
  openTranscript?: (kind: 'incoming' | 'outgoing', server: string) => (line: string) => void
}

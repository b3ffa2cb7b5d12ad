import type { CredentialStore } from '../credentials/credential-store.ts'
import type { Database } from '../database/database.ts'
import type { SignIn } from '../sign-in/sign-in.ts'
import { createConnectionFor } from './connection-secrets.ts'
import type { ConfigurationTables } from './configuration-tables.ts'
import { serverNamed } from './find-named.ts'
import { defaultPartition, namesOf, readConfiguration, readSettings, type PresentConfiguration } from './present-configuration.ts'
import { incomingReadiness, outgoingReadiness } from './server-readiness.ts'
import type { ServerSources, StoredIncomingServer, StoredOutgoingServer } from './server-sources.ts'

type Needs = { database: Database; tables: ConfigurationTables; credentials: CredentialStore; signIn: Pick<SignIn, 'tokensOf'> }

/** The configuration as fetching and delivery see it, read anew at each question. */
export const createServerSources = ({ database, tables, credentials, signIn }: Needs): ServerSources => {
  const present = (): Promise<PresentConfiguration> => readConfiguration(tables, database)
  return {
    incoming: async () => storedIncoming(await present()),
    incomingNamed: async (name) => serverNamed('incoming server', storedIncoming(await present()), name),
    outgoing: async () => storedOutgoing(await present()),
    outgoingNamed: async (name) => serverNamed('outgoing server', storedOutgoing(await present()), name),
    outgoingFor: async (partition) => outgoingFor(await present(), partition),
    connectionFor: createConnectionFor({ credentials, signIn }),
    settings: () => readSettings(tables, database)
  }
}

export const storedIncoming = ({ incoming, partitions }: PresentConfiguration): StoredIncomingServer[] =>
  incoming.map((row) => ({ ...row, ...incomingReadiness(row.server, namesOf(partitions)) }))

export const storedOutgoing = ({ outgoing }: PresentConfiguration): StoredOutgoingServer[] => outgoing.map((row) => ({ ...row, ...outgoingReadiness(row.server) }))

const outgoingFor = (present: PresentConfiguration, partition: string): StoredOutgoingServer | null => {
  const own = present.partitions.find(({ name }) => name === partition)?.outgoing
  const servers = storedOutgoing(present)
  const named = (name: string | null | undefined): StoredOutgoingServer | undefined => servers.find(({ server }) => server.name === name)
  return named(own) ?? named(defaultPartition(present.partitions).outgoing) ?? null
}

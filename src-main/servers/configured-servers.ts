import type { EventListener } from '../console.ts'
import type { CredentialStore } from '../credentials/credential-store.ts'
import type { Database } from '../database/database.ts'
import type { SignIn } from '../sign-in/sign-in.ts'
import { createConnectionFor } from './connection-secrets.ts'
import type { ConfigurationTables } from './configuration-tables.ts'
import { serverNamed } from './find-named.ts'
import { knownServersIn } from './outgoing-references.ts'
import { defaultPartition, readConfiguration, type PresentConfiguration } from './present-configuration.ts'
import { referableIn } from './references.ts'
import { incomingReadiness, outgoingReadiness } from './server-readiness.ts'
import { accountOf } from './server-secrets.ts'
import type { ServerSources, StoredIncomingServer, StoredOutgoingServer } from './server-sources.ts'

type Needs = { database: Database; tables: ConfigurationTables; credentials: CredentialStore; signIn: Pick<SignIn, 'tokensOf'>; subscribe: (listener: EventListener) => unknown }

/**
 * The configuration as fetching and delivery see it. It is read once and then kept until something says that it changed: with many servers,
 * reading all of them for each round of each would cost more than fetching.
 */
export const createServerSources = ({ database, tables, credentials, signIn, subscribe }: Needs): ServerSources => {
  let known: Promise<Known> | null = null
  const dkimKeys = new Map<string, Promise<string | null>>()
  subscribe((name) => {
    if (name === 'servers-changed') dkimKeys.clear()
    if (name === 'servers-changed' || name === 'settings-changed') known = null
  })
  /** Asked for each mail: a keychain is not. */
  const dkimKeyOf = (server: string): Promise<string | null> => {
    const asking = dkimKeys.get(server) ?? credentials.get(accountOf(server, 'dkim'))
    dkimKeys.set(server, asking)
    asking.catch(() => dkimKeys.delete(server))
    return asking
  }
  const present = (): Promise<Known> => {
    const reading = (known ??= readConfiguration(tables, database).then((read) => ({ ...read, incoming: storedIncoming(read), outgoing: storedOutgoing(read) })))
    reading.catch(() => (known = known === reading ? null : known))
    return reading
  }
  return {
    incoming: async () => (await present()).incoming,
    incomingNamed: async (name) => serverNamed('incoming server', (await present()).incoming, name),
    outgoing: async () => (await present()).outgoing,
    outgoingNamed: async (name) => serverNamed('outgoing server', (await present()).outgoing, name),
    outgoingFor: async (partition) => outgoingFor(await present(), partition),
    connectionFor: createConnectionFor({ credentials, signIn }),
    dkimKeyOf,
    partitions: async () => (await present()).partitions,
    settings: async () => (await present()).settings
  }
}

type Known = Omit<PresentConfiguration, 'incoming' | 'outgoing'> & { incoming: StoredIncomingServer[]; outgoing: StoredOutgoingServer[] }

export const storedIncoming = (present: PresentConfiguration): StoredIncomingServer[] =>
  present.incoming.map((row) => ({ ...row, ...incomingReadiness(row.server, referableIn(present)) }))

export const storedOutgoing = (present: PresentConfiguration): StoredOutgoingServer[] => {
  const known = knownServersIn(present)
  return present.outgoing.map((row) => ({ ...row, ...outgoingReadiness(row.server, known) }))
}

const outgoingFor = ({ partitions, outgoing }: Known, partition: string): StoredOutgoingServer | null => {
  const own = partitions.find(({ name }) => name === partition)?.outgoing
  const named = (name: string | null | undefined): StoredOutgoingServer | undefined => outgoing.find(({ server }) => server.name === name)
  return named(own) ?? named(defaultPartition(partitions).outgoing) ?? null
}

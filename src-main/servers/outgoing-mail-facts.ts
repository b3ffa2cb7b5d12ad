import type { IncomingServerDraft } from '#contract/incoming-server.ts'
import type { OutgoingServerDraft } from '#contract/outgoing-server.ts'
import type { Partition, Settings } from '#contract/settings.ts'
import { addressSet } from '../model/is-for-mailbox.ts'
import { supportAddressOf } from '../model/native-recipient.ts'
import { asciiDomain } from '../model/usable-address.ts'
import type { OutgoingMailFacts } from '../requests/decide.ts'
import { defaultPartition } from './present-configuration.ts'
import type { ServerSources } from './server-sources.ts'

type Configured = { incoming: readonly { server: IncomingServerDraft }[]; outgoing: readonly { server: OutgoingServerDraft }[]; partitions: readonly Partition[]; settings: Pick<Settings, 'nativeMail'> }

/** What mail that goes out for a partition has to know: every address that is fetched from, received for or sent under; sender name and domain of the partition's server. */
export const outgoingMailFacts = (configured: Configured, partition: string): OutgoingMailFacts => ({ ours: oursOf(configured), ...sentBy(configured, partition) })

/** The same of the configuration as it stands; the addresses are gathered again only when it has changed. */
export function createOutgoingMailFacts(sources: Pick<ServerSources, 'incoming' | 'outgoing' | 'partitions' | 'settings'>): (partition: string) => Promise<OutgoingMailFacts> {
  let last: { of: Configured; ours: ReadonlySet<string> } | null = null
  return async (partition) => {
    const [incoming, outgoing, partitions, settings] = await Promise.all([sources.incoming(), sources.outgoing(), sources.partitions(), sources.settings()])
    const of = { incoming, outgoing, partitions, settings }
    if (last?.of.incoming !== incoming || last.of.outgoing !== outgoing || last.of.settings !== settings) last = { of, ours: oursOf(of) }
    return { ours: last.ours, ...sentBy(of, partition) }
  }
}

function oursOf({ incoming, outgoing, settings: { nativeMail } }: Configured): ReadonlySet<string> {
  const fetched = incoming.flatMap(({ server }) => [...server.addresses, server.mailbox || server.auth.subject || server.auth.user])
  return addressSet([...fetched, ...outgoing.map(({ server }) => server.replyTo), ...nativeMail.addresses, supportAddressOf(nativeMail) ?? ''])
}

function sentBy({ outgoing, partitions }: Configured, partition: string): Pick<OutgoingMailFacts, 'senderName' | 'domain'> {
  const named = (name: string | null | undefined): OutgoingServerDraft | undefined => outgoing.find(({ server }) => server.name === name)?.server
  const server = named(partitions.find(({ name }) => name === partition)?.outgoing) ?? named(defaultPartition(partitions).outgoing)
  return { senderName: server?.senderName ?? '', domain: asciiDomain(server?.replyTo.split('@').at(-1) ?? '')?.toLowerCase() ?? 'mailroom.invalid' }
}

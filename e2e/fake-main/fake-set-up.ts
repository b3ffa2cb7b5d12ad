import { newIncomingServer } from '../../src-contract/incoming-server.ts'
import { newOutgoingServer } from '../../src-contract/outgoing-server.ts'
import type { SetupAnswer, SetupCandidate } from '../../src-contract/setup.ts'

/** What a look-up of an address finds: a provider by its table, or a domain of one's own with a host that is somebody else's. */
export const foundFor = (address: string, offline: boolean): SetupAnswer => {
  const domain = address.split('@')[1] ?? ''
  if (domain.startsWith('unknown')) return { address, candidates: [], notes: [] }
  const candidates = domain.startsWith('contoso') ? [graph(address), imap(address, 'outlook.office365.com', 'provider-table', [])] : [imap(address, `mail.${domain}`, 'autoconfig', []), imap(address, 'imap.hosting.example.net', 'mx', ['imap.hosting.example.net'])]
  return { address, candidates: offline ? candidates.slice(0, 1).map(untried) : candidates, notes: offline ? ['Found in the built-in list; nothing was tried, since the look-up was offline.'] : [] }
}

const ok = (detail: string) => ({ outcome: 'ok' as const, detail })
const untried = (candidate: SetupCandidate): SetupCandidate => ({ ...candidate, incomingProbe: { outcome: 'not-tried', detail: '' }, outgoingProbe: { outcome: 'not-tried', detail: '' } })

const imap = (address: string, host: string, source: SetupCandidate['source'], unconfirmedHosts: string[]): SetupCandidate => ({
  id: `imap ${host}`, source, title: `IMAP at ${host}`, unconfirmedHosts,
  notes: unconfirmedHosts.length > 0 ? ['Mail for this domain is delivered to hosting.example.net; its usual names were tried.'] : [],
  incoming: { ...newIncomingServer('imap', 'IT'), host, auth: { method: 'password', user: address, secret: 'keychain' }, addresses: [address] },
  outgoing: { ...newOutgoingServer('smtp'), host: host.replace('imap', 'smtp'), auth: { method: 'password', user: address, secret: 'keychain' }, replyTo: address },
  incomingProbe: ok(`${host}:993 answers with TLS 1.3; passwords are offered`), outgoingProbe: unconfirmedHosts.length > 0 ? { outcome: 'warning', detail: `${host.replace('imap', 'smtp')}:587 answers, with a certificate that ends in 12 days` } : ok(`${host}:587 answers with STARTTLS`)
})

const graph = (address: string): SetupCandidate => ({
  id: 'microsoft-graph', source: 'provider-table', title: 'Microsoft 365 by Graph', unconfirmedHosts: [],
  notes: ['Recommended: EWS ends in April 2027, and passwords are no longer taken.', 'An administrator registers Mailroom as an application once.'],
  incoming: { ...newIncomingServer('graph', 'IT'), auth: { method: 'oauth2', user: address, provider: 'microsoft', flow: 'interactive', secret: 'keychain' }, addresses: [address] },
  outgoing: { ...newOutgoingServer('graph'), auth: { method: 'oauth2', user: address, provider: 'microsoft', flow: 'interactive', secret: 'keychain' }, replyTo: address },
  incomingProbe: ok('graph.microsoft.com answers'), outgoingProbe: ok('graph.microsoft.com answers')
})

import type { SetupCandidate, SetupProbe, SetupSource } from '#contract/setup.ts'
import { incomingProtocols } from '#contract/protocols.ts'
import { draftIncoming, draftOutgoing } from './draft-servers.ts'
import { unconfirmed } from './find-provider.ts'
import type { FoundIncoming, FoundOutgoing, FoundSetup, FoundSignIn, SetupAddress } from './found-server.ts'
import type { Prober } from './probe-servers.ts'

const notTried: SetupProbe = { outcome: 'not-tried', detail: 'Nothing was asked.' }
type Ranked = { candidate: SetupCandidate; rank: number[] }

/** Ways to the mailbox, each with the way out that fits it, the best first. `probe` null: nobody is asked. */
export async function makeCandidates(setups: readonly FoundSetup[], address: SetupAddress, partition: string, probe: Prober | null): Promise<SetupCandidate[]> {
  const look = async (server: FoundIncoming | FoundOutgoing): Promise<SetupProbe> => {
    if (probe === null) return notTried
    const { outcome, detail } = await probe(server)
    return { outcome, detail }
  }
  const ranked = await Promise.all(setups.flatMap((setup, place) => setup.incoming.map(async (incoming, turn): Promise<Ranked> => {
    const ways = setup.outgoing.filter((outgoing) => goesWith(incoming, outgoing))
    const [incomingProbe, ...outgoingProbes] = await Promise.all([look(incoming), ...ways.map(look)])
    const best = ways.map((server, index) => ({ server, probe: outgoingProbes[index] ?? notTried })).toSorted((a, b) => order(a.probe, a.server.security) - order(b.probe, b.server.security))[0] ?? null
    return { candidate: candidateOf(setup, incoming, incomingProbe, best, address, partition), rank: [order(incomingProbe, incoming.security), setup.source === 'guess' ? 1 : 0, kindOrder[incoming.protocol], place, turn] }
  })))
  return withoutTwins(ranked.toSorted((a, b) => compare(a.rank, b.rank)).map(({ candidate }) => candidate))
}

const outcomes: Record<SetupProbe['outcome'], number> = { ok: 0, 'not-tried': 1, warning: 2, failed: 3 }
/** Answering first, encrypted before that. */
const order = ({ outcome }: SetupProbe, security: FoundIncoming['security']): number => (security === 'none' ? 10 : 0) + outcomes[outcome] * 2 + (security === 'starttls' ? 1 : 0)
const kindOrder: Record<FoundIncoming['protocol'], number> = { graph: 0, gmail: 0, ews: 1, imap: 1, pop3: 2 }
const compare = (a: readonly number[], b: readonly number[]): number => a.map((one, index) => one - (b[index] ?? 0)).find((difference) => difference !== 0) ?? 0

/** Whoever comes in by an API goes out by it; otherwise both ways sign in alike. */
function goesWith(incoming: FoundIncoming, outgoing: FoundOutgoing): boolean {
  const api = { graph: 'graph', gmail: 'google', ews: 'ews', imap: 'smtp', pop3: 'smtp' }
  return api[incoming.protocol] === outgoing.protocol && (outgoing.signIn.method === 'none' || outgoing.signIn.method === incoming.signIn.method)
}

function candidateOf(setup: FoundSetup, incoming: FoundIncoming, incomingProbe: SetupProbe, best: { server: FoundOutgoing; probe: SetupProbe } | null, address: SetupAddress, partition: string): SetupCandidate {
  const hosts = [incoming.host, ...urlHosts(incoming.signIn), ...(best === null ? [] : [best.server.host, ...urlHosts(best.server.signIn)])]
  const plain = incoming.security === 'none' || best?.server.security === 'none' ? ['Without encryption the password can be read on its way.'] : []
  const outgoing = best === null ? ['No outgoing server was found that goes with it.'] : []
  return {
    id: [setup.source, incoming.protocol, incoming.endpoint ?? `${incoming.host}:${incoming.port}`, incoming.signIn.method].join(' '),
    source: setup.source,
    title: titleOf(setup, incoming),
    notes: [...new Set([...setup.notes, ...(incoming.notes ?? []), ...plain, ...outgoing])],
    incoming: draftIncoming(incoming, address, partition),
    outgoing: best === null ? null : draftOutgoing(best.server, address),
    unconfirmedHosts: unconfirmed(hosts, address.domain),
    incomingProbe, outgoingProbe: best?.probe ?? notTried
  }
}

const urlHosts = ({ authorizationUrl, tokenUrl }: FoundSignIn): string[] => [authorizationUrl, tokenUrl].flatMap((url) => (url === undefined ? [] : (URL.parse(url)?.hostname ?? [])))

const said: Partial<Record<FoundSignIn['method'], string>> = { oauth2: ', signing in with OAuth', password: ', by password', ntlm: ', by NTLM' }
function titleOf({ source, title }: FoundSetup, { protocol, host, signIn }: FoundIncoming): string {
  const { label, reach } = incomingProtocols[protocol]
  if (protocol === 'ews') return `${title}${said[signIn.method] ?? ''}`
  if (reach === 'endpoint') return `${title} by ${label === 'Gmail' ? 'the Gmail API' : label}`
  if (source === 'guess') return `A guess: ${label} at ${host}`
  return source === 'provider-table' ? `${title} by ${label}${said[signIn.method] ?? ''}` : `${label} at ${host}${signIn.method === 'oauth2' ? ', signing in with OAuth' : ''}`
}

const sources: Record<SetupSource, string> = { 'provider-table': 'the built-in table', autoconfig: 'autoconfig', srv: 'SRV records', mx: 'the provider of the mail exchanger', guess: 'guessing' }

/** The same way in once, with a word on who else names it; of one host the weaker encryption only where the stronger does not answer. */
function withoutTwins(candidates: readonly SetupCandidate[]): SetupCandidate[] {
  const kept: SetupCandidate[] = []
  for (const candidate of candidates) {
    const { incoming: { protocol, host, port, endpoint, auth }, source } = candidate
    const twin = kept.find(({ incoming: other }) => other.protocol === protocol && other.host === host && (other.endpoint ?? '') === (endpoint ?? '') && other.auth.method === auth.method)
    if (twin === undefined) kept.push(candidate)
    else if (twin.source !== source && twin.incoming.port === port) twin.notes = [...new Set([...twin.notes, `Also named by ${sources[source]}`])]
  }
  return kept
}

import type { FoundIncoming, FoundOutgoing, FoundSetup, FoundSignIn, SetupAddress } from './found-server.ts'
import { filled } from './found-server.ts'
import { providerTable, type Provider } from './provider-table.ts'

/** The provider of a domain, by the domain itself or, longest first, by the names of its mail exchangers. Pure. */
export function findProvider(domain: string, exchangers: readonly string[] = []): Provider | null {
  const own = providerTable.find(({ domains }) => domains.some((one) => isWithin(domain, one)))
  if (own !== undefined) return own
  const matches = providerTable.flatMap((provider) => provider.mx.filter((end) => exchangers.some((name) => isWithin(name, end))).map((end) => ({ provider, end })))
  return matches.toSorted((a, b) => b.end.length - a.end.length)[0]?.provider ?? null
}

/** Whether a name is the domain or lies below it. */
export const isWithin = (name: string, domain: string): boolean => {
  const [found, wanted] = [name.toLowerCase().replace(/\.$/, ''), domain.toLowerCase()]
  return found === wanted || found.endsWith(`.${wanted}`)
}

const knownHosts = new Set(['graph.microsoft.com', 'gmail.googleapis.com', ...providerTable.flatMap(({ imap, pop3, smtp }) => [imap, ...(pop3 ? [pop3] : []), ...smtp]).map(({ host }) => host)])

/** Hosts of this setup that neither belong to the address's domain nor stand in the table: a password goes there only with the user's word. Pure. */
export const unconfirmed = (hosts: readonly string[], domain: string): string[] =>
  [...new Set(hosts.map((host) => host.toLowerCase()))].filter((host) => host !== '' && !isWithin(host, domain) && !knownHosts.has(host))

/** What the table says for an address. Microsoft: Graph first; Google: its API first; both also by IMAP with OAuth. */
export function setupOf(provider: Provider, address: SetupAddress): FoundSetup {
  const { label, kind, imap, pop3, smtp, byPassword } = provider
  const dated = `Settings of ${label} as of ${provider.asOf}: ${provider.source}`
  const byHost = (signIn: (user: string) => FoundSignIn): { incoming: FoundIncoming[]; outgoing: FoundOutgoing[] } => ({
    incoming: [{ protocol: 'imap' as const, server: imap }, ...(pop3 === undefined ? [] : [{ protocol: 'pop3' as const, server: pop3 }])].map(({ protocol, server: { user, ...place } }) => ({ protocol, ...place, signIn: signIn(filled(user, address)) })),
    outgoing: smtp.map(({ user, ...place }) => ({ protocol: 'smtp' as const, ...place, signIn: signIn(filled(user, address)) }))
  })
  const password = byHost((user) => ({ method: 'password', user }))
  if (kind === 'password') return { source: 'provider-table', title: label, notes: [...provider.notes, dated], ...password }
  const tenant = provider.id === 'outlook' ? { tenant: 'consumers' } : {}
  const signIn = (): FoundSignIn => ({ method: 'oauth2', user: address.address, provider: kind, ...tenant })
  const oauth = byHost(signIn)
  const web = kind === 'microsoft' ? { host: 'graph.microsoft.com', endpoint: 'https://graph.microsoft.com' } : { host: 'gmail.googleapis.com', endpoint: 'https://gmail.googleapis.com' }
  const api = { ...web, port: 443, security: 'tls' as const, signIn: signIn() }
  const byImap = (ways: FoundIncoming[], about: readonly string[]): FoundIncoming[] => ways.filter(({ protocol }) => protocol === 'imap').map((way) => ({ ...way, notes: [...about, dated] }))
  return {
    source: 'provider-table', title: label, notes: [],
    incoming: [{ ...api, protocol: kind === 'microsoft' ? 'graph' : 'gmail', notes: [...provider.notes, dated] }, ...byImap(oauth.incoming, provider.notes), ...(byPassword === undefined ? [] : byImap(password.incoming, [byPassword]))],
    outgoing: [{ ...api, protocol: kind === 'microsoft' ? 'graph' : 'google' }, ...oauth.outgoing, ...(byPassword === undefined ? [] : password.outgoing)]
  }
}

import { Resolver } from 'node:dns/promises'
import { findProvider, isWithin, setupOf } from './find-provider.ts'
import type { FoundIncoming, FoundOutgoing, FoundSetup, SetupAddress } from './found-server.ts'
import { isPublicName } from './read-client-config.ts'

export type SrvRecord = { name: string; port: number; priority: number; weight: number }
/** All reject with an error whose `code` is that of node:dns; ENOTFOUND and ENODATA mean that there is no record. */
export type SetupResolver = { srv(name: string): Promise<SrvRecord[]>; mx(domain: string): Promise<{ exchange: string; priority: number }[]>; cname(name: string): Promise<string[]> }

/** The resolver of this computer, or that at `servers` (`address:port`). */
export function createSetupResolver(servers?: readonly string[]): SetupResolver {
  const resolver = new Resolver({ timeout: 1_500, tries: 2 })
  if (servers !== undefined) resolver.setServers(servers)
  return { srv: (name) => resolver.resolveSrv(name), mx: (domain) => resolver.resolveMx(domain), cname: (name) => resolver.resolveCname(name) }
}

/** Records, none where there are none; what else goes wrong is said in `note`. */
export async function recordsOf<Entry>(ask: Promise<Entry[]>, what: string, note: (words: string) => void): Promise<Entry[]> {
  return ask.catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code !== 'ENOTFOUND' && code !== 'ENODATA') note(`DNS did not answer for ${what} (${code || 'unknown error'}).`)
    return []
  })
}

const services = [
  { service: '_imaps', protocol: 'imap', security: 'tls' }, { service: '_imap', protocol: 'imap', security: 'starttls' },
  { service: '_pop3s', protocol: 'pop3', security: 'tls' }, { service: '_pop3', protocol: 'pop3', security: 'starttls' },
  { service: '_submissions', protocol: 'smtp', security: 'tls' }, { service: '_submission', protocol: 'smtp', security: 'starttls' }
] as const

/** What a domain says in SRV records: RFC 6186, with `_submissions` and implicit TLS before STARTTLS of RFC 8314. null where it says nothing. */
export async function setupFromSrv(resolver: SetupResolver, address: SetupAddress, note: (words: string) => void): Promise<FoundSetup | null> {
  const incoming: FoundIncoming[] = []
  const outgoing: FoundOutgoing[] = []
  const notes: string[] = []
  const answers = await Promise.all(services.map(async (one) => ({ ...one, records: await recordsOf(resolver.srv(`${one.service}._tcp.${address.domain}`), `${one.service}._tcp.${address.domain}`, note) })))
  for (const { service, protocol, security, records } of answers) {
    // RFC 6186 3.4: the target "." says that the service is not offered.
    if (records.some(({ name }) => name === '' || name === '.')) notes.push(`${address.domain} does not offer ${service.slice(1)}.`)
    for (const { name, port } of inTurn(records)) {
      const place = { host: name.toLowerCase().replace(/\.$/, ''), port, security, signIn: { method: 'password' as const, user: address.address } }
      if (!isPublicName(place.host) || port === 0) continue
      if (protocol === 'smtp') outgoing.push({ protocol, ...place })
      else incoming.push({ protocol, ...place })
    }
  }
  if (incoming.length === 0) {
    notes.forEach(note)
    return null
  }
  return { source: 'srv', title: address.domain, notes: [`Named by the SRV records of ${address.domain}`, ...notes], incoming, outgoing }
}

/** RFC 2782: the lowest priority first; of those the heaviest, so that the order is always the same. */
export const inTurn = (records: readonly SrvRecord[]): SrvRecord[] => records.toSorted((a, b) => a.priority - b.priority || b.weight - a.weight).slice(0, 4)

/**
 * Exchange: Microsoft's own, which `autodiscover` of a domain is an alias of even where another service filters its mail, or one on a server of the
 * domain: the host of `_autodiscover._tcp` answers Exchange Web Services as well. https://learn.microsoft.com/exchange/architecture/client-access/autodiscover
 */
export async function setupFromAutodiscover(resolver: SetupResolver, address: SetupAddress, note: (words: string) => void): Promise<FoundSetup | null> {
  const [name, alias] = [`_autodiscover._tcp.${address.domain}`, `autodiscover.${address.domain}`]
  const [records, aliases] = await Promise.all([recordsOf(resolver.srv(name), name, note), recordsOf(resolver.cname(alias), alias, note)])
  const [first] = inTurn(records)
  const host = first?.name.toLowerCase().replace(/\.$/, '') ?? ''
  const microsoft = [host, ...aliases].some((one) => isWithin(one, 'outlook.com')) ? findProvider('onmicrosoft.com') : null
  if (microsoft !== null) return setupOf(microsoft, address)
  if (first === undefined || !isPublicName(host) || first.port === 0) return null
  const endpoint = `https://${host}${first.port === 443 ? '' : `:${first.port}`}/EWS/Exchange.asmx`
  const ways = (['ntlm', 'password'] as const).map((method) => ({ protocol: 'ews' as const, host, port: first.port, security: 'tls' as const, endpoint, signIn: { method, user: address.address } }))
  return { source: 'srv', title: `Exchange at ${host}`, notes: [`${name} names this host for Exchange`], incoming: ways, outgoing: ways }
}

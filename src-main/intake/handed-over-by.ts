import { BlockList, isIP } from 'node:net'
import { sameOrganization } from './same-organization.ts'

/** Who handed a message over to the mail server of the mailbox. */
export type Client = { address: string; helo: string }

/**
 * The client that handed a message over from outside, by the topmost Received field (RFC 5321 4.4) with a public address; null where there is
 * none. What stands below was written before, by servers that nobody knows, so it is not asked. Hops within the provider are passed
 * over where the server says so itself: a private address, or a confirmed name of its own organization. A provider that hands
 * mail on over public addresses under other names makes SPF fail; there its Authentication-Results are to be trusted instead.
 */
export function handedOverBy(fields: readonly { name: string; value: string }[]): Client | null {
  for (const { name, value } of fields) {
    if (name !== 'received') continue
    const hop = readHop(value.slice(0, 2_000))
    if (hop === null || isWithin(hop)) continue
    return { address: hop.address, helo: hop.helo }
  }
  return null
}

type Hop = Client & { name: string | null; by: string }

function readHop(value: string): Hop | null {
  const [, helo = '', told = '', by = ''] = /^\s*from\s+(\S+)\s+([\s\S]*?)(?:^|\s)by\s+(\S+)/i.exec(value) ?? []
  // What the client said of itself is no address that it came from.
  const seen = told.replace(/\((?:helo|ehlo)\s[^()]*\)/gi, ' ').replace(/\b(?:helo|ehlo)=\S*/gi, (word) => (word.endsWith(')') ? ')' : ''))
  const found = [...seen.matchAll(/[[(](?:IPv6:)?([0-9a-f.:]{2,45})[\])]/gi)].map(([, address = '']) => address).filter((address) => isIP(address) !== 0)
  // Exim writes the address in the place of the name where it has none: from [192.0.2.1] (helo=x).
  const literal = /^\[(?:IPv6:)?([^\]]+)\]/i.exec(helo)?.[1] ?? ''
  const address = plain(found.at(-1) ?? (/helo=/i.test(told) && isIP(literal) !== 0 ? literal : ''))
  if (address === '') return null
  const name = /may be forged/i.test(told) ? null : (/\(([a-z0-9.-]+\.[a-z0-9-]+)\.?\s+\[/i.exec(told)?.[1] ?? null)
  return { address, helo: helo.replace(/[^\x21-\x7e]/g, '').slice(0, 255), name, by }
}

// An IPv4 address in IPv6 clothes (RFC 4291 2.5.5.2).
const plain = (address: string): string => /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address

function isWithin({ address, name, by }: Hop): boolean {
  if (inside.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')) return true
  return name !== null && sameOrganization(name, by)
}

/** Addresses that no message comes from outside with (RFC 6890), and those of Microsoft's own network, which only its servers use among themselves. */
const inside = new BlockList()
for (const [network, bits] of [['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.168.0.0', 16], ['224.0.0.0', 3]] as const) inside.addSubnet(network, bits, 'ipv4')
for (const [network, bits] of [['::', 127], ['fc00::', 7], ['fe80::', 10], ['ff00::', 8], ['2603:1000::', 24]] as const) inside.addSubnet(network, bits, 'ipv6')

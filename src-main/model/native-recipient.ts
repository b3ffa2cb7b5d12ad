/** What native mail serves. Domains in ASCII (RFC 5890), so that they can be compared. */
export type NativeAddresses = { support: string | null; host: string | null; addresses: readonly string[] }

/**
 * Whether mail for a recipient (RCPT TO) is taken: for the support address and the further ones, with or without a detail after `+`
 * (RFC 5233), and for the postmaster of the host (RFC 5321 4.5.1), with or without a domain. `elsewhere` would be relaying, `unknown`
 * is an address of ours that nobody has. No server in use tells upper from lower case in the local part.
 */
export function nativeRecipient(recipient: string, { support, host, addresses }: NativeAddresses): 'here' | 'unknown' | 'elsewhere' {
  const wanted = recipient.toLowerCase()
  const domain = host === null ? null : mailDomain(host).toLowerCase()
  if (wanted === 'postmaster' || (domain !== null && wanted === `postmaster@${domain}`)) return 'here'
  const served = [...(support === null ? [] : [support]), ...addresses].map((one) => one.toLowerCase())
  if (served.includes(wanted) || served.includes(wanted.replace(/^([^+"]+)\+[^@]*@/, '$1@'))) return 'here'
  return [...(domain === null ? [] : [domain]), ...served.map(domainOf)].includes(domainOf(wanted)) ? 'unknown' : 'elsewhere'
}

/** `instance@host`; null while one of them is missing. */
export const supportAddressOf = ({ instance, host }: { instance: string | null; host: string | null }): string | null =>
  instance === null || host === null ? null : `${instance}@${mailDomain(host)}`

/** A host as the right side of an address: IP addresses in brackets (RFC 5321 4.1.3). */
const mailDomain = (host: string): string => (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(host) ? `[${host}]` : host.includes(':') ? `[IPv6:${host}]` : host)

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1)

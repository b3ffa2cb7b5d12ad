import type { Address } from '#contract/message.ts'

type Field = { name: string; value: string }
type Recipients = { to: readonly Address[]; cc: readonly Address[]; fields: readonly Field[] }

const envelopeFields = new Set(['delivered-to', 'x-original-to', 'envelope-to', 'x-envelope-to', 'x-delivered-to', 'resent-to', 'resent-cc', 'x-forwarded-to', 'apparently-to'])

/**
 * The served address that a message is addressed to: in To, Cc or what the servers on its way noted of the envelope. null where it is
 * addressed to none of them. A detail after `+` (RFC 5233) does not matter.
 */
export function servedAddress({ to, cc, fields }: Recipients, addresses: readonly string[]): string | null {
  const served = new Map(addresses.map((address) => [comparable(address), address]))
  const noted = fields.filter(({ name }) => envelopeFields.has(name)).flatMap(({ value }) => addressesIn(value))
  for (const one of [...to.map(({ address }) => address), ...cc.map(({ address }) => address), ...noted]) {
    const found = served.get(comparable(one)) ?? served.get(withoutDetail(comparable(one)))
    if (found !== undefined) return found
  }
  return null
}

/** Whether two addresses mean the same mailbox; no server in use tells upper from lower case in the local part. */
export const sameAddress = (one: string, other: string): boolean => comparable(one) === comparable(other)

/** Addresses for asking whether one is among them. */
export const addressSet = (addresses: readonly string[]): ReadonlySet<string> => new Set(addresses.filter((address) => address.includes('@')).map(comparable))

/** Whether an address, with or without a detail after `+`, is among those of a set. */
export const isAmong = (set: ReadonlySet<string>, address: string): boolean => set.has(comparable(address)) || set.has(withoutDetail(comparable(address)))

/** Under what mail from and to an address is counted: a detail after `+` (RFC 5233), which may be another one each time, does not matter. */
export const countedAs = (address: string): string => withoutDetail(comparable(address))

/** All addresses of the domain of an address, for counting what goes there: `@example.com`. */
export const domainOf = (address: string): string => comparable(address).slice(Math.max(0, address.trim().lastIndexOf('@')))

/** Whether a set of `addressSet` has an address of the same domain. */
export const hasDomainOf = (set: ReadonlySet<string>, address: string): boolean => {
  const domain = domainOf(address)
  return [...set].some((one) => one.endsWith(domain))
}

const comparable = (address: string): string => address.trim().toLowerCase()
const withoutDetail = (address: string): string => address.replace(/^([^+"]+)\+[^@]*@/, '$1@')
const addressesIn = (value: string): string[] => value.slice(0, 10_000).split(/[\s,;<>()]+/).filter((word) => word.includes('@'))

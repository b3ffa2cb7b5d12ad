import { mailAddress } from '#contract/fields.ts'

/**
 * The first address in a value that somebody typed; null where there is none. Mail programs write `a@b.c <mailto:a@b.c>`. The domain
 * comes in lower case.
 */
export function firstAddress(value: string): string | null {
  const [found] = value.slice(0, 500).match(/[^\s<>()",;:]{1,64}@[^\s<>()",;:]{1,190}/) ?? []
  if (found === undefined || !mailAddress.safeParse(found).success) return null
  const at = found.lastIndexOf('@')
  return `${found.slice(0, at)}${found.slice(at).toLowerCase()}`
}

/** The value without addresses and the signs around them. */
export const withoutAddresses = (value: string): string => value.slice(0, 500).replace(/[<("]{0,3}(?:mailto:)?[^\s<>()"]{1,64}@[^\s<>()"]{1,190}[>)"]{0,3}/g, ' ').replace(/\s+/g, ' ').trim()

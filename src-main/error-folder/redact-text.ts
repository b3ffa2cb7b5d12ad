/** Replaces personal data in texts, the same by the same all over one bundle. */
export type PersonalRedactor = {
  /** Names of people as they stand in From, To and the like; their words are replaced from now on. */
  learn(names: readonly string[]): void
  /** Addresses, learned names and telephone numbers replaced by `person1@domain1.example`, `Name1` and `+00 000 00001`. */
  text(text: string): string
  /** The same without telephone numbers: for header fields, where digits mean something else. */
  field(text: string): string
}

const address = String.raw`(?<address>[^\s@<>()[\],;:"'=?&]+@[^\s@<>()[\],;:"'=?&]+)`
const phone = String.raw`(?<phone>(?<![\p{L}\p{N}._@-])(?:\+|\(\+?|0)\d?(?:[ ()/.-]{0,2}\d){6,14}(?![\p{L}\p{N}@-]))`
const word = String.raw`(?<word>\p{L}[\p{L}\p{M}’]*)`
const inText = new RegExp(`${address}|${phone}|${word}`, 'gu')
const inFields = new RegExp(`${address}|${word}`, 'gu')

/** Words that are part of many display names and tell nothing about a person. */
const plainWords = new Set(['the', 'and', 'von', 'van', 'der', 'und', 'via', 'for', 'mail', 'support', 'service', 'desk', 'team', 'help', 'helpdesk', 'info', 'office', 'test', 'group', 'list', 'admin', 'postmaster', 'daemon', 'mailer', 'system', 'delivery', 'subsystem', 'undisclosed', 'recipients'])

export function createPersonalRedactor(): PersonalRedactor {
  const addresses = new Map<string, string>()
  const domains = new Map<string, string>()
  const names = new Map<string, string>()
  const phones = new Map<string, string>()
  const replaced = (all: Map<string, string>, key: string, make: (number: number) => string): string => {
    const known = all.get(key) ?? make(all.size + 1)
    all.set(key, known)
    return known
  }
  const replaceAddress = (found: string): string => {
    const key = found.toLowerCase().replace(/\.+$/, '')
    const domain = replaced(domains, key.slice(key.lastIndexOf('@') + 1), (number) => `domain${number}.example`)
    return replaced(addresses, key, (number) => `person${number}@${domain}`)
  }
  const replace = (pattern: RegExp, text: string): string =>
    text.replace(pattern, (found: string, ...rest: unknown[]) => {
      const groups = rest.at(-1) as { address?: string; phone?: string; word?: string }
      if (groups.address !== undefined) return replaceAddress(found)
      if (groups.phone !== undefined) return replaced(phones, found.replace(/\D/g, ''), (number) => `+00 000 ${String(number).padStart(5, '0')}`)
      return names.get(found.toLowerCase()) ?? found
    })
  return {
    learn(some) {
      for (const name of some.filter((one) => !one.includes('@')))
        for (const [part] of name.matchAll(/\p{L}[\p{L}\p{M}’]*/gu))
          if (part.length >= 3 && !plainWords.has(part.toLowerCase())) replaced(names, part.toLowerCase(), (number) => `Name${number}`)
    },
    text: (text) => replace(inText, text),
    field: (text) => replace(inFields, text)
  }
}

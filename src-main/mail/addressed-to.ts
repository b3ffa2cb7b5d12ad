/**
 * The message (RFC 5322) with a header that names exactly these recipients: those in To and Cc stay there, the others come into Bcc, and who is no
 * recipient is taken out. A header that says so already is left as it is, byte for byte. Pure.
 */
export function addressedTo(raw: Buffer, recipients: readonly string[]): Buffer {
  const { fields, others, rest } = parted(raw, recipients)
  return Buffer.concat([Buffer.from([...(others.length === 0 ? [] : [listField('Bcc', others)]), ...fields].join(''), 'latin1'), rest])
}

/** As `addressedTo`, for who is told beside the message of those that To and Cc do not name. */
export function addressedBeside(raw: Buffer, recipients: readonly string[]): { raw: Buffer; bcc: string[] } {
  const { fields, others, rest } = parted(raw, recipients)
  return { raw: Buffer.concat([Buffer.from(fields.join(''), 'latin1'), rest]), bcc: others }
}

/** The fields of the header that name no one but these recipients, those whom none of them names, and the body. */
function parted(raw: Buffer, recipients: readonly string[]): { fields: string[]; others: string[]; rest: Buffer } {
  const end = headerEnd(raw)
  const wanted = new Map(recipients.map((address) => [address.toLowerCase(), address]))
  const named = new Set<string>()
  const fields = fieldsOf(raw.toString('latin1', 0, end)).flatMap((field) => {
    const name = /^(to|cc|bcc|resent-(?:to|cc|bcc))[ \t]*:/i.exec(field)?.[1]
    if (name === undefined) return [field]
    if (!/^(?:to|cc)$/i.test(name)) return []
    const found = addressesIn(field.slice(field.indexOf(':') + 1))
    const right = found.filter((address) => wanted.has(address.toLowerCase()))
    for (const address of right) named.add(address.toLowerCase())
    return right.length === found.length ? [field] : right.length === 0 ? [] : [listField(name, right)]
  })
  return { fields, others: [...wanted].filter(([key]) => !named.has(key)).map(([, address]) => address), rest: raw.subarray(end) }
}

/** Addresses of a header field's value: display names, quoted strings and comments are left out. */
export function addressesIn(value: string): string[] {
  const bare = value.replace(/\r?\n/g, '').replace(/"(?:[^"\\]|\\.)*"(?!@)/g, ' ').replace(/\((?:[^()\\]|\\.)*\)/g, ' ')
  return bare.split(/[,;]/).flatMap((part) => {
    const address = /<([^<>]*)>/.exec(part)?.[1] ?? part.slice(part.lastIndexOf(':') + 1)
    const text = Buffer.from(address.trim(), 'latin1').toString('utf8')
    return text.includes('@') ? [text] : []
  })
}

/** One address a line, so that no line grows beyond 998 characters (RFC 5322 2.1.1); addresses beyond ASCII are UTF-8 (RFC 6532). */
const listField = (name: string, addresses: readonly string[]): string =>
  `${name}: ${addresses.map((address) => Buffer.from(address.replace(/[\r\n\0]/g, ''), 'utf8').toString('latin1')).join(',\r\n ')}\r\n`

/** Where the body begins: behind the last line of the header. */
function headerEnd(raw: Buffer): number {
  const found = raw.indexOf('\r\n\r\n')
  return found < 0 ? raw.length : found + 2
}

const fieldsOf = (header: string): string[] => header.match(/[^\r\n][^\n]*(?:\n[ \t][^\n]*)*\n?/g) ?? []

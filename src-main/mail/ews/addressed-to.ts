/** A finished message, and those of its recipients that its header does not name. */
export type Addressed = { raw: Buffer; bcc: string[] }

/**
 * Exchange sends to whom To and Cc name, and to Bcc besides; the envelope must not differ from that. Where the header names somebody whom the
 * envelope does not, To and Cc are rewritten to those of the envelope. Line ends stay. Pure.
 */
export function addressedTo(raw: Buffer, recipients: readonly string[]): Addressed {
  const { head, rest } = parted(raw)
  const envelope = new Map(recipients.map((address) => [address.toLowerCase(), address]))
  const fields = head.split(/(?<=\r?\n)(?![ \t])/)
  const named = new Set(fields.filter(isRecipients).flatMap(addressesIn))
  const bcc = (headed: ReadonlySet<string>): string[] => [...envelope].filter(([address]) => !headed.has(address)).map(([, address]) => address)
  const hidden = fields.some((field) => /^(?:bcc|resent-(?:to|cc|bcc)):/i.test(field))
  if (!hidden && [...named].every((address) => envelope.has(address))) return { raw, bcc: bcc(named) }
  const kept = fields.filter((field) => !/^(?:bcc|resent-(?:to|cc|bcc)):/i.test(field)).flatMap((field) => {
    if (!isRecipients(field)) return [field]
    const those = addressesIn(field).flatMap((address) => envelope.get(address) ?? [])
    return those.length === 0 ? [] : [`${field.slice(0, field.indexOf(':'))}: ${those.join(', ')}\r\n`]
  })
  const left = new Set([...named].filter((address) => envelope.has(address)))
  return { raw: Buffer.concat([Buffer.from(kept.join(''), 'latin1'), rest]), bcc: bcc(left) }
}

const isRecipients = (field: string): boolean => /^(?:to|cc):/i.test(field)

/** Addresses of a field in lower case; display names in quotes and comments are no addresses. */
function addressesIn(field: string): string[] {
  const bare = field.slice(field.indexOf(':') + 1).replace(/"(?:[^"\\]|\\.)*"(?!@)/g, ' ').replace(/\((?:[^()\\]|\\.)*\)/g, ' ')
  return (bare.match(/[^\s<>,;:"()]+@[^\s<>,;:"()]+/g) ?? []).map((address) => address.toLowerCase())
}

function parted(raw: Buffer): { head: string; rest: Buffer } {
  const end = raw.indexOf('\r\n\r\n')
  const cut = end === -1 ? raw.length : end + 2
  return { head: raw.subarray(0, cut).toString('latin1'), rest: raw.subarray(cut) }
}

const limit = 1000

/** Message-IDs of a header value in their order, each once, in angle brackets and without white space; at most 1,000. */
export function messageIds(value: string): string[] {
  const ids = new Set<string>()
  let at = 0
  while (ids.size < limit) {
    const begin = value.indexOf('<', at)
    const end = begin === -1 ? -1 : value.indexOf('>', begin)
    if (end === -1) break
    const inner = value.slice(value.lastIndexOf('<', end) + 1, end).replace(/[\s\x00-\x1f\x7f]+/g, '')
    if (inner !== '') ids.add(`<${inner}>`)
    at = end + 1
  }
  if (ids.size === 0) for (const word of bareIds(value)) ids.add(`<${word}>`)
  return [...ids]
}

/** The message's own id: as in brackets, otherwise the whole value where it is one word; null for none. */
export function ownMessageId(value: string): string | null {
  const [first] = messageIds(value)
  if (first !== undefined) return first
  const word = value.replace(/[<>\x00-\x1f\x7f]/g, '').trim()
  return word !== '' && !/\s/.test(word) ? `<${word.slice(0, 1000)}>` : null
}

const bareIds = (value: string): string[] => value.split(/[\s,;<>]+/).filter((word) => /^[^@]+@[^@]+$/.test(word)).slice(0, limit)

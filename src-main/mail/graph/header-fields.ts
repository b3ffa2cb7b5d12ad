/** A field of a MIME header: its value without parameters in lower case, and its parameters decoded (RFC 2045 5.1, RFC 2231, RFC 2047). */
export type HeaderField = { value: string; parameters: Readonly<Record<string, string>> }

/** The unfolded value of a field of a header; empty where there is none. Pure. */
export function fieldOf(header: string, name: string): string {
  return (new RegExp(`^${name}[ \\t]*:([^\\r\\n]*(?:\\r?\\n[ \\t][^\\r\\n]*)*)`, 'im').exec(header)?.[1] ?? '').replace(/\r?\n/g, '').trim()
}

export function parsedField(header: string, name: string): HeaderField {
  const text = fieldOf(header, name)
  const pieces = new Map<string, { at: number; text: string; isEncoded: boolean }[]>()
  for (const [, key = '', section, star, quoted, token = ''] of text.matchAll(/;[ \t]*([^\s=*;]+)(?:\*(\d+))?(\*)?[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s;]*))/g)) {
    const piece = { at: Number(section ?? 0), text: quoted?.replace(/\\(.)/g, '$1') ?? token, isEncoded: star !== undefined }
    pieces.set(key.toLowerCase(), [...(pieces.get(key.toLowerCase()) ?? []), piece])
  }
  const parameters = Object.fromEntries([...pieces].map(([key, found]) => [key, joined(found)]))
  return { value: (text.split(';')[0] ?? '').trim().toLowerCase(), parameters }
}

function joined(pieces: { at: number; text: string; isEncoded: boolean }[]): string {
  // An extended parameter says more than the plain one beside it.
  const best = pieces.some(({ isEncoded }) => isEncoded) ? pieces.filter(({ isEncoded, at }) => isEncoded || at > 0) : pieces
  const inOrder = best.toSorted((a, b) => a.at - b.at)
  const charset = /^([^']*)'[^']*'/.exec(inOrder[0]?.isEncoded === true ? inOrder[0].text : '')?.[1] ?? null
  if (charset === null) return words(Buffer.from(inOrder.map(({ text }) => text).join(''), 'latin1').toString('utf8'))
  const bytes = inOrder.map(({ text, isEncoded }, index) => {
    const bare = index === 0 ? text.replace(/^[^']*'[^']*'/, '') : text
    return isEncoded ? percent(bare) : Buffer.from(bare, 'latin1')
  })
  return decoded(Buffer.concat(bytes), charset)
}

const percent = (text: string): Buffer => Buffer.from(text.replace(/%([0-9a-f]{2})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))), 'latin1')

/** Encoded words, which RFC 2047 does not allow in parameters and many programs write there. */
function words(text: string): string {
  return text.replace(/(\?=)[ \t]+(?==\?)/g, '$1').replace(/=\?([^?*]+)(?:\*[^?]*)?\?([bq])\?([^?]*)\?=/gi, (_all, charset: string, kind: string, content: string) =>
    decoded(kind.toLowerCase() === 'b' ? Buffer.from(content, 'base64') : percent(content.replaceAll('_', ' ').replaceAll('=', '%')), charset))
}

function decoded(bytes: Buffer, charset: string): string {
  try {
    return new TextDecoder(charset).decode(bytes)
  } catch {
    // A charset that nobody knows.
    return bytes.toString('utf8')
  }
}

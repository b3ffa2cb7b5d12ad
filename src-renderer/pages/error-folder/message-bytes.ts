/** Bytes as a text of the same length, a character each, so that offsets are the same. */
export const latin1Of = (bytes: Uint8Array): string => {
  const pieces: string[] = []
  for (let at = 0; at < bytes.length; at += 32_768) pieces.push(String.fromCharCode(...bytes.subarray(at, at + 32_768)))
  return pieces.join('')
}
/** The way back; characters beyond U+00FF are not allowed. */
export const bytesOf = (latin1: string): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(latin1.length)
  for (let at = 0; at < latin1.length; at++) bytes[at] = latin1.charCodeAt(at)
  return bytes
}
export const base64Of = (bytes: Uint8Array): string => btoa(latin1Of(bytes))

/** Text in UTF-8, as latin-1 view. */
export const utf8View = (text: string): string => latin1Of(new TextEncoder().encode(text))

/** What a character set makes of bytes; null where its name is unknown. https://encoding.spec.whatwg.org/#names-and-labels */
export const decoded = (view: string, charset: string): string | null => {
  try {
    return new TextDecoder(charset, { ignoreBOM: true }).decode(bytesOf(view))
  } catch {
    return null
  }
}

/** UTF-8 that is nothing else; null for any other bytes. */
export const strictUtf8 = (view: string): string | null => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytesOf(view))
  } catch {
    return null
  }
}

export type TransferEncoding = 'base64' | 'quoted-printable' | 'identity'

/** The bytes behind a transfer encoding (RFC 2045 6), as latin-1 view. Never throws: what is no encoding is left out. */
export const untransferred = (body: string, encoding: TransferEncoding): string => {
  if (encoding === 'quoted-printable') return body.replace(/[ \t]+(?=\r?$)/gm, '').replace(/=\r?\n/g, '').replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
  if (encoding === 'identity') return body
  const signs = body.replace(/[^A-Za-z0-9+/]/g, '')
  return atob(signs.slice(0, signs.length - (signs.length % 4 === 1 ? 1 : 0)))
}

/** A latin-1 view in a transfer encoding, in lines of at most 76 characters. */
export const transferred = (view: string, encoding: TransferEncoding): string => {
  if (encoding === 'base64') return btoa(view).replace(/.{76}(?=.)/g, '$&\r\n')
  return encoding === 'identity' ? view : view.split(/\r?\n/).map(quotedLine).join('\r\n')
}

function quotedLine(line: string): string {
  const signs = line.match(/[^]/g) ?? []
  const quoted = signs.map((sign, index) => (/[!-<>-~]/.test(sign) || (/[ \t]/.test(sign) && index < signs.length - 1) ? sign : `=${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`))
  const lines: string[] = ['']
  for (const sign of quoted) {
    const last = lines.at(-1) ?? ''
    if (last.length + sign.length > 75) lines.push(sign)
    else lines[lines.length - 1] = last + sign
  }
  return lines.join('=\r\n')
}

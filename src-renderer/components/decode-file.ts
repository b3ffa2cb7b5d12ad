/** Encodings that a file which is not UTF-8 may be in, under the names of the Encoding Standard (https://encoding.spec.whatwg.org/#names-and-labels). */
export const otherEncodings = [
  { value: 'windows-1252', label: 'Western European (Windows-1252)' },
  { value: 'windows-1250', label: 'Central European (Windows-1250)' },
  { value: 'windows-1251', label: 'Cyrillic (Windows-1251)' },
  { value: 'windows-1253', label: 'Greek (Windows-1253)' },
  { value: 'windows-1254', label: 'Turkish (Windows-1254)' },
  { value: 'shift_jis', label: 'Japanese (Shift JIS)' },
  { value: 'gb18030', label: 'Chinese (GB 18030)' }
] as const
export type OtherEncoding = (typeof otherEncodings)[number]['value']

/** The text of a file that says by itself how it is encoded: a byte order mark, or valid UTF-8. null: it does not. */
export const plainlyDecoded = (bytes: Uint8Array): string | null => {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (thrown) {
    if (thrown instanceof TypeError) return null
    throw thrown
  }
}

export const decodedAs = (bytes: Uint8Array, encoding: OtherEncoding): string => new TextDecoder(encoding).decode(bytes)

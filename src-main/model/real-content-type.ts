/** Kinds of content that are recognised by their first bytes. */
export const contentKinds = ['png', 'jpeg', 'gif', 'bmp', 'webp', 'tiff', 'heif', 'pdf', 'zip', 'rar', '7z', 'gzip', 'ole', 'rtf', 'windows-program', 'elf-program', 'mp4', 'mp3'] as const
export type ContentKind = (typeof contentKinds)[number]

/** How many bytes of a file are enough to recognise it. */
export const recognisedFrom = 64

const ascii = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0))
const beginnings: readonly [ContentKind, number, number[]][] = [
  ['png', 0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['jpeg', 0, [0xff, 0xd8, 0xff]],
  ['gif', 0, ascii('GIF8')],
  ['webp', 8, ascii('WEBP')],
  ['tiff', 0, [0x49, 0x49, 0x2a, 0x00]],
  ['tiff', 0, [0x4d, 0x4d, 0x00, 0x2a]],
  ['pdf', 0, ascii('%PDF-')],
  ['zip', 0, [0x50, 0x4b, 0x03, 0x04]],
  ['zip', 0, [0x50, 0x4b, 0x05, 0x06]],
  ['rar', 0, ascii('Rar!\x1a\x07')],
  ['7z', 0, [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]],
  ['gzip', 0, [0x1f, 0x8b, 0x08]],
  ['ole', 0, [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]],
  ['rtf', 0, ascii('{\\rtf')],
  ['elf-program', 0, [0x7f, 0x45, 0x4c, 0x46]],
  ['mp3', 0, ascii('ID3')]
]

/** The kind of a file by its first bytes (at least `recognisedFrom` of them, or all); null where they tell nothing. */
export function realContentType(bytes: Uint8Array): ContentKind | null {
  const has = (offset: number, wanted: readonly number[]): boolean => bytes.length >= offset + wanted.length && wanted.every((byte, index) => bytes[offset + index] === byte)
  for (const [kind, offset, wanted] of beginnings) if (has(offset, wanted)) return kind
  if (has(4, ascii('ftyp'))) return /^(?:hei|hev|mif1|msf1|avif)/.test(String.fromCharCode(...bytes.subarray(8, 12))) ? 'heif' : 'mp4'
  // Two letters alone would take a text for a program or a picture: the header behind them must fit.
  if (has(0, ascii('MZ')) && bytes.length >= 64 && bytes.subarray(2, 64).some((byte) => byte === 0)) return 'windows-program'
  if (has(0, ascii('BM')) && bytes.length >= 18 && has(6, [0, 0, 0, 0]) && bytes[15] === 0 && bytes[17] === 0) return 'bmp'
  return null
}

import type { MessageContent } from '#contract/message.ts'
import type { Leaf } from './walk-parts.ts'

export type Protection = NonNullable<MessageContent['protection']>

const smimeTypes = /^application\/(?:x-)?pkcs7-mime$/
const smimeSignatures = /^application\/(?:x-)?pkcs7-signature$/
/** Longest text in which armor is looked for. */
const longest = 2_000_000

/** Is the part S/MIME data (RFC 8551 3.2)? Gateways name it octet-stream and keep the file name. */
export const isSmimeData = ({ header }: Leaf): boolean => smimeTypes.test(header.type) || (header.type === 'application/octet-stream' && /\.p7m$/i.test(header.fileName ?? ''))

/** What signs or encrypts the message as a whole, by its parts: RFC 1847 multiparts of RFC 8551 and RFC 3156. S/MIME data are looked into elsewhere. */
export function protectionOfParts(leaves: readonly Leaf[]): Protection | null {
  for (const { header, parent } of leaves) {
    if (parent === 'multipart/encrypted' && header.type === 'application/pgp-encrypted') return 'pgp-encrypted'
    if (parent === 'multipart/signed' && header.type === 'application/pgp-signature') return 'pgp-signed'
    if (parent === 'multipart/signed' && smimeSignatures.test(header.type)) return 'smime-signed'
  }
  return null
}

/** What a text says in place of what cannot be read; '' where nothing is encrypted. */
export function wordsForEncrypted(protection: Protection | null): string {
  if (protection === 'smime-encrypted') return 'This message is encrypted with S/MIME and cannot be read here. The encrypted content is attached.'
  return protection === 'pgp-encrypted' ? 'This message is encrypted with OpenPGP and cannot be read here. The encrypted content is attached.' : ''
}

/**
 * Takes the frame of a clear-signed text away (RFC 9580 7): armor header, dash escapes, signature. An encrypted block is only
 * recognised. Armor in quoted lines is somebody else's.
 */
export function readArmor(text: string): { text: string; protection: Protection | null } {
  if (!text.includes('-----BEGIN PGP ') || text.length > longest) return { text, protection: null }
  if (/^-----BEGIN PGP MESSAGE-----[ \t]*$/m.test(text)) return { text, protection: 'pgp-encrypted' }
  const begin = /^-----BEGIN PGP SIGNED MESSAGE-----[ \t]*\n(?:[A-Za-z-]+: [^\n]*\n)*[ \t]*\n/m.exec(text)
  if (begin === null) return { text, protection: null }
  const from = begin.index + begin[0].length
  const signature = text.indexOf('\n-----BEGIN PGP SIGNATURE-----', from - 1)
  const closing = signature === -1 ? -1 : text.indexOf('\n-----END PGP SIGNATURE-----', signature)
  if (closing === -1) return { text, protection: null }
  const after = text.indexOf('\n', closing + 1)
  const signed = text.slice(from, Math.max(from, signature)).replace(/^- /gm, '')
  const parts = [text.slice(0, begin.index).trimEnd(), signed.trimEnd(), after === -1 ? '' : text.slice(after + 1).trim()]
  return { text: parts.filter((part) => part !== '').join('\n\n'), protection: 'pgp-signed' }
}

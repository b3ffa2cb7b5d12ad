import { decodeWords } from './decode-words.ts'
import { fieldValue, readHeader } from './read-header.ts'
import type { Leaf } from './walk-parts.ts'

/** Names of parts that are known by their type; they seldom carry one. */
const byType: Record<string, string> = {
  'text/calendar': 'invite.ics', 'application/ics': 'invite.ics', 'application/pkcs7-mime': 'smime.p7m', 'application/x-pkcs7-mime': 'smime.p7m',
  'application/pkcs7-signature': 'smime.p7s', 'application/x-pkcs7-signature': 'smime.p7s', 'application/pgp-signature': 'signature.asc',
  'application/pgp-encrypted': 'pgp-version.txt', 'application/pgp-keys': 'public-key.asc', 'application/ms-tnef': 'winmail.dat', 'application/vnd.ms-tnef': 'winmail.dat',
  'message/delivery-status': 'delivery-status.txt', 'message/global-delivery-status': 'delivery-status.txt', 'message/disposition-notification': 'disposition-notification.txt',
  'text/rfc822-headers': 'headers.txt', 'message/global-headers': 'headers.txt', 'message/feedback-report': 'feedback-report.txt', 'text/vcard': 'contact.vcf', 'text/x-vcard': 'contact.vcf'
}
const extensions: Record<string, string> = {
  'application/pdf': 'pdf', 'image/png': 'png', 'image/jpeg': 'jpg', 'image/jpg': 'jpg', 'image/gif': 'gif', 'image/bmp': 'bmp', 'image/tiff': 'tif', 'image/webp': 'webp', 'image/svg+xml': 'svg', 'image/heic': 'heic',
  'text/plain': 'txt', 'text/html': 'html', 'text/csv': 'csv', 'text/xml': 'xml', 'application/xml': 'xml', 'application/json': 'json', 'text/rtf': 'rtf', 'application/rtf': 'rtf', 'text/markdown': 'md',
  'application/zip': 'zip', 'application/x-zip-compressed': 'zip', 'application/gzip': 'gz', 'application/x-gzip': 'gz', 'application/x-7z-compressed': '7z', 'application/x-rar-compressed': 'rar', 'application/vnd.rar': 'rar', 'application/x-tar': 'tar',
  'application/msword': 'doc', 'application/vnd.ms-excel': 'xls', 'application/vnd.ms-powerpoint': 'ppt', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx', 'application/vnd.openxmlformats-officedocument.presentationml.presentation': 'pptx',
  'application/vnd.oasis.opendocument.text': 'odt', 'application/vnd.oasis.opendocument.spreadsheet': 'ods', 'audio/mpeg': 'mp3', 'audio/wav': 'wav', 'audio/x-wav': 'wav', 'audio/ogg': 'ogg', 'audio/mp4': 'm4a',
  'video/mp4': 'mp4', 'video/quicktime': 'mov', 'video/mpeg': 'mpg', 'message/rfc822': 'eml', 'message/global': 'eml'
}

/** The name of an attachment: as given, else by what it is, else `attachment-N.ext` with N counting from 1. Never empty, no control character. */
export function nameAttachment(raw: Buffer, leaf: Leaf, number: number): string {
  const { type, fileName } = leaf.header
  if (fileName !== null) return fileName
  if (type === 'message/rfc822' || type === 'message/global') return `${nestedSubject(raw, leaf) ?? `attachment-${number}`}.eml`
  if (type === 'application/octet-stream' && leaf.parent === 'multipart/encrypted') return 'encrypted.asc'
  const known = Object.hasOwn(byType, type) ? byType[type] : undefined
  if (known !== undefined) return known
  const extension = Object.hasOwn(extensions, type) ? extensions[type] : 'bin'
  return `attachment-${number}.${extension}`
}

/** The subject of an attached message, fit for a file name. */
function nestedSubject(raw: Buffer, leaf: Leaf): string | null {
  if (leaf.header.encoding !== 'identity') return null
  const subject = fieldValue(readHeader(raw, leaf.start, Math.min(leaf.end, leaf.start + 65_536)).fields, 'subject')
  const name = decodeWords((subject ?? '').slice(0, 2000)).replace(/[\\/:*?"<>|\p{Cc}\p{Cf}]+/gu, ' ').replace(/\s+/g, ' ').trim().replace(/^\.+|\.+$/g, '').slice(0, 80).trim()
  return name === '' ? null : name.toWellFormed()
}

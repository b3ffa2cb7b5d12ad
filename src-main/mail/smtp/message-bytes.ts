import type MimeNode from 'nodemailer/lib/mime-node'
import { encode as encodeBase64, wrap as wrapBase64 } from 'nodemailer/lib/base64'
import { encode as encodeQuoted, wrap as wrapQuoted } from 'nodemailer/lib/qp'

/**
 * The bytes of a composed message whose content is text with CRLF at the end of each line, at once: nodemailer writes a message through a chain of streams for each part, which
 * for a mail of some kilobytes costs more than all the rest. null where a part has other content. A test holds it to what nodemailer writes.
 */
export function messageBytes(root: MimeNode): Buffer | null {
  const written = partText(root)
  return written === null ? null : Buffer.from(written.endsWith('\r\n') ? written : `${written}\r\n`)
}

function partText(node: MimeNode): string | null {
  // The boundary is made with the header.
  const header = `${node.buildHeaders()}\r\n\r\n`
  if (!node.multipart) return typeof node.content === 'string' ? header + encoded(node.content, node.getTransferEncoding()) : node.content === undefined ? header : null
  const parts = node.childNodes.map(partText)
  return parts.includes(null) ? null : `${header}${parts.map((part, index) => `${index > 0 ? '\r\n' : ''}--${node.boundary}\r\n${part}`).join('')}\r\n--${node.boundary}--\r\n`
}

function encoded(text: string, encoding: string | false): string {
  if (encoding === 'quoted-printable') return wrapQuoted(encodeQuoted(text), 76)
  return encoding === 'base64' ? wrapBase64(encodeBase64(text), 76) : text
}

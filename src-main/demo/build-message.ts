import { encodeText } from './encode-text.ts'

export type TransferEncoding = '7bit' | '8bit' | 'quoted-printable' | 'base64'
/** `claims` is a charset that the part names although its bytes are of another one. */
export type TextPart = { kind: 'text'; subtype: string; text: string; charset: string; encoding: TransferEncoding; claims?: string }
export type FilePart = { kind: 'file'; name: string; contentType: string; content: Buffer; disposition: 'attachment' | 'inline'; contentId?: string }
export type MultiPart = { kind: 'multi'; subtype: 'mixed' | 'alternative' | 'related' | 'report'; parts: MessagePart[] }
export type MessagePart = TextPart | FilePart | MultiPart

/** Header fields in order, as people read them; what is not ASCII becomes encoded words of `charset` (RFC 2047). */
export type MessageToBuild = { headers: [name: string, value: string][]; charset: string; body: MessagePart; boundary: () => string }

/** The message in the form of RFC 5322, lines ended by CRLF. */
export const buildMessage = ({ headers, charset, body, boundary }: MessageToBuild): Buffer => {
  const fields = headers.map(([name, value]) => `${name}: ${encodeHeader(value, charset)}\r\n`).join('')
  return Buffer.concat([Buffer.from(`${fields}MIME-Version: 1.0\r\n`), buildPart(body, boundary)])
}

/** Encoded words wherever a word is not ASCII; addresses in angle brackets stay as they are. */
export const encodeHeader = (value: string, charset: string): string => {
  if (/^[\x20-\x7e\r\n\t]*$/.test(value)) return value
  const address = /^(.*?)\s*(<[^<>]*>)$/su.exec(value)
  if (address !== null) return `${encodeHeader(address[1] ?? '', charset)} ${address[2]}`
  const words: string[] = []
  for (let rest = [...value]; rest.length > 0; rest = rest.slice(12)) words.push(`=?${charset}?B?${encodeText(rest.slice(0, 12).join(''), charset).toString('base64')}?=`)
  return words.join('\r\n ')
}

function buildPart(part: MessagePart, boundary: () => string): Buffer {
  if (part.kind === 'multi') return buildMultipart(part, boundary)
  if (part.kind === 'file') return buildFile(part)
  const head = `Content-Type: text/${part.subtype}; charset=${part.claims ?? part.charset}\r\nContent-Transfer-Encoding: ${part.encoding}\r\n\r\n`
  return Buffer.concat([Buffer.from(head), transferEncode(encodeText(part.text.replace(/\r?\n/g, '\r\n'), part.charset), part.encoding), lineEnd])
}

function buildMultipart(part: MultiPart, boundary: () => string): Buffer {
  const mark = boundary()
  const opening = Buffer.from(`--${mark}\r\n`)
  const inner = part.parts.flatMap((child) => [opening, buildPart(child, boundary)])
  return Buffer.concat([Buffer.from(`Content-Type: multipart/${part.subtype}; boundary="${mark}"\r\n\r\n`), ...inner, Buffer.from(`--${mark}--\r\n`)])
}

function buildFile(part: FilePart): Buffer {
  const name = encodeHeader(part.name, 'utf-8')
  const id = part.contentId === undefined ? '' : `Content-ID: <${part.contentId}>\r\n`
  const head = `Content-Type: ${part.contentType}; name="${name}"\r\nContent-Disposition: ${part.disposition}; filename="${name}"\r\n${id}Content-Transfer-Encoding: base64\r\n\r\n`
  return Buffer.concat([Buffer.from(head), base64Lines(part.content), lineEnd])
}

const lineEnd = Buffer.from('\r\n')

const base64Lines = (content: Buffer): Buffer => Buffer.from(content.toString('base64').replace(/.{76}(?=.)/g, '$&\r\n'), 'latin1')

function transferEncode(bytes: Buffer, encoding: TransferEncoding): Buffer {
  if (encoding === 'base64') return base64Lines(bytes)
  if (encoding === 'quoted-printable') return quotedPrintable(bytes)
  return bytes
}

/** RFC 2045 6.7; lines of at most 76 characters, never split inside an escape. */
function quotedPrintable(bytes: Buffer): Buffer {
  const lines = bytes.toString('latin1').split('\r\n').map((line) => {
    let written = ''
    let column = 0
    for (let at = 0; at < line.length; at++) {
      const code = line.charCodeAt(at)
      const plain = (code >= 33 && code <= 126 && code !== 61) || ((code === 32 || code === 9) && at < line.length - 1)
      const token = plain ? line.charAt(at) : `=${code.toString(16).toUpperCase().padStart(2, '0')}`
      if (column + token.length > 75) { written += '=\r\n'; column = 0 }
      written += token
      column += token.length
    }
    return written
  })
  return Buffer.from(lines.join('\r\n'), 'latin1')
}

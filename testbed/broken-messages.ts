import type { GeneratedMessage } from './message-generator.ts'

/** Makes the message for position `index`; positions make Message-IDs unique. */
export type MessageMaker = (index: number) => GeneratedMessage

/** Messages that must end in errors, each in its own way. */
export const brokenMessages = (seed: number): MessageMaker[] => [
  (index) => broken('no headers at all', null, `This is no message: there is no header and no empty line, number ${index} of ${seed}`, ['message-without-headers']),
  (index) => {
    const id = idOf('header', index, seed)
    const filler = `X-Filler: ${'y'.repeat(950)}\r\n`.repeat(1_100)
    return broken('a header of 1 MB', id, `${head(id, 'Header of a megabyte')}${filler}\r\nbody\r\n`, ['message-header-too-large'])
  },
  (index) => {
    const id = idOf('nested', index, seed)
    return broken('2,000 nested parts', id, `${head(id, 'Two thousand nested parts')}${nested(2_000)}`, ['message-too-deeply-nested', 'message-too-many-parts'])
  },
  (index) => {
    const id = idOf('nobody', index, seed)
    return broken('no sender', id, `To: it@example.com\r\nSubject: From nobody\r\nMessage-ID: ${id}\r\nDate: Thu, 01 Oct 2026 08:00:00 +0000\r\n\r\nWho wrote this?\r\n`, ['message-without-sender'])
  }
]

/** Strange messages that people do send and that must be read. */
export const oddMessages = (seed: number): MessageMaker[] => [
  (index) => {
    const id = idOf('nul', index, seed)
    return odd('a NUL byte in the body', id, Buffer.from(`${head(id, 'A NUL byte')}Content-Type: text/plain; charset=utf-8\r\n\r\nbefore\0after\r\n`))
  },
  (index) => {
    const id = idOf('lie', index, seed)
    return odd('a charset that lies', id, Buffer.concat([Buffer.from(`${head(id, 'A charset that lies')}Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nGr`), Buffer.from([0xfc, 0xdf, 0x65]), Buffer.from(' aus Köln\r\n', 'latin1')]))
  },
  (index) => {
    const id = idOf('unknown', index, seed)
    return odd('a charset nobody knows', id, Buffer.from(`${head(id, '=?x-unheard-of?Q?Caf=E9?=')}Content-Type: text/plain; charset=x-unheard-of\r\n\r\nHello\r\n`))
  },
  (index) => {
    const id = idOf('open', index, seed)
    return odd('a multipart that is never closed', id, Buffer.from(`${head(id, 'Never closed')}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nThe rest was cut off\r\n`))
  },
  (index) => {
    const id = idOf('long', index, seed)
    return odd('a line of 200 KB', id, Buffer.from(`${head(id, 'One long line')}\r\n${'long '.repeat(40_000)}\r\n`))
  },
  (index) => {
    const id = idOf('dots', index, seed)
    return odd('lines that begin with dots', id, Buffer.from(`${head(id, 'Dots')}\r\n.\r\n..\r\n.hidden\r\nend\r\n`))
  }
]

const idOf = (what: string, index: number, seed: number): string => `<${what}.${index}.s${seed}@odd.example.org>`
const head = (id: string, subject: string): string => `From: Odd Sender <odd@example.org>\r\nTo: it@example.com\r\nSubject: ${subject}\r\nDate: Thu, 01 Oct 2026 08:00:00 +0000\r\nMessage-ID: ${id}\r\nMIME-Version: 1.0\r\n`

/** A multipart in a multipart in a multipart …, `depth` of them, with one line of text in the innermost. */
export function nested(depth: number): string {
  let text = ''
  for (let level = 0; level < depth; level++) text += `Content-Type: multipart/mixed; boundary="n${level}"\r\n\r\n--n${level}\r\n`
  text += 'Content-Type: text/plain\r\n\r\nDeep down\r\n'
  for (let level = depth - 1; level >= 0; level--) text += `--n${level}--\r\n`
  return text
}

const odd = (what: string, messageId: string, raw: Buffer): GeneratedMessage => ({ raw, messageId, subject: what, expectation: { kind: 'odd', what } })
const broken = (what: string, messageId: string | null, text: string, codes: Extract<GeneratedMessage['expectation'], { kind: 'broken' }>['codes']): GeneratedMessage =>
  ({ raw: Buffer.from(text), messageId, subject: what, expectation: { kind: 'broken', what, codes } })

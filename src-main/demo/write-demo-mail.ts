import { buildMessage, type MessagePart } from './build-message.ts'
import { arrivingMail, hrMail, itMail, type DemoMail } from './demo-mail.ts'
import { makeFile } from './make-file.ts'
import { signedMail } from './signed-mail.ts'

export type DemoMailbox = 'it' | 'hr'
/** A finished message and when it was received. */
export type WrittenMail = { raw: Buffer; receivedAt: Date }

/** Everything that lies in a mailbox when the demo starts, oldest first: some thirty mails and a few that cannot be processed. */
export const writeMailbox = (mailbox: DemoMailbox, now: Date): WrittenMail[] => {
  const mails = mailbox === 'it' ? itMail : hrMail
  const ids = new Map(mails.flatMap(({ key }, index) => (key === undefined ? [] : [[key, idOf(mailbox, index)] as const])))
  const written = mails.map((mail, index) => write(mail, { mailbox, now, id: idOf(mailbox, index), parent: ids.get(mail.repliesTo ?? '') ?? null, at: ago(now, mail.minutesAgo) }))
  const unreadable = mailbox === 'it' ? itUnreadable(now) : hrUnreadable(now)
  return [...written, ...unreadable].sort((one, other) => one.receivedAt.getTime() - other.receivedAt.getTime())
}

/** A mail that somebody writes now. */
export const writeNow = (mail: Omit<DemoMail, 'minutesAgo'>, { mailbox, id, now }: { mailbox: DemoMailbox; id: string; now: Date }): WrittenMail =>
  write({ ...mail, minutesAgo: 0 }, { mailbox, now, id, parent: null, at: now })

/** The `turn`th mail that arrives while the demo runs. */
export const writeArriving = (turn: number, now: Date): { mailbox: DemoMailbox; mail: WrittenMail } => {
  const mail = arrivingMail[turn % arrivingMail.length]
  if (mail === undefined) throw new RangeError('There is no mail to arrive.')
  const round = Math.floor(turn / arrivingMail.length)
  const subject = round === 0 ? mail.subject : `${mail.subject} (${round + 1})`
  return { mailbox: mail.to, mail: writeNow({ ...mail, subject }, { mailbox: mail.to, now, id: `<arriving.${turn}.${now.getTime()}@demo.example>` }) }
}

const idOf = (mailbox: DemoMailbox, index: number): string => `<${mailbox}.${index + 1}.2026@mail.demo.example>`
const ago = (now: Date, minutes: number): Date => new Date(now.getTime() - minutes * 60_000)
const dateField = (at: Date): string => at.toUTCString().replace('GMT', '+0000')

type Circumstances = { mailbox: DemoMailbox; now: Date; id: string; parent: string | null; at: Date }

function write(mail: DemoMail, { mailbox, now, id, parent, at }: Circumstances): WrittenMail {
  const charset = mail.charset ?? 'utf-8'
  let boundaries = 0
  const headers: [string, string][] = [
    ['Received', `from mail.demo.example by mx.demo.example with ESMTPS;\r\n\t${dateField(at)}`],
    ['From', `${mail.from} <${mail.address}>`],
    ['To', mailbox === 'it' ? 'IT Support <it@demo.example>' : 'Human Resources <hr@demo.example>'],
    ...(mail.cc === undefined ? [] : [['Cc', mail.cc] as [string, string]]),
    ['Subject', mail.subject],
    ['Date', dateField(at)],
    ['Message-ID', id],
    ...(parent === null ? [] : [['In-Reply-To', parent], ['References', parent]] as [string, string][]),
    ...(mail.headers ?? []).map(([name, value]) => [name, value] as [string, string])
  ]
  return { raw: buildMessage({ headers, charset, boundary: () => `=_${id.replace(/\W/g, '')}_${++boundaries}`, body: bodyOf(mail, charset, now) }), receivedAt: at }
}

function bodyOf(mail: DemoMail, charset: string, now: Date): MessagePart {
  if (mail.signed === true) return { kind: 'file', name: 'smime.p7m', contentType: 'application/pkcs7-mime; smime-type=signed-data', content: signedMail, disposition: 'attachment' }
  const encoding = mail.encoding ?? 'quoted-printable'
  const plain: MessagePart = { kind: 'text', subtype: 'plain', text: mail.text, charset, claims: mail.claims ?? charset, encoding }
  const html = `<html><body style="font-family:sans-serif">${mail.text.split('\n\n').map((paragraph) => `<p>${escaped(paragraph).replaceAll('\n', '<br>')}</p>`).join('\n')}${mail.remotePicture === undefined ? '' : `<img src="${mail.remotePicture}" alt="CloudDesk" width="120" height="40">`}</body></html>`
  const text: MessagePart = mail.rich === true ? { kind: 'multi', subtype: 'alternative', parts: [plain, { kind: 'text', subtype: 'html', text: html, charset, encoding }] } : plain
  return mail.files === undefined ? text : { kind: 'multi', subtype: 'mixed', parts: [text, ...mail.files.map((file) => makeFile(file, now))] }
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const headOf = (from: string, to: string, subject: string, at: Date): string =>
  `From: ${from}\r\nTo: ${to}\r\nSubject: ${subject}\r\nDate: ${dateField(at)}\r\nMessage-ID: <${at.getTime()}@scanner.demo.example>\r\nMIME-Version: 1.0\r\n`

/** A scanner without a header, a gateway that nests 2,000 times, a tool that writes a log into the header. */
function itUnreadable(now: Date): WrittenMail[] {
  const [first, second, third] = [ago(now, 2_000), ago(now, 1_500), ago(now, 900)]
  return [
    { receivedAt: first, raw: Buffer.from('SCANNER 4 (building A) reports: paper tray empty, toner low, please replace before Monday') },
    { receivedAt: second, raw: Buffer.from(headOf('Mail Gateway <gateway@partner.example>', 'it@demo.example', 'Fwd: Fwd: Fwd: Fwd: Signed contract', second) + nested(2_000)) },
    { receivedAt: third, raw: Buffer.from(headOf('Monitoring <monitor@demo.example>', 'it@demo.example', 'Disk report', third) + `X-Report: ${'/srv/data/volume 81% used; '.repeat(34)}\r\n`.repeat(1_150) + '\r\nSee the header.\r\n') }
  ]
}

function hrUnreadable(now: Date): WrittenMail[] {
  const [first, second] = [ago(now, 2_600), ago(now, 400)]
  return [
    { receivedAt: first, raw: Buffer.from(`To: hr@demo.example\r\nSubject: Feedback from the suggestion box\r\nDate: ${dateField(first)}\r\n\r\nThe coffee on the second floor is too weak.\r\n`) },
    { receivedAt: second, raw: Buffer.from('time clock export 0000000 0000000 0000000 checksum mismatch') }
  ]
}

function nested(depth: number): string {
  let text = ''
  for (let level = 0; level < depth; level++) text += `Content-Type: multipart/mixed; boundary="n${level}"\r\n\r\n--n${level}\r\n`
  text += 'Content-Type: text/plain\r\n\r\nThe contract is attached.\r\n'
  for (let level = depth - 1; level >= 0; level--) text += `--n${level}--\r\n`
  return text
}

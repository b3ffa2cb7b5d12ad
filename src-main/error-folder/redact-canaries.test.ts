import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseMessage } from '../processing/parsing/parse-message.ts'
import { mixedMessages } from '../../testbed/message-generator.ts'
import { namesIn } from './names-in-headers.ts'
import { redactMessage } from './redact-message.ts'
import { createPersonalRedactor } from './redact-text.ts'

// People, addresses and numbers that no redacted message may hold, in whatever encoding a mail program writes them.
const canary = { name: 'Zdzisława Kanarienvogel', address: 'z.kanarienvogel@canary-corp.test', other: 'bob.kanarek@canary-corp.test', phone: '+48 (22) 555-01-99' }
const traces = /zdzis\p{L}*awa|kanarienvogel|kanarek|canary-corp|555-?01-?99|555 01 99|225550199/iu
const greeting = `Dear all,\r\n${canary.name} <${canary.address}> can be reached under ${canary.phone}.\r\nCopy: ${canary.other.toUpperCase()}\r\n`

const quoted = (text: string): string => Buffer.from(text).toString('latin1').replace(/[^\r\n -<>-~]/g, (sign) => `=${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)
const folded = (base64: string): string => base64.replace(/.{76}/g, '$&\r\n')
const word = (text: string, kind: 'B' | 'Q'): string => (kind === 'B' ? `=?utf-8?B?${Buffer.from(text).toString('base64')}?=` : `=?utf-8?Q?${quoted(text).replace(/ /g, '_')}?=`)
const head = (more: string[]): string => [`From: ${word(canary.name, 'B')} <${canary.address}>`, `To: ${word(canary.name, 'Q')} <${canary.address}>, Bob <${canary.other}>`, `Subject: ${word(`About ${canary.name}, ${canary.phone}`, 'Q')}`, `Reply-To: <${canary.address}>`, `Message-ID: <1.${canary.address}>`, `X-Original-To: ${canary.address}`, `Received: from [192.0.2.1] (helo=relay.test) by mx for <${canary.address}>; Fri, 20 Nov 2026 08:00:00 +0000`, 'Date: Fri, 20 Nov 2026 08:00:00 +0000', 'MIME-Version: 1.0', ...more].join('\r\n')
const mixed = (parts: string[]): string => `${head(['Content-Type: multipart/mixed; boundary=cut'])}\r\n\r\n${parts.map((part) => `--cut\r\n${part}`).join('\r\n')}\r\n--cut--\r\n`

const written: [string, string][] = [
  ['8-bit UTF-8', `${head(['Content-Type: text/plain; charset=utf-8'])}\r\n\r\n${Buffer.from(greeting).toString('latin1')}`],
  ['quoted-printable', `${head(['Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: quoted-printable'])}\r\n\r\n${quoted(greeting)}`],
  ['base64', `${head(['Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: base64'])}\r\n\r\n${folded(Buffer.from(greeting).toString('base64'))}\r\n`],
  ['HTML', `${head(['Content-Type: text/html; charset=utf-8'])}\r\n\r\n<p>${Buffer.from(greeting).toString('latin1').replace('<', '&lt;').replace('>', '&gt;').replace('@', '&#64;')}</p><a href="mailto:${canary.address}">mail</a>`],
  ['text and HTML in parts', mixed([`Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${folded(Buffer.from(greeting).toString('base64'))}`, `Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>${quoted(greeting).replace('<', '&lt;')}</p>`])],
  ['an attachment with a name of its own', mixed([`Content-Type: text/plain; charset=utf-8\r\n\r\nsee attached`, `Content-Type: application/pdf; name="${word(`CV ${canary.name}.pdf`, 'B')}"\r\nContent-Disposition: attachment; filename*=utf-8''CV%20${encodeURIComponent(canary.name)}.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n${folded(Buffer.from(greeting.repeat(9)).toString('base64'))}`])],
  ['an enclosed message', mixed([`Content-Type: message/rfc822\r\n\r\n${head(['Content-Type: text/plain; charset=utf-8'])}\r\n\r\n${Buffer.from(greeting).toString('latin1')}`])],
  ['a sender without an address', Buffer.from(`From: ${canary.name}\r\nTo: undisclosed-recipients:;\r\nSubject: x\r\nDate: Fri, 20 Nov 2026 08:00:00 +0000\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${greeting}`).toString('latin1')],
  ['a broken multipart', `${head(['Content-Type: multipart/mixed; boundary=never'])}\r\n\r\n${folded(Buffer.from(greeting.repeat(3)).toString('base64'))}\r\n`]
]

/** All that a reader could get out of the bytes: as they are, by every field and text, and whatever looks like base64 or quoted-printable. */
function everythingIn(raw: Buffer): string {
  const parsed = parseMessage(raw)
  const unquoted = Buffer.from(raw.toString('latin1').replace(/=\r?\n/g, '').replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))), 'latin1').toString('utf8')
  const blocks = (raw.toString('latin1').match(/[A-Za-z0-9+/=\r\n]{24,}/g) ?? []).map((block) => Buffer.from(block, 'base64').toString('utf8'))
  return [raw.toString('utf8'), decodeURIComponent(raw.toString('latin1').replace(/%(?![0-9A-F]{2})/gi, '%25').replace(/[\x80-\xff]/g, '?')), unquoted, ...blocks, JSON.stringify(parsed.content), JSON.stringify(parsed.headers)].join('\n')
}
const redactorOf = (raw: Buffer) => {
  const redactor = createPersonalRedactor()
  redactor.learn(namesIn(parseMessage(raw).headers))
  return redactor
}
const shapeOf = (raw: Buffer): unknown => {
  const { content, problem } = parseMessage(raw)
  return [problem?.code ?? null, content.text.trim() !== '', content.html !== null, content.from !== null, content.to.length, content.cc.length, content.date, content.attachments.map(({ contentType, disposition }) => [contentType, disposition])]
}

for (const [title, text] of written)
  test(`no address, name or number is left: ${title}`, () => {
    const raw = Buffer.from(text, 'latin1')
    assert.match(everythingIn(raw), traces, 'the canaries are there before')
    const redacted = redactMessage(raw, redactorOf(raw))
    assert.doesNotMatch(everythingIn(redacted), traces)
    assert.deepEqual(shapeOf(redacted), shapeOf(raw))
  })

test('of 300 mixed messages each can be parsed into the same structure, and none keeps an address', () => {
  for (const { raw, expectation, subject } of mixedMessages(300, { seed: 11 })) {
    if (expectation.kind === 'broken') continue
    const redacted = redactMessage(raw, redactorOf(raw))
    assert.deepEqual(shapeOf(redacted), shapeOf(raw), subject)
    const { from, to, cc, replyTo, text, html } = parseMessage(redacted).content
    for (const { address } of [...(from === null ? [] : [from]), ...to, ...cc, ...replyTo]) assert.match(address, /\.example$/, subject)
    for (const [address] of `${text}\n${html ?? ''}`.matchAll(/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g)) assert.match(address, /^person\d+@domain\d+\.example$/, subject)
  }
})

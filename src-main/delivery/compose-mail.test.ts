import assert from 'node:assert/strict'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { test } from 'node:test'
import { newOutgoingServer, type OutgoingServer } from '#contract/outgoing-server.ts'
import { sampleHtml } from '#contract/sample-mail.ts'
import { ProblemError, type Problem } from '#contract/problem.ts'
import { composeMessage } from '../mail/smtp/compose-message.ts'
import { attachmentBytes } from '../processing/parsing/attachment-bytes.ts'
import { parseMessage } from '../processing/parsing/parse-message.ts'
import { composeMail, type ComposeNeeds, type OwnParts, type WrittenMail } from './compose-mail.ts'

const server = (more: Partial<OutgoingServer> = {}): OutgoingServer => ({ ...newOutgoingServer('smtp'), name: 'main', host: 'mail.example.com', replyTo: 'it@example.com', senderName: 'IT Support', alternate: null, dkim: null, ...more }) as OutgoingServer
const mail: WrittenMail = { to: ['ann@example.org'], cc: [], bcc: [], subject: 'Hello', text: 'Text' }
const needs: ComposeNeeds = { compose: composeMessage, sign: async (_server, raw) => raw, now: () => new Date('2026-11-20T08:00:00Z'), newId: () => 'id1', format: 'plain' }
const composed = (more: Partial<WrittenMail> = {}, to: Partial<OutgoingServer> = {}, own: OwnParts = {}, with_: Partial<ComposeNeeds> = {}) => composeMail(server(to), { ...mail, ...more }, { ...needs, ...with_ }, own)
const problemOf = (work: Promise<unknown>): Promise<Problem> => work.then(() => assert.fail('it was composed'), (thrown: unknown) => (thrown instanceof ProblemError ? thrown.problem : assert.fail(String(thrown))))
const headOf = (raw: Buffer): string => raw.toString('latin1').split('\r\n\r\n', 1)[0] ?? ''
const unfolded = (head: string): string[] => head.replace(/\r\n[ \t]+/g, ' ').split('\r\n')
const namesOf = (raw: Buffer): string[] => unfolded(headOf(raw)).map((line) => line.slice(0, line.indexOf(':')).toLowerCase()).sort()
const typesOf = (raw: Buffer): string[] => [...raw.toString('latin1').matchAll(/^Content-Type: ([^;\r\n]+)/gim)].map(([, type]) => String(type))
const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=='

test('what a mail is made of: text alone, HTML with the text beside it, pictures with the HTML, files after all', async () => {
  const html = `<p>Hi <img alt="x" src="data:image/png;base64,${pixel}"></p>`
  const file = { name: 'a.txt', mediaType: 'text/plain', base64: Buffer.from('file').toString('base64') }
  const table: [Partial<WrittenMail>, Partial<OutgoingServer>, 'html' | 'plain', string[]][] = [
    [{}, {}, 'plain', ['text/plain']],
    [{}, {}, 'html', ['multipart/alternative', 'text/plain', 'text/html']],
    [{ html: '<p>Hi</p>' }, {}, 'plain', ['multipart/alternative', 'text/plain', 'text/html']],
    [{ html }, {}, 'plain', ['multipart/alternative', 'text/plain', 'multipart/related', 'text/html', 'image/png']],
    [{ html }, { embeddedImages: 'base64' }, 'plain', ['multipart/alternative', 'text/plain', 'text/html']],
    [{ html, attachments: [file] }, {}, 'plain', ['multipart/mixed', 'multipart/alternative', 'text/plain', 'multipart/related', 'text/html', 'image/png', 'text/plain']],
    [{ attachments: [file] }, {}, 'plain', ['multipart/mixed', 'text/plain', 'text/plain']]
  ]
  for (const [more, to, format, types] of table) assert.deepEqual(typesOf((await composed(more, to, {}, { format })).raw), types)
  assert.deepEqual(typesOf((await composed({ html }, {}, { format: 'plain' })).raw), ['text/plain'])
})

test('pictures come out as they went in, the same one once, and what is no picture stays', async () => {
  const html = `<img src="data:image/png;base64,${pixel}"><IMG class='a' src='data:image/png;base64,${pixel.slice(0, 20)}\n${pixel.slice(20)}'><a href="data:image/png;base64,${pixel}">x</a><img src="https://example.com/a.png"><img src="data:image/png;base64,%%%">`
  const { raw } = await composed({ html })
  const { content, places } = parseMessage(raw)
  const [picture] = content.attachments
  assert.equal(content.attachments.length, 1)
  assert.equal(picture?.contentId, 'picture1.id1@example.com')
  assert.equal(places.length === 1 && attachmentBytes(raw, places[0] ?? assert.fail()).toString('base64'), pixel)
  assert.equal(content.html?.match(/cid:picture1\.id1@example\.com/g)?.length, 2)
  const inline = parseMessage((await composed({ html }, { embeddedImages: 'base64' })).raw).content
  assert.deepEqual([inline.attachments.length, inline.html?.includes(`data:image/png;base64,${pixel}`)], [0, true])
})

test('a large picture, and HTML that is full of beginnings of one, take no time', async () => {
  const began = performance.now()
  const { raw } = await composed({ html: `${'<img src="data:image/png;base64,AAAA'.repeat(30_000)}<img src="data:image/png;base64,${'ABCD'.repeat(900_000)}">${'<img '.repeat(100_000)}` })
  assert.ok(raw.length > 3_600_000)
  assert.ok(performance.now() - began < 5_000, `${performance.now() - began} ms`)
})

test('a large file comes out as it went in, and composing it holds nothing else up for long', async () => {
  const bytes = Buffer.from(Array.from({ length: 20_000_001 }, (_, index) => (index * 7919) % 251))
  const base64 = bytes.toString('base64')
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  const { raw } = await composed({ attachments: [{ name: 'a.bin', mediaType: 'application/octet-stream', base64 }] })
  delay.disable()
  assert.ok(delay.max < 400_000_000, `${Math.round(delay.max / 1e6)} ms`)
  assert.ok(attachmentBytes(raw, parseMessage(raw).places[0] ?? assert.fail()).equals(bytes))
})

test('the sample has its picture, and the text of HTML alone is made of it', async () => {
  const { content } = parseMessage((await composed({ text: '', html: sampleHtml('One <two>\n\nthree') })).raw)
  assert.match(content.text, /One <two>\n+three/)
  assert.equal(content.attachments[0]?.contentType, 'image/png')
})

test('an override: nobody else is in the envelope, To, Cc or Bcc, and all are named once', async () => {
  const { raw, recipients } = await composed({ to: ['ann@example.org'], cc: ['bob@example.org'], bcc: ['eve@example.org', 'ann@EXAMPLE.org'] }, { overrideTo: 'test@example.net' })
  assert.deepEqual(recipients, ['test@example.net'])
  const fields = unfolded(headOf(raw)).filter((line) => /^(?:to|cc|bcc|x-mailroom-original-to):/i.test(line))
  assert.deepEqual(fields.sort(), ['To: test@example.net', 'X-Mailroom-Original-To: ann@example.org, bob@example.org, eve@example.org'])
})

test('mail that is too large is refused with both sizes, files before anything is made of them', async () => {
  const attachments = [{ name: 'a.bin', mediaType: 'application/octet-stream', base64: 'A'.repeat(60_000) }]
  const compose = (): Promise<Buffer> => assert.fail('it was composed')
  const known = await problemOf(composed({ attachments }, { maxMailSize: 25_000 }, {}, { compose }))
  assert.deepEqual(known, { code: 'mail-too-large', server: 'main', size: 60_000, limit: 25_000, serverSaid: '' })
  const found = await problemOf(composed({ text: 'x\n'.repeat(6_000) }, { maxMailSize: 10_000 }))
  assert.ok(found.code === 'mail-too-large' && found.size > 12_000 && found.limit === 10_000)
  assert.ok((await composed({ attachments }, { maxMailSize: 100_000 })).raw.length < 100_000)
})

const unusable = ['', 'ann', '@example.org', 'ann@', 'ann@ex ample.org', 'a b@example.org', 'ann@example.org>\r\nRCPT TO:<eve@example.org', 'ann@example.org\0', '"a b"@example.org', `${'a'.repeat(65)}@example.org`, `a@${'b'.repeat(64)}.org`, 'ann@-.example', 'ann@exa_mple..org', 'a\u2028b@example.org', 'a\u200bb@example.org', '<ann@example.org>', 'ann@example.org, eve@example.org', '\ud800@example.org']
for (const address of unusable) test(`no recipient: ${JSON.stringify(address)}`, async () => {
  for (const where of ['to', 'cc', 'bcc'] as const) assert.deepEqual(await problemOf(composed({ [where]: [address] })), { code: 'recipient-unusable', address })
})

test('addresses beyond ASCII: a domain goes out in ASCII, a local part as it is', async () => {
  const idn = await composed({ to: ['ann@Bücher.example'] }, { replyTo: 'it@straße.example' })
  assert.deepEqual([idn.from, idn.recipients], ['it@xn--strae-oqa.example', ['ann@xn--bcher-kva.example']])
  assert.equal(idn.messageId, '<id1@xn--strae-oqa.example>')
  assert.ok(/^[\x00-\x7f]*$/.test(idn.raw.toString('latin1')))
  const utf8 = await composed({ to: ['jürgen@bücher.example'] })
  assert.deepEqual(utf8.recipients, ['jürgen@xn--bcher-kva.example'])
  assert.match(headOf(utf8.raw), /^To: j/m)
})

test('names and subjects beyond ASCII come out as they went in', async () => {
  for (const words of ['Büro Zürich', '日本語のとても長い件名'.repeat(20), '🙂'.repeat(80), 'a "quoted", (odd) <name>; x=?y?=', 'Łódź ﷺ']) {
    const { content } = parseMessage((await composed({ subject: words }, { senderName: words })).raw)
    assert.deepEqual([content.subject, content.from?.name], [words, words])
  }
})

const breaks = ['\r\n', '\n', '\r', '\0', '\u0085', '\u2028', '\u2029', '\r\n\r\n', '\n ', '\v', '\f']
const usual = namesOf((await composed({ cc: ['bob@example.org'], attachments: [{ name: 'a.txt', mediaType: 'text/plain', base64: 'YQ==' }] }, {}, { headers: { 'X-Own': 'own' } })).raw)
for (const end of breaks) test(`no value begins a header line after ${JSON.stringify(end)}`, async () => {
  const evil = `x${end}Bcc: thief@example.net${end}${end}body`
  const parts = { cc: ['bob@example.org'], subject: evil, attachments: [{ name: evil, mediaType: `text/plain${end}Bcc: thief@example.net`, base64: 'YQ==' }] }
  const { raw, recipients } = await composed(parts, { senderName: evil }, { headers: { 'X-Own': evil }, messageId: `<a${end}Bcc: thief@example.net>` })
  assert.deepEqual(namesOf(raw), usual)
  assert.deepEqual(recipients, ['ann@example.org', 'bob@example.org'])
  const lines = raw.toString('latin1').split('\r\n')
  assert.ok(lines.every((line) => !/^Bcc/i.test(line) && !/[\r\n\0]/.test(line)))
  assert.equal(parseMessage(raw).content.attachments.length, 1)
})

test('no line has more than 998 characters, whatever is long (RFC 5322 2.1.1)', async () => {
  const long = 'x'.repeat(5_000)
  const { raw } = await composed({ subject: long, text: long, html: `<p>${long}</p>`, cc: Array.from({ length: 300 }, (_, index) => `person${index}@example.org`), attachments: [{ name: `${long}.txt`, mediaType: 'text/plain', base64: Buffer.from(long).toString('base64') }] }, { senderName: long, overrideTo: 'test@example.net' }, { headers: { 'X-Own': long } })
  const longest = Math.max(...raw.toString('latin1').split('\r\n').map((line) => line.length))
  assert.ok(longest <= 998, `a line of ${longest}`)
  const { raw: mixed } = await composed({ text: 'one\rtwo\nthree\0\u2028four' })
  assert.ok(mixed.toString('latin1').split('\r\n').every((line) => !/[\r\n]/.test(line)))
})

test('never List-Unsubscribe, always Auto-Submitted', async () => {
  const names = namesOf((await composed()).raw)
  assert.ok(names.includes('auto-submitted') && !names.some((name) => name.startsWith('list-')))
})

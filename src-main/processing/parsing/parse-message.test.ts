import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MessageContent } from '#contract/message.ts'
import { attachmentBytes } from './attachment-bytes.ts'
import { parseMessage } from './parse-message.ts'

const lines = (...parts: string[]): Buffer => Buffer.from(parts.join('\r\n'), 'latin1')
const multipart = (type: string, ...parts: string[]): Buffer => lines('From: Ann <ann@example.com>', 'MIME-Version: 1.0', `Content-Type: multipart/${type}; boundary="b"`, '', ...parts.flatMap((part) => ['--b', part]), '--b--', '')
const part = (head: string, body: string): string => (head === '' ? `\r\n${body}` : `${head}\r\n\r\n${body}`)
const plain = part('Content-Type: text/plain', 'Plain')
const html = part('Content-Type: text/html', '<p>Page</p>')
const content = (raw: Buffer): MessageContent => parseMessage(raw).content
const brief = (raw: Buffer): unknown => content(raw).attachments.map(({ name, contentType, size, disposition }) => [name, contentType, size, disposition])

test('a whole message', () => {
  const raw = lines('From: =?utf-8?Q?J=C3=B6rg?= <Jo@Example.COM>', 'To: it@example.com', 'Cc: "Lee, Ann" <ann@example.com>', 'Reply-To: help@example.com', 'Subject: Hello', ' world', 'Date: Fri, 20 Nov 2026 08:00:00 +0100',
    'Message-ID: <1@example.com>', 'In-Reply-To: <0@example.com>', 'References: <a@example.com>', '\t<0@example.com>', '', 'Text', '')
  assert.deepEqual(content(raw), {
    from: { name: 'Jörg', address: 'Jo@example.com' }, to: [{ name: '', address: 'it@example.com' }], cc: [{ name: 'Lee, Ann', address: 'ann@example.com' }], replyTo: [{ name: '', address: 'help@example.com' }],
    subject: 'Hello world', date: '2026-11-20T07:00:00.000Z', messageId: '<1@example.com>', inReplyTo: '<0@example.com>', references: ['<a@example.com>', '<0@example.com>'], text: 'Text', html: null, attachments: [], protection: null, calendar: null
  })
})

const texts: [string, Buffer, string][] = [
  ['alternative takes the plain part', multipart('alternative', plain, html), 'Plain'],
  ['HTML alone', lines('From: a@b.c', 'Content-Type: text/html', '', '<p>One</p><p>Two &amp; three</p>'), 'One\n\nTwo & three'],
  ['an empty plain part beside HTML', multipart('alternative', part('Content-Type: text/plain', ' '), html), 'Page'],
  ['several plain parts', multipart('mixed', plain, part('', 'Footer')), 'Plain\nFooter'],
  ['no content type', lines('From: a@b.c', '', 'x'), 'x'],
  ['bare LF', Buffer.from('From: a@b.c\n\nline 1\nline 2\n'), 'line 1\nline 2'],
  ['bare CR', Buffer.from('From: a@b.c\r\rline 1\rline 2\r'), 'line 1\nline 2'],
  ['doubled CR', Buffer.from('From: a@b.c\r\r\n\r\r\nline 1\r\r\nline 2\r\r\n'), 'line 1\nline 2'],
  ['mbox line', Buffer.from('From ann@example.com Fri Nov 20 08:00:00 2026\nFrom: a@b.c\n\nx'), 'x'],
  ['blank lines first', Buffer.from('\r\n\r\nFrom: a@b.c\r\n\r\nx'), 'x'],
  ['byte order mark first', Buffer.from('\ufeffFrom: a@b.c\r\n\r\nx'), 'x'],
  ['no blank line before the body', Buffer.from('From: a@b.c\r\nSubject: s\r\nThis is the body\r\nand more'), 'This is the body\nand more'],
  ['a stray line between fields', Buffer.from('From: a@b.c\r\nstray line\r\nSubject: s\r\n\r\nx'), 'x'],
  ['a NUL byte', Buffer.from('From: a@b.c\r\n\r\nbefore\0after'), 'beforeafter'],
  ['only a header', Buffer.from('From: a@b.c\r\nSubject: s'), ''],
  ['quoted-printable, koi8-r', lines('From: a@b.c', 'Content-Type: text/plain; charset=koi8-r', 'Content-Transfer-Encoding: quoted-printable', '', '=F0=D2=C9=D7=C5=D4'), 'Привет'],
  ['base64', lines('From: a@b.c', 'Content-Transfer-Encoding: BASE64', '', 'SGVs', 'bG8='), 'Hello'],
  ['charset named in the HTML', lines('From: a@b.c', 'Content-Type: text/html', '', '<meta charset="koi8-r"><p>\xf0\xd2\xc9</p>'), 'При'],
  ['format flowed', lines('From: a@b.c', 'Content-Type: text/plain; format=flowed', '', 'one ', 'two', ' From me', '> quoted ', '> on', '-- ', 'Ann'), 'one two\nFrom me\n> quoted on\n-- \nAnn'],
  ['format flowed, DelSp', lines('From: a@b.c', 'Content-Type: text/plain; format=flowed; delsp=yes', '', 'on ', 'e'), 'one'],
  ['unterminated multipart', multipart('mixed', plain).subarray(0, -9), 'Plain'],
  ['no boundary parameter, but boundaries', lines('From: a@b.c', 'Content-Type: multipart/mixed', '', '--xyz', 'Content-Type: text/plain', '', 'Inside', '--xyz--'), 'Inside'],
  ['a boundary that never comes', lines('From: a@b.c', 'Content-Type: multipart/mixed; boundary=other', '', '--xyz', 'Content-Type: text/plain', '', 'Inside', '--xyz--'), 'Inside'],
  ['no boundary at all', lines('From: a@b.c', 'Content-Type: multipart/mixed', '', 'Only text'), 'Only text'],
  ['one boundary on two levels', multipart('mixed', part('Content-Type: multipart/alternative; boundary="b"', '--b\r\nContent-Type: text/plain\r\n\r\nInner\r\n--b--'), part('Content-Type: text/plain', 'Outer')), 'Inner\nOuter'],
  ['a boundary that begins another', multipart('mixed', part('Content-Type: multipart/alternative; boundary="bb"', '--bb\r\nContent-Type: text/plain\r\n\r\nInner\r\n--bb--'), part('Content-Type: text/plain', 'Outer')), 'Inner\nOuter'],
  ['spaces after a boundary', lines('From: a@b.c', 'Content-Type: multipart/mixed; boundary=b', '', '--b  ', '', 'x', '--b--\t', 'epilogue'), 'x'],
  ['a line of dashes within text', multipart('mixed', part('', 'one\r\n-- \r\n--bc\r\ntwo')), 'one\n-- \n--bc\ntwo'],
  ['raw 8-bit text, undeclared', lines('From: a@b.c', '', 'Gr\xfc\xdfe'), 'Grüße']
]
for (const [what, raw, expected] of texts) test(`text: ${what}`, () => assert.equal(content(raw).text, expected))

const pdf = 'Content-Transfer-Encoding: base64\r\n\r\nJVBERi0='
const files: [string, Buffer, unknown[]][] = [
  ['named', multipart('mixed', plain, `Content-Type: application/pdf; name=x.pdf\r\nContent-Disposition: attachment; filename="a b.pdf"\r\n${pdf}`), [['a b.pdf', 'application/pdf', 5, 'attachment']]],
  ['named in Content-Type alone', multipart('mixed', plain, `Content-Type: application/octet-stream; name=x.pdf\r\n${pdf}`), [['x.pdf', 'application/octet-stream', 5, 'attachment']]],
  ['nameless', multipart('mixed', plain, `Content-Type: application/pdf\r\n${pdf}`, part('Content-Type: image/png\r\nContent-Disposition: attachment', 'x'), part('Content-Type: x/y', 'z')), [['attachment-1.pdf', 'application/pdf', 5, 'attachment'], ['attachment-2.png', 'image/png', 1, 'attachment'], ['attachment-3.bin', 'x/y', 1, 'attachment']]],
  ['inline picture', multipart('related', html, part('Content-Type: image/png; name=i.png\r\nContent-ID: <i@x>', 'png')), [['i.png', 'image/png', 3, 'inline']]],
  ['text as attachment', multipart('mixed', plain, part('Content-Type: text/plain; name=log.txt\r\nContent-Disposition: attachment', 'log')), [['log.txt', 'text/plain', 3, 'attachment']]],
  ['message', multipart('mixed', plain, part('Content-Type: message/rfc822', 'Subject: =?utf-8?Q?R=C3=A9: a/b?=\r\n\r\nInner')), [['Ré a b.eml', 'message/rfc822', 42, 'attachment']]],
  ['digest', multipart('digest', part('', 'Subject: one\r\n\r\n1')), [['one.eml', 'message/rfc822', 17, 'attachment']]],
  ['calendar', multipart('alternative', plain, part('Content-Type: text/calendar; method=REQUEST', 'BEGIN:VCALENDAR')), [['invite.ics', 'text/calendar', 15, 'attachment']]],
  ['signature', multipart('signed', plain, part('Content-Type: application/pkcs7-signature', 's')), [['smime.p7s', 'application/pkcs7-signature', 1, 'attachment']]],
  ['PGP', multipart('encrypted', part('Content-Type: application/pgp-encrypted', 'Version: 1'), part('Content-Type: application/octet-stream', 'x')), [['pgp-version.txt', 'application/pgp-encrypted', 10, 'attachment'], ['encrypted.asc', 'application/octet-stream', 1, 'attachment']]],
  ['bounce', multipart('report; report-type=delivery-status', plain, part('Content-Type: message/delivery-status', 'Status: 5.1.1'), part('Content-Type: text/rfc822-headers', 'Subject: x')), [['delivery-status.txt', 'message/delivery-status', 13, 'attachment'], ['headers.txt', 'text/rfc822-headers', 10, 'attachment']]],
  ['winmail.dat', multipart('mixed', plain, part('Content-Type: application/ms-tnef; name="winmail.dat"', 'x')), [['winmail.dat', 'application/ms-tnef', 1, 'attachment']]],
  ['whole message is S/MIME', lines('From: a@b.c', 'Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m', 'Content-Transfer-Encoding: base64', '', 'JVBERi0='), [['smime.p7m', 'application/pkcs7-mime', 5, 'attachment']]],
  ['type that is none', multipart('mixed', plain, part('Content-Type: pdf; name=a.pdf', 'x')), [['a.pdf', 'application/octet-stream', 1, 'attachment']]],
  ['empty', multipart('mixed', plain, part('Content-Type: application/pdf; name=a.pdf', '')), [['a.pdf', 'application/pdf', 0, 'attachment']]]
]
for (const [what, raw, expected] of files)
  test(`attachment: ${what}`, () => {
    assert.deepEqual(brief(raw), expected)
    const parsed = parseMessage(raw)
    for (const [index, place] of parsed.places.entries()) assert.equal(attachmentBytes(raw, place).length, parsed.content.attachments[index]?.size)
  })

test('several types of one alternative are not shown twice', () => {
  const { text, html: page, attachments } = content(multipart('mixed', part('Content-Type: multipart/alternative; boundary=i', `--i\r\n${plain}\r\n--i\r\n${html}\r\n--i--`), part('Content-Type: application/pdf', 'x')))
  assert.deepEqual([text, page, attachments.length], ['Plain', '<p>Page</p>', 1])
})

const ids: [string, string, Partial<MessageContent>][] = [
  ['no brackets', 'Message-ID: 1@example.com', { messageId: '<1@example.com>' }],
  ['folded', 'Message-ID:\r\n <1@example.com>', { messageId: '<1@example.com>' }],
  ['no at sign', 'Message-ID: <123>', { messageId: '<123>' }],
  ['empty', 'Message-ID:', { messageId: null }],
  ['only brackets', 'Message-ID: <>', { messageId: null }],
  ['text around In-Reply-To', 'In-Reply-To: Your message of Friday <1@x.y> and others', { inReplyTo: '<1@x.y>' }],
  ['text alone', 'In-Reply-To: your message of Friday', { inReplyTo: null }],
  ['references with commas and twice', 'References: <1@x.y>, <2@x.y>,<1@x.y>', { references: ['<1@x.y>', '<2@x.y>'] }],
  ['references without brackets', 'References: 1@x.y 2@x.y', { references: ['<1@x.y>', '<2@x.y>'] }],
  ['two To fields', 'To: a@x.y\r\nTo: b@x.y', { to: [{ name: '', address: 'a@x.y' }, { name: '', address: 'b@x.y' }] }],
  ['Sender where From is missing', 'Sender: a@x.y', { from: { name: '', address: 'a@x.y' } }],
  ['a space before the colon', 'Subject : s', { subject: 's' }],
  ['raw header in the charset of the body', 'Subject: \xcf\xf0\xe8\xe2\xe5\xf2\r\nContent-Type: text/plain; charset=windows-1251', { subject: 'Привет' }]
]
for (const [what, header, expected] of ids)
  test(`fields: ${what}`, () => {
    const parsed = content(lines(header, '', 'x'))
    for (const [key, value] of Object.entries(expected)) assert.deepEqual(parsed[key as keyof MessageContent], value)
  })

const problems: [string, string, string | null][] = [
  ['nothing', '', 'message-empty'],
  ['blank lines', '\r\n\r\n', 'message-empty'],
  ['no header', 'This is no message\r\nat all', 'message-without-headers'],
  ['random bytes', '\x80\x81\xff\xfe\r\n\x00', 'message-without-headers'],
  ['a header of 1 MB', `From: a@b.c\r\nX-A: ${'y'.repeat(1_000_000)}\r\n\r\nx`, 'message-header-too-large'],
  ['nested 101 deep', nested(101), 'message-too-deeply-nested'],
  ['nested 100 deep', nested(100), null],
  ['10,001 parts', `From: a@b.c\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\nx\r\n'.repeat(10_001)}--b--`, 'message-too-many-parts'],
  ['10,000 parts', `From: a@b.c\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\nx\r\n'.repeat(10_000)}--b--`, null]
]
for (const [what, text, code] of problems) test(`problem: ${what}`, () => assert.equal(parseMessage(Buffer.from(text, 'latin1')).problem?.code ?? null, code))

function nested(depth: number): string {
  let text = 'From: a@b.c\r\n'
  for (let level = 0; level < depth; level++) text += `Content-Type: multipart/mixed; boundary="n${level}"\r\n\r\n--n${level}\r\n`
  return `${text}\r\nDeep`
}

test('what can be read is read even then', () => {
  assert.equal(content(Buffer.from(nested(2_000))).from?.address, 'a@b.c')
  assert.equal(content(Buffer.from(nested(150))).text, 'Deep')
  assert.equal(content(Buffer.from('Only a text')).text, 'Only a text')
})

test('the fingerprint does not depend on the way a message came', () => {
  const body = ['From: a@b.c', 'Subject: s', 'Message-ID: <1@b.c>', '', 'x']
  const one = parseMessage(lines('Received: by one', ...body)).fingerprint
  assert.match(one, /^[0-9a-f]{64}$/)
  assert.equal(parseMessage(lines('Delivered-To: x@y.z', 'Received: by another', ...body, '')).fingerprint, one)
  assert.notEqual(parseMessage(lines(...body.slice(0, 4), 'y')).fingerprint, one)
  assert.notEqual(parseMessage(lines('From: other@b.c', ...body.slice(1))).fingerprint, one)
})

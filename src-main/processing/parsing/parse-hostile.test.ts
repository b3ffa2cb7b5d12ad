import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseMessage } from './parse-message.ts'

const head = 'From: a@b.c\r\nMIME-Version: 1.0\r\n'
const mixed = `${head}Content-Type: multipart/mixed; boundary="b"\r\n\r\n`
const field = (name: string, value: string): string => `${head}${name}: ${value}\r\n\r\nx`
const typed = (type: string, body: string): string => `${head}Content-Type: ${type}\r\n\r\n${body}`

/** Each of these took a careless parser minutes. */
const hostile: Record<string, () => string> = {
  '2,000 nested parts': () => head + Array.from({ length: 2000 }, (_, level) => `Content-Type: multipart/mixed; boundary=n${level}\r\n\r\n--n${level}\r\n`).join(''),
  'one boundary nested 20,000 times': () => head + 'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n'.repeat(20_000),
  'a header line of 1 MB': () => field('X-A', 'y'.repeat(1_000_000)),
  '300,000 folded lines': () => field('X-A', 'y\r\n '.repeat(300_000)),
  '100,000 addresses': () => field('To', 'a@b.c,'.repeat(100_000)),
  'opening angles': () => field('To', '<'.repeat(250_000)),
  'opening parentheses': () => field('To', '('.repeat(250_000)),
  'quotes': () => field('To', '"'.repeat(250_001)),
  'beginnings of encoded words in addresses': () => field('To', '=?'.repeat(120_000)),
  '1 MB of encoded words': () => field('Subject', '=?utf-8?Q?a?= '.repeat(75_000)),
  'encoded words that never end': () => field('Subject', '=?utf-8?Q?a'.repeat(20_000)),
  'opening angles in References': () => field('References', '<'.repeat(250_000)),
  'parameters without end': () => field('Content-Type', `text/plain; a=x${' ('.repeat(100_000)}`),
  'spaces in a parameter': () => field('Content-Type', `text/plain; a=x${' '.repeat(200_000)}y`),
  '10 MB of multipart without a boundary': () => typed('multipart/mixed', `${'x'.repeat(76)}\r\n`.repeat(130_000)),
  '10 MB of dashes': () => mixed + '-'.repeat(10_000_000),
  '2 million lines of dashes': () => mixed + '\r\n--'.repeat(2_000_000),
  'a million empty parts': () => mixed + '--b\r\n\r\nx\r\n'.repeat(1_000_000),
  'carriage returns': () => `${head}\r\n${'\r'.repeat(5_000_000)}`,
  'plus signs in UTF-7': () => typed('text/plain; charset=utf-7', '+'.repeat(5_000_000)),
  'escape sequences': () => `${head}\r\n${'\x1b$B'.repeat(1_000_000)}`,
  'addresses with 8-bit names': () => field('To', '"\xd0\xd2\xc9\xd7\xc5\xd4\xd0\xd2" <a@b.c>,'.repeat(20_000)),
  '1 MB of 8-bit text without a charset': () => `${head}\r\n${'\xd0\xd2\xc9\xd7\xc5\xd4 '.repeat(150_000)}`,
  'beginnings of uuencoded files': () => `${head}\r\n${'begin 644 x\r\n#AAAA\r\n'.repeat(150_000)}`,
  'blank lines of a uuencoded file': () => `${head}\r\nbegin 644 x\r\n${'\r\n'.repeat(1_000_000)}`,
  'headers of forwarded messages': () => `${head}Subject: Fwd: x\r\n\r\n${'From: x\r\n'.repeat(300_000)}`,
  'rulers': () => `${head}Subject: Fwd: x\r\n\r\n${'-- \r\n'.repeat(300_000)}`,
  'beginnings of signed text': () => `${head}\r\n${'-----BEGIN PGP SIGNED MESSAGE-----\r\n'.repeat(100_000)}`,
  'S/MIME of lengths without end': () => typed('application/pkcs7-mime', '0\x80'.repeat(2_000_000)),
  'S/MIME of small pieces': () => typed('application/pkcs7-mime', `0\x80\x06\x09*\x86H\x86\xf7\r\x01\x07\x02\xa0\x800\x80\x02\x01\x011\x000\x80\x06\x01*\xa0\x80$\x80${'\x04\x01a'.repeat(1_000_000)}`),
  'RTF groups': () => typed('application/ms-tnef', `\x78\x9f\x3e\x22\x00\x00\x01${'{'.repeat(1_000_000)}`),
  'a calendar of parameters': () => typed('text/calendar', `BEGIN:VEVENT\r\nSUMMARY${';A=,"'.repeat(200_000)}\r\n`),
  'a calendar of events': () => typed('text/calendar', 'BEGIN:VEVENT\r\n'.repeat(300_000)),
  'recipients of a report': () => typed('multipart/report; boundary=b', `--b\r\nContent-Type: message/delivery-status\r\n\r\n${'Final-Recipient: rfc822; a@b.c\r\n\r\n'.repeat(100_000)}--b--`),
  'a bounce of addresses': () => `From: MAILER-DAEMON@b.c\r\n\r\ncould not be delivered\r\n${'a@b.c '.repeat(200_000)}`,
  'hidden HTML': () => typed('text/html', '<div style="display:none">'.repeat(100_000)),
  'open cells': () => typed('text/html', '<table><tr><td>'.repeat(100_000)),
  'blank lines of HTML': () => typed('text/html', '<p>&nbsp;</p><br>'.repeat(100_000)),
  'open HTML tags': () => typed('text/html', '<div>'.repeat(400_000)),
  'open HTML titles': () => typed('text/html', '<title>'.repeat(300_000)),
  'open HTML attributes': () => typed('text/html', '<a href="'.repeat(200_000))
}
for (const [what, make] of Object.entries(hostile))
  test(`hostile: ${what} in less than a second`, () => {
    const raw = Buffer.from(make(), 'latin1')
    parseMessage(raw.subarray(0, 20_000))
    // Processor time: a busy machine must not fail the test.
    const before = process.cpuUsage()
    parseMessage(raw)
    const { user, system } = process.cpuUsage(before)
    const ms = (user + system) / 1000
    assert.ok(ms < 1500, `${Math.round(ms)} ms`)
  })

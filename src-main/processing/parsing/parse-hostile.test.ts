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

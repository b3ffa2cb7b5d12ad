import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { TestMail } from '#contract/outgoing-server.ts'
import { ProblemError } from '#contract/problem.ts'
import { run } from '../../testbed/command-line.ts'
import type { Handlers } from '../ipc/handlers-type.ts'

const folder = mkdtempSync(join(tmpdir(), 'mail-from-flags-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const file = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}
const sent: TestMail[] = []
const handlers: Partial<Handlers> = { 'outgoing.send': async ({ mail }) => { sent.push(mail); return { messageId: '<1@x>', serverSaid: '250 ok', through: 'primary', accepted: mail.to, refused: [] } } }
const send = (...flags: string[]) => run(['outgoing', 'send', 'main', '--to', 'ann@example.com', ...flags], { handlers, stdin: '<p>From stdin</p>' })

test('HTML comes from a file or stdin, with the text beside it where one is given', async () => {
  assert.equal((await send('--html', file('a.html', '\ufeff<p>Hi</p>'))).status, 0)
  assert.partialDeepStrictEqual(sent.at(-1), { html: '<p>Hi</p>', text: '' })
  await send('--html', '-', '--text', 'Beside')
  assert.partialDeepStrictEqual(sent.at(-1), { html: '<p>From stdin</p>', text: 'Beside' })
  await send('--sample', '--text', 'One & two')
  assert.match(sent.at(-1)?.html ?? '', /<p[^>]*>One &#38; two<\/p>/)
  assert.match(sent.at(-1)?.html ?? '', /<img src="data:image\/png;base64,/)
  await send()
  assert.partialDeepStrictEqual(sent.at(-1), { html: null, attachments: [], subject: 'Mailroom test message' })
})

test('files go along under their names, with their media types', async () => {
  await send('--attach', file('notes.txt', 'notes'), '--attach', file('Büro.PDF', '%PDF'), '--attach', file('odd', ''))
  const found = sent.at(-1)?.attachments.map(({ name, mediaType, base64 }) => [name, mediaType, Buffer.from(base64, 'base64').toString()])
  assert.deepEqual(found, [['notes.txt', 'text/plain', 'notes'], ['Büro.PDF', 'application/pdf', '%PDF'], ['odd', 'application/octet-stream', '']])
})

const large = file('large.bin', '')
truncateSync(large, 100_000_001)
const refused: [flags: string[], says: RegExp][] = [
  [['--cc', 'bo@example.com, nobody'], /--cc: “nobody” is no address/], [['--bcc', 'a@b@c'], /--bcc: “a@b@c” is no address/],
  [['--html', join(folder, 'absent.html')], /absent\.html/], [['--attach', join(folder, 'absent.bin')], /absent\.bin/], [['--attach', folder], /folder/], [['--html', 'x', '--sample'], /not both/],
  [['--attach', large], /large\.bin has 100 MB; a file has at most 100 MB/], [['--html', file('long.html', 'x'.repeat(5_000_001))], /more than 5 MB/], [Array.from({ length: 21 }, () => ['--attach', 'x']).flat(), /At most 20 files/]
]
for (const [flags, says] of refused) test(`refused before anything is sent: ${String(says)}`, async () => {
  const before = sent.length
  const { status, said } = await send(...flags)
  assert.deepEqual([status, sent.length], [2, before])
  assert.match(said, says)
})

test('a mail that the server would not take is said with both sizes', async () => {
  const tooLarge: Partial<Handlers> = { 'outgoing.send': () => Promise.reject(new ProblemError({ code: 'mail-too-large', server: 'main', size: 82_000_000, limit: 25_000_000, serverSaid: '' })) }
  const { status, said } = await run(['outgoing', 'send', 'main', '--to', 'ann@example.com'], { handlers: tooLarge })
  assert.equal(status, 1)
  assert.match(said, /82 MB.*25 MB/)
})

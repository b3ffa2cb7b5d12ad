import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { ProblemError } from '#contract/problem.ts'
import type { Events } from '#contract/events.ts'
import { createRig, createWorld, mailOf, testServer } from '../../testbed/fetching-rig.ts'
import { readZip } from '../../testbed/read-zip.ts'
import { parseMessage } from '../processing/parsing/parse-message.ts'
import { systemClock } from '../fetching/clock.ts'
import { createDownloads } from '../work/downloads.ts'
import { createWorks } from '../work/works.ts'
import { createSupportBundle, type BundleNeeds } from './support-bundle.ts'

const letter = [
  'Message-ID: <77@corp.test>', 'From: =?utf-8?Q?J=C3=BCrgen_Kowalski?= <juergen.kowalski@corp.test>', 'To: it@example.com, "Maria Lopez" <maria@corp.test>',
  'Subject: =?utf-8?Q?bad_news_from_J=C3=BCrgen?=', 'Date: Fri, 20 Nov 2026 08:00:00 +0000', 'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary="0123456789-0123456789"', '',
  '--0123456789-0123456789', 'Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: base64', '',
  Buffer.from('Hello Maria,\r\ncall me at +49 (170) 123-4567.\r\nJürgen Kowalski\r\njuergen.kowalski@corp.test\r\nprinter 4711 is broken\r\n').toString('base64'),
  '--0123456789-0123456789', 'Content-Type: text/html; charset=iso-8859-1', 'Content-Transfer-Encoding: quoted-printable', '',
  '<p>J=FCrgen says: ask <a href=3D"mailto:maria@corp.test">Maria</a>, and this is a long line that needs a soft break = somewhere</p>'.replace(' = ', '=\r\n '),
  '--0123456789-0123456789', 'Content-Type: application/pdf; name="Lebenslauf Kowalski.pdf"', 'Content-Disposition: attachment;\r\n filename="Lebenslauf Kowalski.pdf"', 'Content-Transfer-Encoding: base64', '',
  Buffer.from('secret curriculum of Kowalski'.repeat(20)).toString('base64').replace(/.{76}/g, '$&\r\n'),
  '--0123456789-0123456789--', ''
].join('\r\n')

async function bundleOf(mails: string[]) {
  const world = createWorld()
  world.mail.deliver(...mails)
  const rig = createRig(world)
  const server = testServer()
  await rig.round({ server })
  const stored = { id: 1, server, ready: server, issues: [], lastTest: null }
  const works = createWorks()
  const downloads = createDownloads({ works, newId: randomUUID, clock: systemClock })
  const needs: BundleNeeds = {
    ...rig, downloads, sources: { incoming: async () => [stored], incomingNamed: async () => stored }, now: () => Date.parse('2026-11-20T09:00:00Z'),
    configurationYaml: async () => 'incoming:\n  - name: it\n    auth: { user: juergen.kowalski@corp.test }\n', versions: () => 'Mailroom 0.1.0\n',
    logText: async () => 'password=hunter2 for Kowalski\n', redactSecrets: (text) => text.replace('hunter2', '•••')
  }
  const bundle = createSupportBundle(needs)
  const zipped = async (chosen: Parameters<typeof bundle.export>[0]): Promise<Buffer> => {
    const { downloadId } = await bundle.export(chosen, support)
    const pieces: Buffer[] = []
    for (;;) {
      const { base64, done } = await downloads.next({ downloadId }, support)
      pieces.push(Buffer.from(base64, 'base64'))
      if (done) return Buffer.concat(pieces)
    }
  }
  return { rig, works, downloads, bundle, zipped }
}
const support = { role: 'support', who: 'Sam' } as const
const input = { server: null, ids: null, redact: false, workId: 'work-id-1' }

test('holds for each mail its record in clear and the message byte for byte', async () => {
  const mails = [mailOf('1', 'bad: Größe / 50%'), letter, mailOf('3', 'bug')]
  const { bundle, rig, downloads, zipped } = await bundleOf(mails)
  const zip = readZip(await zipped(input))
  const answer = await bundle.export({ ...input, workId: 'work-id-3' }, support)
  downloads.close()
  assert.deepEqual([answer.fileName, answer.mediaType, answer.mails], ['mailroom-support-2026-11-20.zip', 'application/zip', 3])
  assert.deepEqual([...zip.keys()].sort(), ['configuration.yaml', 'error-log.txt', 'mailroom.log', 'mails/1-bad-gro-e-50.eml', 'mails/1-bad-gro-e-50.txt', 'mails/2-bad-news-from-ju-rgen.eml', 'mails/2-bad-news-from-ju-rgen.txt', 'mails/3-bug.eml', 'mails/3-bug.txt', 'versions.txt'])
  assert.equal(zip.get('mails/2-bad-news-from-ju-rgen.eml')?.toString(), letter)
  const record = zip.get('mails/3-bug.txt')?.toString() ?? ''
  for (const part of [/^Subject: bug$/m, /^Message-ID: <3@example\.com>$/m, /^Problem: unexpected$/m, /TypeError: a bug/, /^Message-Id: <3@example\.com>$/m]) assert.match(record, part)
  assert.equal(zip.get('error-log.txt')?.toString().trim().split('\n').length, 3)
  assert.doesNotMatch(zip.get('mailroom.log')?.toString() ?? '', /hunter2/)
  const progress = rig.announced.filter(({ name }) => name === 'work-progressed').map(({ detail }) => detail as Events['work-progressed'])
  assert.deepEqual(progress.findLast(({ workId }) => workId === 'work-id-1'), { workId: 'work-id-1', done: 3, total: 3, what: 'mails' })
})

test('redacted: nothing personal is left, the same stands for the same, and messages can still be parsed', async () => {
  const { zipped } = await bundleOf([letter])
  const zip = readZip(await zipped({ ...input, redact: true }))
  for (const [path, bytes] of zip) {
    const shown = path.endsWith('.eml') ? everythingIn(bytes) : bytes.toString()
    assert.doesNotMatch(`${path}\n${shown}`, /kowalski|j(ü|u\u0308|=c3=bc|&uuml;|u)rgen|maria|lopez|corp\.test|123-4567|curriculum|lebenslauf/i, path)
  }
  const message = [...zip].find(([path]) => path.endsWith('.eml'))?.[1] ?? Buffer.alloc(0)
  const { content } = parseMessage(message)
  const sender = content.from?.address ?? ''
  assert.match(sender, /^person\d+@domain\d+\.example$/)
  assert.ok(content.text.includes(sender))
  assert.match(content.text, /printer 4711 is broken/)
  assert.match(content.text, /\+00 000 00001/)
  assert.ok((content.html ?? '').includes(`mailto:${content.to[1]?.address}`))
  assert.match(content.html ?? '', /needs a soft break somewhere/)
  assert.deepEqual([content.date, content.attachments.map(({ name, contentType }) => [name, contentType])], ['2026-11-20T08:00:00.000Z', [['attachment.pdf', 'application/pdf']]])
})

function everythingIn(message: Buffer): string {
  const { content, headers } = parseMessage(message)
  const bodies = message.toString('latin1').split(/\r?\n\r?\n/).map((piece) => Buffer.from(piece.split(/\r?\n--/)[0] ?? '', 'base64').toString('utf8'))
  return [message.toString('latin1'), JSON.stringify(content), JSON.stringify(headers), ...bodies].join('\n')
}

test('a broken message is blackened rather than shown', async () => {
  const broken = `Subject: bad\r\nContent-Type: multipart/mixed; boundary=never\r\n\r\n${Buffer.from('Kowalski '.repeat(60)).toString('base64').replace(/.{76}/g, '$&\r\n')}`
  const { zipped } = await bundleOf([broken])
  const zip = readZip(await zipped({ ...input, redact: true }))
  const message = [...zip].find(([path]) => path.endsWith('.eml'))?.[1].toString() ?? ''
  assert.match(message, /AAAAAAAAAA/)
  assert.doesNotMatch(Buffer.from(message.split('\r\n\r\n')[1]?.replace(/\s/g, '') ?? '', 'base64').toString(), /Kowalski Kowalski Kowalski/)
})

test('can be cancelled while it is made, and is given to nobody else', async () => {
  const big = Array.from({ length: 40 }, (_, index) => mailOf(String(index), 'bad').replace('Text of', `${randomBytes(300_000).toString('hex')}\r\nText of`))
  const { bundle, works, downloads, rig } = await bundleOf(big)
  const { downloadId } = await bundle.export({ ...input, workId: 'work-id-2' }, support)
  await assert.rejects(downloads.next({ downloadId }, { role: 'support', who: 'Eve' }), /not-found/)
  assert.equal((await downloads.next({ downloadId }, support)).done, false)
  works.cancel('work-id-2')
  await assert.rejects(downloads.next({ downloadId }, support), (thrown) => thrown instanceof ProblemError && thrown.problem.code === 'cancelled')
  const done = rig.announced.filter(({ name }) => name === 'work-progressed').map(({ detail }) => (detail as Events['work-progressed']).done)
  assert.ok(Math.max(...done) < big.length, 'it is not made ahead of who takes it')
})

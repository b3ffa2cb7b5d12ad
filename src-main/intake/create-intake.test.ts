import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { after, before, test } from 'node:test'
import { ProblemError } from '#contract/problem.ts'
import { openContentStore } from '../content/open-content-store.ts'
import { createIntake } from './create-intake.ts'

let root = ''
let parserUrl = pathToFileURL('/')
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'mailroom-intake-'))
  const parser = join(root, 'parser.mjs')
  // The text of a message says what becomes of its parser.
  await writeFile(parser, `export function parseMessage(raw) {
    const text = raw.toString('latin1').slice(0, 100)
    if (text.startsWith('throw')) throw new Error('parser broke')
    if (text.startsWith('exit')) process.exit(3)
    if (text.startsWith('hang')) for (;;);
    if (text.startsWith('memory')) { const all = []; for (;;) all.push(new Array(1000000).fill(text)) }
    return { content: { subject: text, html: '<b>', attachments: [] }, headers: [], places: [], fingerprint: 'f' + text, size: raw.length, problem: null }
  }`)
  parserUrl = pathToFileURL(parser)
})
after(() => rm(root, { recursive: true, force: true }))
const dataKey = Buffer.alloc(32, 7)
const raws = (...texts: string[]) => texts.map((text) => Buffer.from(text))
const outcome = (taken: { parsed: { content: { subject: string }; problem: unknown } }[]) => taken.map(({ parsed }) => (parsed.problem === null ? parsed.content.subject : parsed.problem))

test('a batch comes back in order, stored and parsed, without its HTML', async () => {
  const contentFolder = join(root, 'order')
  const intake = createIntake({ contentFolder, dataKey, parserUrl })
  const large = randomBytes(20 << 20)
  const batches = await Promise.all([intake.take(raws('a', 'b')), intake.take([Buffer.from(large), ...raws('c')]), intake.take([]), intake.take(raws('d'))])
  assert.deepEqual(outcome(batches[0]), ['a', 'b'])
  assert.equal(batches[0][0]?.parsed.content.html, null)
  const contents = openContentStore({ folder: contentFolder, dataKey })
  const [first] = batches[1]
  assert.ok(first && (await contents.read(first.stored.address, first.stored.place)).equals(large))
  assert.deepEqual(outcome(batches[3]), ['d'])
  await intake.close()
  await contents.close()
})

test('messages that throw, end the thread or never end are unreadable, the others are not', async () => {
  const intake = createIntake({ contentFolder: join(root, 'killers'), dataKey, parserUrl, parseLimitMs: 300 })
  const [first, second] = await Promise.all([intake.take(raws('a', 'throw', 'b', 'exit', 'c', 'hang 1', 'd')), intake.take(raws('e', 'hang 2'))])
  const failed = (reason: string) => ({ code: 'message-unreadable', reason })
  const late = failed('reading it took longer than 0.3 seconds')
  assert.deepEqual(outcome(first), ['a', failed('reading it failed: parser broke'), 'b', failed('reading it failed: the thread ended'), 'c', late, 'd'])
  assert.deepEqual(outcome(second), ['e', late])
  assert.deepEqual(outcome(await intake.take(raws('f'))), ['f'])
  await intake.close()
})

test('a message that eats all memory ends its thread only', { timeout: 60_000 }, async () => {
  const intake = createIntake({ contentFolder: join(root, 'memory'), dataKey, parserUrl })
  const taken = await intake.take(raws('a', 'memory', 'b'))
  assert.deepEqual(taken.map(({ parsed }) => parsed.problem?.code ?? null), [null, 'message-unreadable', null])
  await intake.close()
})

test('a thread that cannot start is a problem, not a wait', async () => {
  const intake = createIntake({ contentFolder: join(root, 'none'), dataKey, workerUrl: pathToFileURL(join(root, 'missing.js')) })
  await assert.rejects(intake.take(raws('a')), (error) => error instanceof ProblemError && error.problem.code === 'unexpected')
  await intake.close()
})

test('what cannot be stored rejects', async () => {
  await writeFile(join(root, 'file'), '')
  const intake = createIntake({ contentFolder: join(root, 'file', 'x'), dataKey, parserUrl })
  await assert.rejects(intake.take(raws('a')), (error) => error instanceof ProblemError && error.problem.code === 'data-folder-unwritable')
  await intake.close()
})

test('the real parser works in the thread', async () => {
  const intake = createIntake({ contentFolder: join(root, 'real'), dataKey })
  const [taken] = await intake.take(raws('From: Ann <ann@example.com>\r\nSubject: Printer\r\n\r\nIt smokes.\r\n'))
  assert.equal(taken?.parsed.content.subject, 'Printer')
  assert.equal(taken?.parsed.problem, null)
  await intake.close()
})

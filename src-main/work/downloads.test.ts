import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import type { Writable } from 'node:stream'
import { test } from 'node:test'
import { ProblemError, type Problem } from '#contract/problem.ts'
import { createDownloads } from './downloads.ts'
import { createWorks } from './works.ts'

const ann = { role: 'support', who: 'ann' } as const
const problem = (code: Problem['code']) => (thrown: unknown) => thrown instanceof ProblemError && thrown.problem.code === code

function createDesk() {
  const timers = new Set<() => void>()
  const works = createWorks()
  let ids = 0
  const downloads = createDownloads({ works, newId: () => `download-${++ids}`, clock: { after: (_ms, work) => (timers.add(work), () => void timers.delete(work)) } })
  const begin = (write: (output: Writable, signal: AbortSignal) => Promise<void>) => downloads.begin({ fileName: 'a.bin', mediaType: 'application/octet-stream', workId: 'work-0001', write }, ann)
  const all = async (downloadId: string): Promise<Buffer> => {
    const pieces: Buffer[] = []
    for (;;) {
      const { base64, done } = await downloads.next({ downloadId }, ann)
      pieces.push(Buffer.from(base64, 'base64'))
      if (done) return Buffer.concat(pieces)
    }
  }
  return { downloads, works, timers, begin, all }
}
const writeAll = async (output: Writable, chunks: readonly Buffer[]): Promise<void> => {
  for (const chunk of chunks) if (!output.write(chunk)) await new Promise((resolve, reject) => void output.once('drain', resolve).once('error', reject))
}

test('a file comes in pieces, as it was written, and is over then', async () => {
  const { begin, all, downloads, timers } = createDesk()
  const chunks = Array.from({ length: 40 }, () => randomBytes(300_000))
  const { downloadId } = begin((output) => writeAll(output, chunks))
  assert.ok((await all(downloadId)).equals(Buffer.concat(chunks)))
  await assert.rejects(downloads.next({ downloadId }, ann), problem('not-found'))
  assert.equal(timers.size, 0)
})

test('an empty file is a file', async () => {
  const { begin, all } = createDesk()
  assert.equal((await all(begin(async () => undefined).downloadId)).length, 0)
})

test('nobody else can go on with it, by role or by name', async () => {
  const { begin, downloads } = createDesk()
  const { downloadId } = begin((output) => writeAll(output, [Buffer.from('x')]))
  await assert.rejects(downloads.next({ downloadId }, { role: 'support', who: 'bob' }), problem('not-found'))
  await assert.rejects(downloads.next({ downloadId }, { role: 'administrator', who: 'ann' }), problem('not-found'))
  await downloads.cancel({ downloadId }, { role: 'support', who: 'bob' })
  assert.equal((await downloads.next({ downloadId }, ann)).done, false)
})

const endings: [string, (desk: ReturnType<typeof createDesk>, id: string) => unknown][] = [
  ['its own call', ({ downloads }, downloadId) => downloads.cancel({ downloadId }, ann)],
  ['work.cancel', ({ works }) => works.cancel('work-0001')],
  ['five minutes without a word', ({ timers }) => [...timers].forEach((work) => work())],
  ['closing', ({ downloads }) => downloads.close()]
]
for (const [title, end] of endings)
  test(`${title} ends it and whoever writes it`, async () => {
    const desk = createDesk()
    let wasAborted = false
    const { downloadId } = desk.begin(async (output, signal) => {
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
      wasAborted = true
      output.write('late')
    })
    const waiting = desk.downloads.next({ downloadId }, ann)
    await end(desk, downloadId)
    await assert.rejects(waiting, problem('cancelled'))
    assert.ok(wasAborted)
    desk.works.end(desk.works.start('work-0001') && 'work-0001')
  })

test('who takes it hears that it was cancelled between two pieces', async () => {
  const { begin, downloads, works, timers } = createDesk()
  const { downloadId } = begin((output) => writeAll(output, Array.from({ length: 40 }, () => randomBytes(300_000))))
  assert.equal((await downloads.next({ downloadId }, ann)).done, false)
  works.cancel('work-0001')
  await new Promise((resolve) => setImmediate(resolve))
  await assert.rejects(downloads.next({ downloadId }, ann), problem('cancelled'))
  await assert.rejects(downloads.next({ downloadId }, ann), problem('not-found'))
  assert.equal(timers.size, 0)
})

test('what goes wrong while writing is heard by who takes it', async () => {
  const { begin, all } = createDesk()
  await assert.rejects(all(begin(async () => { throw new ProblemError({ code: 'disk-full', folder: '/data' }) }).downloadId), problem('disk-full'))
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Events } from '#contract/events.ts'
import { ProblemError } from '#contract/problem.ts'
import { createHeldClock } from '../../testbed/held-clock.ts'
import type { ServerSources } from '../servers/server-sources.ts'
import { createTranscripts, keptOfTranscript } from './transcripts.ts'

function createOffice() {
  const clock = createHeldClock(Date.parse('2026-11-21T09:14:02.123Z'))
  const told: Events['transcript-grew'][] = []
  const named = async (name: string) => (name === 'gone' ? Promise.reject(new ProblemError({ code: 'not-found', what: 'incoming server', name, nearest: null })) : { server: { name } })
  const transcripts = createTranscripts({ sources: { incomingNamed: named, outgoingNamed: named } as unknown as ServerSources, clock, announce: (name, detail) => void (name === 'transcript-grew' && told.push(detail as Events['transcript-grew'])) })
  return { clock, told, transcripts, lines: async (kind: 'incoming' | 'outgoing' = 'incoming', name = 'it') => (await transcripts.of(kind, { name })).lines }
}

test('lines have their time and the number of their connection; incoming and outgoing of one name are two', async () => {
  const { clock, transcripts, lines } = createOffice()
  const [first, second, sending] = [transcripts.open('incoming', 'it'), transcripts.open('incoming', 'it'), transcripts.open('outgoing', 'it')]
  first('C: A1 NOOP')
  await clock.pass(1_000)
  second('C: A1 IDLE')
  first('S: A1 OK')
  sending('S: 220 ready')
  assert.deepEqual(await lines(), ['2026-11-21T09:14:02.123Z #1 C: A1 NOOP', '2026-11-21T09:14:03.123Z #2 C: A1 IDLE', '2026-11-21T09:14:03.123Z #1 S: A1 OK'])
  assert.deepEqual(await lines('outgoing'), ['2026-11-21T09:14:03.123Z #1 S: 220 ready'])
})

test('a debug that is left on for a week keeps no more than its lines and characters, and tells five times a second at most', async () => {
  const { clock, told, transcripts, lines } = createOffice()
  const write = transcripts.open('incoming', 'it')
  for (let second = 0; second < 10; second++) {
    for (let count = 0; count < 5_000; count++) write(`C: ${second} ${count}`)
    await clock.pass(1_000)
  }
  assert.equal((await lines()).length, keptOfTranscript.lines)
  assert.match((await lines()).at(-1) ?? '', /C: 9 4999$/)
  assert.ok(told.length <= 50, `${told.length} events`)
  assert.ok(told.every((one) => one.lines.length <= keptOfTranscript.lines))
  for (let count = 0; count < 3_000; count++) write('x'.repeat(1_000))
  assert.ok((await lines()).join('').length <= keptOfTranscript.characters)
  transcripts.close()
})

test('what is told and what is kept are the same lines in the same order', async () => {
  const { clock, told, transcripts, lines } = createOffice()
  const write = transcripts.open('outgoing', 'main')
  for (let count = 0; count < 1_500; count++) {
    write(`S: ${count}`)
    if (count % 7 === 0) await clock.pass(100)
  }
  await clock.pass(1_000)
  assert.deepEqual(told.flatMap((one) => one.lines), await lines('outgoing', 'main'))
  assert.ok(told.every(({ kind, server }) => kind === 'outgoing' && server === 'main'))
})

test('only who has debug on, or is asked about now, is recorded; what is cleared is gone', async () => {
  const { transcripts, lines } = createOffice()
  const off = { name: 'it', debug: false }
  assert.equal(transcripts.writerFor('incoming', off), null)
  await transcripts.during('incoming', 'it', async () => transcripts.writerFor('incoming', off)?.('S: * OK'))
  await transcripts.during('incoming', 'it', async () => Promise.reject(new Error('failed'))).catch(() => undefined)
  assert.equal(transcripts.writerFor('incoming', off), null)
  transcripts.writerFor('incoming', { name: 'it', debug: true })?.('S: * BYE')
  assert.equal((await lines()).length, 2)
  await transcripts.clear({ kind: 'incoming', name: 'it' })
  assert.deepEqual(await lines(), [])
  await assert.rejects(lines('incoming', 'gone'), ProblemError)
  await assert.rejects(transcripts.clear({ kind: 'outgoing', name: 'gone' }), ProblemError)
})

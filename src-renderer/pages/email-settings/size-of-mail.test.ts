import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newOutgoingServer, type OutgoingServerView } from '#contract/outgoing-server.ts'
import { encodedSize, sizeFault, takenBy } from './size-of-mail.ts'

type Known = Pick<OutgoingServerView, 'server' | 'lastTest'>
const view = (maxMailSize: number | null, said: string | null): Known => ({
  server: { ...newOutgoingServer('smtp'), maxMailSize },
  lastTest: said === null ? null : { verdict: 'ok', at: '2026-11-20T08:00:00.000Z', failedAt: null, problem: null, sample: null, steps: [{ step: 'capabilities', outcome: 'ok', ms: 1, detail: said, problem: null }] }
})

test('a file in base64 grows by more than a third', () => {
  const bytes = 3_000_000
  const lines = Buffer.alloc(bytes).toString('base64').replace(/.{76}/g, '$&\r\n').length
  const size = encodedSize([{ size: bytes }], 'x'.repeat(100), null)
  assert.ok(size >= lines && size < lines + 5_000, `${size} for ${lines}`)
})

const known: [Known, number | null][] = [
  [view(null, null), null], [view(25_000_000, null), 25_000_000], [view(null, 'PIPELINING SIZE 10240000 8BITMIME'), 10_240_000], [view(25_000_000, 'SIZE 10240000'), 10_240_000], [view(1_000_000, 'SIZE 10240000'), 1_000_000],
  [view(null, 'PIPELINING SIZE 8BITMIME'), null], [view(null, 'SIZE 0'), null], [view(null, 'IMAP4rev1'), null]
]
test('what a server takes is the smaller of its setting and what it said', () => {
  for (const [given, size] of known) assert.equal(takenBy(given), size)
})

test('60 MB against 25 MB is said with both sizes, and so is what the console does not take', () => {
  const film = [{ name: 'film.mp4', size: 60_000_000 }]
  assert.match(sizeFault(film, encodedSize(film, '', null), 25_000_000) ?? '', /82 MB; this server takes 25 MB/)
  assert.match(sizeFault(film, encodedSize(film, '', null), null) ?? '', /60 MB; a test mail takes 58 MB/)
  assert.match(sizeFault(Array.from({ length: 21 }, () => ({ name: 'a', size: 1 })), 100, null) ?? '', /At most 20 files/)
  assert.equal(sizeFault([{ name: 'a', size: 10_000_000 }], 14_000_000, 25_000_000), null)
})

import { test } from 'node:test'
import assert from 'node:assert/strict'
import { createResponseReader, type Pop3Response, type ResponseShape } from './response-reader.ts'

const status: ResponseShape = { multiline: false, limit: 0 }
const lines: ResponseShape = { multiline: true, limit: 1_000_000 }

const read = (chunks: Buffer[], shapes: ResponseShape[]): Pop3Response[] => {
  const responses: Pop3Response[] = []
  const queue = [...shapes]
  const reader = createResponseReader(() => queue.shift() ?? status, (response) => responses.push(response))
  for (const chunk of chunks) reader.push(chunk)
  return responses
}

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1')
const bodyOf = (wire: string): string | undefined => read([bytes(wire)], [lines])[0]?.body?.toString('latin1')

test('a body is taken byte for byte', () => {
  const table: [string, string, string][] = [
    ['empty', '+OK\r\n.\r\n', ''],
    ['one line', '+OK 5\r\nabc\r\n.\r\n', 'abc\r\n'],
    ['the last CRLF stays', '+OK\r\na\r\n\r\n.\r\n', 'a\r\n\r\n'],
    ['a lone stuffed dot', '+OK\r\n..\r\n.\r\n', '.\r\n'],
    ['stuffed dots', '+OK\r\n..a\r\n...b\r\nc.d\r\n.\r\n', '.a\r\n..b\r\nc.d\r\n'],
    ['stuffed dots line after line', '+OK\r\n..\r\n..\r\n..\r\n.\r\n', '.\r\n.\r\n.\r\n'],
    ['8-bit and NUL', '+OK\r\n\xff\x00\xe9\r\n.\r\n', '\xff\x00\xe9\r\n'],
    ['bare LF and CR stay', '+OK\r\na\n.\nb\rc\r\n.\r\n', 'a\n.\nb\rc\r\n'],
    ['a dot at a line end', '+OK\r\na.\r\n.\r\n', 'a.\r\n']
  ]
  for (const [what, wire, body] of table) assert.equal(bodyOf(wire), body, what)
})

test('answers are the same however the bytes are cut', () => {
  const wire = bytes('+OK hello\r\n+OK 2 lines\r\n..dot\r\n\xe9\x00\r\n.\r\n-ERR [SYS/TEMP] no\r\n+OK\r\n.\r\n+OK\r\na\r\n..\r\n.\r\n+OK bye\r\n')
  const shapes = [status, lines, lines, lines, lines, status]
  const whole = read([wire], shapes)
  assert.equal(whole.length, 6)
  for (let cut = 1; cut < wire.length; cut++) assert.deepEqual(read([wire.subarray(0, cut), wire.subarray(cut)], shapes), whole, `cut at ${cut}`)
  for (const step of [1, 2, 3, 5]) {
    const pieces = Array.from({ length: Math.ceil(wire.length / step) }, (_, at) => wire.subarray(at * step, (at + 1) * step))
    assert.deepEqual(read(pieces, shapes), whole, `pieces of ${step}`)
  }
  for (let first = 1; first < wire.length - 1; first++)
    for (let second = first + 1; second < Math.min(first + 7, wire.length); second++)
      assert.deepEqual(read([wire.subarray(0, first), wire.subarray(first, second), wire.subarray(second)], shapes), whole, `cut at ${first} and ${second}`)
})

test('a body beyond the limit is counted and cut, and the next answer is read', () => {
  const wire = bytes(`+OK\r\n${'x'.repeat(100)}\r\n.\r\n+OK next\r\n`)
  const [long, next] = read([wire.subarray(0, 40), wire.subarray(40)], [{ multiline: true, limit: 10 }, status])
  assert.equal(long?.body?.length, 10)
  assert.equal(long?.size, 102)
  assert.equal(next?.text, '+OK next')
})

test('a refused multi-line command has no body', () => {
  assert.deepEqual(read([bytes('-ERR no such message\r\n+OK\r\n')], [lines, status]), [
    { ok: false, text: '-ERR no such message', body: null, size: 0 },
    { ok: true, text: '+OK', body: null, size: 0 }
  ])
})

test('bodies own their memory, so that they can be transferred', () => {
  const body = read([bytes('+OK\r\nabc\r\n.\r\n')], [lines])[0]?.body
  assert.ok(body !== null && body !== undefined && body.buffer.byteLength < 100)
})

test('a line without an end is refused', () => {
  assert.throws(() => read([Buffer.alloc(10_000, 0x61)], [status]), RangeError)
})

import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { ProblemError } from '#contract/problem.ts'
import { listFiles, realDisk, segmentFile, type Disk } from './database-files.ts'
import { beginJournal, continueJournal, replaySegment } from './journal.ts'

const root = mkdtempSync(join(tmpdir(), 'mailroom-journal-'))
after(() => rmSync(root, { recursive: true, force: true }))
const key = Buffer.alloc(32, 9)
let folders = 0
const place = (disk: Disk = realDisk) => ({ folder: mkdtempSync(join(root, String(++folders))), key, disk })
const damaged = (error: unknown) => error instanceof ProblemError && error.problem.code === 'data-folder-damaged'
function records(file: string, isLast = true): string[] {
  const found: string[] = []
  replaySegment(key, file, isLast, (sequence, plain) => found.push(`${sequence} ${plain.toString()}`))
  return found
}

test('a journal that ends at any byte of its last record gives the ones before', () => {
  const where = place()
  const journal = beginJournal(where, 1)
  const file = segmentFile(where.folder, 1)
  journal.append(1, Buffer.from('one'))
  const end = journal.bytes()
  journal.append(2, Buffer.from('two and some more text'))
  journal.close()
  const whole = readFileSync(file)
  for (let length = end; length < whole.length; length += 1) {
    writeFileSync(file, whole.subarray(0, length))
    assert.deepEqual(records(file), ['1 one'], `length ${length}`)
    if (length > end) assert.throws(() => records(file, false), damaged)
  }
})

test('any flipped bit is damage', () => {
  const where = place()
  const journal = beginJournal(where, 7)
  const file = segmentFile(where.folder, 7)
  for (const sequence of [7, 8, 9]) journal.append(sequence, Buffer.from('text'))
  journal.close()
  const whole = readFileSync(file)
  assert.deepEqual(records(file), ['7 text', '8 text', '9 text'])
  for (let at = 0; at < whole.length; at += 1) {
    const bad = Buffer.from(whole)
    bad[at] = (bad[at] ?? 0) ^ (1 << at % 8)
    writeFileSync(file, bad)
    assert.throws(() => records(file), damaged, `byte ${at}`)
  }
})

test('records cannot be left out, put in another order or moved to another file', () => {
  const where = place()
  const journal = beginJournal(where, 1)
  const ends = [1, 2, 3].map((sequence) => {
    journal.append(sequence, Buffer.from('same'))
    return journal.bytes()
  })
  journal.close()
  const file = segmentFile(where.folder, 1)
  const whole = readFileSync(file)
  const [a = 0, b = 0, c = 0] = ends
  const [first, second, third] = [whole.subarray(0, a), whole.subarray(a, b), whole.subarray(b, c)]
  const other = beginJournal(where, 4)
  other.append(4, Buffer.from('same'))
  other.close()
  const foreign = readFileSync(segmentFile(where.folder, 4)).subarray(36)
  for (const pieces of [[first, third], [first, third, second], [first, second, second], [first, second, third, foreign]]) {
    writeFileSync(file, Buffer.concat(pieces))
    assert.throws(() => records(file), damaged)
  }
})

test('a record of several megabytes', () => {
  const where = place()
  const journal = beginJournal(where, 1)
  journal.append(1, Buffer.alloc(5 << 20, 'a'))
  journal.append(2, Buffer.from('b'))
  journal.rotate(3)
  journal.append(3, Buffer.from('c'))
  journal.close()
  assert.deepEqual(records(segmentFile(where.folder, 1), false).map((record) => record.length), [(5 << 20) + 2, 3])
  assert.deepEqual(listFiles(where.folder).segments, [1, 3])
})

test('a disk that fills in the middle of a record leaves the file as it was', () => {
  let room = Number.MAX_SAFE_INTEGER
  const full = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
  const where = place({
    ...realDisk,
    write(fd, bytes, offset, length, position) {
      if (room === 0) throw full
      const part = Math.min(length, room)
      room -= part
      return realDisk.write(fd, bytes, offset, part, position)
    }
  })
  const journal = beginJournal(where, 1)
  const file = segmentFile(where.folder, 1)
  journal.append(1, Buffer.from('one'))
  const { size } = statSync(file)
  for (const left of [0, 1, 30, 60]) {
    room = left
    assert.throws(() => journal.append(2, Buffer.alloc(100)), full)
    assert.equal(statSync(file).size, size)
  }
  room = Number.MAX_SAFE_INTEGER
  journal.append(2, Buffer.from('two'))
  journal.close()
  assert.deepEqual(records(file), ['1 one', '2 two'])
})

test('a disk that cannot even take back a record gets no further ones', () => {
  let broken = false
  const fail = () => {
    throw Object.assign(new Error('EIO'), { code: 'EIO' })
  }
  const where = place({ ...realDisk, sync: (fd) => (broken ? fail() : realDisk.sync(fd)) })
  const journal = beginJournal(where, 1)
  broken = true
  assert.throws(() => journal.append(1, Buffer.from('one')), /EIO/)
  broken = false
  assert.throws(() => journal.append(1, Buffer.from('one')), /EIO/)
  journal.close()
})

test('a torn end is cut off before the journal goes on', () => {
  const where = place()
  const journal = beginJournal(where, 1)
  journal.append(1, Buffer.from('one'))
  journal.append(2, Buffer.from('two'))
  const file = segmentFile(where.folder, 1)
  journal.close()
  writeFileSync(file, readFileSync(file).subarray(0, -1))
  const { keys, length } = replaySegment(key, file, true, () => undefined)
  const again = continueJournal(where, file, keys, length)
  again.append(2, Buffer.from('2'))
  again.close()
  assert.deepEqual(records(file), ['1 one', '2 2'])
})

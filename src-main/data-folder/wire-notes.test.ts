import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createWireNotes, type WireNotesNeeds } from './wire-notes.ts'

const inFolder = (work: (notes: (more?: Partial<WireNotesNeeds>) => ReturnType<typeof createWireNotes>, file: string) => void): void => {
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-wire-'))
  const file = join(folder, 'wire')
  try {
    work((more = {}) => createWireNotes({ file, folder, boot: 'this start', ...more }), file)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

test('what a process noted is known to the next: on the wire, taken, not taken, never begun', () => inFolder((notes) => {
  const first = notes()
  for (const mail of [1, 2, 3]) first.begin(mail)
  first.end(2, 'sent')
  first.end(3, 'not-taken')
  const past = notes().past()
  assert.deepEqual([1, 2, 3, 4].map((mail) => past?.(mail)), ['open', 'sent', 'not-taken', 'never'])
  assert.deepEqual([first.vouches, notes({ boot: null }).vouches], [true, false])
}))

test('nothing is believed of another start of the computer, of a system that does not name its starts, of a torn or foreign file, and without one', () => inFolder((notes, file) => {
  assert.equal(notes().past(), null)
  notes().begin(1)
  assert.equal(notes({ boot: 'another' }).past(), null)
  assert.equal(notes({ boot: null }).past(), null)
  appendFileSync(file, '2')
  assert.equal(notes().past(), null)
  writeFileSync(file, 'mailroom wire 1 this start\n1+\nx\n')
  assert.equal(notes().past(), null)
}))

test('a file that has grown begins anew with what is not settled', () => inFolder((notes, file) => {
  const first = notes({ mostBytes: 60 })
  first.begin(7)
  first.begin(8)
  first.end(8, 'sent')
  for (let mail = 10; mail < 60; mail++) {
    first.begin(mail)
    first.end(mail, 'sent')
    first.settled(mail)
  }
  assert.ok(readFileSync(file).length < 120)
  assert.deepEqual([7, 8].map((mail) => notes().past()?.(mail)), ['open', 'sent'])
}))

test('a disk that takes no note lets no mail go', () => inFolder((notes) => {
  const refused = notes({ file: '/proc/nowhere/wire' })
  assert.throws(() => refused.begin(1), { message: 'data-folder-unwritable' })
}))

const onFullDisk = `
  const notes = (await import(process.argv[1])).createWireNotes({ file: process.argv[2], folder: '.', boot: 'this start' })
  const refused = []
  for (let mail = 1; mail <= 300; mail++) {
    try {
      notes.begin(mail)
    } catch {
      refused.push(mail)
      continue
    }
    if (mail === 300) break
    notes.end(mail, 'sent')
    notes.settled(mail)
  }
  console.log(JSON.stringify(refused))
`

test('a note of which the disk took only a part spoils no other', { skip: process.platform === 'win32' ? 'no limit of the size of files there' : false }, () => inFolder((notes, file) => {
  const module = new URL('./wire-notes.ts', import.meta.url).href
  // A file may have no more than 512 or 1,024 bytes, which ends in the middle of a note (setrlimit(2), RLIMIT_FSIZE).
  const { stdout, stderr } = spawnSync('/bin/sh', ['-c', 'ulimit -f 1; exec "$@"', 'sh', process.execPath, '--input-type=module', '-e', onFullDisk, module, file], { encoding: 'utf8' })
  const refused = JSON.parse(stdout || `"${stderr}"`) as number[]
  assert.ok(refused.length < 6, `refused: ${refused.join(', ')}`)
  const past = notes().past()
  assert.deepEqual([past?.(300), ...refused.map((mail) => past?.(mail))], ['open', ...refused.map(() => 'never')])
}))

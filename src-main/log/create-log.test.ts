import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createLog } from './create-log.ts'
import { newReference, reportProblem } from './report-problem.ts'

const at = new Date('2026-01-02T03:04:05.000Z')

test('writes redacted lines to stderr and to a file of bounded size', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-log-'))
  context.after(() => rmSync(folder, { recursive: true }))
  const lines: string[] = []
  const log = createLog({ write: (line) => lines.push(line), now: () => at, maxFileSize: 500 })
  log.info('before the folder is known')
  log.keepIn(folder)
  for (let count = 0; count < 50; count++) log.warning(`fetched with password=hunter2 ${count}`)
  assert.equal(lines.length, 51)
  assert.equal(lines[0], '2026-01-02T03:04:05.000Z before the folder is known\n')
  assert.deepEqual(readdirSync(folder).sort(), ['mailroom.1.log', 'mailroom.log'])
  for (const name of readdirSync(folder)) {
    assert.ok(statSync(join(folder, name)).size <= 500)
    assert.doesNotMatch(readFileSync(join(folder, name), 'utf8'), /hunter2/)
  }
  assert.match(readFileSync(join(folder, 'mailroom.log'), 'utf8'), / 49\n$/)
})

test('goes on without the file where it cannot be written', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-log-'))
  context.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'a-file')
  writeFileSync(file, '')
  const lines: string[] = []
  const log = createLog({ write: (line) => lines.push(line), now: () => at })
  log.keepIn(join(file, 'below'))
  log.info('one')
  log.info('two')
  assert.equal(lines.length, 3)
  assert.match(lines[1] ?? '', /cannot be written \(ENOTDIR\)/)
})

test('an unexpected error has its stack and causes in the file, one line where a person watches, and nowhere the secrets of the input', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-log-'))
  context.after(() => rmSync(folder, { recursive: true }))
  const lines: string[] = []
  const log = createLog({ write: (line) => lines.push(line), now: () => at })
  const error = new Error('outer hunter2\nand more', { cause: new TypeError('inner') })
  const short = '2026-01-02T03:04:05.000Z error: unexpected [REF] during call x: Error: outer •••\n'
  reportProblem(log, 'REF', 'call x', error, ['hunter2'], { told: true })
  assert.deepEqual(lines.splice(0), [short])
  log.keepIn(folder)
  reportProblem(log, 'REF', 'call x', error, ['hunter2'], { told: true })
  assert.deepEqual(lines, [])
  reportProblem(log, 'REF', 'call x', error, ['hunter2'])
  assert.deepEqual(lines, [short])
  const kept = readFileSync(join(folder, 'mailroom.log'), 'utf8')
  assert.match(kept, /during call x: Error: outer •••\nError: outer •••\nand more\n {4}at [\s\S]*caused by: TypeError: inner\n {4}at /)
  assert.doesNotMatch(kept, /hunter2/)
})

test('references differ', () => assert.equal(new Set(Array.from({ length: 1000 }, newReference)).size, 1000))

import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { beginNewFile } from './new-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'mailroom-new-file-'))
after(() => rmSync(folder, { recursive: true, force: true }))

test('a file has its name when it is whole, and never takes that of another', async () => {
  const file = join(folder, 'bundle.zip')
  // Of a process that was killed, and of another file.
  writeFileSync(join(folder, '.bundle.zip.999999999.part'), 'half')
  writeFileSync(join(folder, '.other.zip.999999999.part'), 'half')
  const made = await beginNewFile(file)
  await made.handle.writeFile('whole')
  assert.deepEqual(readdirSync(folder).sort(), [`.bundle.zip.${process.pid}.part`, '.other.zip.999999999.part'].sort())
  await made.publish()
  assert.deepEqual(readdirSync(folder).sort(), ['.other.zip.999999999.part', 'bundle.zip'])
  const second = await beginNewFile(file)
  await second.handle.writeFile('another')
  await assert.rejects(second.publish(), { code: 'EEXIST' })
  assert.equal(readFileSync(file, 'utf8'), 'whole')
})

test('one that is given up leaves nothing', async () => {
  const made = await beginNewFile(join(folder, 'given-up.zip'))
  await made.handle.writeFile('half')
  await made.discard()
  assert.deepEqual(readdirSync(folder).filter((name) => name.includes('given-up')), [])
})

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { ProblemError } from '#contract/problem.ts'
import { openContentStore } from '../content/open-content-store.ts'
import { openDatabase } from '../database/open-database.ts'

const folder = mkdtempSync(join(tmpdir(), 'mailroom-full-'))
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder])
const skip = mounted.status === 0 ? false : 'a small file system cannot be mounted here (root and Linux are needed)'
after(() => {
  if (skip === false) spawnSync('umount', [folder])
  rmSync(folder, { recursive: true, force: true })
})
const dataKey = Buffer.alloc(32, 3)
const full = (error: unknown) => error instanceof ProblemError && error.problem.code === 'disk-full'

test('on a full disk commits and messages are refused, and what was there stays', { skip }, async () => {
  const open = () => openDatabase({ folder: join(folder, 'database'), dataKey, log: { warning: () => undefined } })
  const database = await open()
  const contents = openContentStore({ folder: join(folder, 'content'), dataKey })
  const kept = await contents.append(Buffer.from('kept'))
  await contents.flush()
  await assert.rejects(contents.append(randomBytes(2 << 20)), full)

  const add = (document: string) => database.transaction((transaction) => transaction.run('INSERT INTO partitions (name, document) VALUES (?, ?)', [randomBytes(8).toString('hex'), document]))
  let added = 0
  await assert.rejects(async () => {
    for (;;) {
      await add('x'.repeat(50_000))
      added += 1
    }
  }, full)
  assert.ok(added > 5)
  const count = async (from: typeof database) => (await from.all('SELECT COUNT(*) AS count FROM partitions'))[0]?.count
  assert.equal(await count(database), added)
  assert.equal(String(await contents.read(kept.address, kept.place)), 'kept')
  await database.close()
  await contents.close()
  const again = await open()
  assert.equal(await count(again), added)
  await again.close()
})

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { appendFile, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { ProblemError } from '#contract/problem.ts'
import { openContentStore } from './open-content-store.ts'

let root = ''
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'mailroom-content-'))
})
after(() => rm(root, { recursive: true, force: true }))
const dataKey = Buffer.alloc(32, 7)
const damaged = (error: unknown) => error instanceof ProblemError && error.problem.code === 'data-folder-damaged'

test('what was appended at once is read back, also by another store', async () => {
  const folder = join(root, 'many')
  const store = openContentStore({ folder, dataKey })
  const raws = Array.from({ length: 300 }, (_, index) => randomBytes(index * 37))
  const stored = await Promise.all(raws.map((raw) => store.append(raw)))
  await store.flush()
  const other = openContentStore({ folder, dataKey })
  for (const [index, { address, place, size }] of stored.entries()) {
    assert.equal(size, raws[index]?.length)
    assert.deepEqual(await other.read(address, place), raws[index])
  }
  assert.equal(new Set(stored.map(({ address }) => address)).size, 300)
  await store.close()
  await other.close()
})

test('the same content has the same address and, in one run, the same place', async () => {
  const folder = join(root, 'same')
  const store = openContentStore({ folder, dataKey })
  const first = await store.append(Buffer.from('canary-text one'))
  assert.deepEqual(await store.append(Buffer.from('canary-text one')), first)
  await store.close()
  const later = openContentStore({ folder, dataKey })
  assert.equal((await later.append(Buffer.from('canary-text one'))).address, first.address)
  await later.close()
  const elsewhere = openContentStore({ folder: join(root, 'same2'), dataKey: Buffer.alloc(32, 8) })
  assert.notEqual((await elsewhere.append(Buffer.from('canary-text one'))).address, first.address)
  await elsewhere.close()
  assert.ok(!(await readFile(join(folder, 'pack-000001'))).includes('canary-text'))
})

test('a message of 60 MB, and packs that are full', async () => {
  const folder = join(root, 'large')
  const store = openContentStore({ folder, dataKey, packSize: 1_000_000 })
  const large = randomBytes(60 << 20)
  const stored = await store.append(large)
  const small = await store.append(Buffer.from('small'))
  assert.equal(small.place.pack, stored.place.pack + 1)
  await store.flush()
  assert.ok((await store.read(stored.address, stored.place)).equals(large))
  assert.equal((await readdir(folder)).length, 2)
  await store.close()
})

test('what a crash left at the end of a pack does no harm', async () => {
  const folder = join(root, 'tail')
  const store = openContentStore({ folder, dataKey })
  const first = await store.append(Buffer.from('first'))
  await store.close()
  await appendFile(join(folder, 'pack-000001'), 'half a rec')
  const again = openContentStore({ folder, dataKey })
  const second = await again.append(Buffer.from('second'))
  assert.equal(String(await again.read(first.address, first.place)), 'first')
  assert.equal(String(await again.read(second.address, second.place)), 'second')
  await again.close()
})

test('every changed byte, another address, a short file and a missing one are damage', async () => {
  const folder = join(root, 'wrong')
  const store = openContentStore({ folder, dataKey })
  const one = await store.append(Buffer.from('one'))
  const two = await store.append(Buffer.from('two'))
  await store.flush()
  await assert.rejects(store.read(one.address, two.place), damaged)
  const file = join(folder, 'pack-000001')
  const good = await readFile(file)
  for (let at = one.place.offset; at < one.place.offset + one.place.length; at += 1) {
    const bad = Buffer.from(good)
    bad[at] = (bad[at] ?? 0) ^ 1
    await writeFile(file, bad)
    await assert.rejects(store.read(one.address, one.place), damaged)
    assert.equal(String(await store.read(two.address, two.place)), 'two')
  }
  await assert.rejects(store.read(two.address, { ...two.place, offset: two.place.offset + 1000 }), damaged)
  await assert.rejects(store.read(two.address, { ...two.place, pack: 9 }), damaged)
  await store.close()
})

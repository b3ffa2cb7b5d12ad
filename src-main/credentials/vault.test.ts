import assert from 'node:assert/strict'
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { ProblemError } from '#contract/problem.ts'
import { createVault } from './vault.ts'

let root = ''
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'mailroom-vault-'))
})
after(() => rm(root, { recursive: true, force: true }))
const problem = (code: string) => (error: unknown) => error instanceof ProblemError && error.problem.code === code

test('a vault gives back its secrets to who knows the passphrase, and keeps them from the disk', async () => {
  const file = join(root, 'vault.json')
  const vault = createVault(file)
  assert.equal(await vault.exists(), false)
  await assert.rejects(vault.unlock('canary passphrase'), problem('file-not-found'))
  await assert.rejects(vault.get('server/it'), problem('vault-locked'))
  await assert.rejects(vault.create('short'), problem('invalid-input'))
  await vault.create('canary passphrase')
  await Promise.all([vault.set('server/it', 'canary-secret'), vault.set('server/hr', 'canary-other'), vault.set('__proto__', 'x')])
  assert.equal(await vault.delete('server/hr'), true)
  assert.equal(await vault.delete('server/hr'), false)

  const later = createVault(file)
  await assert.rejects(later.unlock('wrong passphrase'), problem('wrong-passphrase'))
  assert.equal(later.isOpen(), false)
  await assert.rejects(later.create('another passphrase'), problem('file-exists'))
  await later.unlock('canary passphrase')
  assert.equal(await later.get('server/it'), 'canary-secret')
  assert.equal(await later.get('server/hr'), null)
  assert.deepEqual(await later.accounts(), ['__proto__', 'server/it'])

  const text = await readFile(file, 'utf8')
  assert.ok(!text.includes('canary') && !text.includes(Buffer.from('canary').toString('base64').slice(0, 7)))
  assert.equal((await stat(file)).mode & 0o777, 0o600)
  assert.deepEqual(await readdir(root), ['vault.json'])
})

test('a tampered vault is damage or a wrong passphrase, and is not overwritten', async () => {
  const file = join(root, 'tampered.json')
  await createVault(file).create('a passphrase')
  const good = await readFile(file, 'utf8')
  for (const [bad, code] of [
    ['', 'data-folder-damaged'],
    [good.slice(0, -10), 'data-folder-damaged'],
    [good.replace('131072', '1024'), 'data-folder-damaged'],
    [good.replace('131072', '262144'), 'wrong-passphrase']
  ] as const) {
    await writeFile(file, bad)
    await assert.rejects(createVault(file).unlock('a passphrase'), problem(code))
    assert.equal(await readFile(file, 'utf8'), bad)
  }
})

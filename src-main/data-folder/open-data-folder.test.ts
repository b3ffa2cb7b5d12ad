import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { ProblemError } from '#contract/problem.ts'
import { defaultDataFolder } from './default-data-folder.ts'
import { openDataFolder } from './open-data-folder.ts'

let root = ''
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'mailroom-folder-'))
})
after(() => rm(root, { recursive: true, force: true }))
const problem = (code: string, more: Record<string, unknown> = {}) => (error: unknown) => {
  assert.ok(error instanceof ProblemError, String(error))
  assert.partialDeepStrictEqual(error.problem, { code, ...more })
  return true
}

test('a new folder is private and keeps its id', async () => {
  const path = join(root, 'a', 'b')
  const first = await openDataFolder(path)
  assert.equal((await stat(path)).mode & 0o777, 0o700)
  assert.equal(await first.holdsData(), false)
  await first.rememberCredentialKind('vault')
  assert.equal(first.isRestored(), false)
  await first.noteRestored(true)
  await first.close()
  const second = await openDataFolder(path)
  assert.equal(second.id, first.id)
  assert.equal(second.credentialKind(), 'vault')
  assert.equal(second.isRestored(), true)
  await second.noteRestored(false)
  await second.close()
  const third = await openDataFolder(path)
  assert.deepEqual([third.id, third.credentialKind(), third.isRestored()], [first.id, 'vault', false])
  await third.close()
})

test('a second opening, also of another process, names the holder', async () => {
  const path = join(root, 'locked')
  const held = await openDataFolder(path)
  await assert.rejects(openDataFolder(path), problem('data-folder-in-use', { processId: process.pid }))
  const said = await inChild(`try { await openDataFolder(${JSON.stringify(path)}) } catch (error) { console.log(JSON.stringify(error.problem)) }`)
  assert.deepEqual(JSON.parse(said), { code: 'data-folder-in-use', folder: path, processId: process.pid })
  await held.close()
  await (await openDataFolder(path)).close()
})

test('the lock of a killed process does not block', async () => {
  const path = join(root, 'killed')
  const child = start(`await openDataFolder(${JSON.stringify(path)}); console.log('held'); setInterval(() => {}, 1000)`)
  await once(child.stdout, 'data')
  await assert.rejects(openDataFolder(path), problem('data-folder-in-use', { processId: child.pid }))
  child.kill('SIGKILL')
  await once(child, 'exit')
  await (await openDataFolder(path)).close()
})

test('what a killed process did not finish writing is cleared away, and nothing else', async () => {
  const path = join(root, 'unfinished')
  await (await openDataFolder(path)).close()
  await mkdir(join(path, 'errors'))
  for (const name of ['vault.json.4711.tmp', 'errors/one.txt.12.tmp', 'errors/one.txt', 'notes.tmp']) await writeFile(join(path, name), 'half')
  await (await openDataFolder(path, { readOnly: true })).close()
  assert.ok((await readdir(path)).includes('vault.json.4711.tmp'))
  await (await openDataFolder(path)).close()
  assert.deepEqual((await readdir(path, { recursive: true })).filter((name) => name.startsWith('errors') || name.includes('tmp')).sort(), ['errors', 'errors/one.txt', 'notes.tmp'])
})

test('mail without a database is a damaged folder, not a new one', async () => {
  const path = join(root, 'no-database')
  const folder = await openDataFolder(path)
  await mkdir(folder.contentFolder)
  await writeFile(join(folder.contentFolder, 'pack-000001'), 'mail')
  await folder.close()
  await assert.rejects(openDataFolder(path), problem('data-folder-damaged', { file: folder.databaseFolder }))
  await mkdir(folder.databaseFolder)
  await writeFile(join(folder.databaseFolder, 'journal-00000000000001'), '')
  await (await openDataFolder(path)).close()
})

test('a place where no folder can be made is said, at once', { skip: process.platform === 'linux' ? false : 'needs /proc', timeout: 5_000 }, async () => {
  await assert.rejects(openDataFolder('/proc/none'), problem('data-folder-unwritable'))
})

test('a folder of a newer version, a damaged one and one that cannot be made', async () => {
  const path = join(root, 'newer')
  await (await openDataFolder(path)).close()
  await writeFile(join(path, 'mailroom.json'), '{"format":9,"else":1}')
  await assert.rejects(openDataFolder(path), problem('data-folder-newer', { version: 9, supported: 1 }))
  await writeFile(join(path, 'mailroom.json'), 'gone')
  await assert.rejects(openDataFolder(path), problem('data-folder-damaged'))
  assert.equal(await readFile(join(path, 'mailroom.json'), 'utf8'), 'gone')
  const file = join(root, 'file')
  await writeFile(file, '')
  await assert.rejects(openDataFolder(join(file, 'x')), problem('data-folder-unwritable'))
  await assert.rejects(openDataFolder(join(root, 'none'), { readOnly: true }), problem('file-not-found'))
})

test('the default folder by platform', () => {
  assert.equal(defaultDataFolder({ HOME: '/home/a' }, 'linux'), '/home/a/.local/share/mailroom')
  assert.equal(defaultDataFolder({ HOME: '/home/a', XDG_DATA_HOME: '/data' }, 'linux'), '/data/mailroom')
  assert.equal(defaultDataFolder({ HOME: '/Users/a' }, 'darwin'), '/Users/a/Library/Application Support/Mailroom')
  assert.equal(defaultDataFolder({ APPDATA: 'C:\\Users\\a\\AppData\\Roaming' }, 'win32'), 'C:\\Users\\a\\AppData\\Roaming\\Mailroom')
  assert.equal(defaultDataFolder({ HOME: '/home/a', MAILROOM_DATA: '/srv/mail' }, 'linux'), '/srv/mail')
})

const start = (code: string) =>
  spawn(process.execPath, ['--input-type=module', '-e', `const { openDataFolder } = await import(${JSON.stringify(import.meta.resolve('./open-data-folder.ts'))}); ${code}`], { stdio: ['ignore', 'pipe', 'inherit'] })

async function inChild(code: string): Promise<string> {
  const child = start(code)
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => (said += chunk))
  await once(child, 'close')
  return said
}

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { appendFile, mkdir, mkdtemp, open, readFile, readdir, rename, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { PassThrough, Writable } from 'node:stream'
import { after, before, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { ZipFile } from 'yazl'
import { ProblemError, type Problem } from '#contract/problem.ts'
import { makeHead, makeManifest } from './backup-format.ts'
import { filesToCopy, type FileToCopy } from './files-to-copy.ts'
import { openBackup, verifyBackup } from './read-backup.ts'
import { restoreBackup } from './restore-backup.ts'
import { writeBackup } from './write-backup.ts'

let root = ''
before(async () => void (root = await mkdtemp(join(tmpdir(), 'mailroom-backup-'))))
after(() => rm(root, { recursive: true, force: true }))

const passphrase = 'correct horse battery'
const about = { madeAt: '2026-11-21T08:00:00.000Z', product: 'Mailroom 1.0', folder: 'folder-id' }
/** The cheapest that a reader takes. */
const cheap = 1 << 14
const problemOf = async (failing: Promise<unknown>): Promise<Problem> => {
  const thrown: unknown = await failing.then(() => null, (reason: unknown) => reason)
  assert.ok(thrown instanceof ProblemError, `a problem was expected: ${String(thrown)}`)
  return thrown.problem
}
const codeOf = async (failing: Promise<unknown>): Promise<string> => (await problemOf(failing)).code

const collecting = () => {
  const chunks: Buffer[] = []
  return { output: new Writable({ write: (chunk: Buffer, _encoding, done) => (chunks.push(chunk), done()) }), bytes: () => Buffer.concat(chunks) }
}
const made = async (files: readonly FileToCopy[], secrets: [string, string][] = [['data-key', 'a2V5'], ['server/it', 'canary-hunter2']]): Promise<Buffer> => {
  const { output, bytes } = collecting()
  await writeBackup({ ...(await makeHead(about, passphrase, secrets, cheap)), files }, { output, signal: new AbortController().signal, progress: () => undefined, now: new Date(about.madeAt) })
  return bytes()
}

let folders = 0
/** A folder as a console leaves it, with the database files given by hand. */
const dataFolder = async (contents: Readonly<Record<string, string | Buffer>>) => {
  const folder = join(root, `data-${++folders}`)
  for (const [path, content] of Object.entries(contents)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
  const databaseFolder = join(folder, 'database')
  const withDatabaseFiles = async <Result>(work: (files: { file: string; length: number }[]) => Promise<Result>): Promise<Result> =>
    work(await Promise.all((await readdir(databaseFolder).catch(() => [])).map(async (name) => ({ file: join(databaseFolder, name), length: (await readFile(join(databaseFolder, name))).length }))))
  return { folder, needs: { folder, databaseFolder, contentFolder: join(folder, 'content'), withDatabaseFiles } }
}
const usual = { 'database/journal-1': 'journal', 'content/pack-000001': randomBytes(5_000), 'errors/a.record': 'sealed', 'logs/mailroom.log': 'line\n', 'mailroom.json': '{}', 'vault.json': '{"canary":1}', 'owner.json': '{}', 'window/state.json': '{}', 'database-x': 'other', 'content/x.tmp': 'half' }
const backupOf = async (contents: Readonly<Record<string, string | Buffer>> = usual): Promise<{ file: string; bytes: Buffer }> => {
  const { needs } = await dataFolder(contents)
  const { files, close } = await filesToCopy(needs)
  const bytes = await made(files)
  await close()
  const file = join(root, `backup-${folders}.mrb`)
  await writeFile(file, bytes)
  return { file, bytes }
}
const restored = (file: string, folder: string, settle: (folder: string) => Promise<void> = async (staging) => writeFile(join(staging, 'mailroom.json'), '{}')) =>
  restoreBackup(file, folder, passphrase, { prepareCredentials: async () => undefined, settle, progress: () => undefined })

test('what belongs to the data is in it, byte for byte; what belongs to this computer is not', async () => {
  const { file, bytes } = await backupOf()
  const backup = await openBackup(file, passphrase)
  assert.deepEqual(backup.files.map(({ path }) => path), ['database/journal-1', 'content/pack-000001', 'database-x', 'errors/a.record', 'logs/mailroom.log'])
  assert.deepEqual(backup.secrets, [['data-key', 'a2V5'], ['server/it', 'canary-hunter2']])
  backup.close()
  assert.ok(!bytes.includes('canary'))
  const folder = join(root, 'restored-1')
  const answer = await restored(file, folder)
  assert.deepEqual([answer.files, answer.secrets, answer.madeAt], [5, 2, about.madeAt])
  assert.ok((await readFile(join(folder, 'content', 'pack-000001'))).equals(usual['content/pack-000001']))
  assert.deepEqual((await readdir(folder)).sort(), ['content', 'database', 'database-x', 'errors', 'logs', 'mailroom.json'])
  assert.deepEqual((await readdir(root)).filter((name) => name.includes('restoring')), [])
})

test('a pack that is compacted away and a log that grows meanwhile spoil nothing', async () => {
  const { folder, needs } = await dataFolder({ ...usual, 'content/pack-000002': randomBytes(3_000_000) })
  const { files, close } = await filesToCopy(needs)
  await rm(join(folder, 'content', 'pack-000001'))
  await rename(join(folder, 'content', 'pack-000002'), join(folder, 'content', 'pack-000003'))
  await appendFile(join(folder, 'database', 'journal-1'), ' and later')
  await appendFile(join(folder, 'logs', 'mailroom.log'), 'later\n')
  await rm(join(folder, 'errors', 'a.record'))
  const file = join(root, 'moving.mrb')
  await writeFile(file, await made(files))
  await close()
  assert.equal((await verifyBackup(file, passphrase, () => undefined)).files, 6)
  const into = join(root, 'restored-2')
  await restored(file, into)
  assert.equal(await readFile(join(into, 'database', 'journal-1'), 'utf8'), 'journal')
  assert.ok((await readFile(join(into, 'content', 'pack-000001'))).equals(usual['content/pack-000001']))
})

test('a backup that is cancelled leaves no file open', { timeout: 10_000 }, async () => {
  const file = join(root, 'long.log')
  await writeFile(file, '')
  await truncate(file, 60_000_000)
  const handle = await open(file)
  const stop = new AbortController()
  const { head, keys } = await makeHead(about, passphrase, [], cheap)
  const progress = (): void => stop.abort()
  // Nobody reads what it writes.
  const writing = writeBackup({ head, keys, files: [{ path: 'logs/long.log', length: null, open: async () => handle }] }, { output: new PassThrough(), signal: stop.signal, progress, now: new Date(about.madeAt) })
  assert.equal(await codeOf(writing), 'cancelled')
  while (handle.fd !== -1) await setImmediate()
})

test('an empty console is a backup too', async () => {
  const { file } = await backupOf({ 'database/journal-1': '' })
  assert.deepEqual((await verifyBackup(file, passphrase, () => undefined)).files, 1)
})

test('a changed byte is refused or does no harm, wherever it is', async () => {
  const { bytes } = await backupOf({ ...usual, 'content/pack-000001': 'x'.repeat(300) })
  const file = join(root, 'flipped.mrb')
  const whole = JSON.stringify(await contentOf(bytes))
  const step = bytes.length / 500
  let harmless = 0
  for (let sample = 0; sample < 500; sample++) {
    const at = Math.floor(sample * step)
    const bad = Buffer.from(bytes)
    bad[at] = (bad[at] ?? 0) ^ (1 << (sample % 8))
    await writeFile(file, bad)
    const outcome = await contentOf(bad, file).catch((error: unknown) => error)
    if (outcome instanceof ProblemError) assert.ok(['backup-damaged', 'wrong-passphrase', 'backup-newer'].includes(outcome.problem.code), `byte ${at}: ${outcome.problem.code}`)
    else {
      assert.equal(JSON.stringify(outcome), whole, `byte ${at} went unnoticed`)
      harmless++
    }
  }
  assert.ok(harmless < 250, `${harmless} of 500 were not noticed`)
})

/** Everything that a reader gets out of a backup. */
async function contentOf(bytes: Buffer, file = join(root, 'content.mrb')): Promise<unknown> {
  await writeFile(file, bytes)
  const backup = await openBackup(file, passphrase)
  try {
    const texts: [string, string][] = []
    for (const one of backup.files) {
      const pieces: Buffer[] = []
      for await (const piece of await backup.read(one)) pieces.push(piece as Buffer)
      texts.push([one.path, Buffer.concat(pieces).toString('hex')])
    }
    return [backup.secrets, texts]
  } finally {
    backup.close()
  }
}

test('a shortened file is refused wherever it ends', async () => {
  const { bytes } = await backupOf()
  const file = join(root, 'short.mrb')
  for (const length of [0, 1, 21, 100, 5_000, bytes.length - 100, bytes.length - 1]) {
    await writeFile(file, bytes.subarray(0, length))
    assert.equal(await codeOf(verifyBackup(file, passphrase, () => undefined)), 'backup-damaged', `${length} bytes`)
  }
})

test('a wrong passphrase, a file that is none, and none at all are said apart', async () => {
  const { file } = await backupOf()
  assert.equal(await codeOf(openBackup(file, 'something else')), 'wrong-passphrase')
  assert.equal(await codeOf(openBackup(join(root, 'none.mrb'), passphrase)), 'file-not-found')
  assert.equal(await codeOf(openBackup(root, passphrase)), 'file-unreadable')
  await writeFile(join(root, 'letter.mrb'), 'Dear all')
  assert.equal(await codeOf(openBackup(join(root, 'letter.mrb'), passphrase)), 'backup-damaged')
})

/** A zip by hand, with a manifest that is right for it. */
const forged = async (files: Readonly<Record<string, string>>, change: { head?: (head: object) => object; listed?: (path: string) => string; zipped?: (path: string) => string; compress?: boolean } = {}): Promise<string> => {
  const { head, keys } = await makeHead(about, passphrase, [['data-key', 'a2V5']], cheap)
  const headText = JSON.stringify(change.head?.(head) ?? head)
  const { createHash } = await import('node:crypto')
  const listed = Object.entries(files).map(([path, text]) => ({ path: change.listed?.(path) ?? path, size: Buffer.byteLength(text), sha256: createHash('sha256').update(text).digest('hex') }))
  const zip = new ZipFile()
  const options = { compress: change.compress ?? false }
  zip.addBuffer(Buffer.from(headText), 'backup.json', { compress: false })
  for (const [path, text] of Object.entries(files)) zip.addBuffer(Buffer.from(text), `data/${path}`, options)
  zip.addBuffer(Buffer.from(makeManifest(keys, headText, listed)), 'manifest.json', { compress: false })
  zip.end()
  const chunks: Buffer[] = []
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer)
  let bytes = Buffer.concat(chunks)
  for (const path of Object.keys(files)) {
    const other = change.zipped?.(path)
    if (other !== undefined) bytes = Buffer.from(bytes.toString('latin1').replaceAll(`data/${path}`, other), 'latin1')
  }
  const file = join(root, `forged-${++folders}.mrb`)
  await writeFile(file, bytes)
  return file
}

test('a backup of a newer version says so, whatever else is in it', async () => {
  const file = await forged({ 'database/x': '1' }, { head: (head) => ({ ...head, format: 2, more: true }) })
  assert.deepEqual(await problemOf(openBackup(file, passphrase)), { code: 'backup-newer', file, version: 2, supported: 1 })
})

const escapes: [string, Parameters<typeof forged>[1]][] = [
  ['a name that climbs out, in the zip', { zipped: () => 'data/../../evil' }],
  ['an absolute name in the zip', { zipped: () => '//etc/cron.d/e' }],
  ['a backslash in the zip', { zipped: () => 'data\\..\\..\\evil' }],
  ['a name that climbs out, in a manifest that somebody with the passphrase made', { listed: () => '../../evil', zipped: () => 'data/../../evil' }],
  ['a drive in the manifest', { listed: () => 'C:/evil.txt' }],
  ['a compressed file', { compress: true }]
]
for (const [title, change] of escapes)
  test(`nothing is written outside: ${title}`, async () => {
    const file = await forged({ 'aaaaaaaaaa': 'x'.repeat(100) }, change)
    const into = join(root, 'deep', 'deeper', 'restored')
    assert.equal(await codeOf(restored(file, into)), 'backup-damaged')
    assert.deepEqual(await readdir(join(root, 'deep')).catch(() => []), [])
    assert.deepEqual((await readdir(root)).filter((name) => name.includes('evil')), [])
  })

test('nothing is overwritten: a folder with something in it, and a file, stay as they are', async () => {
  const { file } = await backupOf()
  const folder = join(root, 'taken')
  await mkdir(folder)
  await writeFile(join(folder, 'mine.txt'), 'mine')
  assert.deepEqual(await problemOf(restored(file, folder)), { code: 'folder-not-empty', folder })
  assert.equal(await codeOf(restored(file, join(folder, 'mine.txt'))), 'folder-not-empty')
  assert.deepEqual(await readdir(folder), ['mine.txt'])
})

test('an empty folder that is there is filled, and stays empty where restoring fails', async () => {
  const { file, bytes } = await backupOf()
  const folder = join(root, 'mounted')
  await mkdir(folder)
  await assert.rejects(restored(file, folder, () => Promise.reject(new Error('no keychain'))), /no keychain/)
  assert.deepEqual(await readdir(folder), [])
  const broken = join(root, 'broken.mrb')
  const bad = Buffer.from(bytes)
  const inPack = bytes.indexOf(usual['content/pack-000001'].subarray(0, 50))
  bad[inPack] = (bad[inPack] ?? 0) ^ 1
  await writeFile(broken, bad)
  const problem = await problemOf(restored(broken, folder))
  assert.ok(problem.code === 'backup-damaged' && problem.reason === 'content/pack-000001 is not what was written', JSON.stringify(problem))
  assert.deepEqual(await readdir(folder), [])
  await restored(file, folder)
  assert.equal((await readdir(folder)).length, 6)
})

test('a download that is cancelled ends the writing', async () => {
  const { needs } = await dataFolder({ ...usual, 'content/pack-000002': randomBytes(8_000_000) })
  const { files, close } = await filesToCopy(needs)
  const stop = new AbortController()
  const slow = new Writable({ highWaterMark: 1, write: (_chunk, _encoding, done) => void setTimeout(done, 5) })
  const work = writeBackup({ ...(await makeHead(about, passphrase, [], cheap)), files }, { output: slow, signal: stop.signal, progress: () => stop.abort(new Error('enough')), now: new Date() })
  assert.equal(await codeOf(work), 'cancelled')
  await close()
})

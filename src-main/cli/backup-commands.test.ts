import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { ProblemError, type Problem } from '#contract/problem.ts'
import { run } from '../../testbed/command-line.ts'
import type { BackupFiles } from '../compose/backup.ts'
import type { Handlers } from '../ipc/handlers-type.ts'

let folder = ''
before(() => void (folder = mkdtempSync(join(tmpdir(), 'mailroom-cli-backup-'))))
after(() => rmSync(folder, { recursive: true, force: true }))

const env = { MAILROOM_BACKUP_PASSPHRASE: 'correct horse' }
const handlersFor = (asked: unknown[], pieces: (string | Problem)[]): Partial<Handlers> => ({
  'backup.make': async ({ passphrase }) => (asked.push(passphrase), { downloadId: 'download-1', fileName: 'x.mrb', mediaType: 'application/octet-stream' }),
  'download.next': async () => {
    const piece = pieces.shift() ?? ''
    if (typeof piece !== 'string') throw new ProblemError(piece)
    return { base64: Buffer.from(piece).toString('base64'), done: pieces.length === 0 }
  },
  'download.cancel': async () => undefined
})

test('create takes the passphrase of the environment, or asks twice, and overwrites nothing', async () => {
  const asked: unknown[] = []
  const file = join(folder, 'a.mrb')
  const made = await run(['backup', 'create', file], { handlers: handlersFor(asked, ['one ', 'two']), env })
  assert.deepEqual([made.status, readFileSync(file, 'utf8'), statSync(file).mode & 0o777], [0, 'one two', 0o600])
  const again = await run(['backup', 'create', file], { handlers: handlersFor(asked, []), env })
  assert.deepEqual([again.status, again.opened, readFileSync(file, 'utf8')], [2, 0, 'one two'])
  await run(['backup', 'create', join(folder, 'b.mrb')], { handlers: handlersFor(asked, ['x']), answers: ['short', 'long enough', 'differs', 'long enough', 'long enough'] })
  assert.deepEqual(asked, ['correct horse', 'long enough'])
  assert.doesNotMatch(made.out + made.said + again.said, /correct horse/)
})

test('without a passphrase, or with a short one, nothing is opened', async () => {
  const refused = await run(['backup', 'create', join(folder, 'c.mrb')], {})
  assert.deepEqual([refused.status, refused.opened], [2, 0])
  assert.match(refused.said, /MAILROOM_BACKUP_PASSPHRASE/)
  assert.deepEqual((await run(['backup', 'create', join(folder, 'c.mrb')], { env: { MAILROOM_BACKUP_PASSPHRASE: 'short' } })).status, 2)
})

test('a backup that fails half way leaves no file', async () => {
  const file = join(folder, 'half.mrb')
  const { status, said } = await run(['backup', 'create', file], { handlers: handlersFor([], ['half', { code: 'disk-full', folder: '/data' }]), env })
  assert.deepEqual([status, existsSync(file)], [4, false])
  assert.match(said, /full/)
})

const good = { madeAt: '2026-11-21T08:00:00.000Z', product: 'Mailroom 1.0', files: 3, bytes: 4_200_000, secrets: 2 }
const backupsThat = (outcome: Problem | null, asked: unknown[] = []): BackupFiles => ({
  verify: async (...given) => (asked.push(given.slice(0, 2)), outcome === null ? good : Promise.reject(new ProblemError(outcome))),
  restore: async ({ file, folder: into, passphrase }) => (asked.push([file, into, passphrase]), outcome === null ? { ...good, folder: into } : Promise.reject(new ProblemError(outcome)))
})

test('verify and restore say what they found, in words and as JSON', async () => {
  const asked: unknown[] = []
  const backups = backupsThat(null, asked)
  assert.match((await run('backup verify a.mrb', { backups, env })).out, /^a\.mrb is whole: 3 files, 4\.2 MB, made .* by Mailroom 1\.0\.\n$/)
  assert.deepEqual(JSON.parse((await run('backup verify a.mrb --json', { backups, env })).out), { file: 'a.mrb', ...good })
  assert.match((await run('backup restore a.mrb --data /srv/new', { backups, env })).out, /^\/srv\/new is restored: 3 files/)
  assert.deepEqual(asked, [['a.mrb', 'correct horse'], ['a.mrb', 'correct horse'], ['a.mrb', '/srv/new', 'correct horse']])
})

const failures: [Problem, number, RegExp][] = [
  [{ code: 'wrong-passphrase', of: 'backup' }, 2, /passphrase does not open the backup/],
  [{ code: 'backup-damaged', file: 'a.mrb', reason: 'its end is missing' }, 2, /a\.mrb is damaged: its end is missing/],
  [{ code: 'backup-newer', file: 'a.mrb', version: 2, supported: 1 }, 2, /newer Mailroom/],
  [{ code: 'folder-not-empty', folder: '/srv/new' }, 2, /\/srv\/new is not empty/],
  [{ code: 'file-not-found', file: 'a.mrb' }, 2, /a\.mrb/]
]
for (const [problem, status, words] of failures)
  test(`restore ends with ${status} for ${problem.code}`, async () => {
    const ended = await run('backup restore a.mrb --data /srv/new', { backups: backupsThat(problem), env })
    assert.equal(ended.status, status)
    assert.match(ended.said, words)
  })

test('restore never guesses a folder', async () => {
  const asked: unknown[] = []
  const { status, said } = await run('backup restore a.mrb', { backups: backupsThat(null, asked), env })
  assert.deepEqual([status, asked], [2, []])
  assert.match(said, /--data DIR/)
})

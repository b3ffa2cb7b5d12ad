import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CallAnswer, CallInput, CallName } from '#contract/calls.ts'
import { ProblemError } from '#contract/problem.ts'
import { createChance } from '../../testbed/chance.ts'
import { dovecotMissing, startDovecot, type Dovecot } from '../../testbed/dovecot.ts'
import { createBackupFiles } from '../compose/backup.ts'
import { openConsole } from '../compose.ts'
import type { MailroomConsole } from '../console.ts'
import { silentLog } from '../log/create-log.ts'

const skip = dovecotMissing() ?? false
const messages = 2_000
const [vaultPassphrase, backupPassphrase] = ['a passphrase for this test', 'correct horse battery']
const env = { DBUS_SESSION_BUS_ADDRESS: '' }

type Asked = MailroomConsole & { must<Name extends CallName>(name: Name, input: CallInput<Name>): Promise<CallAnswer<Name>> }
/** Closed at the end whatever happens, so that a failure is told and does not hang. */
const opened = new Set<MailroomConsole>()
async function openOn(dataFolder: string): Promise<Asked> {
  const core = await openConsole({ dataFolder, host: 'browser', demo: false, passphrase: vaultPassphrase, log: silentLog, env })
  opened.add(core)
  return {
    ...core,
    close: () => (opened.delete(core), core.close()),
    async must<Name extends CallName>(name: Name, input: CallInput<Name>): Promise<CallAnswer<Name>> {
      const answer = await core.answer(name, input, { role: 'administrator', who: 'test' })
      if (!answer.ok) throw new ProblemError(answer.problem)
      return answer.value as CallAnswer<Name>
    }
  }
}
const backupFiles = createBackupFiles({ log: silentLog, env, vaultPassphrase: async () => vaultPassphrase })
const restoreTo = (file: string, folder: string) => backupFiles.restore({ file, folder, passphrase: backupPassphrase, progress: () => undefined })

async function ground(context: TestContext): Promise<{ dovecot: Dovecot; root: string }> {
  const dovecot = await startDovecot()
  const root = mkdtempSync(join(tmpdir(), 'mailroom-backed-up-'))
  context.after(async () => {
    for (const core of opened) await core.close()
    await dovecot.stop()
    rmSync(root, { recursive: true, force: true })
  })
  for (let number = 1; number <= messages; number++)
    dovecot.deliver('it', `From: Ann <ann${number}@example.com>\r\nTo: it@example.com\r\nSubject: Question ${number}\r\nMessage-ID: <question-${number}@example.com>\r\nDate: Fri, 20 Nov 2026 08:00:00 +0000\r\n\r\nThis is what question ${number} is about. ${'x'.repeat(number % 700)}\r\n`)
  return { dovecot, root }
}

async function save(core: Asked, file: string): Promise<number> {
  const { downloadId } = await core.must('backup.make', { passphrase: backupPassphrase, workId: randomUUID() })
  const target = await open(file, 'wx')
  let bytes = 0
  for (;;) {
    const { base64, done } = await core.must('download.next', { downloadId })
    const piece = Buffer.from(base64, 'base64')
    bytes += piece.length
    await target.writeFile(piece)
    if (done) break
  }
  await target.close()
  return bytes
}

/** What requests and ledger say of each other; every request is read to its text. */
async function audit(core: Asked): Promise<{ requests: number; ledger: number }> {
  const numbers = new Set<number>()
  for (let before: number | null = null; ; ) {
    const page: CallAnswer<'requests.list'> = await core.must('requests.list', { limit: 200, before, query: '', server: null })
    for (const { number, subject } of page.rows) {
      const { conversation } = await core.must('requests.show', { number })
      assert.match(conversation[0]?.text ?? '', new RegExp(`^This is what ${subject.replace('Question', 'question')} is about`))
      numbers.add(number)
    }
    if ((before = page.next) === null) break
  }
  const inLedger = new Set<number>()
  let rows = 0
  for (let before: number | null = null; ; ) {
    const page: CallAnswer<'ledger.list'> = await core.must('ledger.list', { limit: 200, before })
    for (const { request, outcome } of page.rows) {
      rows++
      assert.equal(outcome, 'request')
      inLedger.add(request ?? -1)
    }
    if ((before = page.next) === null) break
  }
  assert.deepEqual([...inLedger].sort((a, b) => a - b), [...numbers].sort((a, b) => a - b))
  return { requests: numbers.size, ledger: rows }
}

test('a backup of a console that fetches 2,000 messages: the restored one agrees with itself, and kill -9 while restoring leaves nothing half', { skip, timeout: 300_000 }, async (context) => {
  const { dovecot, root } = await ground(context)
  const core = await openOn(join(root, 'data'))
  await core.must('configuration.import', {
    yaml: JSON.stringify({ version: 1, incoming: [{ name: 'it', protocol: 'imap', host: '127.0.0.1', port: dovecot.ports.imap, security: 'none', push: false, auth: { user: 'it', secret: 'ask' } }] }),
    replace: true, reason: null, fileName: 'test', secrets: [{ server: 'it', purpose: 'sign-in', secret: dovecot.password }]
  })
  const round = core.must('incoming.fetch', { name: 'it', workId: randomUUID() })
  const requests = async (): Promise<number> => (await core.must('requests.list', { limit: 1, before: null, query: '', server: null })).total
  while ((await requests()) < 200) await sleep(5)
  const file = join(root, 'while-fetching.mrb')
  const bytes = await save(core, file)
  const during = await requests()
  const { fetched, problem } = await round
  assert.deepEqual([fetched, problem], [messages, null])
  await core.close()
  assert.ok(during < messages, 'the round ended before the backup did')

  await context.test('everything in it can be read, and ledger and requests agree', async () => {
    const verified = await backupFiles.verify(file, backupPassphrase, () => undefined)
    const folder = join(root, 'restored')
    await restoreTo(file, folder)
    const restored = await openOn(folder)
    const { requests: found, ledger } = await audit(restored)
    assert.ok(found >= 200 && found < messages, `${found} requests`)
    assert.equal(ledger, found)
    assert.deepEqual(await restored.must('secret.list', {}), [{ server: 'it', purpose: 'sign-in', kind: 'incoming' }])
    assert.equal((await restored.must('history.verify', {})).isIntact, true)
    await restored.close()
    context.diagnostic(`${bytes} bytes, ${verified.files} files, made at ${found} to ${during} of ${messages} requests`)
  })

  await context.test('kill -9 while restoring: no folder, or the whole one', async () => {
    const chance = createChance(9)
    const outcomes = { none: 0, whole: 0, leftovers: 0 }
    for (let kill = 0; kill < 12; kill++) {
      const folder = join(root, `killed-${kill}`)
      const child = spawn(process.execPath, [join(import.meta.dirname, '../../testbed/restore-backup.ts'), file, folder, backupPassphrase, vaultPassphrase], { stdio: ['ignore', 'pipe', 'inherit'] })
      const ended = once(child, 'exit')
      await once(child.stdout, 'data')
      await sleep(kill * 120 + chance.draw() * 60)
      child.kill('SIGKILL')
      await ended
      for (const left of readdirSync(root).filter((name) => name.startsWith(`killed-${kill}.restoring-`))) {
        outcomes.leftovers++
        await mustBeWholeOrClosed(join(root, left))
      }
      if (!existsSync(folder)) outcomes.none++
      else {
        outcomes.whole++
        await mustBeWholeOrClosed(folder, true)
      }
    }
    assert.ok(outcomes.none > 0, JSON.stringify(outcomes))
    context.diagnostic(`12 kills: ${JSON.stringify(outcomes)}`)
  })
})

/** What a killed restore left behind is refused, is empty, or is whole. */
async function mustBeWholeOrClosed(folder: string, mustOpen = false): Promise<void> {
  const isEmpty = readdirSync(folder).length === 0
  const outcome = await openOn(folder).catch((error: unknown) => error)
  if (outcome instanceof ProblemError) {
    assert.equal(mustOpen, false, `${folder}: ${outcome.problem.code}`)
    return assert.ok(['data-key-missing', 'data-folder-damaged'].includes(outcome.problem.code), outcome.problem.code)
  }
  assert.ok(typeof outcome === 'object' && outcome !== null && 'must' in outcome, String(outcome))
  const core = outcome as Asked
  if (!isEmpty) assert.ok((await audit(core)).requests >= 200)
  await core.close()
}

import assert from 'node:assert/strict'
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test, type TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const home = fileURLToPath(new URL('..', import.meta.url))
const program = join(home, 'bin', 'mailroom.js')
const built = existsSync(join(home, 'out', 'main', 'cli.js'))
const options = { skip: built ? false : 'the headless host: the console is not built, run npm run setup', timeout: 60_000 }
/** A Node too old for the console itself, where one is installed: then the command starts the one it brings along. */
const oldNode = ['/usr/bin/node', '/usr/local/bin/node'].find((file) => existsSync(file)) ?? process.execPath

let folder: string
before(() => void (folder = mkdtempSync(join(tmpdir(), 'mailroom-headless-'))))
after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))

const envFor = (name: string): NodeJS.ProcessEnv => ({ ...process.env, MAILROOM_DATA: join(folder, name), MAILROOM_PASSPHRASE: 'a passphrase for this test' })
const mailroom = (name: string, ...typed: string[]) => spawnSync(oldNode, [program, ...typed], { env: envFor(name), encoding: 'utf8' })

type Served = { child: ChildProcess; url: string; supportUrl: string; out: () => string; said: () => string }
async function serve(name: string, context: TestContext): Promise<Served> {
  const child = spawn(oldNode, [program, 'serve', '--support'], { env: envFor(name), stdio: ['ignore', 'pipe', 'pipe'] })
  context.after(() => child.kill('SIGKILL'))
  let [out, said] = ['', '']
  child.stdout?.on('data', (chunk: Buffer) => void (out += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => void (said += chunk.toString()))
  while (!out.includes('\n')) {
    assert.equal(child.exitCode, null, said)
    await wait(30)
  }
  return { child, ...(JSON.parse(out) as { url: string; supportUrl: string }), out: () => out, said: () => said }
}
const exitOf = (child: ChildProcess) => new Promise<number | null>((resolve) => (child.exitCode !== null ? resolve(child.exitCode) : child.once('exit', (status) => resolve(status))))

async function signIn(link: string): Promise<(name: string, input: unknown) => Promise<{ ok: boolean; value?: unknown; problem?: { code: string } }>> {
  const answer = await fetch(link, { redirect: 'manual' })
  assert.equal(answer.status, 303)
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  return async (name, input) => (await (await fetch(new URL('/call', link), { method: 'POST', headers: { cookie, 'content-type': 'application/json' }, body: JSON.stringify({ name, input }) })).json()) as { ok: boolean }
}

test('serve prints one line, answers both roles, and ends cleanly at SIGTERM', options, async (context) => {
  const { child, url, supportUrl, out } = await serve('both', context)
  assert.match(out(), /^\{"url":"http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+","supportUrl":"[^"]+"\}\n$/)
  const [administrator, support] = [await signIn(url), await signIn(supportUrl)]
  assert.deepEqual((await administrator('console.state', {})).ok, true)
  assert.equal((await support('incoming.list', {})).ok, true)
  assert.equal((await support('incoming.delete', { name: 'x' })).problem?.code, 'not-allowed')
  const page = await fetch(new URL('/', url))
  assert.equal(page.status, 401)
  child.kill('SIGTERM')
  assert.equal(await exitOf(child), 0)
})

test('a second process on the same data folder ends with 4 and says which holds it', options, async (context) => {
  const { child } = await serve('held', context)
  const second = mailroom('held', 'requests', 'list')
  assert.equal(second.status, 4, second.stderr)
  assert.match(second.stderr, /in use by another process \(\d+\)/)
  child.kill('SIGTERM')
  await exitOf(child)
  assert.equal(mailroom('held', 'requests', 'list', '--json').stdout, '[]\n')
})

test('nothing stays behind when the command is killed', options, async (context) => {
  const { child } = await serve('killed', context)
  child.kill('SIGKILL')
  await exitOf(child)
  let again = mailroom('killed', 'incoming', 'list', '--json')
  for (let tries = 0; tries < 20 && again.status === 4; tries++) {
    await wait(100)
    again = mailroom('killed', 'incoming', 'list', '--json')
  }
  assert.deepEqual([again.status, again.stdout], [0, '[]\n'], again.stderr)
})

test('a reader that leaves early is no error', options, () => {
  const { status, stderr } = spawnSync('bash', ['-c', `set -o pipefail; "${oldNode}" "${program}" --help | head -1 >/dev/null`], { env: envFor('pipe'), encoding: 'utf8' })
  assert.deepEqual([status, stderr], [0, ''])
})

test('what needs no data folder makes none', options, () => {
  const name = 'untouched'
  const file = join(home, 'package.json')
  assert.equal(mailroom(name, 'config', 'validate', file).status, 2)
  assert.equal(mailroom(name, 'process', file, '--json').status !== 2, true)
  mailroom(name, '--help')
  mailroom(name, 'config', 'diff', file)
  assert.equal(existsSync(join(folder, name)), false)
})

test('the passphrase is nowhere in the data folder', options, () => {
  assert.equal(mailroom('quiet', 'status').status, 0)
  for (const entry of readdirSync(join(folder, 'quiet'), { recursive: true, withFileTypes: true })) if (entry.isFile()) assert.ok(!readFileSync(join(entry.parentPath, entry.name)).includes('a passphrase for this test'), entry.name)
})

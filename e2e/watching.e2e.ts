import assert from 'node:assert/strict'
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Health } from '../src-contract/health.ts'
import { readExposition, type Family } from '../testbed/exposition-format.ts'
import { expectSoon } from './expect-soon.ts'

const program = fileURLToPath(new URL('../bin/mailroom.js', import.meta.url))
const built = existsSync(fileURLToPath(new URL('../out/main/cli.js', import.meta.url)))
const options = { skip: built ? false : 'those who watch: the console is not built, run npm run setup', timeout: 120_000 }

type Host = { child: ChildProcess; base: string; token: string; support: string; data: string }
let folder: string
before(() => void (folder = mkdtempSync(join(tmpdir(), 'mailroom-watched-'))))
after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))

const run = (data: string, ...typed: string[]) => spawnSync(process.execPath, [program, ...typed, '--data', data], { env: { ...process.env, MAILROOM_PASSPHRASE: 'a passphrase for this test' }, encoding: 'utf8' })

async function start(name: string, typed: string[], passphrase: string | null = 'a passphrase for this test'): Promise<Host> {
  const data = join(folder, name)
  const { MAILROOM_PASSPHRASE: _, ...env } = process.env
  const child = spawn(process.execPath, [program, ...typed, '--data', data], { env: { ...env, ...(passphrase === null ? {} : { MAILROOM_PASSPHRASE: passphrase }) }, stdio: ['ignore', 'pipe', 'pipe'] })
  let [out, said] = ['', '']
  child.stdout?.on('data', (chunk: Buffer) => void (out += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => void (said += chunk.toString()))
  while (!out.includes('\n')) {
    assert.equal(child.exitCode, null, said)
    await wait(50)
  }
  const { url, supportUrl } = JSON.parse(out) as { url: string; supportUrl?: string }
  return { child, base: new URL(url).origin, token: new URL(url).searchParams.get('token') ?? '', support: supportUrl === undefined ? '' : (new URL(supportUrl).searchParams.get('token') ?? ''), data }
}
const stop = (child: ChildProcess) => new Promise<void>((resolve) => { child.once('exit', () => resolve()); child.kill('SIGTERM') })
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })
const health = async (host: Host, token?: string): Promise<{ status: number; body: Health }> => {
  const answer = await fetch(`${host.base}/health`, token === undefined ? {} : bearer(token))
  return { status: answer.status, body: (await answer.json()) as Health }
}
const total = (families: Family[], name: string, labels: Record<string, string>): number =>
  families.flatMap(({ samples }) => samples).filter((one) => one.name === name && Object.entries(labels).every(([key, value]) => one.labels[key] === value)).reduce((sum, { value }) => sum + value, 0)

test('metrics and health of a console at work; status and metrics of its folder meanwhile, from the command line', options, async (context) => {
  const host = await start('demo', ['demo', '--browser'])
  context.after(() => host.child.kill('SIGKILL'))
  const metrics = async (): Promise<Family[]> => readExposition(await (await fetch(`${host.base}/metrics`, bearer(host.token))).text())
  while (total(await metrics(), 'mailroom_messages_total', { server: 'it-support', outcome: 'request' }) < 10) await wait(200)
  assert.equal(total(await metrics(), 'mailroom_build_info', {}), 1)
  assert.equal((await fetch(`${host.base}/metrics`, bearer(host.support))).status, 200)
  assert.equal((await fetch(`${host.base}/metrics`)).status, 401)
  assert.deepEqual(await (await fetch(`${host.base}/health/live`)).json(), { alive: true })
  // Messages are counted one by one; the success is told when their round is over.
  await expectSoon(async () => {
    const told = await health(host, host.token)
    const desk = told.body.servers.find(({ name }) => name === 'it-support')
    assert.ok(told.body.alive && desk?.working === true && typeof desk.secondsSinceSuccess === 'number' && typeof desk.secondsSinceMail === 'number', JSON.stringify(told.body))
  }).toPass({ timeout: 30_000 })
  assert.doesNotMatch(JSON.stringify((await health(host)).body), /it-support|facilities/)

  const status = run(host.data, 'status', '--json')
  assert.equal(status.status, 0, status.stderr)
  const seen = JSON.parse(status.stdout) as { queues: { requests: number }; incoming: { name: string }[] }
  assert.ok(seen.queues.requests >= 10 && seen.incoming.some(({ name }) => name === 'facilities'))
  assert.match(run(host.data, 'status').stdout, /^it-support +/m)
  const printed = readExposition(run(host.data, 'metrics').stdout)
  assert.ok(total(printed, 'mailroom_messages_total', { server: 'it-support', outcome: 'request' }) >= 10)
  const dashboard = JSON.parse(run(host.data, 'metrics', '--json', '--hours', '168').stdout) as { traffic: { request: number }[] }
  assert.ok(dashboard.traffic.length === 28 && (dashboard.traffic.at(-1)?.request ?? 0) >= 10)
  assert.equal(run(host.data, 'requests', 'list').status, 4)
  await stop(host.child)
  assert.equal(existsSync(join(host.data, 'serving.json')), false)
})

test('a console whose vault is locked is alive and does not work; who sees it needs no passphrase', options, async (context) => {
  assert.equal(run(join(folder, 'locked'), 'status').status, 0)
  const host = await start('locked', ['serve'], null)
  context.after(() => host.child.kill('SIGKILL'))
  assert.deepEqual(await (await fetch(`${host.base}/health/live`)).json(), { alive: true })
  const { status, body } = await health(host)
  assert.deepEqual([status, body.working, body.reasons], [503, false, [{ code: 'vault-locked', count: 1 }]])
  assert.equal((await fetch(`${host.base}/metrics`, bearer(host.token))).status, 503)
  const { status: ended, stderr } = run(host.data, 'status')
  assert.equal(ended, 2)
  assert.match(stderr, /vault|passphrase/i)
  await stop(host.child)
})

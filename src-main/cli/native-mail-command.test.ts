import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { NativeMailState } from '#contract/native-mail.ts'
import type { RequestPage } from '#contract/request.ts'
import { freePorts } from '../../testbed/free-ports.ts'
import { openConsole } from '../compose.ts'
import { silentLog } from '../log/create-log.ts'
import { sendProbe } from '../native-mail/send-probe.ts'
import type { Tools } from './command.ts'
import { withConsole } from './open-core.ts'
import { runCommandLine } from './run-command-line.ts'

const passphrase = 'a passphrase for this test'
const env = { MAILROOM_PASSPHRASE: passphrase, DBUS_SESSION_BUS_ADDRESS: '' }

/** The command line over whole cores, one after the other, on one data folder. */
function commandLine(t: TestContext) {
  const dataFolder = mkdtempSync(join(tmpdir(), 'mailroom-native-'))
  t.after(() => rmSync(dataFolder, { recursive: true, force: true }))
  const openHost: Tools['openHost'] = () => openConsole({ dataFolder, host: 'browser', demo: false, passphrase, log: silentLog, env })
  const run = async (...typed: string[]): Promise<{ status: number; out: string; said: string }> => {
    const ended = { status: -1, out: '', said: '' }
    const tools: Tools = {
      terminal: { write: async (text) => void (ended.out += text), say: (text) => void (ended.said += `${text}\n`), progress: () => undefined, asks: false, shows: false, width: 100, askSecretly: async () => null, readAll: async () => Buffer.alloc(0) },
      log: silentLog, env, dataFolder, onStop: () => () => undefined, openHost, openBackups: () => assert.fail('no backup is asked for'), withOffline: () => assert.fail('nothing is asked offline'), withConsole: (work) => withConsole(tools, work)
    }
    ended.status = await runCommandLine(['native-mail', ...typed], { toolsFor: () => tools, version: () => '1.2.3' })
    return ended
  }
  return { run, openHost }
}
const state = (out: string): NativeMailState => JSON.parse(out) as NativeMailState

test('the way to native mail on the command line, and a mail that becomes a request at once', async (t) => {
  const { run, openHost } = commandLine(t)
  const [port = 0] = await freePorts(1)
  const before = await run('status')
  assert.equal(before.status, 0)
  assert.match(before.out, /^Native mail is not active\.\n {2}support address {4}none yet\n/)
  const active = await run('activate', '--host', 'mail.example.com', '--listen', '127.0.0.1', '--port', String(port), '--address', 'it@example.com', '--forwarder', 'old@example.com', '--json')
  assert.equal(active.status, 0, active.said)
  const { supportAddress, stage, mailServer } = state(active.out)
  assert.match(supportAddress ?? '', /@mail\.example\.com$/)
  assert.deepEqual([stage, mailServer], ['configured', `mail.example.com:${port}`])
  assert.deepEqual([(await run('finish')).status, (await run('finish', '--stop', 'nobody')).status], [2, 2])
  const tried = await run('test')
  assert.equal(tried.status, 0, tried.said)
  assert.match(tried.out, /^The test mail arrived after \d+ ms\.\n$/)
  assert.equal((await run('test', '--through', 'nobody')).status, 2)
  assert.equal(state((await run('finish', '--json')).out).stage, 'native')
  const guide = await run('forwarding', 'google-workspace')
  assert.ok(guide.out.includes(supportAddress ?? '-') && guide.out.includes('https://support.google.com/a/answer/4524505'))
  assert.equal((await run('forwarding', 'hotmail')).status, 2)

  const core = await openHost({ dataFolder: '', demo: false, passphrase: null })
  const ask = async <Value>(name: string, input: object): Promise<Value> => {
    const answer = await core.answer(name, input, { role: 'administrator', who: 'test' })
    assert.ok(answer.ok, JSON.stringify(answer))
    return answer.value as Value
  }
  try {
    await core.start()
    const bring = (lines: string[]): Promise<void> => sendProbe({ host: '127.0.0.1', port, name: 'client.example.org', to: supportAddress ?? '', message: lines.join('\r\n') }, AbortSignal.timeout(20_000))
    await bring(['Message-ID: <1@customer.example>', 'From: Ann <ann@customer.example>', 'Subject: Printer', '', 'It is on fire.'])
    const first = (await ask<RequestPage>('requests.list', { limit: 10 })).rows
    assert.deepEqual(first.map(({ subject, requester, server }) => [subject, requester, server]), [['Printer', 'ann@customer.example', 'Native mail']])
    await bring(['Message-ID: <1@customer.example>', 'From: Ann <ann@customer.example>', 'Subject: Printer', '', 'It is on fire.'])
    await bring(['Message-ID: <2@customer.example>', 'From: Old desk <old@example.com>', 'X-Original-From: Bo <bo@customer.example>', 'Subject: Screen', '', 'It is dark.'])
    await bring(['Message-ID: <3@customer.example>', 'From: Ann <ann@customer.example>', 'In-Reply-To: <1@customer.example>', 'Subject: Re: Printer', '', 'Still.'])
    await bring(['no header at all'])
    const { rows } = await ask<RequestPage>('requests.list', { limit: 10 })
    assert.deepEqual(rows.map(({ subject, requester, replies }) => [subject, requester, replies]), [['Screen', 'bo@customer.example', 0], ['Printer', 'ann@customer.example', 1]])
    assert.equal((await ask<{ total: number }>('errors.list', { limit: 1 })).total, 1)
    assert.deepEqual((await ask<NativeMailState>('native-mail.state', {})).received.mails, 5)
    assert.deepEqual(await ask('errors.requeue', { server: 'Native mail', ids: null, workId: 'once-again' }), { moved: 1, missing: 0 })
    assert.equal((await ask<{ total: number }>('errors.list', { server: 'Native mail', limit: 1 })).total, 1, 'it failed again, and has one record')
  } finally {
    await core.close()
  }
  const off = await run('deactivate', '--json')
  assert.deepEqual([off.status, state(off.out).stage, state(off.out).supportAddress], [0, 'custom', supportAddress])
})

test('what cannot be is said, with status 2 and nothing changed', async (t) => {
  const { run } = commandLine(t)
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  t.after(() => other.close())
  const busy = String((other.address() as AddressInfo).port)
  const rows: [string[], RegExp][] = [
    [['activate'], /“native-mail activate” needs --host NAME/],
    [['activate', '--host', 'mail.example.com', '--port', '70000'], /--port needs a whole number from 1 to 65535/],
    [['activate', '--host', 'https://mail.example.com/', '--listen', '127.0.0.1'], /without http:\/\//],
    [['activate', '--host', 'mail.example.com', '--listen', '127.0.0.1', '--port', busy], new RegExp(`Mail cannot be received at 127\\.0\\.0\\.1:${busy}: another program listens there already`)],
    [['activate', '--host', 'mail.example.com', '--listen', '127.0.0.1', '--port', busy, '--cert', 'nowhere.pem'], /A certificate needs its key/],
    [['activate', '--host', 'mail.example.com', '--listen', '127.0.0.1', '--port', busy, '--cert', 'nowhere.pem', '--key', 'nowhere-key.pem'], /nowhere\.pem cannot be used: the file is not there/],
    [['test'], /Native mail is not active/], [['finish'], /Native mail is not active/], [['activte'], /Did you mean “native-mail activate”/]
  ]
  for (const [typed, said] of rows) {
    const ended = await run(...typed)
    assert.equal(ended.status, 2, typed.join(' '))
    assert.match(ended.said, said)
    assert.doesNotMatch(ended.said, /\bat .*:\d+:\d+/)
  }
  assert.equal(state((await run('status', '--json')).out).settings.host, null)
})

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { IncomingServerView } from '#contract/incoming-server.ts'
import { dovecotMissing } from '../../testbed/dovecot.ts'
import { startMailWorld, type WorldFault, type WorldKind } from '../../testbed/mail-world.ts'
import { openConsole } from '../compose.ts'
import { silentLog } from '../log/create-log.ts'

const twenty: [WorldKind, number, WorldFault?][] = [['imap', 5], ['pop3', 4], ['ews', 4], ['graph', 3], ['gmail', 1], ['imap', 1, 'hangs'], ['pop3', 1, 'refuses'], ['graph', 1, 'throttles']]
const everyMs = 5_000

test('twenty servers of all kinds fetch at once; one hangs, one refuses, one throttles, and the other seventeen are on time', { skip: dovecotMissing() ?? false, timeout: 120_000 }, async (context) => {
  const world = await startMailWorld()
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-twenty-'))
  const servers = twenty.flatMap(([kind, count, fault]) => Array.from({ length: count }, (_none, index) => ({ kind, fault, name: `${fault ?? kind}-${index + 1}` })))
  assert.equal(servers.length, 20)
  const core = await openConsole({ dataFolder: folder, host: 'browser', demo: false, passphrase: 'a passphrase for this test', log: silentLog, env: { ...world.env, DBUS_SESSION_BUS_ADDRESS: '' } })
  context.after(async () => {
    await core.close()
    await world.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  const ask = async (name: string, input: object): Promise<unknown> => {
    const answer = await core.answer(name, input, { role: 'administrator', who: 'test' })
    assert.ok(answer.ok, JSON.stringify(answer))
    return answer.value
  }
  const rounds = new Map<string, { at: number; fetched: number; problem: string | null }[]>()
  core.subscribe((name, detail) => {
    if (name !== 'round-finished' || !('fetched' in detail)) return
    const { server, fetched, problem } = detail
    rounds.set(server, [...(rounds.get(server) ?? []), { at: performance.now(), fetched, problem: problem?.code ?? null }])
  })
  const yaml = `version: 1\nincoming:\n${servers.map(({ kind, name, fault }) => world.server(kind, name, { fault, fetchEvery: `${everyMs / 1000}s` })).join('')}`
  await ask('configuration.import', { yaml, replace: false })
  const deliver = (text: string): void => {
    for (const { kind, name, fault } of servers) if (fault === undefined) world.deliver(kind, name, `From: Ann <ann@example.org>\r\nTo: ${name}@example.com\r\nMessage-ID: <${text}-${name}@example.org>\r\nSubject: ${text} for ${name}\r\nDate: Sat, 21 Nov 2026 08:00:00 +0000\r\n\r\ntext\r\n`)
  }
  deliver('first')
  await core.start()
  const begun = performance.now()
  await ask('incoming.start-all', {})
  await new Promise((done) => setTimeout(done, everyMs * 2))
  deliver('second')
  await new Promise((done) => setTimeout(done, everyMs * 2 + 1_000))
  const views = (await ask('incoming.list', {})) as IncomingServerView[]
  await ask('incoming.stop-all', {})

  for (const { name } of servers.filter(({ fault }) => fault === undefined)) {
    const mine = rounds.get(name) ?? []
    const taken = mine.reduce((sum, { fetched }) => sum + fetched, 0)
    assert.deepEqual([taken, mine.map(({ problem }) => problem).filter((one) => one !== null)], [2, []], `${name}: ${JSON.stringify(mine)}`)
    const gaps = mine.map(({ at }, index) => at - (mine[index - 1]?.at ?? begun))
    assert.ok(mine.length >= 4 && gaps.every((gap) => gap < everyMs + 2_500), `${name} was late: ${JSON.stringify(gaps.map(Math.round))}`)
    context.diagnostic(`${name}: ${mine.length} rounds, first after ${Math.round(gaps[0] ?? 0)} ms, longest gap ${Math.round(Math.max(...gaps.slice(1)))} ms`)
  }
  const stateOf = (name: string) => views.find(({ server }) => server.name === name)?.state
  assert.equal(stateOf('refuses-1')?.problem?.code, 'connection-refused')
  assert.ok(stateOf('hangs-1')?.fetching === 'fetching' || stateOf('hangs-1')?.problem?.code === 'server-silent', JSON.stringify(stateOf('hangs-1')))
  const throttled = stateOf('throttles-1')
  assert.ok(Date.parse(throttled?.delayedUntil ?? '') > Date.now() + 3_000_000 && throttled?.failuresInARow === 0, JSON.stringify(throttled))
})

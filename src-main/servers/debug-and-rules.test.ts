import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newIncomingServer } from '#contract/incoming-server.ts'
import { newOutgoingServer } from '#contract/outgoing-server.ts'
import { ProblemError } from '#contract/problem.ts'
import { settings as settingsSchema } from '#contract/settings.ts'
import { administrator, createConfiguredConsole } from '../../testbed/configured-console.ts'
import { createSwitchDebug } from './switch-debug.ts'

const secrets = { secret: null, proxySecret: null, clientKeySecret: null }
const it = (name = 'it') => ({ ...newIncomingServer('imap', 'Main'), name, host: 'h', auth: { method: 'password' as const, user: 'u', secret: 'keychain' } })
const main = (name = 'main') => ({ ...newOutgoingServer('smtp'), name, host: 'h', replyTo: 'it@example.com', auth: { method: 'none' as const, user: '', secret: 'keychain' } })
const both = async () => {
  const console = createConfiguredConsole()
  await console.incoming.save({ was: null, server: it(), ...secrets, draft: true, reason: null, workId: 'work-0001' }, administrator)
  await console.outgoing.save({ was: null, server: main(), ...secrets, draft: true, makeDefault: false, dkimKey: null, reason: null, workId: 'work-0002' }, administrator)
  const woken: number[] = []
  return { console, woken, switchDebug: createSwitchDebug({ ...console.needs, wake: (id) => void woken.push(id) }) }
}
const changesOf = async (console: ReturnType<typeof createConfiguredConsole>, name: string) => console.database.all<{ changes: string }>('SELECT changes FROM history WHERE name = ? ORDER BY id DESC LIMIT 1', [name])

test('debug is switched on a server that works, once, with an entry of the history; its next round begins at once', async () => {
  const { console, woken, switchDebug } = await both()
  const { id } = await console.sources.incomingNamed('it')
  await console.incoming.setEnabled(id, true, 'Ann')
  for (const kind of ['incoming', 'outgoing'] as const) await switchDebug({ kind, name: kind === 'incoming' ? 'it' : 'main', debug: true, reason: null }, administrator)
  await switchDebug({ kind: 'incoming', name: 'it', debug: true, reason: null }, administrator)
  assert.deepEqual([(await console.sources.incomingNamed('it')).server.debug, (await console.sources.incomingNamed('it')).server.enabled, (await console.sources.outgoingNamed('main')).server.debug, woken], [true, true, true, [id]])
  for (const name of ['it', 'main']) assert.match(JSON.stringify(await changesOf(console, name)), /debug/)
  await assert.rejects(switchDebug({ kind: 'outgoing', name: 'it', debug: true, reason: null }, administrator), (thrown) => thrown instanceof ProblemError && thrown.problem.code === 'not-found')
})

test('a reason is wanted where the settings want one', async () => {
  const { console, switchDebug } = await both()
  await console.settings.save({ settings: settingsSchema.parse({ history: { reasonRequired: true } }), reason: null }, administrator)
  await assert.rejects(switchDebug({ kind: 'incoming', name: 'it', debug: true, reason: ' ' }, administrator), (thrown) => thrown instanceof ProblemError && thrown.problem.code === 'invalid-input')
  assert.equal((await console.sources.incomingNamed('it')).server.debug, false)
})

test('notification rules follow a server that is renamed', async () => {
  const { console } = await both()
  const rules = [{ name: 'r', events: ['mailbox-silent'], servers: ['it', 'main', 'other'], to: ['a@example.com'] }]
  await console.settings.save({ settings: settingsSchema.parse({ alerts: { rules } }), reason: null }, administrator)
  await console.incoming.save({ was: 'it', server: it('desk'), ...secrets, draft: true, reason: null, workId: 'work-0003' }, administrator)
  await console.outgoing.save({ was: 'main', server: main('mx'), ...secrets, draft: true, makeDefault: false, dkimKey: null, reason: null, workId: 'work-0004' }, administrator)
  assert.deepEqual((await console.settings.get()).alerts.rules[0]?.servers, ['desk', 'mx', 'other'])
  assert.match(JSON.stringify(await changesOf(console, 'settings')), /main/)
})

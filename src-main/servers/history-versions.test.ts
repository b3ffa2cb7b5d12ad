import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HistoryEntry, HistoryVersion } from '#contract/history.ts'
import { newIncomingServer, type IncomingServerDraft } from '#contract/incoming-server.ts'
import { newOutgoingServer } from '#contract/outgoing-server.ts'
import { ProblemError, type Problem } from '#contract/problem.ts'
import { partition as partitionSchema } from '#contract/settings.ts'
import { administrator, createConfiguredConsole } from '../../testbed/configured-console.ts'
import { createHistoryVersions } from './history-versions.ts'

const it = (changes: Partial<IncomingServerDraft> = {}): IncomingServerDraft => ({
  ...newIncomingServer('imap', 'Main'), name: 'it', host: 'mail.example.com', auth: { method: 'password', user: 'it@example.com', secret: 'keychain' }, ...changes
})
const typed = { secret: null, proxySecret: null, clientKeySecret: null, draft: true, reason: null, workId: 'work-0001' }

function consoleWithVersions() {
  const console = createConfiguredConsole()
  const versions = createHistoryVersions({ ...console.needs, restoreIncoming: console.incoming.restore, restoreOutgoing: console.outgoing.restore, savePartition: console.partitions.save, saveSettings: console.settings.save })
  const entries = (name: string | null = null): Promise<HistoryEntry[]> => console.history.list({ name, limit: 100 })
  const saveIncoming = (server: IncomingServerDraft, was: string | null = null, secret: string | null = null) => console.incoming.save({ ...typed, was, server, secret }, administrator)
  /** The version that a name has now in the history. */
  const newest = async (name: string): Promise<number> => (await entries(name)).find(({ hasVersion }) => hasVersion)?.id ?? assert.fail(`no version of ${name}`)
  const server = async (name: string): Promise<IncomingServerDraft | undefined> => (await console.incoming.list()).find((view) => view.server.name === name)?.server
  const restore = (id: number, reason: string | null = null) => versions.restore({ id, reason }, administrator)
  return { ...console, ...versions, restore, entries, saveIncoming, newest, server }
}
const problemOf = async (failing: Promise<unknown>): Promise<Problem> => {
  const thrown: unknown = await failing.then(() => null, (reason: unknown) => reason)
  assert.ok(thrown instanceof ProblemError, `a problem was expected: ${String(thrown)}`)
  return thrown.problem
}
const fields = ({ differences }: HistoryVersion): string[] => differences.map(({ field }) => field)

test('a version is shown field by field against now, and restoring makes it so, with the secret that is stored', async () => {
  const console = consoleWithVersions()
  await console.saveIncoming(it(), null, 'hunter2')
  const id = await console.newest('it')
  await console.saveIncoming(it({ host: 'other.example.com', fetchEveryMs: 120_000 }), 'it')
  const version = await console.version({ id })
  assert.deepEqual(version.differences, [{ field: 'host', now: 'other.example.com', then: 'mail.example.com' }, { field: 'fetchEvery', now: '2m', then: '1m' }])
  assert.deepEqual([version.isGone, version.canRestore, version.issues], [false, true, []])
  assert.match(version.warnings.join(), /no part of a version: the one that is stored now stays/)
  await console.restore(id, 'it was better')
  assert.equal((await console.server('it'))?.host, 'mail.example.com')
  const [entry] = await console.entries('it')
  assert.partialDeepStrictEqual(entry, { action: 'restored', reason: 'it was better', who: 'Ann', hasVersion: true })
  assert.deepEqual((await console.restore(id)).warnings, ['It is like that now; nothing was changed.'])
  assert.doesNotMatch(await console.wholeDatabase(), /hunter2/)
})

test('a server that is gone comes back stopped and asks for its secret', async () => {
  const console = consoleWithVersions()
  await console.saveIncoming(it(), null, 'hunter2')
  await console.incoming.setEnabled((await console.sources.incomingNamed('it')).id, true, 'Ann')
  const started = await console.newest('it')
  await console.incoming.setEnabled((await console.sources.incomingNamed('it')).id, false, 'Ann')
  await console.incoming.delete({ name: 'it', reason: null }, administrator)
  const version = await console.version({ id: started })
  assert.deepEqual([version.isGone, version.canRestore], [true, true])
  assert.match(version.warnings.join(' '), /comes back stopped.*does not come back; enter it again/)
  await console.restore(started)
  assert.partialDeepStrictEqual(await console.server('it'), { enabled: false, host: 'mail.example.com' })
  const deleted = (await console.entries('it')).find(({ action }) => action === 'deleted')?.id ?? 0
  assert.deepEqual(fields(await console.version({ id: deleted })), [])
})

test('a server that fetches is refused as saving refuses it', async () => {
  const console = consoleWithVersions()
  await console.saveIncoming(it(), null, 'hunter2')
  const id = await console.newest('it')
  await console.saveIncoming(it({ host: 'other.example.com' }), 'it')
  await console.incoming.setEnabled((await console.sources.incomingNamed('it')).id, true, 'Ann')
  const { canRestore, issues } = await console.version({ id })
  assert.deepEqual([canRestore, issues.map(({ path }) => path)], [false, ['enabled']])
  assert.deepEqual(await problemOf(console.restore(id)), { code: 'server-is-running', server: 'it' })
})

test('a server that was renamed since gets its name back, its secret with it', async () => {
  const console = consoleWithVersions()
  await console.saveIncoming(it(), null, 'hunter2')
  const id = await console.newest('it')
  await console.saveIncoming(it({ name: 'support' }), 'it')
  await console.saveIncoming(it({ name: 'helpdesk' }), 'support')
  assert.deepEqual((await console.version({ id })).differences, [{ field: 'name', now: 'helpdesk', then: 'it' }])
  await console.restore(id)
  assert.deepEqual((await console.incoming.list()).map(({ server }) => server.name), ['it'])
  assert.equal(console.secrets.get('server/it'), 'hunter2')
  assert.deepEqual((await console.entries('it')).map(({ action }) => action), ['restored', 'changed', 'changed', 'added'])
})

test('a name that another has meanwhile is not taken away', async () => {
  const console = consoleWithVersions()
  await console.saveIncoming(it())
  const id = await console.newest('it')
  await console.saveIncoming(it({ name: 'old-it' }), 'it')
  await console.saveIncoming(it({ host: 'new.example.com' }))
  const version = await console.version({ id })
  assert.deepEqual([version.canRestore, version.issues.map(({ path }) => path)], [false, ['name']])
  assert.deepEqual(await problemOf(console.restore(id)), { code: 'name-taken', what: 'incoming server', name: 'it' })
})

test('a server whose partition and template are gone comes back as a draft that says so', async () => {
  const console = consoleWithVersions()
  await console.partitions.save({ was: null, partition: partitionSchema.parse({ name: 'HR' }), reason: null }, administrator)
  await console.saveIncoming(it({ partition: 'HR' }))
  const id = await console.newest('it')
  await console.saveIncoming(it(), 'it')
  await console.partitions.delete({ name: 'HR', reason: null }, administrator)
  const version = await console.version({ id })
  assert.deepEqual([version.canRestore, version.issues.map(({ path }) => path)], [true, ['partition']])
  assert.match(version.warnings.join(), /comes back as a draft/)
  await console.restore(id)
  assert.equal((await console.incoming.list())[0]?.issues[0]?.path, 'partition')
})

test('an outgoing server that is gone comes back, and a partition that sends through it after it', async () => {
  const console = consoleWithVersions()
  const outgoing = { ...newOutgoingServer('smtp'), name: 'main', host: 'smtp.example.com' }
  await console.outgoing.save({ ...typed, was: null, server: { ...outgoing, name: 'spare' }, makeDefault: true, dkimKey: null }, administrator)
  await console.outgoing.save({ ...typed, was: null, server: outgoing, makeDefault: false, dkimKey: null }, administrator)
  await console.partitions.save({ was: null, partition: partitionSchema.parse({ name: 'HR', outgoing: 'main' }), reason: null }, administrator)
  const [ofServer, ofPartition] = [await console.newest('main'), await console.newest('HR')]
  await console.partitions.delete({ name: 'HR', reason: null }, administrator)
  await console.outgoing.delete({ name: 'main', reason: null }, administrator)
  const version = await console.version({ id: ofPartition })
  assert.deepEqual([version.isGone, version.canRestore, version.issues.map(({ path }) => path)], [true, false, ['partition.outgoing']])
  assert.equal((await problemOf(console.restore(ofPartition))).code, 'invalid-input')
  await console.restore(ofServer)
  await console.restore(ofPartition)
  assert.deepEqual((await console.partitions.list()).find(({ name }) => name === 'HR')?.outgoing, 'main')
  assert.deepEqual((await console.entries('HR')).map(({ action }) => action), ['restored', 'deleted', 'added'])
})

test('a partition that is the default now stays it', async () => {
  const console = consoleWithVersions()
  const partition = partitionSchema.parse({ name: 'HR' })
  await console.partitions.save({ was: null, partition, reason: null }, administrator)
  const id = (await console.entries('HR')).at(-1)?.id ?? 0
  await console.partitions.save({ was: 'HR', partition: { ...partition, name: 'Staff', default: true }, reason: null }, administrator)
  const { warnings, differences } = await console.version({ id })
  assert.match(warnings.join(), /stays the default/)
  assert.deepEqual(differences, [{ field: 'name', now: 'Staff', then: 'HR' }])
  await console.restore(id)
  assert.deepEqual((await console.partitions.list()).find(({ name }) => name === 'HR')?.default, true)
})

test('settings go back as one, refused where they name what is gone', async () => {
  const console = consoleWithVersions()
  const first = await console.settings.get()
  await console.partitions.save({ was: null, partition: partitionSchema.parse({ name: 'HR' }), reason: null }, administrator)
  await console.settings.save({ settings: { ...first, nativeMail: { ...first.nativeMail, partition: 'HR' } }, reason: null }, administrator)
  const id = await console.newest('settings')
  await console.settings.save({ settings: { ...first, processing: { ...first.processing, baseDelimiter: '@@' } }, reason: null }, administrator)
  assert.deepEqual(fields(await console.version({ id })), ['processing.baseDelimiter', 'nativeMail.partition'])
  await console.restore(id)
  assert.deepEqual([(await console.settings.get()).processing.baseDelimiter, (await console.settings.get()).nativeMail.partition], ['##', 'HR'])
  await console.settings.save({ settings: first, reason: null }, administrator)
  await console.partitions.delete({ name: 'HR', reason: null }, administrator)
  const version = await console.version({ id })
  assert.deepEqual([version.canRestore, version.issues.map(({ path }) => path)], [false, ['nativeMail.partition']])
  assert.equal((await problemOf(console.restore(id))).code, 'invalid-input')
})

test('a reason is asked for where the settings say so', async () => {
  const console = consoleWithVersions()
  await console.saveIncoming(it())
  const id = await console.newest('it')
  await console.saveIncoming(it({ host: 'other.example.com' }), 'it')
  const settings = await console.settings.get()
  await console.settings.save({ settings: { ...settings, history: { reasonRequired: true } }, reason: null }, administrator)
  assert.partialDeepStrictEqual(await problemOf(console.restore(id)), { code: 'invalid-input', issues: [{ path: 'reason' }] })
  await console.restore(id, 'because')
})

test('what follows a renaming is written down too', async () => {
  const console = consoleWithVersions()
  await console.saveIncoming(it())
  const [main] = await console.partitions.list()
  await console.partitions.save({ was: 'Main', partition: { ...(main ?? assert.fail('no partition')), name: 'IT' }, reason: null }, administrator)
  assert.deepEqual((await console.entries('it'))[0]?.changes, [{ field: 'partition', from: 'Main', to: 'IT' }])
})

test('an entry without a version, and one that is not there, say so', async () => {
  const console = consoleWithVersions()
  await console.saveIncoming(it())
  await console.secret.set({ server: 'it', purpose: 'sign-in', secret: 'x' }, administrator)
  const id = (await console.entries('it')).find(({ what }) => what === 'secret')?.id ?? 0
  assert.equal((await problemOf(console.version({ id }))).code, 'invalid-input')
  assert.deepEqual(await problemOf(console.version({ id: 999 })), { code: 'not-found', what: 'history entry', name: '999', nearest: null })
})

const lists: [string, Parameters<ReturnType<typeof createConfiguredConsole>['history']['list']>[0], string[]][] = [
  ['what', { name: null, limit: 10, what: 'partition' }, ['added HR']],
  ['who', { name: null, limit: 10, who: 'Bob' }, ['added HR']],
  ['a word of a change, in any case', { name: null, limit: 10, query: 'OTHER.example' }, ['changed it']],
  ['a sign that stands for others in SQL', { name: null, limit: 10, query: '%' }, []],
  ['older than', { name: null, limit: 10, before: 2 }, ['added it']],
  ['no more than', { name: null, limit: 1 }, ['changed settings']],
  ['a reason', { name: null, limit: 10, query: 'because' }, ['changed settings']]
]
for (const [what, filter, expected] of lists)
  test(`the list is narrowed by ${what}`, async () => {
    const console = consoleWithVersions()
    await console.saveIncoming(it())
    await console.saveIncoming(it({ host: 'other.example.com' }), 'it')
    await console.partitions.save({ was: null, partition: partitionSchema.parse({ name: 'HR' }), reason: null }, { ...administrator, who: 'Bob' })
    const settings = await console.settings.get()
    await console.settings.save({ settings: { ...settings, processing: { ...settings.processing, baseDelimiter: '@@' } }, reason: 'because' }, administrator)
    assert.deepEqual((await console.history.list(filter)).filter(({ name }) => name !== 'Main').map(({ action, name }) => `${action} ${name}`), expected)
  })

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newIncomingServer } from '#contract/incoming-server.ts'
import { ProblemError, type Problem } from '#contract/problem.ts'
import { requestTemplate } from '#contract/request-values.ts'
import { partition, settings as settingsSchema, type Settings } from '#contract/settings.ts'
import { administrator, createConfiguredConsole } from '../../testbed/configured-console.ts'
import { requestsTable } from '../database/requests-table.ts'
import { templateChanges } from './references.ts'

type Console = ReturnType<typeof createConfiguredConsole>
const desk = (...partitions: string[]) => ({ name: 'desk', kind: 'json', url: 'https://desk.example.com', partitions })
const settingsWith = (more: object): Settings => settingsSchema.parse(more)
const saveSettings = (console: Console, more: object) => console.settings.save({ settings: settingsWith(more), reason: null }, administrator)
const saveServer = (console: Console, template: string | null, draft = false) =>
  console.incoming.save({ was: null, server: { ...newIncomingServer('imap', 'Main'), name: 'it', host: 'h', auth: { method: 'password', user: 'it', secret: 'keychain' }, template }, secret: 'x', proxySecret: null, clientKeySecret: null, draft, reason: null, workId: 'work-0001' }, administrator)
const problemOf = async (failing: Promise<unknown>): Promise<Problem> => {
  const thrown: unknown = await failing.then(() => assert.fail('it was taken'), (reason: unknown) => reason)
  assert.ok(thrown instanceof ProblemError, String(thrown))
  return thrown.problem
}
const named = (...names: string[]) => ({ requestTemplates: names.map((name) => ({ name })) })

test('settings that name a partition or a template that is not there are refused at the field, and nothing is saved', async () => {
  const console = createConfiguredConsole()
  const problem = await problemOf(saveSettings(console, { ...named('Laptop'), handOver: [desk('Main', 'Mian')], nativeMail: { partition: 'HR', template: 'Labtop' } }))
  assert.ok(problem.code === 'invalid-input')
  assert.deepEqual(problem.issues, [
    { path: 'handOver[0].partitions[1]', message: 'There is no partition `Mian` — did you mean `Main`?' },
    { path: 'nativeMail.partition', message: 'There is no partition `HR`; there is `Main`' },
    { path: 'nativeMail.template', message: 'There is no request template `Labtop` — did you mean `Laptop`?' }
  ])
  assert.deepEqual((await console.settings.get()).requestTemplates, [])
  await saveSettings(console, { ...named('Laptop'), handOver: [desk('Main')], nativeMail: { partition: 'Main', template: 'laptop' } })
})

test('a server whose template is not there cannot be used, until there is one', async () => {
  const console = createConfiguredConsole()
  const problem = await problemOf(saveServer(console, 'Laptop'))
  assert.ok(problem.code === 'invalid-input')
  assert.deepEqual(problem.issues, [{ path: 'server.template', message: 'There is no request template `Laptop`; there is `Default`' }])
  await saveServer(console, 'Laptop', true)
  assert.equal((await console.sources.incomingNamed('it')).ready, null)
  console.events.length = 0
  await saveSettings(console, named('Laptop'))
  assert.deepEqual(console.events.map(({ name }) => name), ['settings-changed', 'servers-changed'])
  assert.equal((await console.sources.incomingNamed('it')).ready?.template, 'Laptop')
  await saveServer(createConfiguredConsole(), 'default')
})

test('a template that a server uses stays; renamed in its place, the server and native mail follow it', async () => {
  const console = createConfiguredConsole()
  await saveSettings(console, { ...named('Plain', 'Laptop'), nativeMail: { template: 'Laptop' } })
  await saveServer(console, 'Laptop')
  assert.deepEqual(await problemOf(saveSettings(console, named('Plain'))), { code: 'in-use', what: 'request template', name: 'Laptop', by: ['it'] })
  assert.deepEqual(await problemOf(saveSettings(console, named())), { code: 'in-use', what: 'request template', name: 'Laptop', by: ['it'] })
  await saveSettings(console, { ...named('Plain', 'Notebook'), nativeMail: { template: 'Laptop' } })
  assert.equal((await console.sources.incomingNamed('it')).ready?.template, 'Notebook')
  assert.equal((await console.settings.get()).nativeMail.template, 'Notebook')
  assert.deepEqual((await console.history.list({ name: 'settings', limit: 1 }))[0]?.changes, [
    { field: 'requestTemplates', from: 'Plain, Laptop', to: 'Plain, Notebook' }, ...changesOfTemplate('Notebook', true), { field: 'nativeMail.template', from: 'Laptop', to: 'Notebook' }, ...changesOfTemplate('Laptop', false)
  ])
  await saveSettings(console, named('Notebook', 'Plain'))
})

/** What the history says of a template that came or went: its fields that have a value. */
const changesOfTemplate = (name: string, came: boolean) =>
  Object.entries(requestTemplate.parse({ name })).flatMap(([key, value]) => {
    const text = Array.isArray(value) ? value.join(', ') : value
    return text === '' ? [] : [{ field: `requestTemplates[${name}].${key}`, from: came ? '' : text, to: came ? text : '' }]
  })

const templates = (...names: string[]) => names.map((name) => requestTemplate.parse({ name }))
const rows: [what: string, before: string[], after: string[], gone: string[], renamed: string | null][] = [
  ['nothing', ['A', 'B'], ['A', 'B'], [], null],
  ['another case', ['A'], ['a'], [], null],
  ['another order', ['A', 'B'], ['B', 'A'], [], null],
  ['one more', ['A'], ['A', 'B'], [], null],
  ['one renamed', ['A', 'B'], ['A', 'C'], [], 'B → C'],
  ['one gone', ['A', 'B'], ['A'], ['B'], null],
  ['two others', ['A', 'B'], ['C', 'D'], ['A', 'B'], null],
  ['one gone, a new one in another place', ['A', 'B'], ['B', 'C'], ['A'], null]
]
for (const [what, before, after, gone, renamed] of rows)
  test(`templates: ${what}`, () => {
    const found = templateChanges(templates(...before), templates(...after))
    assert.deepEqual([found.gone, found.renamed === null ? null : `${found.renamed.was} → ${found.renamed.name}`], [gone, renamed])
  })

test('a renamed partition is followed by help desks, native mail, requests and waiting mail; one that is named stays', async () => {
  const console = createConfiguredConsole()
  await console.partitions.save({ was: null, partition: partition.parse({ name: 'IT' }), reason: null }, administrator)
  await saveSettings(console, { handOver: [desk('IT', 'Main')], nativeMail: { partition: 'IT' } })
  await console.database.transaction(async (transaction) => {
    for (const [number, name] of [[1, 'IT'], [2, 'Main']] as const)
      await requestsTable.add(transaction, [{ number, subject: '', status: 'open', requester: '', partition: name, server: '', messageId: null, createdAt: '', replies: 0, attachments: 0, values: {} }])
  })
  assert.deepEqual(await problemOf(console.partitions.delete({ name: 'IT', reason: null }, administrator)), { code: 'in-use', what: 'partition', name: 'IT', by: ['desk', 'native mail'] })
  await console.partitions.save({ was: 'IT', partition: partition.parse({ name: 'Desk' }), reason: null }, administrator)
  const { handOver, nativeMail } = await console.settings.get()
  assert.deepEqual([handOver[0]?.partitions, nativeMail.partition], [['Desk', 'Main'], 'Desk'])
  assert.deepEqual([...(await requestsTable.known(console.database, [1, 2])).values()].map((one) => one.partition), ['Desk', 'Main'])
})

test('rules for mail about requests follow a partition that is renamed, hold one that they name, and name none that is not there', async () => {
  const console = createConfiguredConsole()
  await console.partitions.save({ was: null, partition: partition.parse({ name: 'IT' }), reason: null }, administrator)
  const rules = (...partitions: string[]) => ({ requestMails: [{ name: 'Told', event: 'request-created', partitions, to: ['requester'], template: { subject: 's', text: 't' } }] })
  await saveSettings(console, rules('IT', 'Main'))
  assert.deepEqual(await problemOf(console.partitions.delete({ name: 'IT', reason: null }, administrator)), { code: 'in-use', what: 'partition', name: 'IT', by: ['Told'] })
  await console.partitions.save({ was: 'IT', partition: partition.parse({ name: 'Desk' }), reason: null }, administrator)
  assert.deepEqual((await console.settings.get()).requestMails[0]?.partitions, ['Desk', 'Main'])
  assert.deepEqual(await problemOf(saveSettings(console, rules('Main', 'Desc'))), { code: 'invalid-input', issues: [{ path: 'requestMails[0].partitions[1]', message: 'There is no partition `Desc` — did you mean `Desk`?' }] })
  await saveSettings(console, { requestMails: [{ ...rules('Desk').requestMails[0], template: { subject: 's', text: 'another' } }] })
  assert.deepEqual((await console.history.list({ name: 'settings', limit: 1 }))[0]?.changes, [{ field: 'requestMails[Told].partitions', from: 'Desk, Main', to: 'Desk' }, { field: 'requestMails[Told].template.text', from: 't', to: 'another' }])
})

test('a changed spam rule is told by its name and field', async () => {
  const console = createConfiguredConsole()
  const rules = (...values: string[]) => ({ processing: { spamRules: [{ name: 'Ads', criteria: [{ field: 'subject', condition: 'contains', values }] }] } })
  await saveSettings(console, rules('win'))
  await saveSettings(console, rules('win', 'free'))
  assert.deepEqual((await console.history.list({ name: 'settings', limit: 1 }))[0]?.changes, [{ field: 'processing.spamRules[Ads].criteria[1].values', from: 'win', to: 'win, free' }])
})

test('a file cannot take away the template of a server that it leaves alone', async () => {
  const console = createConfiguredConsole()
  await saveSettings(console, named('Laptop'))
  await saveServer(console, 'Laptop')
  const take = (yaml: string, replace = false) => console.file.import({ yaml: `version: 1\n${yaml}`, replace, reason: null, fileName: 'x' }, administrator)
  const problem = await problemOf(take('requestTemplates: [{ name: Plain }]\n'))
  assert.ok(problem.code === 'invalid-configuration')
  assert.deepEqual(problem.issues, [{ path: 'requestTemplates', message: 'The template `Laptop` is missing: the server `it`, which is not in this file, uses it.', line: 2, column: 19 }])
  await take('requestTemplates: [{ name: Plain }]\n', true)
  assert.deepEqual((await console.settings.get()).requestTemplates.map(({ name }) => name), ['Plain'])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ProblemError, type Problem } from '#contract/problem.ts'
import { administrator, createConfiguredConsole, support } from '../../testbed/configured-console.ts'
import { createConfigurationFile } from './configuration-file.ts'
import type { ConfigurationTables } from './configuration-tables.ts'

type Console = ReturnType<typeof createConfiguredConsole>
const problemOf = async (failing: Promise<unknown>): Promise<Problem> => {
  const thrown: unknown = await failing.then(() => null, (reason: unknown) => reason)
  assert.ok(thrown instanceof ProblemError, `a problem was expected: ${String(thrown)}`)
  return thrown.problem
}
const take = (console: Console, yaml: string, more: { replace?: boolean; secrets?: { server: string; purpose: 'sign-in' | 'proxy' | 'client-key' | 'hand-over'; secret: string }[]; reason?: string } = {}) =>
  console.file.import({ yaml, replace: false, reason: null, fileName: '/etc/mailroom/customer.yaml', ...more }, administrator)
const exported = async (console: Console): Promise<string> => (await console.file.export()).yaml

const server = (name: string, more = ''): string => `  - { name: ${name}, protocol: imap, host: mail.example.com, auth: { user: ${name}, secret: ask }${more} }\n`
const first = `version: 1\npartitions: [{ name: IT, outgoing: main, default: true }, { name: HR }]\nincoming:\n${server('it', ', partition: IT, enabled: true')}${server('hr', ', partition: HR, enabled: true')}outgoing:\n  - { name: main, protocol: smtp, host: mail.example.com, replyTo: it@example.com, auth: { user: it } }\nprocessing: { baseDelimiter: "%%" }\nhandOver: [{ name: desk, kind: json, url: "https://desk.example.com" }]\n`
const second = `version: 1\nincoming:\n${server('it', ', partition: IT, fetchEvery: 30s')}${server('sales', ', partition: IT')}processing: { baseDelimiter: "##" }\nhandOver: []\n`

test('every import keeps what was, and going back gives the same export byte for byte', async () => {
  const console = createConfiguredConsole()
  const empty = await exported(console)
  await take(console, first)
  const was = await exported(console)
  const { earlier } = await take(console, second, { replace: false })
  assert.notEqual(await exported(console), was)
  assert.deepEqual((await console.file.earlier()).map(({ id, who, before, incoming, outgoing }) => [id, who, before, incoming, outgoing]), [[2, 'Ann', 'import of customer.yaml', 2, 1], [1, 'Ann', 'import of customer.yaml', 0, 0]])
  assert.equal((await console.file.earlierFile({ id: earlier })).yaml, was)
  const now = await exported(console)
  const back = await console.file.rollback({ id: earlier, reason: null }, administrator)
  assert.equal(await exported(console), was)
  assert.deepEqual([back.added, back.removed], [[], ['incoming server sales']])
  await console.file.rollback({ id: back.earlier, reason: null }, administrator)
  assert.equal(await exported(console), now, 'and forward again')
  await console.file.rollback({ id: 1, reason: null }, administrator)
  assert.equal(await exported(console), empty)
})

test('secrets stay, and a server that comes back is stopped', async () => {
  const console = createConfiguredConsole()
  await take(console, first, { secrets: [{ server: 'hr', purpose: 'sign-in', secret: 'hunter2' }, { server: 'desk', purpose: 'hand-over', secret: 'hunter3' }] })
  const was = await exported(console)
  await console.file.import({ yaml: 'version: 1\n', replace: true, reason: null, fileName: 'none.yaml' }, administrator)
  assert.deepEqual([...console.secrets.keys()], [], 'an import that replaces takes secrets along, as before')
  console.secrets.set('server/hr', 'hunter2')
  await console.file.rollback({ id: 2, reason: null }, administrator)
  const [servers = '', ...rest] = was.split('\noutgoing:')
  assert.equal(await exported(console), [servers.replace(/^ {4}enabled: true$/gm, '    enabled: false'), ...rest].join('\noutgoing:'))
  await console.file.rollback({ id: 1, reason: null }, administrator)
  assert.deepEqual([...console.secrets], [['server/hr', 'hunter2']])
})

test('the newest twenty are kept, and one that is not there is said in words', async () => {
  const console = createConfiguredConsole()
  for (let round = 1; round <= 25; round++) await take(console, `version: 1\nfetching: { mostListening: ${round} }\n`)
  const rows = await console.file.earlier()
  assert.deepEqual([rows.length, rows[0]?.id, rows.at(-1)?.id], [20, 25, 6])
  for (const id of [1, 5, 26]) assert.deepEqual(await problemOf(console.file.rollback({ id, reason: null }, administrator)), { code: 'not-found', what: 'earlier configuration', name: String(id), nearest: null })
})

test('a reason is asked for where the settings want one, and the history names the act', async () => {
  const console = createConfiguredConsole()
  await take(console, 'version: 1\nhistory: { reasonRequired: true }\n')
  const { earlier } = await take(console, 'version: 1\nprocessing: { baseDelimiter: "%%" }\n', { reason: 'ticket 7' })
  const problem = await problemOf(console.file.rollback({ id: earlier, reason: ' ' }, administrator))
  assert.deepEqual(problem.code === 'invalid-input' && problem.issues.map(({ path }) => path), ['reason'])
  await console.file.rollback({ id: earlier, reason: 'wrong file' }, administrator)
  const rows = await console.database.all<{ what: string; name: string; action: string; reason: string | null }>(`SELECT what, name, action, reason FROM history WHERE what = 'configuration' ORDER BY id`)
  assert.deepEqual(rows.map(({ what, action, reason }) => [what, action, reason]), [['configuration', 'imported', null], ['configuration', 'imported', 'ticket 7'], ['configuration', 'rolled back', 'wrong file']])
  assert.equal(rows[1]?.name, 'customer.yaml')
})

/** Tables whose `failing`th write throws. */
const breaking = (console: Console, failing: number) => {
  let writes = 0
  const wrapped = <Table extends object>(table: Table): Table =>
    new Proxy(table, {
      get: (target, key) => {
        const method = Reflect.get(target, key) as unknown
        if (typeof method !== 'function' || key === 'all' || key === 'list' || key === 'get') return method
        return (...given: unknown[]) => {
          if (++writes === failing) throw new Error('the disk broke')
          return (method as (...all: unknown[]) => unknown)(...given)
        }
      }
    })
  const { tables } = console.needs
  const broken: ConfigurationTables = { ...tables, incoming: wrapped(tables.incoming), outgoing: wrapped(tables.outgoing), partitions: wrapped(tables.partitions), settings: wrapped(tables.settings), history: wrapped(tables.history), earlier: wrapped(tables.earlier) }
  return { file: createConfigurationFile({ ...console.needs, tables: broken }), writes: () => writes }
}

test('whichever write of an import or of going back fails, nothing has changed: servers, history, earlier ones, secrets', async () => {
  const everything = async (console: Console): Promise<string> => JSON.stringify([await console.wholeDatabase(), await console.database.all('SELECT * FROM earlier_configurations'), [...console.secrets]])
  for (const act of ['import', 'rollback'] as const) {
    let failed = 0
    for (let failing = 1; ; failing++) {
      const console = createConfiguredConsole()
      await take(console, first, { secrets: [{ server: 'it', purpose: 'sign-in', secret: 'hunter2' }] })
      const before = await everything(console)
      const { file } = breaking(console, failing)
      const work = act === 'import' ? file.import({ yaml: `${second}partitions: [{ name: IT }]\n`, replace: true, reason: null, fileName: 'x', secrets: [{ server: 'sales', purpose: 'sign-in', secret: 'hunter3' }] }, administrator) : file.rollback({ id: 1, reason: null }, administrator)
      const outcome = await work.then(() => null, (error: unknown) => error)
      if (outcome === null) break
      failed++
      assert.match(String(outcome), /the disk broke/)
      assert.equal(await everything(console), before, `${act}, write ${failing}`)
    }
    assert.ok(failed >= 8, `${act}: only ${failed} writes`)
  }
})

test('who imports is asked: typed secrets come first, what is left out is a warning with the next step', async () => {
  const console = createConfiguredConsole()
  console.environment['IT_PASSWORD'] = 'from-env'
  const yaml = 'version: 1\nincoming:\n  - { name: it, protocol: imap, host: h, auth: { user: a, secret: "env:IT_PASSWORD" } }\n  - { name: hr, protocol: imap, host: h, auth: { user: b, secret: ask }, proxy: "http://me@proxy:3128", proxySecret: ask }\nhandOver: [{ name: desk, kind: json, url: "https://desk.example.com", secret: ask }]\n'
  const preview = await console.file.preview({ yaml, replace: false, fileName: 'x' }, administrator)
  assert.deepEqual(preview.secrets.map(({ server: name, purpose, label, source, state }) => [name, purpose, label, source, state]), [
    ['it', 'sign-in', 'password', 'env:IT_PASSWORD', 'found'], ['hr', 'sign-in', 'password', 'ask', 'missing'], ['hr', 'proxy', 'password of the proxy', 'ask', 'missing'], ['desk', 'hand-over', 'secret of the help desk', 'ask', 'missing']
  ])
  assert.deepEqual((await console.file.preview({ yaml, replace: false, fileName: 'x' }, support)).secrets.map(({ state }) => state), ['missing', 'missing', 'missing', 'missing'], 'support learns nothing of this machine')
  const { warnings } = await take(console, yaml, { secrets: [{ server: 'it', purpose: 'sign-in', secret: 'typed' }, { server: 'desk', purpose: 'hand-over', secret: 'signed' }] })
  assert.deepEqual([...console.secrets], [['server/it', 'typed'], ['hand-over/desk', 'signed']])
  assert.deepEqual(warnings.map(({ path, line, message }) => [path, line, message]), [
    ['incoming[1].auth.secret', 4, 'No secret is stored. Next: `mailroom secret set hr`.'], ['incoming[1].proxySecret', 4, 'No password of the proxy is stored. Next: `mailroom secret set hr --for proxy`.']
  ])
  assert.deepEqual((await console.file.preview({ yaml, replace: false, fileName: 'x' }, administrator)).secrets.map(({ state }) => state), ['found', 'missing', 'missing', 'stored'])
  for (const text of [await console.wholeDatabase(), JSON.stringify(await console.database.all('SELECT * FROM earlier_configurations')), JSON.stringify(console.events)]) assert.doesNotMatch(text, /typed|signed"|from-env/)
})

const typedWrong: [string, { server: string; purpose: 'sign-in' | 'proxy' | 'hand-over' }[], string[]][] = [
  ['for a server that is not in the file', [{ server: 'hr', purpose: 'sign-in' }], ['secrets.0.server']],
  ['for a purpose that the server does not have', [{ server: 'it', purpose: 'sign-in' }, { server: 'it', purpose: 'proxy' }], ['secrets.1.purpose']],
  ['for a help desk that is not in the file', [{ server: 'it', purpose: 'hand-over' }], ['secrets.0.server']],
  ['for a server without a sign-in', [{ server: 'open', purpose: 'sign-in' }], ['secrets.0.server']],
  ['twice', [{ server: 'it', purpose: 'sign-in' }, { server: 'it', purpose: 'sign-in' }], ['secrets.1']]
]
for (const [title, secrets, paths] of typedWrong)
  test(`a secret that was typed ${title} is refused, and nothing has changed`, async () => {
    const console = createConfiguredConsole()
    const yaml = 'version: 1\nincoming: [{ name: it, protocol: imap, host: h, auth: { user: a } }]\noutgoing: [{ name: open, protocol: smtp, host: h, replyTo: a@b.org, auth: { method: none } }]\n'
    const problem = await problemOf(take(console, yaml, { secrets: secrets.map((one) => ({ ...one, secret: 'hunter2' })) }))
    assert.deepEqual(problem.code === 'invalid-input' && problem.issues.map(({ path }) => path), paths)
    assert.doesNotMatch(JSON.stringify(problem), /hunter2/)
    assert.equal(console.secrets.size, 0)
    assert.deepEqual(await console.file.earlier(), [])
  })

test('a preview says what an import would do, with and without what is only here, and where a file is wrong', async () => {
  const console = createConfiguredConsole()
  await take(console, first)
  const effect = async (replace: boolean) => (await console.file.preview({ yaml: second, replace, fileName: 'x' }, administrator)).differences.map(({ kind, what, name }) => `${kind} ${what} ${name}`)
  assert.deepEqual(await effect(false), ['changed incoming server it', 'added incoming server sales', 'changed settings settings'])
  assert.deepEqual((await console.file.preview({ yaml: `${second}partitions: [{ name: IT }]\n`, replace: true, fileName: 'x' }, administrator)).differences.map(({ kind, what, name }) => `${kind} ${what} ${name}`), [
    'removed partition HR', 'changed partition IT', 'changed incoming server it', 'added incoming server sales', 'removed incoming server hr', 'removed outgoing server main', 'changed settings settings'
  ])
  const wrong = await console.file.preview({ yaml: 'version: 1\nincoming:\n  - { name: it, protocol: imap, host: h, partition: Nowhere, auth: { user: a } }\n', replace: false, fileName: 'x' }, administrator)
  assert.deepEqual(wrong.issues.map(({ path, line, column }) => [path, line, column]), [['incoming[0].partition', 3, 53]])
  assert.match(wrong.issues[0]?.message ?? '', /Nowhere/)
  assert.deepEqual([wrong.differences, wrong.secrets], [[], []])
})

test('an export for another console asks for what lies in the store here, and only for that', async () => {
  const console = createConfiguredConsole()
  const yaml = 'version: 1\nincoming:\n  - { name: it, protocol: imap, host: h, auth: { user: a } }\n  - { name: env, protocol: imap, host: h, auth: { user: a, secret: "env:X" }, proxy: "http://me@proxy:1" }\n  - { name: signed, protocol: graph, auth: { clientId: abc } }\noutgoing: [{ name: open, protocol: smtp, host: h, replyTo: a@b.org, auth: { method: none } }]\nhandOver: [{ name: desk, kind: json, url: "https://d" }, { name: sdp, kind: servicedesk-plus, url: "https://s" }]\n'
  await take(console, yaml, { secrets: [{ server: 'desk', purpose: 'hand-over', secret: 'x' }] })
  const file = (await console.file.export({ ask: true })).yaml
  assert.deepEqual(file.match(/(?:secret|proxySecret): \S+/g), ['secret: env:X', 'proxySecret: ask', 'secret: ask', 'secret: keychain', 'secret: keychain', 'secret: ask', 'secret: ask'])
  const other = createConfiguredConsole()
  await other.file.import({ yaml: file, replace: true, reason: null, fileName: 'x' }, administrator)
  assert.equal(await exported(other), file, 'ask is printed as ask again')
})

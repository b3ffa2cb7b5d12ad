import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { newIncomingServer } from '#contract/incoming-server.ts'
import type { TestStep } from '#contract/connection-test.ts'
import { ProblemError, type Problem } from '#contract/problem.ts'
import type { Handlers } from '../ipc/handlers-type.ts'
import { createLog } from '../log/create-log.ts'
import { announced, run } from '../../testbed/command-line.ts'
import { allCommands } from './commands.ts'

let folder: string
before(() => void (folder = mkdtempSync(join(tmpdir(), 'mailroom-cli-'))))
after(() => rmSync(folder, { recursive: true }))

const refused = { code: 'connection-refused', host: 'mail.example.com', port: 993 } as const

const usageFaults: [string, RegExp][] = [
  ['improt', /no command/],
  ['incomng list', /Did you mean “incoming”/],
  ['incoming', /needs one of: list, test/],
  ['incoming tets x', /Did you mean “incoming test”/],
  ['incoming test', /needs NAME/],
  ['incoming test a b', /“b” is too much/],
  ['incoming fetch', /Name one server, or ask for --all/],
  ['incoming fetch a --all', /Name one server, or ask for --all/],
  ['incoming list --jsn', /Did you mean --json/],
  ['--nonsense', /no command/],
  ['requests list --limit many', /whole number/],
  ['requests show zero', /no request number/],
  ['errors export', /--out/],
  ['errors export bundle.zip --out other.zip', /no id of an error/],
  ['errors show first', /no id of an error/],
  ['errors list --where nowhere', /name one of: error-folder, inbox, skipped, replayed/],
  ['errors list --since yesterday', /no time/],
  ['outgoing send main', /--to ADDRESS/],
  ['serve --port 70000', /whole number from 0 to 65535/],
  ['process - -', /only once/],
  ['constructor', /no command/]
]
for (const [line, words] of usageFaults)
  test(`“mailroom ${line}” ends with 2, in words, before anything is opened`, async () => {
    const { status, out, said, opened } = await run(line)
    assert.deepEqual({ status, out, opened }, { status: 2, out: '', opened: 0 })
    assert.match(said, words)
    assert.match(said, /Usage: mailroom/)
    assert.doesNotMatch(said, /\bat .+:\d+/)
  })

test('every command has help with an example', async () => {
  for (const command of await allCommands()) {
    const { status, out } = await run(`${command.name} --help`)
    assert.equal(status, 0)
    assert.match(out, /Usage: mailroom .*\n[\s\S]*Flags:[\s\S]*--json[\s\S]*Example: mailroom /)
  }
  assert.match((await run('')).out, /incoming fetch/)
  assert.match((await run('incoming -h')).out, /incoming fetch/)
  assert.equal((await run('--version')).out, '1.2.3\n')
})

const round = (server: string, more: object = {}) => ({ server, fetched: 12, requests: 9, replies: 1, commands: 0, dropped: 2, errors: 0, seconds: 0.4149, startedAt: '2026-01-01T00:00:00Z', problem: null, ...more })

test('fetch prints one object per server with the keys of CLI.md', async () => {
  const { status, out } = await run('incoming fetch --all --json', { handlers: { 'incoming.fetch-all': async () => [round('it'), round('hr')] } })
  assert.equal(status, 0)
  assert.equal(out.split('\n')[0], '{"server":"it","fetched":12,"requests":9,"replies":1,"commands":0,"dropped":2,"errors":0,"seconds":0.41}')
  assert.equal(out.trim().split('\n').length, 2)
})
test('fetch ends with 1 when mail ended in error and 3 when a server cannot be reached', async () => {
  assert.equal((await run('incoming fetch it', { handlers: { 'incoming.fetch': async () => round('it', { errors: 1 }) } })).status, 1)
  const { status, out } = await run('incoming fetch --all', { handlers: { 'incoming.fetch-all': async () => [round('it', { errors: 1 }), round('hr', { problem: refused })] } })
  assert.equal(status, 3)
  assert.match(out, /mail\.example\.com, port 993 refused the connection\.\n {2}Check the port/)
})

const steps: TestStep[] = [
  { step: 'resolve', outcome: 'ok', ms: 1.4, detail: '127.0.0.1', problem: null },
  { step: 'sign-in', outcome: 'failed', ms: 3, detail: 'NO [AUTHENTICATIONFAILED] no', problem: { code: 'credentials-refused', server: 'it', user: 'ann', serverSaid: 'NO [AUTHENTICATIONFAILED] no' } }
]
test('a test streams its steps, each once, then the verdict', async () => {
  const { status, out } = await run('incoming test it --json', {
    handlers: {
      'incoming.test': async ({ workId }) => {
        announced('test-step-happened', { workId: 'somebody else', step: steps[0] as TestStep })
        announced('test-step-happened', { workId, step: steps[0] as TestStep })
        return { verdict: 'failed', at: '', failedAt: 'sign-in', problem: steps[1]?.problem ?? null, sample: null, steps }
      }
    }
  })
  assert.equal(status, 1)
  const lines = out.trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>)
  assert.deepEqual(lines[0], { step: 'resolve', outcome: 'ok', ms: 1, detail: '127.0.0.1' })
  assert.equal(lines.length, 3)
  assert.deepEqual([lines[1]?.step, lines[1]?.code, lines[1]?.detail, typeof lines[1]?.remedy], ['sign-in', 'credentials-refused', 'NO [AUTHENTICATIONFAILED] no', 'string'])
  assert.deepEqual([lines[2]?.verdict, lines[2]?.code, lines[2]?.sample], ['failed', 'credentials-refused', null])
})
test('a good test ends with 0 and its sample', async () => {
  const sample = { from: 'ann@example.com', subject: 'Hi', date: null, text: 'Hello' }
  const { status, out } = await run('incoming test it --json', { handlers: { 'incoming.test': async () => ({ verdict: 'ok', at: '', failedAt: null, problem: null, sample, steps: [] }) } })
  assert.equal(status, 0)
  assert.deepEqual(JSON.parse(out), { verdict: 'ok', sample })
})
test('a test that cannot connect ends with 3', async () => {
  const { status } = await run('outgoing test main', { handlers: { 'outgoing.test': async () => ({ verdict: 'failed', at: '', failedAt: 'connect', problem: refused, sample: null, steps: [] }) } })
  assert.equal(status, 3)
})

test('a test of a second host says so, and what warns is counted', async () => {
  const [found, refusedThere]: [TestStep, TestStep] = [{ step: 'connect', outcome: 'ok', ms: 1, detail: '', problem: null }, { step: 'connect', outcome: 'failed', ms: 1, detail: '', problem: refused, alternate: 'mail2.example.com:587' }]
  const verdict = { verdict: 'failed' as const, at: '', failedAt: 'connect' as const, alternate: 'mail2.example.com:587', problem: refused, sample: null, steps: [found, refusedThere] }
  const handlers: Partial<Handlers> = { 'outgoing.test': async () => verdict }
  const { status, out } = await run('outgoing test main', { handlers })
  assert.equal(status, 3)
  assert.match(out, /^✓ connect[^\n]*\n\nAlternate mail2\.example\.com:587\n✗ connect[\s\S]*\nThe server itself works; the test of its alternate mail2\.example\.com:587 failed\.\n$/)
  const lines = (await run('outgoing test main --json', { handlers })).out.trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>)
  assert.deepEqual(lines.map(({ alternate }) => alternate), [undefined, 'mail2.example.com:587', 'mail2.example.com:587'])
  const warned = await run('outgoing test main', { handlers: { 'outgoing.test': async () => ({ verdict: 'ok', at: '', failedAt: null, problem: null, sample: null, steps: [found, { step: 'dkim', outcome: 'warning', ms: 1, detail: 'There is no record.', problem: { code: 'dkim-key-not-published', server: 'main', name: 's._domainkey.example.com', record: 'v=DKIM1; p=AA', reason: 'There is no record.' } }] }) } })
  assert.equal(warned.status, 0)
  assert.match(warned.out, /! dkim[\s\S]*Put this TXT record at s\._domainkey[\s\S]*\nIt works, with 1 warning\.\n$/)
})

test('requests list pages through all of them with the keys of CLI.md', async () => {
  const row = (number: number) => ({ number, subject: 's\u001b[31m', status: 'open' as const, requester: 'r', partition: 'p', server: 'it', messageId: null, createdAt: 'c', replies: 0, attachments: 0, values: {} })
  const handlers: Partial<Handlers> = { 'requests.list': async ({ limit, before }) => { const first = (before ?? 1201) - 1; const count = Math.min(limit, first); return { rows: Array.from({ length: count }, (_, index) => row(first - index)), next: first - count > 0 ? first - count + 1 : null, total: 1200 } } }
  const all = JSON.parse((await run('requests list --json', { handlers })).out) as object[]
  assert.deepEqual(all.map((one) => (one as { number: number }).number), Array.from({ length: 1200 }, (_, index) => 1200 - index))
  assert.deepEqual(Object.keys(all[0] ?? {}), ['number', 'subject', 'status', 'requester', 'server', 'messageId', 'createdAt'])
  assert.equal((JSON.parse((await run('requests list --json --limit 501', { handlers })).out) as object[]).length, 501)
  const table = await run('requests list', { handlers })
  assert.equal(table.out.trim().split('\n').length, 51)
  assert.match(table.said, /50 of 1200 are shown/)
  assert.ok(!table.out.includes('\u001b'), 'mail must not steer the terminal')
})

test('an empty list says what to do next on stderr, and is [] as JSON', async () => {
  const handlers: Partial<Handlers> = { 'incoming.list': async () => [] }
  const shown = await run('incoming list', { handlers })
  assert.deepEqual([shown.out, shown.status], ['', 0])
  assert.match(shown.said, /mailroom config import FILE/)
  assert.equal((await run('incoming list --json', { handlers })).out, '[]\n')
})

test('incoming list shows the state of each server', async () => {
  const state = { fetching: 'waiting' as const, progress: null, lastRound: null, lastSuccessAt: null, nextRoundAt: null, failuresInARow: 0, failingSince: null, problem: null, stuckSince: null, delayedUntil: null }
  const handlers: Partial<Handlers> = { 'incoming.list': async () => [{ server: { ...newIncomingServer('imap', 'IT'), name: 'it', host: 'mail.example.com' }, issues: [], hasSecret: true, hasProxySecret: false, hasClientKeySecret: false, signIn: null, advice: [], state, errorCount: 2, lastTest: null }] }
  assert.match((await run('incoming list', { handlers })).out, /NAME .*\nit +imap +mail\.example\.com:993 +IT +waiting +– +2\n/)
})

const problems: [Problem, number][] = [[{ code: 'data-folder-in-use', folder: '/data', processId: 42 }, 4], [{ code: 'data-folder-damaged', file: 'journal', reason: 'bad sum' }, 4], [{ code: 'wrong-passphrase' }, 2]]
for (const [problem, status] of problems)
  test(`${problem.code} at opening ends with ${status}, in words and as JSON`, async () => {
    const ended = await run('requests list --json', { openFails: problem })
    assert.equal(ended.status, status)
    assert.match(ended.said, /^mailroom: .+\n {2}.+/)
    assert.equal((JSON.parse(ended.out) as { problem: Problem }).problem.code, problem.code)
  })

test('a bug shows a reference and no stack', async () => {
  const { status, said } = await run('incoming list', { handlers: { 'incoming.list': async () => { throw new TypeError('bug') } } })
  assert.equal(status, 1)
  assert.match(said, /reference REF/)
  assert.doesNotMatch(said, /TypeError|at /)
})

test('the vault is opened by asking: twice for a new one, and not at all without a terminal', async () => {
  const locked = (credentials: 'vault-locked' | 'vault-new', seen: string[]): Partial<Handlers> => ({
    'console.state': async () => ({ version: '1', host: 'browser', role: 'administrator', dataFolder: '/data', credentials, demo: false, platform: 'linux', pin: 'none' }),
    'vault.unlock': async ({ passphrase }) => void seen.push(`unlock ${passphrase}`), 'vault.create': async ({ passphrase }) => void seen.push(`create ${passphrase}`), 'secret.list': async () => []
  })
  const seen: string[] = []
  assert.equal((await run('secret list', { handlers: locked('vault-locked', seen), answers: ['open sesame'] })).status, 0)
  assert.equal((await run('secret list', { handlers: locked('vault-new', seen), answers: ['short', 'long enough', 'different one', 'long enough', 'long enough'] })).status, 0)
  assert.deepEqual(seen, ['unlock open sesame', 'create long enough'])
  const alone = await run('secret list', { handlers: locked('vault-locked', seen) })
  assert.equal(alone.status, 2)
  assert.match(alone.said, /MAILROOM_PASSPHRASE/)
})

test('secret set takes stdin without the line break at its end', async () => {
  const seen: string[] = []
  const handlers: Partial<Handlers> = { 'secret.set': async ({ server, secret }) => void seen.push(`${server}=${secret}`) }
  const { out, said } = await run('secret set it', { handlers, stdin: ' pa ss \r\n' })
  await run('secret set it', { handlers, stdin: 'two\n\n' })
  assert.deepEqual(seen, ['it= pa ss ', 'it=two\n'])
  assert.doesNotMatch(out + said, /pa ss/)
  assert.equal((await run('secret set it', { handlers, stdin: '\n' })).status, 2)
})

test('validate and diff open no data folder; faults have a place', async () => {
  const file = join(folder, 'c.yaml')
  writeFileSync(file, 'version: 1\n')
  const handlers: Partial<Handlers> = { 'configuration.validate': async ({ yaml }) => ({ issues: yaml === 'version: 1\n' ? [{ path: 'incoming.0.hots', message: 'Unknown key; did you mean host?', line: 3, column: 5 }] : [], warnings: [] }), 'configuration.diff': async () => ({ differences: [], issues: [] }) }
  const wrong = await run(['config', 'validate', file], { handlers })
  assert.deepEqual([wrong.status, wrong.opened, wrong.offline], [2, 0, [null]])
  assert.match(wrong.out, /c\.yaml:3:5: incoming\.0\.hots: Unknown key; did you mean host\?/)
  assert.deepEqual((JSON.parse((await run(['config', 'validate', file, '--json'], { handlers })).out) as { valid: boolean }).valid, false)
  const diff = await run(['config', 'diff', file], { handlers })
  assert.deepEqual([diff.status, diff.opened, diff.offline], [0, 0, ['/default']])
  assert.equal((await run(['config', 'validate', join(folder, 'none.yaml')], { handlers })).status, 2)
})

test('config export replaces a file as a whole, as scripts expect that write one every night', async () => {
  const file = join(folder, 'out.yaml')
  const asked: unknown[] = []
  const handlers: Partial<Handlers> = { 'configuration.export': async (input) => (asked.push(input), { yaml: 'version: 1\n' }) }
  assert.equal((await run(['config', 'export', file, '--ask'], { handlers })).status, 0)
  assert.equal(readFileSync(file, 'utf8'), 'version: 1\n')
  writeFileSync(file, 'old')
  assert.deepEqual([(await run(['config', 'export', file], { handlers })).status, readFileSync(file, 'utf8')], [0, 'version: 1\n'])
  assert.equal((await run('config export', { handlers })).out, 'version: 1\n')
  assert.equal((await run(['config', 'export', join(folder, 'no', 'folder.yaml')], { handlers })).status, 2)
  assert.deepEqual(asked, [{ ask: true }, { ask: false }, { ask: false }, { ask: false }])
})

const imported = { added: ['incoming server it'], changed: [], removed: [], unchanged: [], warnings: [], earlier: 7 }
const askedFor = { issues: [], warnings: [], differences: [], secrets: [{ server: 'it', purpose: 'sign-in' as const, label: 'password', source: 'ask', state: 'missing' as const }, { server: 'hr', purpose: 'proxy' as const, label: 'password of the proxy', source: 'ask', state: 'stored' as const }, { server: 'x', purpose: 'sign-in' as const, label: 'password', source: 'keychain', state: 'missing' as const }] }

test('config import asks for what the file wants asked at a terminal, and for nothing without one', async () => {
  const file = join(folder, 'ask.yaml')
  writeFileSync(file, 'version: 1\n')
  const taken: { secrets: unknown }[] = []
  const handlers: Partial<Handlers> = { 'configuration.preview': async () => askedFor, 'configuration.import': async (input) => (taken.push(input), imported) }
  const typed = await run(['config', 'import', file], { handlers, answers: ['hunter2', ''] })
  assert.deepEqual([typed.status, taken[0]?.secrets], [0, [{ server: 'it', purpose: 'sign-in', secret: 'hunter2' }]])
  assert.match(typed.out, /mailroom config rollback 7/)
  assert.match(typed.said, /asks for 2 secrets/)
  assert.doesNotMatch(typed.out + typed.said, /hunter2/)
  await run(['config', 'import', file], { handlers })
  assert.deepEqual(taken[1]?.secrets, [])
})

test('config earlier lists, prints one, and rollback goes back', async () => {
  const asked: unknown[] = []
  const handlers: Partial<Handlers> = {
    'configuration.earlier': async () => [{ id: 7, at: '2026-11-21T08:00:00.000Z', who: 'ann', before: 'import of a.yaml', incoming: 2, outgoing: 1 }],
    'configuration.earlier-file': async ({ id }) => ({ yaml: `version: ${id}\n` }),
    'configuration.rollback': async (input) => (asked.push(input), imported)
  }
  assert.match((await run('config earlier', { handlers })).out, /^7 .*ann +import of a\.yaml +3$/m)
  assert.equal((await run('config earlier 7', { handlers })).out, 'version: 7\n')
  assert.equal((await run('config rollback 7 --reason wrong', { handlers })).status, 0)
  assert.deepEqual(asked, [{ id: 7, reason: 'wrong' }])
  for (const line of ['config rollback', 'config rollback x', 'config earlier x']) assert.deepEqual((({ status, opened }) => [status, opened])(await run(line, { handlers })), [2, 0], line)
})

const tried = { outcome: 'request' as const, reason: null, message: null, steps: [] }
test('process looks for every file first, prints an object each in order, and only --commit opens the data', async () => {
  const [one, two] = [join(folder, 'one.eml'), join(folder, 'two.eml')]
  writeFileSync(one, 'A: 1\r\n\r\n')
  writeFileSync(two, '')
  const handlers: Partial<Handlers> = { 'processing.try': async ({ base64 }) => (base64 === '' ? { ...tried, outcome: 'error', reason: 'message-empty' } : tried), 'processing.take': async () => ({ ...tried, request: 7 }) }
  const missing = await run(['process', one, join(folder, 'three.eml')], { handlers })
  assert.deepEqual([missing.status, missing.out, missing.offline], [2, '', []])
  assert.equal((await run(['process', folder], { handlers })).status, 2)
  const both = await run(['process', two, '-', one, '--json'], { handlers, stdin: 'x' })
  assert.deepEqual([both.status, both.opened], [1, 0])
  assert.deepEqual(both.out.trim().split('\n').map((line) => { const { file, outcome, reason } = JSON.parse(line) as Record<string, unknown>; return [file, outcome, reason] }), [[two, 'error', 'message-empty'], ['-', 'request', null], [one, 'request', null]])
  const committed = await run(['process', one, '--commit', '--json'], { handlers })
  assert.deepEqual([committed.status, committed.opened, (JSON.parse(committed.out) as { request: number }).request], [0, 1, 7])
})
test('a message too large to be tried has the same shape as any other, from its header, and is not taken', async () => {
  const file = join(folder, 'large.eml')
  writeFileSync(file, `Subject: large\n\n${'x'.repeat(60_000_100)}`)
  const message = { from: null, to: [], cc: [], replyTo: [], subject: 'large', date: null, messageId: null, inReplyTo: null, references: [], text: '', html: null, attachments: [] }
  const looked: string[] = []
  const handlers: Partial<Handlers> = { 'processing.try': async ({ base64 }) => (looked.push(Buffer.from(base64, 'base64').toString()), { ...tried, message }), 'processing.take': async () => assert.fail('it was taken') }
  for (const flags of [[], ['--commit']]) {
    const { status, out } = await run(['process', file, '--json', ...flags], { handlers })
    const { outcome, reason, steps, ...more } = JSON.parse(out) as { outcome: string; reason: string; steps: { step: string; outcome: string }[] }
    assert.deepEqual([status, outcome, more], [1, 'error', { file, message }])
    assert.match(reason, /60/)
    assert.deepEqual(steps.map((step) => [step.step, step.outcome]), [['readable', 'error']])
  }
  assert.deepEqual(looked, ['Subject: large', 'Subject: large'])
})
test('process tries with defaults where the data folder is locked, and says so', async () => {
  let calls = 0
  const { status, said, offline } = await run(['process', '-', '--json'], { stdin: 'x', handlers: { 'processing.try': async () => { if (calls++ === 0) throw new ProblemError({ code: 'vault-locked' }); return tried } } })
  assert.deepEqual([status, offline], [0, ['/default', null]])
  assert.match(said, /default settings/)
})

const piecesOf = (...pieces: (string | Problem)[]): Partial<Handlers> => {
  let next = 0
  return {
    'errors.export': async () => ({ downloadId: 'download-1', fileName: 'x.zip', mediaType: 'application/zip', mails: 2 }),
    'download.next': async () => {
      const piece = pieces[next++]
      if (typeof piece === 'object') throw new ProblemError(piece)
      return { base64: Buffer.from(piece ?? '').toString('base64'), done: piece === undefined }
    },
    'download.cancel': async () => undefined
  }
}

test('errors export writes a new file only, for its owner only', async () => {
  const file = join(folder, 'bundle.zip')
  const first = await run(['errors', 'export', '--out', file, '--redact', '--json'], { handlers: piecesOf('zi', 'p') })
  assert.deepEqual([first.status, JSON.parse(first.out)], [0, { file, mails: 2, redacted: true }])
  assert.equal(statSync(file).mode & 0o777, 0o600)
  const second = await run(['errors', 'export', '--out', file], { handlers: piecesOf('other') })
  assert.deepEqual([second.status, second.opened], [2, 0])
  assert.equal(readFileSync(file, 'utf8'), 'zip')
  const closed = join(folder, 'none', 'bundle.zip')
  assert.equal((await run(['errors', 'export', '--out', closed], { handlers: piecesOf('zip') })).status, 2)
  assert.ok(!existsSync(closed))
  chmodSync(file, 0o600)
})

test('errors export says which of the named errors are not there, and ends with 1', async () => {
  const file = join(folder, 'some.zip')
  const some = await run(['errors', 'export', '7', '8', '9', '9', '--out', file, '--json'], { handlers: piecesOf('zip') })
  assert.deepEqual([some.status, JSON.parse(some.out), existsSync(file)], [1, { file, mails: 2, redacted: false, missing: 1 }, true])
  const all = join(folder, 'all-named.zip')
  const both = await run(['errors', 'export', '7', '8', '--out', all], { handlers: piecesOf('zip') })
  assert.deepEqual([both.status, both.out], [0, `${all}: 2 mails\n`])
})

test('errors export that is cancelled or fails leaves no half file', async () => {
  const file = join(folder, 'half.zip')
  for (const [problem, status] of [[{ code: 'cancelled' }, 1], [{ code: 'disk-full', folder: 'data' }, 4]] as const) {
    const ended = await run(['errors', 'export', '--out', file], { handlers: piecesOf('begun', problem) })
    assert.deepEqual([ended.status, existsSync(file)], [status, false], problem.code)
  }
})

const replayed = { outcome: 'request', reason: null, request: 12, message: null, steps: [{ step: 'people', outcome: 'request', detail: 'new' }], creates: null } as const

test('errors replay takes the message as it is or an edited file, and ends with 1 where it failed again', async () => {
  const asked: unknown[] = []
  const handlers: Partial<Handlers> = { 'errors.replay': async (input) => { asked.push(input); return input.tryOnly ? { ...replayed, steps: [], request: null, outcome: 'error', reason: 'no sender' } : { ...replayed, steps: [...replayed.steps] } } }
  const file = join(folder, 'mended.eml')
  writeFileSync(file, Buffer.from([0x53, 0xe4, 0x0d, 0x0a]))
  const plainOne = await run('errors replay 7', { handlers })
  assert.deepEqual([plainOne.status, plainOne.out], [0, '7 became: request 12\n  people: request, new\n'])
  const tried = await run(['errors', 'replay', '7', '--file', file, '--try', '--json'], { handlers })
  assert.deepEqual([tried.status, JSON.parse(tried.out).reason], [1, 'no sender'])
  assert.deepEqual(asked, [{ id: 7, base64: null, tryOnly: false }, { id: 7, base64: 'U+QNCg==', tryOnly: true }])
  assert.equal((await run(['errors', 'replay', '7', '--file', join(folder, 'none.eml')], { handlers })).status, 2)
})

test('errors list filters by place and time, errors delete says what was not there', async () => {
  const asked: unknown[] = []
  const handlers: Partial<Handlers> = {
    'errors.list': async (input) => { asked.push(input); return { rows: [], causes: [], total: 0, open: 0, next: null } },
    'errors.delete': async ({ ids }) => ({ deleted: ids.length - 1 })
  }
  await run('errors list it --where skipped --since 2026-11-20 --until 2026-11-20T08:00Z --code unexpected --query printer', { handlers })
  assert.deepEqual(asked, [{ server: 'it', where: 'skipped', since: '2026-11-20T00:00:00.000Z', until: '2026-11-20T08:00:00.000Z', code: 'unexpected', query: 'printer', limit: 500, before: null }])
  const deleted = await run('errors delete 7 8', { handlers })
  assert.deepEqual([deleted.status, deleted.out], [1, '1 record deleted, 1 not there\n'])
})

test('outgoing send takes several recipients and ends with 1 when one was refused', async () => {
  const seen: unknown[] = []
  const sent = { messageId: '<1@x>', serverSaid: '250 ok', through: 'primary' as const, accepted: ['a@x.org'], refused: [] }
  const handlers: Partial<Handlers> = { 'outgoing.send': async ({ mail }) => { seen.push(mail); return mail.bcc.length > 0 ? { ...sent, refused: [{ address: 'c@x.org', serverSaid: '550 no' }] } : sent } }
  const good = await run(['outgoing', 'send', 'main', '--to', 'a@x.org, b@x.org', '--subject', 'Hi there', '--json'], { handlers })
  assert.deepEqual([good.status, JSON.parse(good.out)], [0, sent])
  assert.deepEqual((seen[0] as { to: string[]; subject: string }).to, ['a@x.org', 'b@x.org'])
  assert.equal((await run(['outgoing', 'send', 'main', '--to', 'a@x.org', '--bcc', 'c@x.org'], { handlers })).status, 1)
  assert.equal((await run(['outgoing', 'send', 'main', '--to', 'no address'], { handlers })).status, 2)
})

test('an error that nobody foresaw ends with 1, in words; its stack is in the log of the folder that was asked for, and nowhere else', async () => {
  const seen: string[] = []
  const asked = mkdtempSync(join(folder, 'asked-'))
  const fails = { openFails: new TypeError('nobody foresaw this'), log: createLog({ write: (line) => seen.push(line), now: () => new Date(0) }) }
  const { status, out, said } = await run(['status', '--data', asked], fails)
  assert.deepEqual({ status, out, seen }, { status: 1, out: '', seen: [] })
  assert.match(said, /^mailroom: Something unexpected happened \(reference \w{8}\)\.\n {2}[^\n]+\n$/)
  assert.match(readFileSync(join(asked, 'logs', 'mailroom.log'), 'utf8'), /TypeError: nobody foresaw this\n {4}at /)

  const nowhere = join(folder, 'not-there')
  assert.equal((await run(['status', '--data', nowhere], fails)).status, 1)
  assert.match(seen.join(''), /^[^\n]*during mailroom status[^\n]*: TypeError: nobody foresaw this\n$/)
  assert.equal(existsSync(nowhere), false)
})

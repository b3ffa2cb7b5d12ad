import assert from 'node:assert/strict'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { test } from 'node:test'
import type { Events } from '#contract/events.ts'
import { ProblemError } from '#contract/problem.ts'
import { createMemoryDatabase } from '../../testbed/memory-database.ts'
import { configurationTables } from '../database/configuration-tables.ts'
import { mailTables } from '../database/mail-tables.ts'
import { createWorks } from '../work/works.ts'
import { createPeople } from './create-people.ts'

const workId = 'import-people'
const open = () => {
  const announced: { name: string; detail: object }[] = []
  const works = createWorks()
  let heard = (): void => undefined
  const people = createPeople({ history: configurationTables.history,
    database: createMemoryDatabase(), tables: mailTables, works, now: () => new Date('2026-11-20T08:00:00Z'),
    announce: (name, detail) => {
      announced.push({ name, detail })
      heard()
    }
  })
  const take = (csv: string, tryOnly = false) => people.import({ csv, tryOnly, workId }, { who: 'Ann' })
  const all = async () => (await people.list({ query: '', limit: 500, offset: 0 })).rows
  return { announced, works, people, take, all, whenHeard: (listener: () => void) => void (heard = listener) }
}
const short = ({ name, address, user, analyst, signIn, rights, format }: Awaited<ReturnType<ReturnType<typeof open>['all']>>[number]) =>
  [name, address, [user && 'user', analyst && 'analyst', signIn && 'signIn'].filter(Boolean).join(' '), rights.join(' '), format].join('|')
const issueOf = async (work: Promise<unknown>) => {
  const thrown: unknown = await work.then(() => assert.fail('it was taken'), (error: unknown) => error)
  assert.ok(thrown instanceof ProblemError && thrown.problem.code === 'invalid-input', String(thrown))
  return thrown.problem.issues.map(({ path, message, line }) => `${path} ${line}: ${message}`)
}

const full = 'Ann Lee|ann@example.com|user analyst signIn|edit close|html'
const files: readonly [what: string, csv: string, people: string[]][] = [
  ['every column, as the contract names them', 'name,address,user,analyst,signIn,rights,format\nAnn Lee,ann@example.com,yes,yes,yes,edit close,html\n', [full]],
  ['another order, semicolons, CRLF and a byte order mark', '\ufeffaddress;format;rights;signIn;analyst;user;name\r\nann@example.com;html;close edit;yes;yes;yes;Ann Lee\r\n', [full]],
  ['tabs, CR alone and no end of the last line', 'E-Mail\tFull name\tRequester\tTechnician\tSign in\tPermissions\tMail format\rann@example.com\tAnn Lee\tTRUE\t1\tx\tEdit, Close\tHTML', [full]],
  ['commas, quotes, quotes within and lines within quotes (RFC 4180 2.5 to 2.7)', 'name,email\n"Lee, ""Ann""",ann@example.com\n"Bob" , "bob@example.com"\n', ['Lee, "Ann"|ann@example.com|user||', 'Bob|bob@example.com|user||']],
  ['empty lines, lines of nothing but separators, rows that are too short, spare separators', 'email,name,rights,\n\n,,,\nann@example.com\n bob@example.com , Bob ,,\n', ['|ann@example.com|user||', 'Bob|bob@example.com|user||']],
  ['a quoted header with another separator in it', '"name";"email";"rights"\nAnn;ann@example.com;"pick up, edit"\n', ['Ann|ann@example.com|user|edit pick-up|']],
  ['only addresses', 'mail\nann@example.com\n', ['|ann@example.com|user||']],
  ['switches that are off', 'email,user,analyst,rights,format\nann@example.com,no,0,none,default\n', ['|ann@example.com|||']],
  ['all rights, text', 'email,rights,format\nann@example.com,ALL,text\n', ['|ann@example.com|user|edit close pick-up|plain']]
]
for (const [what, csv, expected] of files)
  test(`a file with ${what}`, async () => {
    const { take, all } = open()
    const { added, refused, issues } = await take(csv)
    assert.deepEqual([added, refused, issues], [expected.length, 0, []])
    assert.deepEqual((await all()).map(short).toSorted(), expected.toSorted())
  })

const refusedFiles: readonly [what: string, csv: string, issues: RegExp[]][] = [
  ['nothing in it', '', [/^csv 1: The file is empty\./]],
  ['only empty lines', '\n\n,,\n', [/^csv 1: The file is empty\./]],
  ['no address', 'name,rights\nAnn,edit\n', [/^csv 1: .*one of them has to be `address`.*`name`, `address`, `user`, `analyst`, `signIn`, `rights`, `format`/]],
  ['no header', 'Ann,ann@example.com\nBob,bob@example.com\n', [/has to be `address`/, /no column `Ann`/, /no column `ann@example.com`/]],
  ['a mistyped column', 'adress,analist,name\nann@example.com,yes,Ann\n', [/has to be `address`/, /no column `adress` — did you mean `address`\?/, /no column `analist` — did you mean `analyst`\?/]],
  ['a column that is not known', 'address,Department\nann@example.com,IT\n', [/no column `Department`\. The columns are `name`/]],
  ['two columns that mean the same', 'address,E-mail\na@example.com,b@example.com\n', [/`address` and `E-mail` both mean `address`/]],
  ['another separator', 'address|name\nann@example.com|Ann\n', [/has to be `address`/, /no column `address\|name`/]],
  ['a quotation mark that is not closed', 'address,name\nann@example.com,Ann\nbob@example.com,"Bob\ncy@example.com,Cy\n', [/^csv 3: .* begins in line 3 do not match, which shows in line 4/]],
  ['text after a quotation mark', 'address,name\nann@example.com,"Ann" Lee\n', [/^csv 2: .*line 2 do not match\./]],
  ['a quotation mark in the middle of a field', 'address,name\nann@example.com,Ann "A" Lee\n', [/^csv 2: .*line 2 do not match\./]],
  ['lines within quotes before it', 'address,name\r\nann@example.com,"Ann\r\nLee"\r\nbob@example.com,"Bob\r\n', [/^csv 4: /]],
  ['a quotation mark that swallows a long file', `address,name\nann@example.com,"Ann\n${'bob@example.com,Bob\n'.repeat(10_000)}`, [/^csv 2: The row that begins in line 2 does not end\. Is a quotation mark not closed\?/]]
]
for (const [what, csv, expected] of refusedFiles)
  test(`a file with ${what} is refused, and nothing of it is stored`, async () => {
    const { take, all, announced } = open()
    const issues = await issueOf(take(csv))
    assert.equal(issues.length, expected.length, issues.join('\n'))
    expected.forEach((pattern, index) => assert.match(issues[index] ?? '', pattern))
    assert.deepEqual([await all(), announced], [[], []])
  })

test('rows with faults are named by line and left out, the others are taken', async () => {
  const { take, all } = open()
  const csv = 'address,name,analyst,rights,format\nann@example.com,Ann,,,\nnot an address,"B\nob",maybe,fly,\n,Cy,,,\n\nDee@example.com,Dee,yes,edit,rtf\nann@EXAMPLE.com,Ann Lee,,,\neve@example.com,Eve,,,,more\n'
  assert.deepEqual(await take(csv), {
    added: 1, changed: 0, unchanged: 0, refused: 5,
    issues: [
      { line: 2, column: 'address', message: 'The address is given again in line 8, and that line counts.' },
      { line: 3, column: 'analyst', message: '`maybe` is not understood: write `yes` or `no`.' },
      { line: 3, column: 'rights', message: '`fly` is not understood: write `edit`, `close`, `pick-up` with spaces between them, `all` or `none`.' },
      { line: 3, column: 'name', message: 'A name is one line.' },
      { line: 3, column: 'address', message: 'Enter one address, such as it@example.com.' },
      { line: 5, column: 'address', message: 'The row has no address.' },
      { line: 7, column: 'format', message: '`rtf` is not understood: write `html`, `plain` or `default`.' },
      { line: 9, column: '', message: 'The row has 6 fields, and the header names 5 columns.' }
    ]
  })
  assert.deepEqual((await all()).map(short), ['Ann Lee|ann@EXAMPLE.com|user||'])
})

test('people who are known change as far as the file says: missing columns and empty cells change nothing', async () => {
  const { take, all, people } = open()
  await people.save({ id: null, person: { name: 'Ann', address: 'Ann@example.com', user: true, analyst: true, signIn: true, rights: ['pick-up', 'edit'], format: 'html' } }, { who: 'Ann' })
  await people.save({ id: null, person: { name: 'Bob', address: 'bob@example.com', user: true, analyst: false, signIn: false, rights: [], format: null } }, { who: 'Ann' })
  const { issues: _, ...first } = await take('email,name,analyst\nann@example.com,,\nBOB@example.com,Bobby,yes\n')
  assert.deepEqual(first, { added: 0, changed: 1, unchanged: 1, refused: 0 })
  assert.deepEqual((await all()).map((one) => `${one.source} ${short(one)}`), ['console Ann|Ann@example.com|user analyst signIn|pick-up edit|html', 'console Bobby|bob@example.com|user analyst||'])
  await take('email,rights,signIn,format\nann@example.com,none,no,default\n')
  assert.equal((await all()).map(short)[0], 'Ann|Ann@example.com|user analyst||')
})

test('trying a file counts and stores nothing', async () => {
  const { take, all, announced } = open()
  await take('email\nann@example.com\n')
  announced.length = 0
  const csv = 'email,name\nann@example.com,Ann\nbob@example.com,Bob\nnobody,\n'
  const tried = await take(csv, true)
  assert.deepEqual([tried.added, tried.changed, tried.unchanged, tried.refused, tried.issues.length], [1, 1, 0, 1, 1])
  assert.deepEqual((await all()).map(short), ['|ann@example.com|user||'])
  assert.ok(announced.every(({ name }) => name === 'work-progressed'))
  assert.deepEqual(await take(csv), tried)
})

const manyRows = (count: number): string => `name,email,rights\n${Array.from({ length: count }, (_, index) => `"Person ${index}",person${index}@example.com,edit close\n`).join('')}`

test('50,000 rows within seconds, with progress, and without holding up others', async (context) => {
  const { take, people, announced } = open()
  const delay = monitorEventLoopDelay({ resolution: 5 })
  const began = performance.now()
  delay.enable()
  const { added, issues } = await take(manyRows(50_000))
  delay.disable()
  const seconds = (performance.now() - began) / 1000
  assert.deepEqual([added, issues.length, (await people.list({ query: 'person49999@', limit: 1, offset: 0 })).total], [50_000, 0, 1])
  const progress = announced.filter(({ name }) => name === 'work-progressed').map(({ detail }) => detail as Events['work-progressed'])
  assert.deepEqual([progress[0], progress.at(-1)], [{ workId, done: 0, total: 50_000, what: 'people' }, { workId, done: 50_000, total: 50_000, what: 'people' }])
  assert.ok(progress.length > 10)
  assert.equal(announced.filter(({ name }) => name === 'people-changed').length, 1)
  assert.ok(seconds < 15, `${seconds} s`)
  // The memory database runs in this thread; the product's does not. Half of the time is generous for a busy machine.
  assert.ok(delay.percentile(50) / 1e6 < 50, `${delay.percentile(50) / 1e6} ms`)
  context.diagnostic(`50,000 people in ${seconds.toFixed(1)} s, event loop held ${(delay.percentile(99) / 1e6).toFixed(0)} ms at the 99th percentile, ${(delay.max / 1e6).toFixed(0)} ms at most`)
})

test('a cancelled import keeps what was stored, says that it was cancelled, and the same file goes on', async () => {
  const { take, works, whenHeard, people, announced } = open()
  let heard = 0
  whenHeard(() => {
    if (++heard === 3) works.cancel(workId)
  })
  await assert.rejects(take(manyRows(10_000)), (thrown: unknown) => thrown instanceof ProblemError && thrown.problem.code === 'cancelled')
  const { total } = await people.list({ query: '', limit: 1, offset: 0 })
  assert.ok(total > 0 && total < 10_000, String(total))
  assert.equal(announced.at(-1)?.name, 'people-changed')
  const { added, unchanged } = await take(manyRows(10_000))
  assert.deepEqual([added, unchanged], [10_000 - total, total])
})

test('a hundred issues are told, those of the first lines', async () => {
  const { take } = open()
  const { refused, issues } = await take(`email\n${'bad\n'.repeat(150)}${'worse\n'.repeat(150)}`)
  assert.deepEqual([refused, issues.length, issues[0]?.line, issues.at(-1)?.line], [300, 100, 2, 101])
})

import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { RequestDetail } from '#contract/request.ts'
import { run } from '../../testbed/command-line.ts'
import { createMemoryDatabase } from '../../testbed/memory-database.ts'
import { configurationTables } from '../database/configuration-tables.ts'
import { mailTables } from '../database/mail-tables.ts'
import type { Handlers } from '../ipc/handlers-type.ts'
import { createPeople } from '../people/create-people.ts'
import { createWorks } from '../work/works.ts'
import { decodeText } from './decode-text.ts'

let folder = ''
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mailroom-people-'))
})
after(() => rm(folder, { recursive: true, force: true }))

/** Command lines over real use cases on people. */
const withPeople = () => {
  const people = createPeople({ database: createMemoryDatabase(), tables: mailTables, history: configurationTables.history, works: createWorks(), announce: () => undefined, now: () => new Date('2026-11-20T08:00:00Z') })
  const handlers: Partial<Handlers> = { 'people.list': (input) => people.list(input), 'people.save': (input, caller) => people.save(input, caller), 'people.delete': (input, caller) => people.delete(input, caller), 'people.import': (input, caller) => people.import(input, caller) }
  return (line: string | string[], stdin = '') => run(line, { handlers, stdin })
}
const json = (out: string): unknown => JSON.parse(out)

test('people set adds, then changes only what the flags name', async () => {
  const mailroom = withPeople()
  const added = await mailroom(['people', 'set', 'Ann@example.com', '--name', 'Ann Lee', '--analyst', '--sign-in', '--rights', 'close,edit', '--format', 'plain'])
  assert.deepEqual([added.status, added.out], [0, 'Added: Ann Lee <Ann@example.com>, user, analyst, e-mail commands: yes, may edit, close\n'])
  const changed = await mailroom('people set ann@EXAMPLE.com --no-user --rights none --json')
  assert.deepEqual([changed.status, json(changed.out)], [0, { id: 1, name: 'Ann Lee', address: 'Ann@example.com', user: false, analyst: true, signIn: true, rights: [], format: 'plain', source: 'console', createdAt: '2026-11-20T08:00:00.000Z', undeliverableSince: null }])
  assert.match((await mailroom('people set ann@example.com --address ann@example.org --no-analyst --no-sign-in --format default')).out, /^Saved: Ann Lee <ann@example\.org>, neither user nor analyst, e-mail commands: no\n$/)
  const taken = await mailroom('people set bob@example.com --address ann@example.org')
  assert.deepEqual([taken.status, taken.out], [2, ''])
  assert.match(taken.said, /already a person named ann@example\.org/)
  const wrong = await mailroom('people set nobody')
  assert.equal(wrong.status, 2)
  assert.match(wrong.said, /one address, such as it@example\.com/)
})

test('people list is a table, or one JSON array of all', async () => {
  const mailroom = withPeople()
  const none = await mailroom('people list')
  assert.deepEqual([none.status, none.out], [0, ''])
  assert.match(none.said, /mailroom people import/)
  await mailroom('people import -', `email,name\n${Array.from({ length: 600 }, (_, index) => `p${index}@example.com,P ${String(index).padStart(3, '0')}\n`).join('')}`)
  const all = json((await mailroom('people list --json')).out) as { address: string }[]
  assert.deepEqual([all.length, all[0]?.address, all[599]?.address], [600, 'p0@example.com', 'p599@example.com'])
  const few = await mailroom('people list --limit 2')
  assert.deepEqual(few.out.split('\n').map((line) => line.split(/ {2,}/)[0]), ['NAME', 'P 000', 'P 001', ''])
  assert.match(few.said, /2 of 600 are shown/)
  assert.equal((json((await mailroom('people list --query p599@ --json')).out) as unknown[]).length, 1)
})

test('people delete takes an address, and names the nearest where there is none', async () => {
  const mailroom = withPeople()
  await mailroom('people set ann@example.com')
  const wrong = await mailroom('people delete ann@exampel.com')
  assert.equal(wrong.status, 2)
  assert.match(wrong.said, /no person named ann@exampel\.com[\s\S]*Did you mean ann@example\.com\?/)
  assert.match((await mailroom('people delete ANN@example.com')).out, /^Deleted: ann@example\.com/)
  assert.equal((await mailroom('people delete ann@example.com')).status, 2)
})

test('people import ends with 0, with 1 for refused rows, and with 2 for a file that is none', async () => {
  const mailroom = withPeople()
  const file = join(folder, 'staff.csv')
  await writeFile(file, Buffer.from('E-Mail;Name\nann@example.com;J\xfcrgen\nnobody;N\n', 'latin1'))
  const tried = await mailroom(['people', 'import', file, '--try'])
  assert.deepEqual([tried.status, tried.out], [1, `${file}:3: address: Enter one address, such as it@example.com.\nWould be done: 1 added, 0 changed, 0 unchanged, 1 refused.\n`])
  assert.equal((await mailroom(['people', 'import', file])).status, 1)
  assert.match((await mailroom('people list')).out, /Jürgen +ann@example\.com +user/)
  assert.deepEqual(json((await mailroom('people import - --json', '\ufeffname,address\nJürgen,ann@example.com\n')).out), { added: 0, changed: 0, unchanged: 1, refused: 0, issues: [] })
  const broken = await mailroom('people import -', 'address,name\nann@example.com,"Ann\n')
  assert.deepEqual([broken.status, broken.out], [2, ''])
  assert.match(broken.said, /stdin has 1 fault.*line 2.*quotation marks.*line 2 do not match[\s\S]*nothing was changed/)
  const missing = await mailroom(['people', 'import', join(folder, 'none.csv')])
  assert.equal(missing.status, 2)
})

const faults: [string, RegExp][] = [['people set', /needs ADDRESS/], ['people set a@b.org --rights fly', /“fly” is no right/], ['people set a@b.org --user --no-user', /exclude each other/], ['people set a@b.org --format rtf', /html, plain or default/], ['people import', /needs FILE/], ['people lost', /Did you mean “people list”/], ['people list --limit x', /whole number/]]
for (const [line, words] of faults)
  test(`“mailroom ${line}” ends with 2 before anything is opened`, async () => {
    const { status, said, opened } = await run(line)
    assert.deepEqual([status, opened], [2, 0])
    assert.match(said, words)
  })

test('files are read as programs save them', () => {
  const rows: [string, Buffer][] = [['ä€', Buffer.from('ä€')], ['ä€', Buffer.from('\ufeffä€')], ['ä€', Buffer.from([0xe4, 0x80])], ['ä€', Buffer.from('\ufeffä€', 'utf16le')], ['ä€', Buffer.from('\ufeffä€', 'utf16le').swap16()], ['', Buffer.alloc(0)]]
  for (const [text, bytes] of rows) assert.equal(decodeText(bytes), text)
})

test('requests show prints values and changes', async () => {
  const detail: RequestDetail = {
    number: 7, subject: 'Printer', status: 'closed', requester: 'ann@example.com', partition: 'IT', server: 'it', messageId: null, createdAt: '2026-11-20T08:00:00.000Z', replies: 0, attachments: 0, conversation: [],
    values: { urgency: 'High', additional: { 'Cost centre': '42' }, resources: { res_1: { q_1: ['A', 'B'] } } },
    changes: [{ id: 1, at: '2026-11-20T09:00:00.000Z', by: 'carol', action: 'edited', changes: [{ field: 'Urgency', from: '', to: 'High' }], entry: null }]
  }
  const handlers: Partial<Handlers> = { 'requests.show': async () => detail }
  const { status, out } = await run('requests show 7', { handlers })
  assert.equal(status, 0)
  assert.match(out, /partition IT[^\n]*\n {2}urgency: High\n {2}Cost centre: 42\n {2}res_1\.q_1: A, B\n/)
  assert.match(out, /Changes:\n {2}2026-11-20 \S+ edited by carol\n {4}Urgency: – → High\n/)
  assert.deepEqual(json((await run('requests show 7 --json', { handlers })).out), detail)
})

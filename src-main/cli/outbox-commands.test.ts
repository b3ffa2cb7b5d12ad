import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CallName } from '#contract/calls.ts'
import type { OutboxDetail, OutboxPage, OutboxRow } from '#contract/outbox.ts'
import { ProblemError, type Problem } from '#contract/problem.ts'
import { run } from '../../testbed/command-line.ts'
import type { Handlers } from '../ipc/handlers-type.ts'

const refused: Problem = { code: 'recipient-refused', server: 'main', recipients: ['bo@example.com'], serverSaid: '550 no such user' }
const row = (id: number, own: Partial<OutboxRow> = {}): OutboxRow => ({
  id, state: 'waiting', kind: 'notice', to: 'bo@example.com', subject: 'Closed \u001b[31m', request: 12, partition: 'IT', server: 'main', through: 'primary', messageId: `<${id}@example.com>`,
  createdAt: '2026-11-21T08:00:00.000Z', tries: 1, nextTryAt: '2026-11-21T08:05:00.000Z', sentAt: null, serverSaid: '', bytes: 10, problem: null, ...own
})
const counts = { waiting: 3, sending: 0, held: 0, uncertain: 0, refused: 1, sent: 0 }
const page = (...rows: OutboxRow[]): OutboxPage => ({ rows, next: null, total: rows.length, counts, matching: counts })
const asked: { call: CallName; input: unknown }[] = []
const heard = (call: CallName, input: unknown): void => void asked.push({ call, input })

test('outbox list has the oldest first, and passes on what is asked for', async () => {
  asked.length = 0
  const handlers: Partial<Handlers> = { 'outbox.list': async (input) => (heard('outbox.list', input), page(row(9, { state: 'refused', nextTryAt: null, problem: refused }), row(7, { server: null, request: null }))) }
  const { status, out } = await run(['outbox', 'list', '--state', 'refused', '--server', 'main', '--query', 'closed', '--limit', '2'], { handlers })
  assert.equal(status, 0)
  assert.match(out, /^ID +STATE +TO +SUBJECT +REQUEST +SERVER +TRIES +NEXT TRY +TROUBLE\n7 [^\n]*\n9 +refused +bo@example\.com +Closed [^\n]*“main” refused/)
  assert.ok(!out.includes('\u001b'), 'mail must not steer the terminal')
  assert.deepEqual(asked, [{ call: 'outbox.list', input: { state: 'refused', server: 'main', request: null, query: 'closed', before: null, limit: 2 } }])
  const json = JSON.parse((await run('outbox list --json', { handlers })).out) as OutboxRow[]
  assert.deepEqual(json.map(({ id }) => id), [7, 9])
  assert.deepEqual(json[1], row(9, { state: 'refused', nextTryAt: null, problem: refused }))
})

test('outbox list reads page by page, and says how much it does not show', async () => {
  const handlers: Partial<Handlers> = { 'outbox.list': async ({ before, limit }) => { const first = before ?? 1201; const rows = Array.from({ length: Math.min(limit, first - 1) }, (_, index) => row(first - 1 - index)); return { rows, next: rows.at(-1)?.id ?? null, total: 1200, counts, matching: counts } } }
  const { out, said } = await run('outbox list', { handlers })
  assert.deepEqual([out.trim().split('\n').length, said], [1001, 'The newest 1000 of 1200 are shown; --limit N shows more.\n'])
  const ids = (JSON.parse((await run('outbox list --limit 1200 --json', { handlers })).out) as OutboxRow[]).map(({ id }) => id)
  assert.deepEqual(ids, Array.from({ length: 1200 }, (_, index) => index + 1))
})

test('an outbox list without rows says whether there is nothing, or nothing of the kind', async () => {
  const handlers: Partial<Handlers> = { 'outbox.list': async () => page() }
  assert.equal((await run('outbox list', { handlers })).said, 'Nothing waits to be sent.\n')
  assert.equal((await run('outbox list --state held', { handlers })).said, 'No mail matches.\n')
  assert.equal((await run('outbox list --json', { handlers })).out, '[]\n')
})

test('outbox show has the text and each try in the words of the server', async () => {
  const detail: OutboxDetail = { ...row(7, { tries: 2 }), text: 'Hello\nBo\u001b[2J', html: null, inReplyTo: null, attempts: [{ at: '2026-11-21T08:00:00.000Z', server: 'main', through: 'primary', problem: refused }, { at: '2026-11-21T08:01:00.000Z', server: 'mail2', through: 'alternate', problem: null }] }
  const handlers: Partial<Handlers> = { 'outbox.show': async ({ id }) => (id === 7 ? detail : Promise.reject(new ProblemError({ code: 'not-found', what: 'outbox mail', name: String(id), nearest: null }))) }
  const { status, out } = await run('outbox show 7', { handlers })
  assert.equal(status, 0)
  assert.match(out, /^Mail 7: Closed [^\n]*\nwaiting, to bo@example\.com, through main, written [^\n]*\nMessage-ID <7@example\.com>\nnext try [^\n]*\nTries:\n {2}[^\n]* main: [^\n]* 550 no such user\n {2}[^\n]* mail2 \(alternate\): taken\n\nHello\nBo/)
  assert.ok(!out.includes('\u001b'))
  assert.deepEqual(JSON.parse((await run('outbox show 7 --json', { handlers })).out), detail)
  const gone = await run('outbox show 8', { handlers })
  assert.deepEqual([gone.status, gone.said], [2, 'mailroom: There is no outbox mail 8.\n  Look at the list for those that exist.\n'])
  const sent = await run('outbox show 7', { handlers: { 'outbox.show': async () => ({ ...detail, state: 'sent', nextTryAt: null, sentAt: '2026-11-21T08:01:00.000Z', serverSaid: '250 queued', through: 'alternate', attempts: [] }) } })
  assert.match(sent.out, /\nsent, [^\n]*: 250 queued, to bo@example\.com, through main \(alternate\), written/)
})

/** A command line, what the core answers, what it is asked, and how the command ends. */
const deeds: [line: string, call: CallName, answer: object, input: object, status: number, out: RegExp, said?: RegExp][] = [
  ['cancel 7 8 7', 'outbox.cancel', { cancelled: 2, tooLate: 0 }, { ids: [7, 8], state: null }, 0, /^2 mails taken out\.\n$/],
  ['cancel --state held', 'outbox.cancel', { cancelled: 0, tooLate: 0 }, { ids: null, state: 'held' }, 0, /^0 mails taken out\.\n$/],
  ['cancel 7 8', 'outbox.cancel', { cancelled: 1, tooLate: 1 }, { ids: [7, 8], state: null }, 1, /^1 mail taken out\. 1 mail under way just now\.\n$/],
  ['cancel 7 8', 'outbox.cancel', { cancelled: 1, tooLate: 0 }, { ids: [7, 8], state: null }, 1, /^1 mail taken out\.\n$/, /^1 mail left as before: it is not in the outbox\./],
  ['send-again 7 8', 'outbox.send-again', { waiting: 2 }, { ids: [7, 8] }, 0, /^2 mails will be tried now\.\n$/],
  ['send-again 7', 'outbox.send-again', { waiting: 0 }, { ids: [7] }, 1, /^0 mails will be tried now\.\n$/, /^1 mail left as before: it is not in the outbox, under way, or sent\. How a mail stands: mailroom outbox show ID\n$/],
  ['arrived 7', 'outbox.arrived', { settled: 1 }, { ids: [7] }, 0, /^1 mail settled\.\n$/],
  ['arrived 7 8', 'outbox.arrived', { settled: 1 }, { ids: [7, 8] }, 1, /^1 mail settled\.\n$/, /not uncertain\./],
  ['flush', 'outbox.flush', { tried: 3, sent: 3, refused: 0, left: 0 }, {}, 0, /^3 tried, 3 sent, 0 still waiting\.\n$/],
  ['flush', 'outbox.flush', { tried: 3, sent: 1, refused: 1, left: 1 }, {}, 1, /^3 tried, 1 sent, 1 still waiting, 1 refused\. What holds them up: mailroom outbox list\n$/]
]
for (const [line, call, answer, input, expected, shown, tells = /^$/] of deeds)
  test(`outbox ${line} ends with ${expected} where the core says ${JSON.stringify(answer)}`, async () => {
    asked.length = 0
    const handlers = { [call]: async (given: object) => (heard(call, given), answer) } as Partial<Handlers>
    const { status, out, said } = await run(`outbox ${line}`, { handlers })
    assert.equal(status, expected)
    assert.match(said, tells)
    assert.match(out, shown)
    assert.deepEqual(asked, [{ call, input }])
    const { left, ...others } = answer as { left?: number }
    assert.deepEqual(JSON.parse((await run(`outbox ${line} --json`, { handlers })).out), left === undefined ? answer : { ...others, waiting: left })
  })

const wrong: [line: string, says: RegExp][] = [
  ['list --state lost', /waiting, sending, held, uncertain, refused, sent/], ['list --limit 0', /--limit/], ['show', /show/], ['show seven', /outbox list/], ['cancel', /Name the mail to be taken out, or a --state/], ['send-again', /send-again/], ['arrived x', /outbox list/], ['flush 7', /flush/]
]
for (const [line, says] of wrong)
  test(`outbox ${line} is refused before anything is asked`, async () => {
    const { status, said, opened } = await run(`outbox ${line}`)
    assert.deepEqual([status, opened], [2, 0])
    assert.match(said, says)
  })

import assert from 'node:assert/strict'
import { existsSync, rmSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { ErrorPage, ErrorRow } from '#contract/error-record.ts'
import type { RoundResult } from '#contract/incoming-server.ts'
import type { ProcessedMessage } from '#contract/message.ts'
import type { Notice } from '#contract/notice.ts'
import { openConsoleUnderTest } from '../../testbed/console-under-test.ts'
import { dovecotMissing, startDovecot } from '../../testbed/dovecot.ts'

const options = { skip: dovecotMissing() ?? false, timeout: 60_000 }
let works = 0
const workId = (): string => `errors-${++works}-of-test`

/** A mail that fails, for it names no sender; `from` mends it. `id` null: without Message-ID. */
const mail = (id: string | null, subject: string, from = 'Ann Example'): string =>
  [...(id === null ? [] : [`Message-ID: <${id}@example.org>`]), `From: ${from}`, 'To: it@example.com', `Subject: ${subject}`, 'Date: Fri, 20 Nov 2026 08:00:00 +0000', '', `Text of ${subject}: Gr\u00fc\u00dfe.`, ''].join('\r\n')
const mended = (id: string | null, subject: string): string => Buffer.from(mail(id, subject, 'Ann <ann@example.org>')).toString('base64')

async function office(context: TestContext, more = '', protocol: 'imap' | 'pop3' = 'imap') {
  const dovecot = await startDovecot()
  const console = await openConsoleUnderTest({ IT_PASSWORD: dovecot.password })
  context.after(async () => {
    await console.stop()
    await dovecot.stop()
  })
  const server = `  - name: it\n    protocol: ${protocol}\n    host: 127.0.0.1\n    port: ${dovecot.ports[protocol]}\n    security: none\n    auth: { method: password, user: it, secret: env:IT_PASSWORD }\n    otherRecipients: take\n    errorFolder: { enabled: true, name: Failed mail, ${more === '' ? 'stopAfter: null' : more} }\n`
  await console.must('configuration.import', { yaml: `version: 1\nincoming:\n${server}`, replace: false })
  const folder = dovecot.mailbox('it', 'Failed mail')
  const subjects = (of: typeof folder): string[] => of.messages().map(({ raw }) => /^Subject: (.*)\r?$/m.exec(raw.toString('latin1'))?.[1] ?? '').sort()
  return {
    dovecot, console, folder,
    deliver: (...raws: string[]) => raws.forEach((raw) => dovecot.deliver('it', raw)),
    fetch: () => console.must<RoundResult>('incoming.fetch', { name: 'it', workId: workId() }),
    list: (more: object = {}) => console.must<ErrorPage>('errors.list', more),
    requeue: (ids: number[] | null) => console.must<{ moved: number; missing: number }>('errors.requeue', { server: 'it', ids, workId: workId() }),
    replay: (id: number, base64: string | null) => console.must<ProcessedMessage & { request: number | null }>('errors.replay', { id, base64, tryOnly: false }),
    requests: async () => (await console.must<{ total: number }>('requests.list', { limit: 1 })).total,
    failed: () => subjects(folder),
    inbox: () => subjects(dovecot.mailbox('it'))
  }
}
const idOf = (rows: readonly ErrorRow[], subject: string): number => rows.find((row) => row.subject === subject)?.id ?? assert.fail(`no record of ${subject}`)

test('E1, E4: the folder is made where missing, fetching stops after so many, and goes on when all are back', options, async (context) => {
  const { deliver, fetch, failed, inbox, list, requeue, folder, console, requests } = await office(context, 'stopAfter: 3')
  deliver(mail('1', 'one'), mail('2', 'two'), mail('3', 'three'), mail('4', 'four'), mail('5', 'good', 'Bob <bob@example.org>'))
  assert.ok(!existsSync(folder.path))
  const first = await fetch()
  assert.deepEqual([first.errors, failed(), (await list()).open], [3, ['one', 'three', 'two'], 3])
  const second = await fetch()
  assert.deepEqual([second.problem?.code, second.fetched, failed().length], ['error-folder-full', 0, 3])
  const { notices } = await console.must<{ notices: Notice[] }>('notices.list', {})
  assert.ok(notices.some(({ kind }) => kind === 'message-failed'), JSON.stringify(notices))
  assert.deepEqual(await requeue(null), { moved: 3, missing: 0 })
  assert.deepEqual([failed(), inbox().length, (await list()).open], [[], 5, 0])
  await fetch()
  assert.deepEqual([failed().length, (await list({ where: 'error-folder' })).total, await requests() <= 1], [3, 3, true], 'three failed again, and the limit holds again')
})

test('E4: one, some and all go back, without a Message-ID, or with one that two mails share', options, async (context) => {
  const { deliver, fetch, failed, inbox, list, requeue, dovecot } = await office(context)
  deliver(mail(null, 'no id'), mail(null, 'no id either'), mail('twin', 'twin one'), mail('twin', 'twin two'), mail('last', 'last'))
  assert.equal((await fetch()).errors, 5)
  const { rows } = await list()
  assert.deepEqual(await requeue([idOf(rows, 'no id')]), { moved: 1, missing: 0 })
  assert.deepEqual([failed(), inbox()], [['last', 'no id either', 'twin one', 'twin two'], ['no id']])
  assert.deepEqual(await requeue([idOf(rows, 'twin two'), idOf(rows, 'last')]), { moved: 2, missing: 0 })
  assert.deepEqual([failed(), (await list()).open], [['no id either', 'twin one'], 2])
  assert.deepEqual(await requeue(null), { moved: 2, missing: 0 })
  assert.deepEqual([failed(), inbox().length, (await list()).open], [[], 5, 0])
  assert.ok(dovecot.mailbox('it').messages().every(({ flags }) => !flags.includes('S')), 'unread, so that they are taken again')
})

test('mail that a person deletes from the folder is missing, no longer counts, and its copy can still be replayed', options, async (context) => {
  const { deliver, fetch, list, requeue, replay, folder, requests } = await office(context)
  deliver(mail('1', 'one'), mail('2', 'two'), mail('3', 'three'))
  await fetch()
  const gone = folder.messages().find(({ raw }) => raw.includes('Subject: two'))
  for (const part of ['new', 'cur']) if (existsSync(join(folder.path, part, gone?.file ?? ''))) unlinkSync(join(folder.path, part, gone?.file ?? ''))
  const { rows } = await list()
  assert.deepEqual(await requeue([idOf(rows, 'two'), idOf(rows, 'one')]), { moved: 1, missing: 1 })
  assert.equal((await list()).open, 1)
  assert.equal((await replay(idOf(rows, 'two'), mended('2', 'two'))).outcome, 'request')
  assert.equal(await requests(), 1)
})

test('a folder that a person deletes on the server: nothing is found, the count is reset, and the next failure makes it anew', options, async (context) => {
  const { deliver, fetch, list, requeue, folder, failed } = await office(context)
  deliver(mail('1', 'one'), mail('2', 'two'))
  await fetch()
  rmSync(folder.path, { recursive: true })
  assert.deepEqual(await requeue([idOf((await list()).rows, 'one')]), { moved: 0, missing: 1 })
  assert.deepEqual(await requeue(null), { moved: 0, missing: 1 })
  assert.equal((await list()).open, 0)
  deliver(mail('3', 'three'))
  assert.equal((await fetch()).errors, 1)
  assert.deepEqual(failed(), ['three'])
})

test('replayed, moved back and fetched: one request', options, async (context) => {
  const { deliver, fetch, list, requeue, replay, requests, failed, inbox } = await office(context)
  deliver(mail('1', 'printer'), mail('2', 'screen'))
  await fetch()
  const id = idOf((await list()).rows, 'printer')
  const answer = await replay(id, mended('1', 'printer'))
  assert.deepEqual([answer.outcome, answer.request, failed(), (await list()).open], ['request', 1, ['printer', 'screen'], 1])
  assert.deepEqual(await requeue(null), { moved: 2, missing: 0 })
  const round = await fetch()
  assert.deepEqual([round.requests, round.dropped, round.errors, await requests()], [0, 1, 1, 1])
  assert.deepEqual([failed(), inbox()], [['screen'], ['printer']])
  assert.deepEqual((await list({ where: 'replayed' })).rows.map(({ subject, request }) => [subject, request]), [['printer', 1]])
})

test('E5: on POP3 a bad message is recorded and skipped, never blocks the others, and is not asked for again once its copy was taken', options, async (context) => {
  const { deliver, fetch, list, replay, requests, inbox } = await office(context, '', 'pop3')
  deliver(mail('1', 'bad'), mail('2', 'good', 'Bob <bob@example.org>'))
  const first = await fetch()
  assert.deepEqual([first.requests, first.errors, inbox().length], [1, 1, 2])
  const { rows } = await list()
  assert.deepEqual(rows.map(({ where }) => where), ['skipped'])
  assert.equal((await replay(idOf(rows, 'bad'), mended('1', 'bad'))).request, 2)
  assert.deepEqual([(await fetch()).fetched, await requests(), (await list()).open], [0, 2, 0])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ProblemError } from '#contract/problem.ts'
import { quietCommitNeeds } from '../../testbed/commit-needs.ts'
import { createRig, createWorld, mailOf, testServer, type World } from '../../testbed/fetching-rig.ts'
import { attachmentBytes } from '../processing/parsing/attachment-bytes.ts'
import { parseMessage } from '../processing/parsing/parse-message.ts'
import { safeHtml } from '../processing/parsing/safe-html.ts'
import { decide } from '../processing/pipeline.ts'
import { createRequests } from './requests.ts'
import { createTakeMessage } from './take-message.ts'

const picture = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
const withPicture = [
  'Message-ID: <p@example.com>', 'From: Ann <ann@example.com>', 'To: it@example.com', 'Subject: screenshot', 'MIME-Version: 1.0', 'Content-Type: multipart/related; boundary=b', '',
  '--b', 'Content-Type: text/html; charset=utf-8', '', '<script>alert(1)</script><p>See <img src="cid:shot@1"><img src="https://tracker.example/x.png"></p>',
  '--b', 'Content-Type: image/png; name=shot.png', 'Content-ID: <shot@1>', 'Content-Disposition: inline; filename=shot.png', 'Content-Transfer-Encoding: base64', '', picture.toString('base64'),
  '--b', 'Content-Type: application/x-msdownload', 'Content-Disposition: attachment; filename=tool.exe', 'Content-Transfer-Encoding: base64', '', Buffer.from('MZ program').toString('base64'),
  '--b', 'Content-Type: text/plain; charset=utf-8', 'Content-Disposition: attachment; filename=notes.txt', '', 'some notes', '--b--', ''
].join('\r\n')

const needsOf = (world: World, rig: ReturnType<typeof createRig>) =>
  ({ ...rig, safeHtml, attachmentBytes, settings: async () => world.settings, ...quietCommitNeeds(), wakeOutbox: () => undefined, now: () => new Date('2026-11-20T09:00:00Z') })

async function officeWith(mails: string[], changes: Parameters<typeof testServer>[0] = {}) {
  const world = createWorld()
  world.settings.processing.attachments.blockedExtensions = ['exe']
  world.mail.deliver(...mails)
  const rig = createRig(world, { decide })
  await rig.round({ server: testServer(changes) })
  return { world, rig, requests: createRequests(needsOf(world, rig)) }
}
const entryOf = async (world: World): Promise<number> => Number((await world.database.all('SELECT MAX(id) AS id FROM entries'))[0]?.['id'])
const code = (wanted: string) => (thrown: unknown) => thrown instanceof ProblemError && thrown.problem.code === wanted
const page = { limit: 2, before: null, query: '', server: null }

test('lists newest first, in pages, and finds by subject, requester and number', async () => {
  const { requests } = await officeWith([mailOf('1', 'Printer 50%'), mailOf('2', 'Phone'), mailOf('3', 'Network')])
  const first = await requests.list(page)
  assert.deepEqual([first.rows.map(({ number }) => number), first.next, first.total], [[3, 2], 2, 3])
  const second = await requests.list({ ...page, before: first.next })
  assert.deepEqual([second.rows.map(({ number }) => number), second.next], [[1], null])
  for (const [query, found] of [['PRINTER', [1]], ['50%', [1]], ['%', [1]], ['_', []], ['ann@', [3, 2]], ['##RE-2##', [2]], ['3', [3]], ['nothing', []]] as const)
    assert.deepEqual((await requests.list({ ...page, query })).rows.map(({ number }) => number), found, query)
  assert.equal((await requests.list({ ...page, server: 'other' })).total, 0)
})

test('shows a conversation with safe HTML, embedded pictures and the reason for what was stripped', async () => {
  const { requests, world } = await officeWith([withPicture, mailOf('r', 'Re: screenshot', ['In-Reply-To: <p@example.com>'])])
  const { conversation, replies, attachments } = await requests.show({ number: 1 })
  assert.deepEqual([conversation.map(({ kind }) => kind), replies, attachments], [['request', 'reply'], 1, 1])
  const html = conversation[0]?.html ?? ''
  assert.ok(html.includes(`data:image/png;base64,${picture.toString('base64')}`))
  assert.doesNotMatch(html, /script|tracker/)
  assert.deepEqual([conversation[0]?.remoteContentBlocked, conversation[0]?.steps.at(-1)?.outcome], [true, 'request'])
  assert.match((await requests.entry({ id: conversation[0]?.id ?? 0, remoteContent: true })).html ?? '', /tracker/)
  assert.deepEqual(conversation[0]?.attachments.map(({ name, index, stripped }) => [name, index, stripped?.code ?? null]), [['shot.png', 0, null], ['tool.exe', 1, 'extension-not-allowed'], ['notes.txt', 2, null]])
  const entry = (await entryOf(world)) - 1
  const file = await requests.attachment({ entry, index: 0 })
  assert.deepEqual([file.fileName, file.mediaType, file.base64], ['shot.png', 'image/png', picture.toString('base64')])
  for (const index of [1, 9]) await assert.rejects(requests.attachment({ entry, index }), code('not-found'))
})

test('the original is offered where it is kept, byte for byte', async () => {
  const kept = await officeWith([withPicture], { keepOriginal: true })
  assert.equal((await kept.requests.show({ number: 1 })).conversation[0]?.originalKept, true)
  const file = await kept.requests.original({ entry: await entryOf(kept.world) })
  assert.deepEqual([Buffer.from(file.base64, 'base64').toString(), file.mediaType], [withPicture, 'message/rfc822'])
  const other = await officeWith([withPicture])
  await assert.rejects(other.requests.original({ entry: await entryOf(other.world) }), code('not-found'))
})

test('one damaged message does not hide the others of its request', async () => {
  const { world, rig } = await officeWith([mailOf('1', 'one'), mailOf('2', 'Re: one', ['In-Reply-To: <1@example.com>'])])
  const { raw } = rig.messages
  let reads = 0
  rig.messages.parsed = async (address) => {
    if (++reads === 1) throw new ProblemError({ code: 'data-folder-damaged', file: 'content/1', reason: 'changed' })
    const bytes = await raw(address)
    return { raw: bytes, parsed: parseMessage(bytes) }
  }
  const { conversation } = await createRequests(needsOf(world, rig)).show({ number: 1 })
  assert.match(conversation[1]?.text ?? '', /Text of 2/)
  assert.match(conversation[0]?.text ?? '', /content\/1/)
})

test('closes and reopens requests, and the history says who did, once', async () => {
  const { world, rig } = await officeWith([mailOf('1', 'one')])
  const handedOver: unknown[] = []
  const requests = createRequests({ ...needsOf(world, rig), handOver: async (_transaction, _settings, happened) => void handedOver.push(...happened) })
  await requests.close({ number: 1, status: 'open' }, { who: 'carol' })
  await requests.close({ number: 1, status: 'closed' }, { who: 'carol' })
  await requests.close({ number: 1, status: 'closed' }, { who: 'dave' })
  await requests.close({ number: 1, status: 'open' }, { who: 'erin' })
  const { status, changes, partition } = await requests.show({ number: 1 })
  const at = '2026-11-20T09:00:00.000Z'
  assert.equal(status, 'open')
  assert.deepEqual(changes, [
    { id: 1, at, by: 'carol', action: 'closed', changes: [{ field: 'Status', from: 'open', to: 'closed' }], entry: null },
    { id: 2, at, by: 'erin', action: 'reopened', changes: [{ field: 'Status', from: 'closed', to: 'open' }], entry: null }
  ])
  assert.deepEqual(handedOver, [1, 2].map((subjectId) => ({ request: 1, partition, event: 'request-changed', subjectId })))
  await assert.rejects(requests.close({ number: 9, status: 'closed' }, { who: 'carol' }), code('not-found'))
  await assert.rejects(requests.show({ number: 9 }), code('not-found'))
})

test('commands and reports on mail that we sent stand beside the conversation, by their kind', async () => {
  const { world, rig, requests } = await officeWith([mailOf('1', 'one'), mailOf('2', 'Re: one', ['In-Reply-To: <1@example.com>'])])
  const newest = await entryOf(world)
  const [reply] = (await rig.tables.entries.ofRequest(world.database, 1)).slice(-1)
  assert.ok(reply !== undefined)
  await world.database.transaction((transaction) => rig.tables.entries.add(transaction, [{ ...reply, id: newest + 1, kind: 'command' }, { ...reply, id: newest + 2, kind: 'bounce' }]))
  assert.deepEqual((await requests.show({ number: 1 })).conversation.map(({ kind }) => kind), ['request', 'reply', 'command', 'bounce'])
})

test('a message from a file is taken like fetched mail, and only once', async () => {
  const world = createWorld()
  const rig = createRig(world, { decide })
  const stored = { id: 1, server: testServer(), ready: testServer(), issues: [], lastTest: null }
  const take = createTakeMessage({ ...rig, parse: parseMessage, sources: { incomingNamed: async () => stored } })
  const input = (raw: string, server: string | null = null) => ({ base64: Buffer.from(raw).toString('base64'), server })
  const first = await take(input(withPicture))
  assert.deepEqual([first.outcome, first.request, first.message?.subject], ['request', 1, 'screenshot'])
  assert.match(first.message?.html ?? '', /cid:shot/)
  const again = await take(input(withPicture))
  assert.deepEqual([again.outcome, again.request, again.reason], ['dropped', 1, 'Already taken as request 1.'])
  assert.equal((await take(input(mailOf('2', 'Re: screenshot', ['References: <p@example.com>']), 'it'))).outcome, 'reply')
  const failed = await take(input(''))
  assert.deepEqual([failed.outcome, failed.request, world.records.size], ['error', null, 1])
})

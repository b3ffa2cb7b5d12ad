import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ProblemError } from '#contract/problem.ts'
import type { RoundCounts, RoundResult } from '#contract/incoming-server.ts'
import { createRig, createWorld, mailOf, testServer, type World } from '../../testbed/fetching-rig.ts'

const counts = ({ fetched, requests, replies, commands, dropped, errors }: RoundResult): RoundCounts => ({ fetched, requests, replies, commands, dropped, errors })
const none: RoundCounts = { fetched: 0, requests: 0, replies: 0, commands: 0, dropped: 0, errors: 0 }
const rowsOf = (world: World, sql: string) => world.database.all(sql)

const mixed = (): string[] => [
  mailOf('1', 'printer'), mailOf('2', 'Re: printer', ['References: <1@example.com>']), mailOf('3', 'spam'), mailOf('4', 'bad'),
  mailOf('5', 'bug'), mailOf('6', 'Re: ##RE-1##'), mailOf('1', 'printer'), mailOf('8', 'phone')
]

test('one round: outcomes add up, the mailbox is marked, the second round fetches nothing', async () => {
  const world = createWorld()
  world.mail.deliver(...mixed())
  const rig = createRig(world)
  const { result } = await rig.round()
  assert.equal(result.problem, null)
  assert.deepEqual(counts(result), { fetched: 8, requests: 2, replies: 2, commands: 0, dropped: 2, errors: 2 })
  assert.deepEqual(await rowsOf(world, 'SELECT number, subject, replies FROM requests ORDER BY number'), [{ number: 1, subject: 'printer', replies: 2 }, { number: 2, subject: 'phone', replies: 0 }])
  assert.deepEqual(world.mail.inbox.map(({ uid, seen }) => [uid, seen]), [['1', true], ['2', true], ['3', true], ['6', true], ['7', true], ['8', true]])
  assert.deepEqual(world.mail.errorFolder.map(({ uid, seen }) => [uid, seen]), [['4', false], ['5', false]])
  const again = await rig.round()
  assert.deepEqual(counts(again.result), none)
  assert.deepEqual(await rowsOf(world, `SELECT reason FROM ledger WHERE uid = '7'`), [{ reason: 'Already taken as request 1.' }])
  assert.equal(world.mail.open, 0)
  assert.equal(rig.unexpected.length, 1)
})

test('a failed message tells the bell once and sends one mail a round', async () => {
  const world = createWorld()
  world.mail.deliver(mailOf('1', 'bad'), mailOf('2', 'bad'), mailOf('3', 'fine'))
  const rig = createRig(world)
  await rig.round()
  assert.deepEqual(rig.mails.map(({ to, subject }) => [to, subject]), [['admin@example.com', 'Mailroom: mail of “it” could not be processed']])
  assert.equal((await rowsOf(world, 'SELECT id FROM notices')).length, 1)
})

test('a notice that cannot be kept does not disturb the round', async () => {
  const world = createWorld()
  world.mail.deliver(mailOf('1', 'bad'), mailOf('2', 'fine'))
  await world.database.transaction(async (transaction) => void (await transaction.run('DROP TABLE notice_mails')))
  const { result } = await createRig(world).round()
  assert.deepEqual([result.problem, result.errors, result.requests], [null, 1, 1])
})

test('a message above the limit is not downloaded and becomes an error', async () => {
  const world = createWorld()
  world.mail.deliver(mailOf('1', 'x'.repeat(20_000)), mailOf('2', 'fine'))
  let downloads = 0
  const { result } = await createRig(world, { step: (name) => void (downloads += name === 'download' ? 1 : 0) }).round({ server: testServer({ maxMessageSize: 10_000 }) })
  assert.deepEqual([result.errors, result.requests, downloads], [1, 1, 1])
  assert.deepEqual(await rowsOf(world, 'SELECT code, content, place FROM errors'), [{ code: 'message-too-large', content: null, place: 'error-folder' }])
})

test('many batches keep their order, so that replies find their requests', async () => {
  const world = createWorld()
  for (let index = 0; index < 200; index++) world.mail.deliver(mailOf(`a${index}`, 'question'), mailOf(`b${index}`, 'Re: question', [`References: <a${index}@example.com>`]))
  const { result } = await createRig(world, { limits: { batchMessages: 7 } }).round()
  assert.deepEqual(counts(result), { ...none, fetched: 400, requests: 200, replies: 200 })
})

test('at most three batches are under way at once', async () => {
  const world = createWorld()
  for (let index = 0; index < 100; index++) world.mail.deliver(mailOf(`a${index}`, 'question'))
  let downloaded = 0
  let committed = 0
  let most = 0
  const step = async (name: string): Promise<void> => {
    if (name === 'download') most = Math.max(most, ++downloaded - committed)
    if (name === 'commit') await new Promise((resolve) => setTimeout(resolve, 2))
    if (name === 'committed') committed += 5
  }
  await createRig(world, { step, limits: { batchMessages: 5 } }).round()
  assert.ok(most > 5 && most <= 20, `${most} messages were held`)
})

test('POP3: no folders, a bad message is skipped, recorded and never in the way again', async () => {
  const world = createWorld()
  world.mail.identity = 'pop3'
  world.mail.deliver(mailOf('1', 'bad'), mailOf('2', 'fine'))
  const server = testServer({ protocol: 'pop3', afterFetch: 'delete', errorFolder: { enabled: true, name: 'Errors', stopAfter: 1, notify: true } })
  const rig = createRig(world)
  const first = await rig.round({ server })
  assert.deepEqual([first.result.problem, first.result.errors, first.result.requests], [null, 1, 1])
  assert.deepEqual(world.mail.inbox.map(({ uid }) => uid), ['1'])
  assert.deepEqual(await rowsOf(world, 'SELECT place FROM errors'), [{ place: 'skipped' }])
  world.mail.deliver(mailOf('3', 'next'))
  assert.deepEqual(counts((await rig.round({ server })).result), { ...none, fetched: 1, requests: 1 })
})

test('POP3: deletions that were lost because the closing failed are done again', async () => {
  const world = createWorld()
  world.mail.deliver(mailOf('1', 'fine'))
  const server = testServer({ protocol: 'pop3', afterFetch: 'delete' })
  const step = (name: string): void => {
    if (name === 'close') throw new ProblemError({ code: 'connection-dropped', host: 'h', port: 1, during: 'closing' })
  }
  assert.equal((await createRig(world, { step }).round({ server })).result.problem?.code, 'connection-dropped')
  assert.equal(world.mail.inbox.length, 1)
  assert.deepEqual(counts((await createRig(world).round({ server })).result), none)
  assert.equal(world.mail.inbox.length, 0)
  assert.equal((await rowsOf(world, 'SELECT number FROM requests')).length, 1)
})

test('reaching the error limit ends the round with exactly so many messages in the error folder', async () => {
  const world = createWorld()
  for (let index = 0; index < 10; index++) world.mail.deliver(mailOf(`b${index}`, 'bad'), mailOf(`g${index}`, 'good'))
  const server = testServer({ errorFolder: { enabled: true, name: 'Errors', stopAfter: 3, notify: false } })
  const rig = createRig(world)
  const { result } = await rig.round({ server })
  assert.deepEqual(result.problem, { code: 'error-folder-full', server: 'it', messages: 3, limit: 3 })
  assert.deepEqual([world.mail.errorFolder.length, result.errors, result.requests], [3, 3, 2])
  assert.equal((await rig.round({ server })).result.problem?.code, 'error-folder-full')
})

test('a connection that drops ends the round, moves nothing more and keeps what was committed', async () => {
  const world = createWorld()
  for (let index = 0; index < 30; index++) world.mail.deliver(mailOf(`a${index}`, index % 5 === 0 ? 'bad' : 'question'))
  let downloads = 0
  const step = (name: string): void => {
    if (name === 'download' && ++downloads === 18) throw new ProblemError({ code: 'connection-dropped', host: 'h', port: 1, during: 'download' })
  }
  const { result } = await createRig(world, { step, limits: { batchMessages: 5 } }).round()
  assert.equal(result.problem?.code, 'connection-dropped')
  assert.equal(result.fetched % 5, 0)
  assert.equal(world.mail.open, 0)
  const rest = await createRig(world).round()
  assert.equal(result.fetched + rest.result.fetched, 30)
  assert.equal((await rowsOf(world, 'SELECT number FROM requests')).length, 24)
  assert.equal(world.mail.errorFolder.length, 6)
})

test('a message that breaks the connection each time becomes an error after three tries, and the mail behind it is taken', async () => {
  const world = createWorld()
  for (let index = 0; index < 12; index++) world.mail.deliver(mailOf(`b${index}`, 'question'))
  const rig = createRig(world, { limits: { batchMessages: 5 } })
  const { download } = poisoned(world, '8')
  const rounds: RoundResult[] = []
  for (let round = 0; round < 6; round++) rounds.push((await rig.round()).result)
  assert.deepEqual(rounds.map(({ problem }) => problem?.code ?? 'ok'), ['connection-dropped', 'connection-dropped', 'connection-dropped', 'connection-dropped', 'ok', 'ok'])
  assert.deepEqual(download(), 4)
  assert.deepEqual(await rowsOf(world, 'SELECT uid, code FROM errors'), [{ uid: '8', code: 'message-unreadable' }])
  assert.equal((await rowsOf(world, 'SELECT number FROM requests')).length, 11)
  assert.equal(rounds.at(-1)?.fetched, 0)
})

/** A server that closes the connection whenever it is asked for the message of this uid. */
function poisoned(world: World, uid: string): { download: () => number } {
  const { open } = world.mail.transport
  let asked = 0
  world.mail.transport.open = async (server, needs) => {
    const mailbox = await open(server, needs)
    const { download } = mailbox
    let broken = false
    mailbox.download = async function* (messages) {
      for (const message of messages) {
        if (message.id === uid) asked += broken ? 0 : 1
        broken ||= message.id === uid
        if (broken) throw new ProblemError({ code: 'connection-dropped', host: 'h', port: 1, during: 'download' })
        yield* download([message])
      }
    }
    return mailbox
  }
  return { download: () => asked }
}

test('a mail that another server took from the same mailbox is not taken again', async () => {
  const world = createWorld()
  world.mail.deliver(mailOf('1', 'printer'), mailOf('2', 'bad'), mailOf('3', 'phone'))
  const server = testServer({ afterFetch: 'mark-seen', errorFolder: { enabled: false, name: 'Errors', stopAfter: null, notify: false } })
  const rig = createRig(world, { sharers: new Map([[2, [1]]]) })
  assert.deepEqual(counts((await rig.round({ server })).result), { ...none, fetched: 3, requests: 2, errors: 1 })
  for (const message of world.mail.inbox) message.seen = false
  const other = await rig.round({ server: { ...server, name: 'it2' }, serverId: 2 })
  assert.deepEqual(counts(other.result), { ...none, fetched: 3, dropped: 2, errors: 1 })
  assert.equal((await rowsOf(world, 'SELECT number FROM requests')).length, 2)
})

test('a server that refuses to move a failed message does not hold up other mail', async () => {
  const world = createWorld()
  world.mail.deliver(mailOf('1', 'bad'), mailOf('2', 'fine'))
  const step = (name: string): void => {
    if (name === 'move') throw new ProblemError({ code: 'folder-access-denied', server: 'it', folder: 'Errors', serverSaid: 'no' })
  }
  const rig = createRig(world, { step })
  const { result } = await rig.round()
  assert.deepEqual([result.problem?.code, result.requests, result.errors], ['folder-access-denied', 1, 1])
  assert.deepEqual(await rowsOf(world, 'SELECT place FROM errors'), [{ place: 'skipped' }])
  assert.equal(world.mail.inbox.find(({ uid }) => uid === '1')?.seen, false)
  assert.deepEqual(counts((await rig.round()).result), none)
})

test('a message that spoils its whole batch is found and becomes an error alone', async () => {
  const world = createWorld()
  world.mail.deliver(...Array.from({ length: 9 }, (_, index) => mailOf(`m${index}`, index === 4 ? 'poison' : 'fine')))
  const rig = createRig(world)
  const { take } = rig.intake
  rig.intake.take = async (raws) => {
    if (raws.some((raw) => raw.includes('poison'))) throw new RangeError('the parser fell over')
    return take(raws)
  }
  const { result } = await rig.round()
  assert.deepEqual(counts(result), { ...none, fetched: 9, requests: 8, errors: 1 })
  assert.equal(result.problem, null)
})

test('what follows a message that the disk did not take waits for it: a reply must not come before its request', async () => {
  const world = createWorld()
  world.mail.deliver(mailOf('1', 'printer'), mailOf('2', 'Re: printer', ['References: <1@example.com>']))
  const rig = createRig(world, { limits: { batchMessages: 1 } })
  const { take } = rig.intake
  let isFull = true
  rig.intake.take = async (raws, order) => {
    if (!isFull || raws.some((raw) => raw.includes('References'))) return take(raws, order)
    await new Promise((resolve) => setTimeout(resolve, 20))
    throw new ProblemError({ code: 'disk-full', folder: '/data' })
  }
  const { result } = await rig.round()
  assert.deepEqual([result.problem?.code, counts(result)], ['disk-full', none])
  isFull = false
  assert.deepEqual(counts((await rig.round()).result), { ...none, fetched: 2, requests: 1, replies: 1 })
})

test('a bug in the transport blames no message', async () => {
  const world = createWorld()
  world.mail.deliver(mailOf('1', 'fine'))
  const step = (name: string): void => {
    if (name === 'download') throw new TypeError('bug')
  }
  assert.equal((await createRig(world, { step }).round()).result.problem?.code, 'unexpected')
  assert.deepEqual(counts((await createRig(world).round()).result), { ...none, fetched: 1, requests: 1 })
})

test('another mailbox under the name: marking goes on quietly, deleting waits for a person', async () => {
  for (const afterFetch of ['mark-seen', 'delete'] as const) {
    const world = createWorld()
    const server = testServer({ afterFetch })
    world.mail.deliver(mailOf('1', 'fine'))
    await createRig(world).round({ server })
    world.mail.identity = 'INBOX 2'
    world.mail.inbox = [{ uid: '1', raw: Buffer.from(mailOf('1', 'fine')), seen: false }, { uid: '2', raw: Buffer.from(mailOf('2', 'new')), seen: false }]
    const rig = createRig(world)
    const { result } = await rig.round({ server })
    assert.equal((await rowsOf(world, `SELECT id FROM notices WHERE kind = 'mailbox-identity-changed'`)).length, afterFetch === 'delete' ? 0 : 1)
    if (afterFetch === 'delete') assert.deepEqual([result.problem?.code, world.mail.inbox.length], ['mailbox-identity-changed', 2])
    else assert.deepEqual([result.problem, result.dropped, result.requests], [null, 1, 1])
    if (afterFetch === 'delete') await world.database.transaction((transaction) => rig.tables.mailboxes.forget(transaction, 1))
    const next = await rig.round({ server })
    assert.deepEqual(counts(next.result), afterFetch === 'delete' ? { ...none, fetched: 2, requests: 1, dropped: 1 } : none)
  }
})

test('a round without progress is ended, though nothing failed', async () => {
  const world = createWorld()
  world.mail.deliver(mailOf('1', 'fine'))
  for (const hanging of ['open', 'list', 'download', 'acknowledge', 'close']) {
    const stuck: (number | null)[] = []
    const rig = createRig(world, { step: (name) => (name === hanging ? new Promise<void>(() => undefined) : undefined), limits: { deadlineMs: 400, stuckAfterMs: 40, closeMs: 20 } })
    const { result } = await rig.round({ onStuck: (since) => stuck.push(since) })
    assert.equal(result.problem?.code, 'round-too-slow', hanging)
    assert.ok(stuck.length >= 1 && stuck.at(-1) === null, hanging)
  }
  assert.deepEqual(counts((await createRig(world).round()).result), none)
  assert.equal((await rowsOf(world, 'SELECT number FROM requests')).length, 1)
})

test('stopping ends a round at any place', async () => {
  const world = createWorld()
  for (let index = 0; index < 20; index++) world.mail.deliver(mailOf(`a${index}`, 'question'))
  const stop = new AbortController()
  let downloads = 0
  const step = (name: string): Promise<void> | void => {
    if (name === 'download' && ++downloads === 8) stop.abort()
  }
  const { result } = await createRig(world, { step, limits: { batchMessages: 3 } }).round({ signal: stop.signal })
  assert.equal(result.problem?.code, 'cancelled')
  assert.equal((await createRig(world).round()).result.fetched + result.fetched, 20)
})

test('crash after any step and start again: every message has exactly one outcome', async () => {
  let steps = 0
  await runUntilCrash(createWorldWithMixed('mark-seen'), Number.POSITIVE_INFINITY, () => steps++, 'mark-seen')
  assert.ok(steps > 40, `${steps} steps`)
  for (const afterFetch of ['mark-seen', 'delete'] as const)
    for (let crashAt = 1; crashAt <= steps; crashAt++) {
      const world = createWorldWithMixed(afterFetch)
      const crashed = await runUntilCrash(world, crashAt, () => undefined, afterFetch)
      const rig = createRig(world, { limits: { batchMessages: 3 } })
      const { result } = await rig.round({ server: testServer({ afterFetch }) })
      const place = `${afterFetch}, crash at step ${crashAt} (${crashed})`
      assert.equal(result.problem, null, place)
      assert.deepEqual(await rowsOf(world, 'SELECT outcome, COUNT(*) AS count FROM ledger GROUP BY outcome ORDER BY outcome'),
        [{ outcome: 'dropped', count: 2 }, { outcome: 'error', count: 2 }, { outcome: 'reply', count: 2 }, { outcome: 'request', count: 2 }], place)
      assert.deepEqual(await rowsOf(world, 'SELECT number, replies FROM requests ORDER BY number'), [{ number: 1, replies: 2 }, { number: 2, replies: 0 }], place)
      assert.equal((await rowsOf(world, 'SELECT id FROM entries')).length, 4, place)
      assert.equal((await rowsOf(world, 'SELECT id FROM errors')).length, 2, place)
      assert.equal(world.mail.errorFolder.length, 2, place)
      assert.ok(world.mail.inbox.every(({ seen }) => afterFetch === 'mark-seen' && seen), place)
      assert.ok((await rowsOf(world, 'SELECT content FROM entries')).every(({ content }) => world.contents.has(String(content))), place)
    }
})

function createWorldWithMixed(_afterFetch: string): World {
  const world = createWorld()
  world.mail.deliver(...mixed())
  return world
}

/** Runs a round whose process dies at the `crashAt`th step: from then on nothing it does has any effect. Answers the step's name. */
async function runUntilCrash(world: World, crashAt: number, count: () => void, afterFetch: 'mark-seen' | 'delete'): Promise<string> {
  let done = 0
  let crashedAt = 'not at all'
  const step = (name: string): void => {
    count()
    if (++done < crashAt) return
    if (done === crashAt) crashedAt = name
    throw new Error('the process is gone')
  }
  await createRig(world, { step, limits: { batchMessages: 3 } }).round({ server: testServer({ afterFetch }) })
  return crashedAt
}

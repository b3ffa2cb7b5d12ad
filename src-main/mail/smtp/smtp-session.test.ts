import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { startScriptedServer, type ScriptedServer, type ScriptMove } from '../../../testbed/scripted-server.ts'
import { needsWithoutSignIn, smtpWithoutSignIn } from '../../../testbed/smtp-without-sign-in.ts'
import { problemOf } from '../incoming-transport-promises.ts'
import type { OutgoingMessage, OutgoingSession } from '../outgoing-transport.ts'
import { createSmtpTransport } from './smtp-transport.ts'

const transport = createSmtpTransport()
const message: OutgoingMessage = { from: 'it@example.com', recipients: ['ann@example.org'], messageId: '<1@example.com>', raw: Buffer.from('Subject: x\r\n\r\nx\r\n') }
const hello: ScriptMove[] = [{ line: '220 ready' }, { expect: /^EHLO/ }, { send: '250-x\r\n250 PIPELINING\r\n' }]
const plainHello: ScriptMove[] = [{ line: '220 ready' }, { expect: /^EHLO/ }, { line: '250 x' }]
const envelope: ScriptMove[] = [{ expect: /^MAIL/ }, { expect: /^RCPT/ }, { expect: /^DATA/ }]
const taken: ScriptMove[] = [...envelope, { send: '250 ok\r\n250 ok\r\n354 go\r\n' }, { expect: /^\.$/ }, { line: '250 2.0.0 taken' }]

async function open(context: TestContext, moves: ScriptMove[]): Promise<{ session: OutgoingSession; scripted: ScriptedServer }> {
  const scripted = await startScriptedServer(moves)
  context.after(() => scripted.stop())
  const session = await transport.open(smtpWithoutSignIn(scripted.port), needsWithoutSignIn())
  context.after(() => session.close())
  return { session, scripted }
}
const until = async (is: () => boolean): Promise<void> => {
  while (!is()) await new Promise((resolve) => setImmediate(resolve))
}

/** The server's last words count, whatever it leaves unanswered behind them. */
const lastWords: [what: string, moves: ScriptMove[], code: string, said: string][] = [
  ['421 at MAIL', [...envelope, { line: '421 4.3.2 shutting down' }, { drop: 'end' }], 'server-busy', '421 4.3.2 shutting down'],
  ['421 at RCPT', [...envelope, { send: '250 ok\r\n421 4.7.0 too busy\r\n' }, { drop: 'end' }], 'mail-deferred', '421 4.7.0 too busy'],
  ['421 at DATA', [...envelope, { send: '250 ok\r\n250 ok\r\n421 4.3.2 shutting down\r\n' }, { drop: 'end' }], 'mail-deferred', '421 4.3.2 shutting down'],
  ['a refused recipient, and the connection lost with DATA', [...envelope, { send: '250 ok\r\n550 5.1.1 nobody here\r\n' }, { drop: 'end' }], 'recipient-refused', '550 5.1.1 nobody here'],
  // RFC 2920 3.1: DATA may be taken all the same.
  ['a refused recipient, and the connection lost after 354', [...envelope, { send: '250 ok\r\n550 5.1.1 nobody here\r\n354 go\r\n' }, { drop: 'end' }], 'recipient-refused', '550 5.1.1 nobody here'],
  ['421 for the whole message', [...envelope, { send: '250 ok\r\n250 ok\r\n354 go\r\n' }, { expect: /^\.$/ }, { line: '421 4.3.2 not now' }, { drop: 'end' }], 'mail-deferred', '421 4.3.2 not now']
]
for (const [what, moves, code, said] of lastWords) {
  test(`pipelined: ${what}`, async (context) => {
    const { session } = await open(context, [...hello, ...moves])
    const problem = await problemOf(session.send(message))
    assert.deepEqual([problem.code, 'serverSaid' in problem ? problem.serverSaid : ''], [code, said])
    await until(() => !session.isUsable())
  })
}

test('a server that closes while nobody asks says so, and what was never sent is not in doubt', async (context) => {
  const { session } = await open(context, [...hello, ...taken, { pauseMs: 20 }, { line: '421 4.4.2 idle for too long' }, { silence: true }])
  await session.send(message)
  await until(() => !session.isUsable())
  const problem = await problemOf(session.send(message))
  assert.deepEqual([problem.code, 'serverSaid' in problem ? problem.serverSaid : ''], ['server-busy', '421 4.4.2 idle for too long'])
})

test('a refusal in the middle of a message ends it at once', async (context) => {
  const { session } = await open(context, [...hello, ...envelope, { send: '250 ok\r\n250 ok\r\n354 go\r\n' }, { expect: /^Subject/ }, { line: '552 5.3.4 too large' }, { silence: true }])
  // More than the buffers of the system take: the rest cannot go out.
  const raw = Buffer.concat([Buffer.from('Subject: x\r\n\r\n'), Buffer.from('0123456789abcdef\r\n'.repeat(2_000_000))])
  const problem = await problemOf(session.send({ ...message, raw }))
  assert.deepEqual([problem.code, 'serverSaid' in problem ? problem.serverSaid : ''], ['mail-refused', '552 5.3.4 too large'])
  assert.equal(session.isUsable(), false)
})

test('what is no reply to a whole message leaves it in doubt', async (context) => {
  const { session } = await open(context, [...hello, ...envelope, { send: '250 ok\r\n250 ok\r\n354 go\r\n' }, { expect: /^\.$/ }, { line: 'what?' }, { silence: true }])
  assert.equal((await problemOf(session.send(message))).code, 'mail-uncertain')
  // Its reply may still come, and would be taken for that to the next command.
  assert.equal(session.isUsable(), false)
})

for (const [what, replies] of [['at MAIL', 'what?\r\n250 ok\r\n503 no\r\n'], ['at DATA', '250 ok\r\n250 ok\r\n250 go\r\n']] as const)
  test(`what is no reply to its command (${what}) ends the session`, async (context) => {
    const { session } = await open(context, [...hello, ...envelope, { send: replies }, { silence: true }])
    assert.notEqual((await problemOf(session.send(message))).code, 'mail-uncertain')
    assert.equal(session.isUsable(), false)
  })

test('an address that no server can be given is refused beside the others, and is not on the wire', async (context) => {
  const { session, scripted } = await open(context, [...hello, ...taken])
  const { accepted, refused } = await session.send({ ...message, recipients: ['jürgen@example.org', 'ann@example.org'] })
  assert.deepEqual([accepted, refused.map(({ address }) => address)], [['ann@example.org'], ['jürgen@example.org']])
  assert.deepEqual(scripted.heard.filter((line) => line.startsWith('RCPT')), ['RCPT TO:<ann@example.org>'])
})

test('replies to very many recipients at once are many short ones', async (context) => {
  const recipients = Array.from({ length: 3_000 }, (_one, index) => `person-${index}@example.org`)
  const replies = `250 ok\r\n${`250 2.1.5 ${'x'.repeat(70)}\r\n`.repeat(recipients.length)}354 go\r\n`
  const { session } = await open(context, [...hello, { expect: /^DATA/ }, { send: replies }, { expect: /^\.$/ }, { line: '250 taken' }])
  assert.equal((await session.send({ ...message, recipients })).accepted.length, recipients.length)
})

test('a reply without end ends the connection', async (context) => {
  const opening = open(context, [{ line: '220 ready' }, { expect: /^EHLO/ }, ...Array.from({ length: 10 }, (): ScriptMove[] => [{ send: `250-${'x'.repeat(1_000)}\r\n`.repeat(20) }, { pauseMs: 20 }]).flat(), { line: '250 PIPELINING' }])
  assert.equal((await problemOf(opening)).code, 'connection-dropped')
})

test('words that come in pieces are those that were sent', async (context) => {
  const words = Buffer.from('250 für später\r\n')
  const cut = words.indexOf('ü') + 1
  const { session } = await open(context, [...hello, ...taken.slice(0, -1), { send: words.subarray(0, cut) }, { pauseMs: 50 }, { send: words.subarray(cut) }])
  assert.equal((await session.send(message)).serverSaid, '250 für später')
})

test('a session that is closed while a whole message waits for its reply leaves it in doubt', async (context) => {
  const { session, scripted } = await open(context, [...hello, ...envelope, { send: '250 ok\r\n250 ok\r\n354 go\r\n' }, { expect: /^\.$/ }, { silence: true }])
  const sending = problemOf(session.send(message))
  await until(() => scripted.heard.includes('.'))
  session.close()
  assert.equal((await sending).code, 'mail-uncertain')
})

test('a reply too many is not taken for that of the next message', async (context) => {
  const { session } = await open(context, [...hello, ...taken, { line: '250 2.0.0 taken once more' }, { silence: true }])
  await session.send(message)
  await until(() => !session.isUsable())
  assert.equal((await problemOf(session.send(message))).code, 'connection-dropped')
})

test('without PIPELINING each command waits for its reply, and a transaction that was refused is reset', async (context) => {
  const ask = (expect: RegExp, line: string): ScriptMove[] => [{ expect }, { pauseMs: 20 }, { line }]
  const { session, scripted } = await open(context, [...plainHello, ...ask(/^MAIL/, '250 ok'), ...ask(/^RCPT/, '550 5.1.1 nobody here'), ...ask(/^RSET/, '250 ok'), ...ask(/^MAIL/, '250 ok'), ...ask(/^RCPT/, '250 ok'), ...ask(/^DATA/, '354 go'), ...ask(/^\.$/, '250 taken')])
  assert.equal((await problemOf(session.send(message))).code, 'recipient-refused')
  assert.equal(session.isUsable(), true)
  assert.equal((await session.send(message)).serverSaid, '250 taken')
  assert.deepEqual(scripted.heard.map((line) => line.split(/[ :]/)[0]), ['EHLO', 'MAIL', 'RCPT', 'RSET', 'MAIL', 'RCPT', 'DATA', 'Subject', '', 'x', '.'])
})

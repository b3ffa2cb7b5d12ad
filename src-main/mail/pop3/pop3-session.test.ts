import { test, type TestContext } from 'node:test'
import assert from 'node:assert/strict'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { ProblemError } from '#contract/problem.ts'
import { createPop3Connection } from './pop3-connection.ts'
import { createPop3Session, type Pop3Session } from './pop3-session.ts'

type Script = Record<string, string>

/** A session with a server that answers each command from a table; `chunk` bytes at a time. Commands not in the table are refused. */
async function sessionWith(context: TestContext, script: Script, { chunk = 0, maxMessageSize = 1_000_000 } = {}): Promise<{ session: Pop3Session; heard: string[] }> {
  const heard: string[] = []
  const answer = (socket: Socket, text: string): void => {
    const bytes = Buffer.from(text, 'latin1')
    for (let at = 0; at < bytes.length; at += chunk || bytes.length) socket.write(bytes.subarray(at, at + (chunk || bytes.length)))
  }
  const server = createServer((socket) => {
    let rest = ''
    socket.setNoDelay(true)
    socket.on('error', () => socket.destroy())
    socket.on('data', (data) => {
      const lines = (rest + data.toString('latin1')).split('\r\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        heard.push(line)
        answer(socket, script[line] ?? '-ERR unknown command\r\n')
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  context.after(() => server.close())
  const peer = { host: '127.0.0.1', port: (server.address() as AddressInfo).port }
  const socket = connect(peer.port, peer.host)
  context.after(() => socket.destroy())
  const connection = createPop3Connection(socket, { peer, silenceMs: 1_000, signal: new AbortController().signal, transcript: null })
  const session = createPop3Session(connection, { server: 'pop', peer, user: 'it', auth: { method: 'password', user: 'it', secret: 'keychain' }, encrypted: false, maxMessageSize })
  await session.capabilities()
  return { session, heard }
}

const capa = '+OK\r\nUIDL\r\nTOP\r\nUSER\r\nSASL LOGIN PLAIN\r\nPIPELINING\r\n.\r\n'
const two = { CAPA: capa, LIST: '+OK\r\n1 9\r\n2 11\r\n.\r\n', UIDL: '+OK\r\n1 first\r\n2 second\r\n.\r\n', 'RETR 1': '+OK\r\nA: 1\r\n\r\nx\r\n.\r\n', 'RETR 2': '+OK\r\nB: 2\r\n\r\n..y\r\n.\r\n' }
const problemOf = (code: string) => (error: unknown): boolean => error instanceof ProblemError && error.problem.code === code
const download = async (session: Pop3Session): Promise<[string, string][]> => {
  const got: [string, string][] = []
  for await (const { id, raw } of session.download(await session.list())) got.push([id, raw.toString('latin1')])
  return got
}

test('messages come in order by UIDL, however the answers are cut, pipelined or not', async (context) => {
  for (const chunk of [0, 1, 3]) {
    for (const CAPA of [capa, '-ERR no\r\n']) {
      const { session } = await sessionWith(context, { ...two, CAPA }, { chunk })
      assert.deepEqual(await download(session), [['first', 'A: 1\r\n\r\nx\r\n'], ['second', 'B: 2\r\n\r\n.y\r\n']])
    }
  }
})

test('without UIDL the headers make the id, and status fields do not change it', async (context) => {
  const without = (status: string): Script => ({ ...two, UIDL: '-ERR no\r\n', 'TOP 1 0': `+OK\r\nMessage-ID: <1@x>\r\n${status}\r\n.\r\n`, 'TOP 2 0': '+OK\r\nMessage-ID: <2@x>\r\n\r\n.\r\n' })
  const ids = async (status: string): Promise<string[]> => (await (await sessionWith(context, without(status))).session.list()).map(({ id }) => id)
  const plain = await ids('')
  assert.equal(new Set(plain).size, 2)
  assert.deepEqual(await ids('Status: RO\r\n'), plain)
})

test('without UIDL and TOP the mailbox cannot be read, and that is said', async (context) => {
  const { session } = await sessionWith(context, { ...two, UIDL: '-ERR no UIDL here\r\n' })
  await assert.rejects(session.list(), (error) => error instanceof ProblemError && error.problem.code === 'command-refused' && error.problem.command === 'UIDL')
})

test('equal ids are told apart', async (context) => {
  const { session } = await sessionWith(context, { ...two, UIDL: '+OK\r\n1 same\r\n2 same\r\n.\r\n' })
  assert.deepEqual((await session.list()).map(({ id }) => id), ['same', 'same#2'])
})

test('a message that is gone is left out; one that is refused is a problem of that message', async (context) => {
  const gone = await sessionWith(context, { ...two, 'RETR 1': '-ERR no such message\r\n' })
  assert.deepEqual((await download(gone.session)).map(([id]) => id), ['second'])
  const refused = await sessionWith(context, { ...two, 'RETR 1': '-ERR [SYS/PERM] damaged on disk\r\n' })
  await assert.rejects(download(refused.session), problemOf('message-unreadable'))
  const [, second] = await refused.session.list()
  for await (const { id } of refused.session.download(second === undefined ? [] : [second])) assert.equal(id, 'second')
  const busy = await sessionWith(context, { ...two, 'RETR 1': '-ERR [SYS/TEMP] later\r\n' })
  await assert.rejects(download(busy.session), problemOf('server-busy'))
})

test('more than LIST told and more than the limit is a problem of that message', async (context) => {
  const { session } = await sessionWith(context, { ...two, 'RETR 1': `+OK\r\n${'x'.repeat(500)}\r\n.\r\n` }, { maxMessageSize: 100 })
  await assert.rejects(download(session), problemOf('message-too-large'))
  assert.deepEqual(await (async () => { const got = []; for await (const { id } of session.download([{ id: 'second', size: 11 }])) got.push(id); return got })(), ['second'])
})

test('AUTH PLAIN is preferred; USER and PASS where it is not offered', async (context) => {
  const plain = await sessionWith(context, { CAPA: capa, [`AUTH PLAIN ${Buffer.from('\0it\0pass word').toString('base64')}`]: '+OK\r\n' })
  await plain.session.signIn({ kind: 'password', user: 'it', secret: 'pass word' })
  const old = await sessionWith(context, { 'USER it': '+OK\r\n', 'PASS pass word': '+OK\r\n' })
  await old.session.signIn({ kind: 'password', user: 'it', secret: 'pass word' })
  assert.deepEqual(old.heard, ['CAPA', 'USER it', 'PASS pass word'])
})

test('a password cannot bring in a command of its own', async (context) => {
  const { session, heard } = await sessionWith(context, {})
  await assert.rejects(session.signIn({ kind: 'password', user: 'it', secret: 'x\r\nDELE 1' }), problemOf('credentials-refused'))
  assert.deepEqual(heard, ['CAPA'])
})

const token = { kind: 'token' as const, user: 'support@example.com', secret: 'the-token' }
const xoauth2 = Buffer.from('user=support@example.com\x01auth=Bearer the-token\x01\x01').toString('base64')

test('XOAUTH2 goes in two lines', async (context) => {
  for (const capabilities of ['+OK\r\nSASL PLAIN XOAUTH2 OAUTHBEARER\r\nUSER\r\n.\r\n', '-ERR\r\n']) {
    const { session, heard } = await sessionWith(context, { CAPA: capabilities, 'AUTH XOAUTH2': '+ \r\n', [xoauth2]: '+OK signed in\r\n' })
    await session.signIn(token)
    assert.deepEqual(heard, ['CAPA', 'AUTH XOAUTH2', xoauth2])
  }
})

test('OAUTHBEARER is taken where it alone is offered, with the place of the connection', async (context) => {
  const { session, heard } = await sessionWith(context, { CAPA: '+OK\r\nSASL OAUTHBEARER\r\n.\r\n', 'AUTH OAUTHBEARER': '+\r\n' })
  await assert.rejects(session.signIn({ ...token, user: 'a,b=c@example.com' }), problemOf('credentials-refused'))
  assert.match(Buffer.from(heard[2] ?? '', 'base64').toString(), /^n,a=a=2Cb=3Dc@example\.com,\x01host=127\.0\.0\.1\x01port=\d+\x01auth=Bearer the-token\x01\x01$/)
})

test('the error of a refused token is told, and the exchange ended', async (context) => {
  const error = Buffer.from('{"status":"401","schemes":"bearer","scope":"https://mail.google.com/"}').toString('base64')
  const { session, heard } = await sessionWith(context, { CAPA: '+OK\r\nSASL XOAUTH2\r\n.\r\n', 'AUTH XOAUTH2': '+ \r\n', [xoauth2]: `+ ${error}\r\n`, '': '-ERR Authentication failed.\r\n' })
  await assert.rejects(session.signIn(token), (failure) => failure instanceof ProblemError && failure.problem.code === 'credentials-refused' && failure.problem.serverSaid === 'Authentication failed. (status 401, scope https://mail.google.com/)')
  assert.deepEqual(heard.slice(1), ['AUTH XOAUTH2', xoauth2, ''])
})

test('a server without token sign-in names what it offers', async (context) => {
  const { session } = await sessionWith(context, { CAPA: '+OK\r\nSASL PLAIN\r\nUSER\r\n.\r\n' })
  await assert.rejects(session.signIn(token), (error) => error instanceof ProblemError && error.problem.code === 'sign-in-method-not-offered' && error.problem.offered.join() === 'PLAIN')
})

test('a message is found by its Message-ID among the newest', async (context) => {
  const { session } = await sessionWith(context, {
    CAPA: capa, LIST: '+OK\r\n1 10\r\n2 20\r\n3 30\r\n.\r\n', UIDL: '+OK\r\n1 a\r\n2 b\r\n3 c\r\n.\r\n',
    'TOP 3 0': '+OK\r\nMessage-ID: <other@example.com>\r\n\r\n.\r\n', 'TOP 2 0': '+OK\r\nMessage-ID:\r\n <probe@example.com>\r\n\r\n.\r\n', 'RETR 2': '+OK\r\nMessage-ID:\r\n <probe@example.com>\r\n\r\nx\r\n.\r\n', 'TOP 1 0': '-ERR\r\n'
  })
  assert.equal((await session.find('<probe@example.com>'))?.id, 'b')
  assert.equal(await session.find('<nobody@example.com>'), null)
})

test('a server without passwords names what it offers', async (context) => {
  const { session } = await sessionWith(context, { CAPA: '+OK\r\nSASL XOAUTH2\r\nUIDL\r\n.\r\n' })
  await assert.rejects(session.signIn({ kind: 'password', user: 'it', secret: 'x' }), (error) => error instanceof ProblemError && error.problem.code === 'sign-in-method-not-offered' && error.problem.offered.join() === 'XOAUTH2')
})

test('a goodbye that is refused is told, for then deletions did not happen', async (context) => {
  const { session } = await sessionWith(context, { ...two, 'DELE 1': '+OK\r\n', QUIT: '-ERR some deleted messages not removed\r\n' })
  await session.markDeleted(['first'])
  await assert.rejects(session.quit(), problemOf('command-refused'))
})

test('an answer that nobody asked for ends the connection', async (context) => {
  const { session } = await sessionWith(context, { ...two, LIST: '+OK\r\n1 9\r\n.\r\n+OK extra\r\n' })
  await assert.rejects(session.list(), problemOf('not-a-mail-server'))
})

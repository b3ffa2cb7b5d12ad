import assert from 'node:assert/strict'
import { copyFileSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { ProblemError, type Problem } from '#contract/problem.ts'
import { testCertificates } from '../../testbed/certificates.ts'
import { nativeRecipient } from '../model/native-recipient.ts'
import type { ReceivedMail, ReceiverOrder } from './receiver.ts'
import { startSmtpReceiver } from './smtp-receiver.ts'

const host = 'mail.example.com'
const support = `tarobe482@${host}`

async function receiver(t: TestContext, order: Partial<ReceiverOrder> = {}) {
  const mails: ReceivedMail[] = []
  const seen = { refused: 0, unexpected: [] as unknown[], problems: [] as (Problem | null)[] }
  const started = await startSmtpReceiver({
    host, listen: '127.0.0.1', port: 0, certificate: null, maxMessageSize: 100_000,
    recipient: (address) => nativeRecipient(address, { support, host, addresses: ['it@example.com'] }),
    accept: async (mail) => void mails.push(mail), refused: () => seen.refused++, certificateProblem: (problem) => seen.problems.push(problem),
    reportUnexpected: (thrown) => seen.unexpected.push(thrown), now: () => Date.UTC(2026, 10, 20, 8), ...order
  })
  let closed = false
  const close = async (): Promise<void> => {
    if (!closed) await started.close()
    closed = true
  }
  t.after(close)
  return { mails, ...seen, seen, port: started.port, close }
}

/** A client that says exactly what it is told. */
function client(socket: Socket) {
  let heard = ''
  let ended = false
  let wake = (): void => undefined
  socket.on('data', (piece: Buffer) => {
    heard += piece.toString('utf8')
    wake()
  })
  socket.on('close', () => {
    ended = true
    wake()
  })
  socket.on('error', () => undefined)
  const answer = async (): Promise<string> => {
    const late = Date.now() + 10_000
    for (;;) {
      const found = /^(?:\d{3}-[^\n]*\n)*\d{3} [^\n]*\n/.exec(heard)
      if (found !== null) {
        heard = heard.slice(found[0].length)
        return found[0].trimEnd()
      }
      if (ended) return '(closed)'
      if (Date.now() > late) assert.fail(`no answer; heard ${JSON.stringify(heard)}`)
      await Promise.race([new Promise<void>((resolve) => (wake = resolve)), sleep(1_000)])
    }
  }
  return {
    socket, answer,
    send: (text: string | Buffer) => void socket.write(text),
    async say(line: string): Promise<string> {
      socket.write(`${line}\r\n`)
      return answer()
    }
  }
}
async function greeted(port: number, from = '127.0.0.1') {
  const one = client(connect({ port, host: '127.0.0.1', localAddress: from }))
  assert.equal(await one.answer(), `220 ${host} ESMTP`)
  return one
}
async function introduced(port: number) {
  const one = await greeted(port)
  await one.say('EHLO client.example.org')
  return one
}
async function readyForData(port: number, to = support) {
  const one = await introduced(port)
  assert.match(await one.say('MAIL FROM:<ann@customer.example>'), /^250 2\.1\.0/)
  assert.match(await one.say(`RCPT TO:<${to}>`), /^250 2\.1\.5/)
  assert.match(await one.say('DATA'), /^354/)
  return one
}

test('a message is taken with Return-Path and Received in front (RFC 5321 4.4)', async (t) => {
  const { port, mails } = await receiver(t)
  const one = await readyForData(port)
  one.send('Subject: Hello\r\n\r\n..dot\r\nText\r\n.\r\n')
  assert.match(await one.answer(), /^250 2\.6\.0 The message was taken as \w+$/)
  assert.match(await one.say('QUIT'), /^221/)
  const [mail] = mails
  assert.match(mail?.raw.toString() ?? '', /^Return-Path: <ann@customer\.example>\r\nReceived: from client\.example\.org \(\[127\.0\.0\.1\]\)\r\n\tby mail\.example\.com \(Mailroom\) with ESMTP id \w+\.1\r\n\tfor <tarobe482@mail\.example\.com>;\r\n\tFri, 20 Nov 2026 08:00:00 \+0000\r\nSubject: Hello\r\n\r\n\.dot\r\nText\r\n$/)
  assert.deepEqual(mail?.session, { clientAddress: '127.0.0.1', helo: 'client.example.org', mailFrom: 'ann@customer.example' })
})

test('EHLO names the host and what is spoken; there is no AUTH and no STARTTLS without a certificate', async (t) => {
  const { port } = await receiver(t)
  const one = await greeted(port)
  const lines = (await one.say('EHLO client.example.org')).split('\r\n')
  assert.deepEqual(lines, ['250-mail.example.com', '250-PIPELINING', '250-8BITMIME', '250-SMTPUTF8', '250-ENHANCEDSTATUSCODES', '250 SIZE 100000'])
  for (const command of ['AUTH PLAIN AGEAYg==', 'AUTH LOGIN', 'STARTTLS', 'XCLIENT ADDR=1.2.3.4', 'WIZ']) assert.match(await one.say(command), /^500 5\.5\.\d/, command)
})

test('only its own recipients: everything else is relaying, or unknown', async (t) => {
  const { port, seen } = await receiver(t)
  const one = await introduced(port)
  await one.say('MAIL FROM:<>')
  const rows: [string, RegExp][] = [
    [support, /^250 2\.1\.5/], [support.toUpperCase(), /^250/], [`tarobe482+sales@${host}`, /^250/], ['it@example.com', /^250/], ['postmaster', /^250/], [`Postmaster@${host}`, /^250/],
    ['ann@customer.example', /^550 5\.7\.1 Relaying denied$/], [`ann%customer.example@${host}`, /^550 5\.1\.1/], [`nobody@${host}`, /^550 5\.1\.1 There is no such mailbox here$/], [`@relay.example:${support}`, /^250/],
    [`"ann@customer.example"@${host}`, /^5\d\d/], ['', /^501/]
  ]
  for (const [to, expected] of rows) assert.match(await one.say(`RCPT TO:<${to}>`), expected, to)
  assert.equal(seen.refused, 3)
})

test('bounces come with an empty sender, and blind copies are not told of each other', async (t) => {
  const { port, mails } = await receiver(t)
  const one = await introduced(port)
  await one.say('MAIL FROM:<>')
  await one.say(`RCPT TO:<${support}>`)
  await one.say('RCPT TO:<it@example.com>')
  await one.say('DATA')
  one.send('Subject: Two\r\n\r\nText\r\n.\r\n')
  assert.match(await one.answer(), /^250/)
  assert.equal(mails.length, 1)
  assert.deepEqual(mails[0]?.recipients, [support, 'it@example.com'])
  assert.match(mails[0]?.raw.toString() ?? '', /^Return-Path: <>\r\nReceived: [^;]*id \w+\.1;/)
})

test('the size is announced and kept: by MAIL, by what is sent, and by whoever never ends', async (t) => {
  const { port, mails } = await receiver(t, { maxMessageSize: 10_000 })
  const one = await introduced(port)
  assert.match(await one.say('MAIL FROM:<ann@customer.example> SIZE=10001'), /^552 5\.3\.4/)
  assert.match(await one.say('MAIL FROM:<ann@customer.example> SIZE=10000'), /^250/)
  await one.say(`RCPT TO:<${support}>`)
  await one.say('DATA')
  one.send(`Subject: x\r\n\r\n${'x'.repeat(78)}\r\n`.repeat(200) + '.\r\n')
  assert.match(await one.answer(), /^552 5\.3\.4/)
  assert.match(await one.say('MAIL FROM:<ann@customer.example>'), /^250/)
  await one.say(`RCPT TO:<${support}>`)
  await one.say('DATA')
  const flood = setInterval(() => one.socket.write('x'.repeat(200_000)), 1)
  t.after(() => clearInterval(flood))
  assert.match(await one.answer(), /^552 5\.3\.4/)
  assert.equal(await one.answer(), '(closed)')
  assert.equal(mails.length, 0)
})

// CVE-2023-51764 and its family: https://www.postfix.org/smtp-smuggling.html
const smuggled = 'MAIL FROM:<admin@example.com>\r\nRCPT TO:<it@example.com>\r\nDATA\r\nSubject: smuggled\r\n\r\nx'
const falseEnds: [string, string][] = [['LF . LF', '\n.\n'], ['LF . CRLF', '\n.\r\n'], ['CRLF . LF', '\r\n.\n'], ['CR . CR', '\r.\r'], ['CRLF . CR', '\r\n.\r'], ['CR . CRLF', '\r.\r\n'], ['CRLF NUL . CRLF', '\r\n\0.\r\n'], ['CR LF LF . LF', '\r\n\n.\n']]
for (const [name, end] of falseEnds) {
  for (const inPieces of [false, true]) {
    test(`${name} does not end a message${inPieces ? ', in pieces' : ''}`, async (t) => {
      const { port, mails } = await receiver(t)
      const one = await readyForData(port)
      const text = `Subject: outer\r\n\r\ntext${end}${smuggled}\r\n.\r\n`
      if (inPieces) {
        one.socket.setNoDelay(true)
        for (const piece of text.match(/[\s\S]{1,3}/g) ?? []) {
          one.send(piece)
          await sleep(0)
        }
      } else one.send(text)
      assert.match(await one.answer(), /^250/)
      assert.match(await one.say('NOOP'), /^250 2\.0\.0 OK/)
      assert.equal(mails.length, 1)
      assert.match(mails[0]?.raw.toString('latin1') ?? '', /Subject: outer[\s\S]*Subject: smuggled/)
    })
  }
}

test('a line with nothing but two dots is a dot, however it is cut', async (t) => {
  const { port, mails } = await receiver(t)
  const one = await readyForData(port)
  one.socket.setNoDelay(true)
  for (const piece of ['.', '.', '\r\n', 'MAIL FROM:<x@example.com>\r\n', '.', '\r', '\n']) {
    one.send(piece)
    await sleep(5)
  }
  assert.match(await one.answer(), /^250/)
  assert.match(mails[0]?.raw.toString() ?? '', /\r\n\.\r\nMAIL FROM:<x@example\.com>\r\n$/)
})

test('pipelined commands are answered in their order, several messages over one connection', async (t) => {
  const { port, mails } = await receiver(t)
  const one = await introduced(port)
  const message = (subject: string): string => `MAIL FROM:<ann@customer.example> BODY=8BITMIME\r\nRCPT TO:<${support}>\r\nDATA\r\nSubject: ${subject}\r\n\r\nGrüße\r\n.\r\n`
  one.send(`${message('1')}${message('2')}QUIT\r\n`)
  const codes: string[] = []
  for (let count = 0; count < 9; count++) codes.push((await one.answer()).slice(0, 3))
  assert.deepEqual(codes, ['250', '250', '354', '250', '250', '250', '354', '250', '221'])
  assert.deepEqual(mails.map(({ raw }) => /Subject: (\d)/.exec(raw.toString())?.[1]), ['1', '2'])
  assert.ok(mails.every(({ raw }) => raw.includes(Buffer.from('Grüße'))))
})

test('international addresses (RFC 6531)', async (t) => {
  const { port, mails } = await receiver(t)
  const one = await introduced(port)
  assert.match(await one.say('MAIL FROM:<jürgen@beispiel.example> SMTPUTF8'), /^250/)
  await one.say(`RCPT TO:<${support}>`)
  await one.say('DATA')
  one.send('Subject: Grüße\r\n\r\nText\r\n.\r\n')
  assert.match(await one.answer(), /^250/)
  assert.match(mails[0]?.raw.toString() ?? '', /^Return-Path: <jürgen@beispiel\.example>\r\n[\s\S]* with UTF8SMTP id/)
})

const failures: [string, unknown, RegExp, boolean][] = [
  ['a full disk', new ProblemError({ code: 'disk-full', folder: 'data' }), /^452 4\.3\.1 Insufficient storage, try again later$/, true],
  ['a locked vault', new ProblemError({ code: 'vault-locked' }), /^421 4\.3\.2/, false],
  ['the end of the host', new ProblemError({ code: 'cancelled' }), /^421 4\.3\.2/, false],
  ['a damaged file', new ProblemError({ code: 'data-folder-damaged', file: 'x', reason: 'secret path' }), /^451 4\.3\.0 The message could not be stored, try again later$/, true],
  ['a bug', new TypeError('Cannot read properties of undefined (at /somewhere/file.ts:1:2)'), /^451 4\.3\.0 The message could not be stored, try again later$/, true]
]
for (const [what, thrown, expected, staysOpen] of failures) {
  test(`${what} is a temporary error without a word too much, and nothing was acknowledged`, async (t) => {
    const { port, seen } = await receiver(t, { accept: () => Promise.reject(thrown as Error) })
    const one = await readyForData(port)
    one.send('Subject: x\r\n\r\ny\r\n.\r\n')
    assert.match(await one.answer(), expected)
    assert.match(await one.say('NOOP'), staysOpen ? /^250/ : /closed/)
    assert.equal(seen.unexpected.length, thrown instanceof ProblemError ? 0 : 1)
  })
}

test('nothing is acknowledged before it is taken', async (t) => {
  let finish = (): void => undefined
  const { port } = await receiver(t, { accept: () => new Promise((resolve) => (finish = resolve)) })
  const one = await readyForData(port)
  one.send('Subject: x\r\n\r\ny\r\n.\r\n')
  let answered = false
  const answer = one.answer().finally(() => (answered = true))
  await sleep(150)
  assert.equal(answered, false)
  finish()
  assert.match(await answer, /^250/)
})

test('who goes away in the middle of a message leaves nothing behind', async (t) => {
  const { port, mails, seen } = await receiver(t)
  const one = await readyForData(port)
  one.send('Subject: half\r\n\r\nText without an end')
  await sleep(50)
  one.socket.destroy()
  const other = await readyForData(port)
  other.send('Subject: whole\r\n\r\ny\r\n.\r\n')
  assert.match(await other.answer(), /^250/)
  assert.deepEqual([mails.length, seen.unexpected.length], [1, 0])
})

test('too many connections from one address, and too many at all, are asked to come later', async (t) => {
  const { port } = await receiver(t, { limits: { connections: 3, connectionsPerClient: 2 } })
  const [first, second] = [await greeted(port), await greeted(port)]
  assert.match(await client(connect(port, '127.0.0.1')).answer(), /^421 4\.7\.0 Too many connections from your address/)
  const third = await greeted(port, '127.0.0.2')
  const fourth = client(connect({ port, host: '127.0.0.1', localAddress: '127.0.0.3' }))
  assert.match(await fourth.answer(), /^421 /)
  for (const one of [first, second, third]) assert.match(await one.say('QUIT'), /^221/)
  await sleep(100)
  await greeted(port)
})

test('too many recipients, too long a line, too many errors, unknown commands', async (t) => {
  const { port } = await receiver(t, { limits: { recipients: 2, refusals: 4 } })
  const one = await introduced(port)
  await one.say('MAIL FROM:<ann@customer.example>')
  assert.match(await one.say(`RCPT TO:<a+1@example.com>`.replace('a+1', 'it+1')), /^250/)
  assert.match(await one.say('RCPT TO:<it+2@example.com>'), /^250/)
  assert.match(await one.say('RCPT TO:<it+3@example.com>'), /^452 4\.5\.3/)
  const long = await introduced(port)
  assert.match(await long.say(`MAIL FROM:<${'x'.repeat(3_000)}@example.com>`), /^421/)
  assert.equal(await long.answer(), '(closed)')
  const harvester = await introduced(port)
  await harvester.say('MAIL FROM:<eve@elsewhere.example>')
  for (let count = 0; count < 3; count++) assert.match(await harvester.say(`RCPT TO:<a${count}@example.com>`), /^550/)
  assert.match(await harvester.say('RCPT TO:<z@example.com>'), /^421 4\.7\.0 Too many errors/)
  assert.equal(await harvester.answer(), '(closed)')
  const browser = await greeted(port)
  assert.match(await browser.say('GET / HTTP/1.1'), /^421/)
})

test('silence, and talk without a message, end the connection', async (t) => {
  const { port } = await receiver(t, { limits: { silenceMs: 200 } })
  const silent = await greeted(port)
  assert.match(await silent.answer(), /^421 4\.4\.2 Timeout/)
  const talkative = await receiver(t, { limits: { progressMs: 400 } })
  const one = await greeted(talkative.port)
  const answers: string[] = []
  while (!answers.some((answer) => answer.startsWith('421') || answer === '(closed)') && answers.length < 100) {
    answers.push(await one.say('NOOP'))
    await sleep(20)
  }
  assert.match(answers.at(-1) ?? '', /^421 4\.4\.2/)
})

test('messages on their way take no more memory than is given them', async (t) => {
  const { port, mails } = await receiver(t, { limits: { bytesHeld: 50_000 } })
  const [one, other] = [await readyForData(port), await readyForData(port)]
  one.send(`Subject: first\r\n\r\n${'x'.repeat(40_000)}\r\n`)
  await sleep(100)
  other.send(`Subject: second\r\n\r\n${'x'.repeat(40_000)}\r\n.\r\n`)
  assert.match(await other.answer(), /^452 4\.3\.1 Too much mail at once/)
  one.send('.\r\n')
  assert.match(await one.answer(), /^250/)
  await other.say('MAIL FROM:<ann@customer.example>')
  await other.say(`RCPT TO:<${support}>`)
  await other.say('DATA')
  other.send(`Subject: second\r\n\r\n${'x'.repeat(40_000)}\r\n.\r\n`)
  assert.match(await other.answer(), /^250/)
  assert.equal(mails.length, 2)
})

test('at its end, a message that is complete is taken, and who is idle is told to come later', async (t) => {
  let finish = (): void => undefined
  let taken = 0
  const { port, close } = await receiver(t, { accept: () => new Promise((resolve) => (finish = () => (taken++, resolve()))) })
  const idle = await introduced(port)
  const busy = await readyForData(port)
  busy.send('Subject: x\r\n\r\ny\r\n.\r\n')
  await sleep(50)
  const closing = close()
  assert.match(await idle.answer(), /^421 4\.3\.2/)
  finish()
  assert.match(await busy.answer(), /^250/)
  await closing
  assert.equal(taken, 1)
  const refused = await new Promise((resolve) => connect(port, '127.0.0.1').on('error', (error: NodeJS.ErrnoException) => resolve(error.code)))
  assert.equal(refused, 'ECONNREFUSED')
})

test('a port that is taken, an address that is not ours', async (t) => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  t.after(() => other.close())
  const { port } = other.address() as AddressInfo
  await assert.rejects(receiver(t, { port }), { problem: { code: 'native-mail-cannot-listen', address: '127.0.0.1', port, reason: 'another program listens there already.' } })
  await assert.rejects(receiver(t, { listen: '203.0.113.7' }), { problem: { code: 'native-mail-cannot-listen', address: '203.0.113.7', port: 0, reason: 'this computer does not have the address.' } })
})

const overTls = async (port: number): Promise<{ one: ReturnType<typeof client>; socket: TLSSocket }> => {
  const plain = await introduced(port)
  assert.match(await plain.say('STARTTLS'), /^220/)
  plain.socket.removeAllListeners('data')
  const socket = connectTls({ socket: plain.socket, servername: 'localhost', ca: testCertificates().ca.cert })
  await new Promise<void>((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject))
  return { one: client(socket), socket }
}

test('STARTTLS with a checked certificate; the Received field says so; what came before it is forgotten (RFC 3207)', async (t) => {
  const { good } = testCertificates()
  const { port, mails } = await receiver(t, { certificate: good })
  const { one } = await overTls(port)
  assert.match(await one.say(`MAIL FROM:<ann@customer.example>`), /^503/)
  const ehlo = await one.say('EHLO client.example.org')
  assert.doesNotMatch(ehlo, /STARTTLS|AUTH/)
  await one.say('MAIL FROM:<ann@customer.example>')
  await one.say(`RCPT TO:<${support}>`)
  await one.say('DATA')
  one.send('Subject: x\r\n\r\ny\r\n.\r\n')
  assert.match(await one.answer(), /^250/)
  assert.match(mails[0]?.raw.toString() ?? '', /with ESMTPS \(cipher TLS_\w+\) id/)
})

test('commands that are sent in clear together with STARTTLS are not carried out (CVE-2011-0411)', async (t) => {
  const { good } = testCertificates()
  const { port, mails } = await receiver(t, { certificate: good })
  const plain = await introduced(port)
  plain.send(`STARTTLS\r\nMAIL FROM:<eve@elsewhere.example>\r\nRCPT TO:<${support}>\r\nDATA\r\ninjected\r\n.\r\n`)
  assert.match(await plain.answer(), /^220/)
  plain.socket.removeAllListeners('data')
  const socket = connectTls({ socket: plain.socket, servername: 'localhost', ca: testCertificates().ca.cert })
  await new Promise<void>((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject))
  assert.match(await client(socket).say('NOOP'), /^250 2\.0\.0 OK$/)
  assert.equal(mails.length, 0)
})

test('a renewed certificate is used by the next connection; one that is broken is told of and not used', async (t) => {
  const { good, selfSigned, linked } = testCertificates()
  const folder = mkdtempSync(join(tmpdir(), 'native-mail-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  copyFileSync(good.certFile, certFile)
  copyFileSync(good.keyFile, keyFile)
  const { port, seen } = await receiver(t, { certificate: { certFile, keyFile }, limits: {} })
  const shown = async (): Promise<string> => {
    const { socket } = await overTls(port)
    const { fingerprint256 } = socket.getPeerCertificate()
    socket.destroy()
    return fingerprint256
  }
  assert.equal(await shown(), good.fingerprint)
  writeFileSync(certFile, 'no certificate')
  utimesSync(certFile, 1, 1)
  await sleep(2_100)
  assert.equal(await shown(), good.fingerprint)
  assert.deepEqual(seen.problems, [{ code: 'native-mail-certificate-unusable', file: certFile, reason: 'it holds no PEM certificate.' }])
  copyFileSync(linked.certFile, certFile)
  copyFileSync(linked.keyFile, keyFile)
  await sleep(2_100)
  assert.equal(await shown(), linked.fingerprint)
  assert.equal(seen.problems.at(-1), null)
  assert.notEqual(linked.fingerprint, selfSigned.fingerprint)
})

test('certificates that cannot be used are told with the file that is at fault, and nothing listens', async (t) => {
  const { good, selfSigned } = testCertificates()
  const rows: [{ certFile: string; keyFile: string }, string, string][] = [
    [{ certFile: '/nowhere/cert.pem', keyFile: good.keyFile }, '/nowhere/cert.pem', 'the file is not there.'],
    [{ certFile: good.keyFile, keyFile: good.keyFile }, good.keyFile, 'it holds no PEM certificate.'],
    [{ certFile: good.certFile, keyFile: selfSigned.keyFile }, selfSigned.keyFile, 'the key does not belong to the certificate.'],
    [{ certFile: good.certFile, keyFile: good.certFile }, good.certFile, 'it holds no PEM key that belongs to the certificate.']
  ]
  for (const [certificate, file, reason] of rows) await assert.rejects(receiver(t, { certificate }), { problem: { code: 'native-mail-certificate-unusable', file, reason } })
})

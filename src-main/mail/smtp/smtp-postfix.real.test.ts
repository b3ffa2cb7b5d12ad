import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { OutgoingServer } from '#contract/outgoing-server.ts'
import type { ProblemCode } from '#contract/problem.ts'
import { startPolicyServer, type PolicyServer } from '../../../testbed/postfix-policy.ts'
import { postfixMissing, startPostfix, type Postfix } from '../../../testbed/postfix.ts'
import { needsWithoutSignIn, smtpWithoutSignIn } from '../../../testbed/smtp-without-sign-in.ts'
import { problemOf } from '../incoming-transport-promises.ts'
import type { OutgoingMessage, OutgoingSession } from '../outgoing-transport.ts'
import { createSmtpTransport } from './smtp-transport.ts'

const transport = createSmtpTransport()
let count = 0
const mail = (to = 'ann@example.org', { from = 'it@example.com', body = 'x\r\n' } = {}): OutgoingMessage => {
  const messageId = `<${++count}@example.com>`
  return { from, recipients: [to], messageId, raw: Buffer.from(`From: it@example.com\r\nTo: x@example.org\r\nMessage-ID: ${messageId}\r\nSubject: ${count}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n${body}`) }
}
const bodyOf = (raw: Buffer): string => raw.toString('utf8').replaceAll('\r\n', '\n').split('\n\n').slice(1).join('\n\n')

describe('Postfix', { skip: postfixMissing() ?? false, timeout: 180_000 }, () => {
  let postfix: Postfix
  let policy: PolicyServer
  before(async () => {
    const actions: Record<string, string> = { full: '552 5.2.2 Mailbox full', nobody: '550 5.1.1 No such user', later: '450 4.2.0 Greylisted', busy: '421 4.3.2 Too busy', space: '452 4.3.1 Insufficient system storage' }
    policy = await startPolicyServer((recipient) => actions[recipient.split('@')[0] ?? ''] ?? 'dunno')
    postfix = await startPostfix({ message_size_limit: '200000', smtpd_recipient_restrictions: `check_policy_service inet:127.0.0.1:${policy.port}, permit`, smtpd_sender_restrictions: 'check_sender_access inline:{refused@example.com=REJECT}', smtputf8_enable: 'yes' })
  })
  after(async () => {
    await postfix.end()
    await policy.stop()
  })
  const server = (): OutgoingServer => smtpWithoutSignIn(postfix.port, { timeoutMs: 20_000 })
  const inSession = async (work: (session: OutgoingSession, lines: string[]) => Promise<void>): Promise<void> => {
    const lines: string[] = []
    const session = await transport.open(server(), needsWithoutSignIn({ transcript: (line) => void lines.push(line) }))
    await work(session, lines).finally(() => session.close())
  }

  const refusals: [what: string, message: () => OutgoingMessage, code: ProblemCode, said: RegExp, stays: boolean][] = [
    ['nobody there', () => mail('nobody@example.org'), 'recipient-refused', /^550 5\.1\.1 .*No such user/, true],
    ['a full mailbox', () => mail('full@example.org'), 'recipient-refused', /^552 5\.2\.2/, true],
    ['greylisted', () => mail('later@example.org'), 'mail-deferred', /^450 4\.2\.0 .*Greylisted/, true],
    ['no space', () => mail('space@example.org'), 'mail-deferred', /^452 4\.3\.1/, true],
    ['sent away', () => mail('busy@example.org'), 'mail-deferred', /^421 4\.3\.2 .*Too busy/, false],
    ['a sender that may not', () => mail('ann@example.org', { from: 'refused@example.com' }), 'sender-refused', /Sender address rejected/, true],
    ['too large, as SIZE says', () => mail('ann@example.org', { body: 'x'.repeat(70).concat('\r\n').repeat(4_000) }), 'mail-too-large', /SIZE 200000/, true],
    ['an address that could end the command', () => mail('ann@example.org>\r\nRCPT TO:<boss@example.org'), 'recipient-refused', /^553 5\.6\.7/, true]
  ]
  for (const [what, message, code, said, stays] of refusals) {
    test(`${what}: ${code}, in the server's words, and the session ${stays ? 'goes on' : 'is over'}`, () => inSession(async (session) => {
      const problem = await problemOf(session.send(message()))
      assert.equal(problem.code, code, JSON.stringify(problem))
      assert.match('serverSaid' in problem ? problem.serverSaid : '', said)
      assert.equal(session.isUsable(), stays)
      if (stays) assert.match((await session.send(mail())).serverSaid, /^250 2\.0\.0/)
    }))
  }

  test('without SIZE a mail that is too large is refused when it is there', async () => {
    await postfix.set({ smtpd_discard_ehlo_keywords: 'size' })
    await inSession(async (session) => {
      const problem = await problemOf(session.send(mail('ann@example.org', { body: 'x'.repeat(70).concat('\r\n').repeat(4_000) })))
      assert.ok(problem.code === 'mail-refused' && /^552 5\.3\.4/.test(problem.serverSaid), JSON.stringify(problem))
    })
    await postfix.set({ smtpd_discard_ehlo_keywords: '' })
  })

  test('mail after mail goes over one connection as it is: dots, UTF-8, addresses beyond ASCII', async () => {
    const before = (await postfix.delivered()).length
    const body = 'Grüße\r\n.\r\n..two\r\n.\r\n\r\nend\r\n'
    await inSession(async (session, lines) => {
      for (let round = 0; round < 30; round++) await session.send(mail('ann@example.org', { body }))
      const { accepted } = await session.send(mail('grüße@example.org', { body }))
      assert.deepEqual(accepted, ['grüße@example.org'])
      const said = lines.join('\n')
      assert.match(said, /MAIL FROM:<it@example\.com> SIZE=\d+ BODY=8BITMIME$/m)
      assert.match(said, /MAIL FROM:<it@example\.com> SIZE=\d+ BODY=8BITMIME SMTPUTF8$/m)
      assert.equal(lines.filter((line) => /EHLO/.test(line)).length, 1)
    })
    const delivered = (await postfix.delivered()).slice(before)
    assert.equal(delivered.length, 31)
    for (const raw of delivered) assert.equal(bodyOf(raw).trimEnd(), body.replaceAll('\r\n', '\n').trimEnd())
  })

  test('where SMTPUTF8 is not offered, an address beyond ASCII is refused before anything is sent', async () => {
    await postfix.set({ smtputf8_enable: 'no' })
    await inSession(async (session) => {
      const problem = await problemOf(session.send(mail('grüße@example.org')))
      assert.ok(problem.code === 'recipient-refused' && /SMTPUTF8/.test(problem.serverSaid), JSON.stringify(problem))
      // RFC 6531 3.2: a domain has a form in ASCII.
      assert.match((await session.send(mail('ann@bücher.example'))).serverSaid, /^250/)
    })
    await postfix.set({ smtputf8_enable: 'yes' })
  })

  test('a server that is stopped between two mails ends the session, and no mail is in doubt', async () => {
    const session = await transport.open(server(), needsWithoutSignIn())
    await session.send(mail())
    await postfix.stop()
    const ended = session.isUsable() ? await problemOf(session.send(mail())) : null
    assert.ok(ended === null || ended.code === 'server-busy' || ended.code === 'connection-dropped', JSON.stringify(ended))
    assert.equal(session.isUsable(), false)
    assert.equal((await problemOf(transport.open(server(), needsWithoutSignIn()))).code, 'connection-refused')
    await postfix.start()
    await inSession(async (next) => void (await next.send(mail())))
  })
})

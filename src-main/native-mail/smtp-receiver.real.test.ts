import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { test, type TestContext } from 'node:test'
import { ProblemError } from '#contract/problem.ts'
import { testCertificates } from '../../testbed/certificates.ts'
import { nativeRecipient } from '../model/native-recipient.ts'
import type { ReceivedMail, ReceiverOrder } from './receiver.ts'
import { startSmtpReceiver } from './smtp-receiver.ts'

const missing = (program: string, install: string): string | false => (spawnSync(program, ['--version']).error === undefined ? false : `${program} is not installed: apt-get install ${install}`)
const noSwaks = missing('swaks', 'swaks')
const noSource = missing('smtp-source', 'postfix')
const support = 'tarobe482@localhost'

async function receiver(t: TestContext, order: Partial<ReceiverOrder> = {}) {
  const mails: ReceivedMail[] = []
  const started = await startSmtpReceiver({
    host: 'localhost', listen: '127.0.0.1', port: 0, certificate: null, maxMessageSize: 1_000_000, recipient: (address) => nativeRecipient(address, { support, host: 'localhost', addresses: [] }),
    accept: async (mail) => void mails.push(mail), refused: () => undefined, certificateProblem: () => undefined, reportUnexpected: () => undefined, ...order
  })
  t.after(() => started.close())
  return { mails, port: started.port }
}

/** Runs a program to its end beside the receiver; answers its exit status and what it said. */
const run = (program: string, args: readonly string[]): Promise<{ status: number | null; said: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args)
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece: Buffer) => (said += piece.toString()))
    child.on('error', reject).on('close', (status) => resolve({ status, said }))
  })
const swaks = (port: number, ...args: string[]) => run('swaks', ['--server', '127.0.0.1', '--port', String(port), '--from', 'ann@customer.example', '--to', support, ...args])

test('swaks brings a message with an attachment, over STARTTLS with a certificate that it checks', { skip: noSwaks }, async (t) => {
  const { good, ca } = testCertificates()
  const { port, mails } = await receiver(t, { certificate: good })
  const { status, said } = await swaks(port, '--tls', '--tls-verify', '--tls-ca-path', ca.certFile, '--header', 'Subject: From swaks', '--body', 'Hello', '--attach', '@/etc/hostname')
  assert.equal(status, 0, said)
  assert.match(said, /TLS started with cipher TLSv1\.3/)
  assert.equal(mails.length, 1)
  assert.match(mails[0]?.raw.toString() ?? '', /^Return-Path: <ann@customer\.example>\r\nReceived: from [^;]* with ESMTPS[\s\S]*\r\nSubject: From swaks\r\n/)
})

test('swaks refuses a certificate of a stranger; without one there is no STARTTLS', { skip: noSwaks }, async (t) => {
  const { unknownIssuer, ca } = testCertificates()
  const { port } = await receiver(t, { certificate: unknownIssuer })
  assert.notEqual((await swaks(port, '--tls', '--tls-verify', '--tls-ca-path', ca.certFile)).status, 0)
  const plain = await receiver(t)
  const { status, said } = await swaks(plain.port, '--tls')
  assert.notEqual(status, 0)
  assert.match(said, /STARTTLS not supported|Host did not advertise STARTTLS/i)
})

test('swaks may not relay, sign in, or send what is too large; a full disk is temporary', { skip: noSwaks }, async (t) => {
  const { port } = await receiver(t, { maxMessageSize: 10_000 })
  assert.match((await swaks(port, '--to', 'bo@elsewhere.example')).said, /<\*\* 550 5\.7\.1 Relaying denied/)
  assert.match((await swaks(port, '--auth', 'PLAIN', '--auth-user', 'ann', '--auth-password', 'secret')).said, /Host did not advertise authentication/)
  assert.match((await swaks(port, '--body', 'x'.repeat(20_000))).said, /<\*\* 552 5\.3\.4/)
  const full = await receiver(t, { accept: () => Promise.reject(new ProblemError({ code: 'disk-full', folder: 'data' })) })
  assert.match((await swaks(full.port)).said, /<\*\* 452 4\.3\.1 Insufficient storage, try again later/)
})

test('smtp-source brings 500 messages over eight connections', { skip: noSource }, async (t) => {
  const { port, mails } = await receiver(t)
  const { status, said } = await run('smtp-source', ['-d', '-s', '8', '-l', '4000', '-m', '500', '-f', 'ann@customer.example', '-t', support, `127.0.0.1:${port}`])
  assert.equal(status, 0, said)
  assert.equal(mails.length, 500)
})

import type { AddressInfo, Socket } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { testCertificates, type TestCertificate } from '../../../testbed/certificates.ts'
import type { ScriptMove } from '../../../testbed/scripted-server.ts'
import { outgoingTransportPromises, type OutgoingFault, type OutgoingGround, type ReceivedMail } from '../outgoing-transport-promises.ts'
import { createSmtpTransport } from './smtp-transport.ts'

const secret = 'correct-horse'

for (const security of ['none', 'starttls', 'tls'] as const) {
  for (const signIn of ['password', 'token'] as const) outgoingTransportPromises(`SMTP, ${security}, by ${signIn}`, { protocol: 'smtp', security, signIn, skip: false }, () => smtpGround(signIn))
}

async function smtpGround(signIn: 'password' | 'token'): Promise<OutgoingGround> {
  const received: ReceivedMail[] = []
  let fault: OutgoingFault | null = null
  let dropsAnswer = false
  const takes = (mail: ReceivedMail): boolean => {
    received.push(mail)
    const said = !dropsAnswer
    dropsAnswer = false
    return said
  }
  const plain = await startServer(signIn, false, () => fault, takes)
  const tls = await startServer(signIn, true, () => fault, takes)
  return {
    ports: { plain: plain.port, tls: tls.port },
    secret,
    caFile: testCertificates().ca.certFile,
    createTransport: (limits) => createSmtpTransport({ limits }),
    ...(signIn === 'token' ? { auth: (user: string) => ({ method: 'oauth2' as const, user, provider: 'other' as const, flow: 'interactive' as const, secret: 'keychain' }) } : {}),
    received: () => received,
    setFault(next) {
      fault = next
      // SIZE is told in EHLO.
      for (const { server } of [plain, tls]) server.options.size = next?.refuse === 'size' ? next.largest : 50_000_000
    },
    startTlsScript,
    dropNextAnswer: () => void (dropsAnswer = true),
    stop: async () => void (await Promise.all([plain.stop(), tls.stop()]))
  }
}

const refusal = (code: number, text: string): Error => Object.assign(new Error(text), { responseCode: code })

async function startServer(signIn: 'password' | 'token', secure: boolean, faultNow: () => OutgoingFault | null, takes: (mail: ReceivedMail) => boolean): Promise<{ port: number; server: SMTPServer; stop(): Promise<void> }> {
  const { cert, key } = testCertificates().good
  const server = new SMTPServer({
    logger: false, cert, key, secure, allowInsecureAuth: true, size: 50_000_000, authMethods: signIn === 'token' ? ['XOAUTH2'] : ['PLAIN'],
    onAuth(auth, _session, done) {
      const shown = signIn === 'token' ? auth.accessToken : auth.password
      if (shown === secret) return done(null, { user: auth.username })
      // https://developers.google.com/gmail/imap/xoauth2-protocol: the error comes as a challenge first.
      return signIn === 'token' ? done(null, { data: { status: '401', schemes: 'bearer', scope: 'mail' } }) : done(refusal(535, '5.7.8 Authentication failed'))
    },
    onMailFrom: (_address, _session, done) => (faultNow()?.refuse === 'sender' ? done(refusal(553, '5.7.1 Sender not allowed')) : done()),
    onRcptTo({ address }, _session, done) {
      const fault = faultNow()
      return fault?.refuse === 'recipient' && fault.address === address ? done(refusal(550, '5.1.1 No such user')) : done()
    },
    onData(stream, { envelope }, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const refuse = faultNow()?.refuse
        if (refuse === 'mail') return done(refusal(554, '5.7.1 Refused as spam'))
        if (refuse === 'deferred') return done(refusal(451, '4.3.0 Try later'))
        if (takes({ from: envelope.mailFrom === false ? '' : envelope.mailFrom.address, recipients: envelope.rcptTo.map(({ address }) => address), raw: Buffer.concat(chunks) })) return done()
        for (const connection of server.connections) (connection as unknown as { _socket: Socket })._socket.destroy()
      })
    }
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { port: (server.server.address() as AddressInfo).port, server, stop: () => new Promise<void>((resolve) => server.close(resolve)) }
}

function startTlsScript(certificate: TestCertificate | null): ScriptMove[] {
  const offered: ScriptMove[] = [{ line: '220 ready' }, { expect: /^EHLO/ }, { send: certificate === null ? '250-here\r\n250 8BITMIME\r\n' : '250-here\r\n250 STARTTLS\r\n' }]
  return certificate === null ? [...offered, { expect: /./ }, { line: '502 no' }, { silence: true }] : [...offered, { expect: /^STARTTLS/ }, { line: '220 go' }, { startTls: certificate }, { silence: true }]
}

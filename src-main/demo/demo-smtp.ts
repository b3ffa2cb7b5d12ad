import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

export type DemoSmtpNeeds = {
  users: readonly string[]
  password: string
  /** Called for each recipient of a message that was taken. */
  deliver: (recipient: string, raw: Buffer) => void
}

const largestMail = 30_000_000

/** An SMTP server on loopback that wants a sign-in and refuses unknown people of the demo's domain. */
export const startDemoSmtp = async ({ users, password, deliver }: DemoSmtpNeeds): Promise<{ port: number; stop(): Promise<void> }> => {
  const server = new SMTPServer({
    name: 'demo.example', banner: 'Mailroom demo', logger: false, hideSTARTTLS: true, allowInsecureAuth: true, authMethods: ['PLAIN', 'LOGIN'], size: largestMail,
    onAuth: (auth, _session, done) => (users.includes(auth.username ?? '') && auth.password === password ? done(null, { user: auth.username }) : done(refusal(535, 'This is not the password of the demo'))),
    onRcptTo: ({ address }, _session, done) => (/@demo\.example$/i.test(address) && !isKnown(address) ? done(refusal(550, `There is no ${address} here`)) : done()),
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        if (stream.sizeExceeded) return done(refusal(552, 'The mail is too large for the demo'))
        for (const { address } of session.envelope.rcptTo) deliver(address.toLowerCase(), Buffer.concat(chunks))
        done(null, 'Taken by the demo')
      })
    }
  })
  // A client that goes away in the middle is no concern of the demo.
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { port: (server.server.address() as AddressInfo).port, stop: () => new Promise((resolve) => server.close(resolve)) }
}

const isKnown = (address: string): boolean => /^(?:it|hr|facilities|[a-z]+\.[a-z]+)@/i.test(address)
const refusal = (responseCode: number, message: string): Error => Object.assign(new Error(message), { responseCode })

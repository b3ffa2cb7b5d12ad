import { SMTPServer } from 'smtp-server'
import { freePorts } from './free-ports.ts'

/** A mail server that can be taken away and brought back on its port. `taken` is what it took, in order. */
export type SwitchedSink = {
  port: number
  taken: { to: string; subject: string; messageId: string }[]
  /** Nothing listens any more. */
  down(): Promise<void>
  /** Something listens and greets, and lets nobody in. */
  refuseSignIn(): Promise<void>
  up(): Promise<void>
  stop(): Promise<void>
}

/** Takes mail of who signs in with `password`; a recipient `nobody@…` is refused for good. */
export async function startSwitchedSink(password: string): Promise<SwitchedSink> {
  const [port = 0] = await freePorts(1)
  const taken: SwitchedSink['taken'] = []
  let server: SMTPServer | null = null
  const down = async (): Promise<void> => {
    const ending = server
    server = null
    if (ending !== null) await new Promise<void>((resolve) => ending.close(() => resolve()))
  }
  const listen = async (letsIn: boolean): Promise<void> => {
    await down()
    const next = new SMTPServer({
      logger: false, disableReverseLookup: true, hideSTARTTLS: true, allowInsecureAuth: true, closeTimeout: 100,
      onAuth: (given, _session, done) => (letsIn && given.password === password ? done(null, { user: given.username }) : done(Object.assign(new Error('5.7.8 Authentication credentials invalid'), { responseCode: 535 }))),
      onRcptTo: ({ address }, _session, done) => done(address.startsWith('nobody@') ? Object.assign(new Error('5.1.1 No such user'), { responseCode: 550 }) : null),
      onData(stream, session, done) {
        const chunks: Buffer[] = []
        stream.on('data', (chunk: Buffer) => chunks.push(chunk))
        stream.on('end', () => {
          const raw = Buffer.concat(chunks).toString('latin1')
          for (const { address } of session.envelope.rcptTo) taken.push({ to: address, subject: /^Subject: (.*)\r$/im.exec(raw)?.[1] ?? '', messageId: /^Message-ID: (.*)\r$/im.exec(raw)?.[1] ?? '' })
          done(null, 'taken')
        })
      }
    })
    next.on('error', () => undefined)
    server = next
    await new Promise<void>((resolve) => next.listen(port, '127.0.0.1', () => resolve()))
  }
  await listen(true)
  return { port, taken, down, refuseSignIn: () => listen(false), up: () => listen(true), stop: down }
}

import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerSession } from 'smtp-server'
import { ProblemError } from '#contract/problem.ts'
import { readCertificate, watchCertificate } from './certificate-files.ts'
import { createClientDesk } from './client-desk.ts'
import { createDataRoom } from './data-room.ts'
import type { ReceivedMail, ReceiverLimits, ReceiverOrder, StartReceiver } from './receiver.ts'
import { noSuchMailbox, notTaken, noRoomNow, relayingDenied } from './refusals.ts'
import { traceFields } from './trace-fields.ts'

const usualLimits = (maxMessageSize: number): ReceiverLimits => ({
  connections: 100, connectionsPerClient: 20, recipients: 100, refusals: 20, silenceMs: 5 * 60_000, progressMs: 30 * 60_000, commandLine: 2_048, bytesHeld: Math.max(256_000_000, 2 * maxMessageSize), closeMs: 10_000
})

/**
 * Receives mail by SMTP (RFC 5321) with SIZE (RFC 1870), PIPELINING (RFC 2920), 8BITMIME (RFC 6152), SMTPUTF8 (RFC 6531) and, with a
 * certificate, STARTTLS (RFC 3207). It takes mail for its own recipients alone, and never signs anybody in. Only CRLF.CRLF ends a
 * message (RFC 5321 4.1.1.4; CVE-2023-51764).
 */
export const startSmtpReceiver: StartReceiver = async (order) => {
  const limits = { ...usualLimits(order.maxMessageSize), ...order.limits }
  const pair = order.certificate === null ? null : await readCertificate(order.certificate)
  const desk = createClientDesk({ limits, refused: order.refused })
  const room = createDataRoom({ bytesHeld: limits.bytesHeld, maxMessageSize: order.maxMessageSize })
  const taking = new Set<Promise<void>>()
  const server: SMTPServer = new SMTPServer({
    name: order.host, logger: false, disableReverseLookup: true, ...(pair ?? {}), minVersion: 'TLSv1.2',
    disabledCommands: ['AUTH', 'XCLIENT', 'XFORWARD', 'WIZ', 'SHELL', 'KILL', ...(pair === null ? ['STARTTLS'] : [])],
    hideENHANCEDSTATUSCODES: false, size: order.maxMessageSize, rejectOversized: true, maxClients: limits.connections, maxRecipients: limits.recipients,
    socketTimeout: limits.silenceMs, closeTimeout: limits.closeMs, maxCommandLength: limits.commandLine, heloResponse: '%s',
    onConnect: (session, done) => void (watch?.look() ?? Promise.resolve()).catch((thrown: unknown) => order.reportUnexpected(thrown, 'looking for a renewed certificate')).then(() => done(desk.welcome(server.connections, session))),
    onRcptTo: ({ address }, _session, done) => {
      const where = order.recipient(address)
      done(where === 'here' ? null : where === 'unknown' ? noSuchMailbox() : relayingDenied())
    },
    onData(stream, session, done) {
      const work = room.read(stream, () => desk.sendAwayTooLarge(session)).then(({ data, release }) => (data === 'gone' ? undefined : data === 'too-large' ? done() : data === 'no-room' ? done(noRoomNow()) : take(data, session, done).finally(release)))
      const tracked = work.finally(() => taking.delete(tracked))
      taking.add(tracked)
    },
    onClose: (session) => desk.goodbye(session)
  })
  const watch = order.certificate === null ? null : watchCertificate(order.certificate, { renewed: ({ cert, key }) => server.updateSecureContext({ cert, key }), problem: order.certificateProblem })

  async function take(data: Buffer[], session: SMTPServerSession, done: (error?: Error | null, message?: string) => void): Promise<void> {
    try {
      await order.accept(receivedMail(order, data, session))
      desk.gotThrough(session)
      done(null, `The message was taken as ${session.id}`)
    } catch (thrown) {
      if (!(thrown instanceof ProblemError)) order.reportUnexpected(thrown, 'taking a message by SMTP')
      done(notTaken(thrown))
    }
  }

  // A client that goes away, or fails to agree on TLS, is no concern of anybody but itself.
  server.on('error', () => undefined)
  const port = await listen(server, order)
  return { port, close: () => close(server, desk, taking, limits.closeMs) }
}

function receivedMail(order: ReceiverOrder, data: readonly Buffer[], session: SMTPServerSession): ReceivedMail {
  const { mailFrom, rcptTo } = session.envelope
  const recipients = rcptTo.map(({ address }) => address)
  const [sender, helo, clientAddress] = [mailFrom === false ? '' : mailFrom.address, session.hostNameAppearsAs, session.remoteAddress]
  const trace = traceFields({
    mailFrom: sender, helo, clientAddress, host: order.host, protocol: session.envelope.smtpUtf8 === true ? `UTF8${session.transmissionType.replace(/^ESMTP/, 'SMTP')}` : session.transmissionType,
    cipher: session.tlsOptions === false ? null : session.tlsOptions.name, id: `${session.id}.${session.transaction}`, recipients, at: (order.now ?? Date.now)()
  })
  return { raw: Buffer.concat([Buffer.from(trace), ...data]), session: { clientAddress, helo, mailFrom: sender }, recipients }
}

function listen(server: SMTPServer, { listen: address, port }: ReceiverOrder): Promise<number> {
  return new Promise((resolve, reject) => {
    server.server.once('error', (error: NodeJS.ErrnoException) => reject(new ProblemError({ code: 'native-mail-cannot-listen', address, port, reason: reasonOf(error) }, { cause: error })))
    server.listen(port, address, () => resolve((server.server.address() as AddressInfo).port))
  })
}

const reasons: Record<string, string> = {
  EADDRINUSE: 'another program listens there already.', EACCES: 'this needs more rights: ports below 1024 are for administrators.', EADDRNOTAVAIL: 'this computer does not have the address.', ENOTFOUND: 'there is no computer of this name.', EAI_AGAIN: 'the name cannot be looked up now.'
}
const reasonOf = ({ code = 'unknown reason' }: NodeJS.ErrnoException): string => reasons[code] ?? `the system said ${code}.`

/** New clients are not let in, idle ones are sent away, and messages that are complete are taken to the end. */
async function close(server: SMTPServer, desk: ReturnType<typeof createClientDesk>, taking: ReadonlySet<Promise<void>>, mostMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  desk.close(server.connections)
  const late = AbortSignal.timeout(mostMs)
  await Promise.race([Promise.allSettled(taking), new Promise((resolve) => late.addEventListener('abort', resolve))])
  desk.sendAwayAll(server.connections)
  await closed
}

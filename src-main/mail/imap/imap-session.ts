import { ImapFlow } from 'imapflow'
import type { IncomingServer } from '#contract/incoming-server.ts'
import { ProblemError, type Problem } from '#contract/problem.ts'
import { destinationFor, type Attempt, type Destination } from '../connection/destination.ts'
import { explainFailure } from '../connection/explain-failure.ts'
import { wireError } from '../connection/line-wire.ts'
import { tlsOptionsFor } from '../connection/tls-options.ts'
import { tunnelAsPipe } from '../connection/tunnel-as-pipe.ts'
import { createTranscript, type Transcript } from '../connection/transcript.ts'
import type { ConnectionNeeds } from '../incoming-transport.ts'
import { presentCredentials, type Presented } from '../present-credentials.ts'
import { translateFailures } from '../translate-failures.ts'
import { imapProblem } from './imap-problem.ts'

/** A signed-in connection. `run` makes a ProblemError of whatever goes wrong, a result of `false` included. */
export type ImapSession = {
  client: ImapFlow
  run<Result>(command: string, folder: string | null, work: () => Promise<Result | false | undefined>): Promise<Result>
  /** Whether a capability is offered (RFC 9051 7.2.2), such as UIDPLUS. */
  offers(capability: string): boolean
  close(): Promise<void>
}

/** A command that has not ended after this many silences is given up, even if bytes trickle; a download and IDLE are bounded by silence alone. */
const silencesOfACommand = 5

/** Connects with ImapFlow and signs in. Throws ProblemError; the connection is closed then and whenever `needs.signal` aborts. */
export const openSession = (server: IncomingServer, needs: ConnectionNeeds, attempt: Attempt): Promise<ImapSession> =>
  presentCredentials(server, needs, (presented) => openSignedIn(server, needs, attempt, presented))

async function openSignedIn(server: IncomingServer, needs: ConnectionNeeds, attempt: Attempt, presented: Presented): Promise<ImapSession> {
  if (needs.signal.aborted) throw new ProblemError({ code: 'cancelled' })
  const to = destinationFor('imap', server, needs)
  const transcript = createTranscript(needs.transcript, presented.secret)
  const seen: Seen = { refusal: null, fatal: null }
  const { client, tunnel } = await translateFailures(async () => {
    const ready = await settings(to, server, presented, attempt, watch(seen, transcript))
    // ImapFlow's own proxy code hands SOCKS credentials on percent-encoded and tells one failure from another by no code.
    const way = to.proxy === null ? null : await tunnelAsPipe(to, attempt)
    return { client: new ImapFlow(way === null ? ready : { ...ready, tls: { ...ready.tls, path: way.path } }), tunnel: way }
  }, (error) => explainFailure(error, to, attempt, 'connecting'))
  client.on('error', (error: unknown) => (seen.fatal ??= error))
  const onAbort = (): void => client.close()
  needs.signal.addEventListener('abort', onAbort, { once: true })
  client.once('close', () => {
    needs.signal.removeEventListener('abort', onAbort)
    tunnel?.close()
    transcript?.note('Connection closed')
  })

  const problemOf = async (error: unknown, command: string, folder: string | null): Promise<Problem | null> => {
    if (needs.signal.aborted) return { code: 'cancelled' }
    const circumstances = { server: server.name, host: server.host, port: server.port, user: presented.user, mailbox: presented.user, auth: server.auth, command, folder, capabilities: [...client.capabilities.keys()] }
    // What ended the connection says more than the "not connected" that the commands get, unless the server said BYE.
    const cause = seen.fatal ?? error
    return imapProblem(error, circumstances) ?? imapProblem(cause, circumstances) ?? explainFailure(cause, to, attempt, duringOf(command))
  }
  const session: ImapSession = {
    client,
    run: (command, folder, work) =>
      translateFailures(async () => {
        seen.refusal = null
        const result = await bounded(command, work, client, attempt.limits.silenceMs)
        if (result !== false && result !== undefined) return result
        throw seen.fatal ?? seen.refusal ?? (client.usable ? new ProblemError({ code: 'command-refused', server: server.name, command, serverSaid: '' }) : wireError('NoConnection', 'The connection is closed.'))
      }, (error) => problemOf(error, command, folder)),
    offers: (capability) => client.capabilities.has(capability),
    close: () => closeClient(client)
  }
  try {
    await translateFailures(() => bounded('LOGIN', () => client.connect(), client, attempt.limits.silenceMs), (error) => problemOf(error, 'LOGIN', null))
  } catch (error) {
    client.close()
    tunnel?.close()
    throw error
  }
  return session
}

/** ImapFlow logs what its commands answer `false` for, and emits why a connection ended; both are kept for the problem. */
type Seen = { refusal: unknown; fatal: unknown }

type LogEntry = { src?: string; msg?: unknown; err?: unknown }
function watch(seen: Seen, transcript: Transcript | null) {
  const line = (entry: LogEntry): void => {
    if (transcript === null || typeof entry.msg !== 'string') return
    if (entry.src === 'c') transcript.client(entry.msg)
    else if (entry.src === 's') transcript.server(entry.msg)
  }
  const failure = (entry: LogEntry): void => {
    if (entry.err) seen.refusal = entry.err
  }
  return { trace: line, debug: line, info: () => undefined, warn: failure, error: failure }
}

async function settings(to: Destination, server: IncomingServer, { kind, user, secret }: Presented, attempt: Attempt, logger: ReturnType<typeof watch>) {
  const { limits } = attempt
  return {
    host: to.host, port: to.port, secure: to.security === 'tls', doSTARTTLS: to.security === 'tls' ? undefined : to.security === 'starttls',
    tls: { ...(to.security === 'none' ? {} : await tlsOptionsFor(to, attempt)), autoSelectFamily: true, autoSelectFamilyAttemptTimeout: 250 },
    // ImapFlow takes OAUTHBEARER where it is offered and XOAUTH2 otherwise.
    auth: kind === 'token' ? { user, accessToken: secret } : { user, pass: secret },
    clientInfo: { name: 'Mailroom', vendor: false as const, version: false as const, 'support-url': false as const },
    logger, emitLogs: false,
    // Compression and MODSEQ cost time for each message and bring nothing to a download that happens once.
    disableCompression: true, disableAutoEnable: true, disableAutoIdle: true, disableIMAP4rev2: true,
    connectionTimeout: limits.connectMs, greetingTimeout: limits.greetingMs, socketTimeout: limits.silenceMs,
    maxLineLength: 16_000_000, maxLiteralSize: Math.max(100_000_000, server.maxMessageSize * 2), maxResponseSize: Math.max(200_000_000, server.maxMessageSize * 3)
  }
}

async function bounded<Result>(command: string, work: () => Promise<Result>, client: ImapFlow, silenceMs: number): Promise<Result> {
  if (command === 'FETCH' || command === 'IDLE') return work()
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<never>((_done, failed) => {
    timer = setTimeout(() => {
      failed(wireError('ETIMEOUT', `${command} took too long.`))
      client.close()
    }, silenceMs * silencesOfACommand)
  })
  try {
    return await Promise.race([work(), tooLong])
  } finally {
    clearTimeout(timer)
  }
}

async function closeClient(client: ImapFlow): Promise<void> {
  if (client.usable) {
    let timer: NodeJS.Timeout | undefined
    const patience = new Promise<void>((done) => (timer = setTimeout(done, 2_000)))
    // The answer to LOGOUT changes nothing: the connection is closed either way.
    await Promise.race([client.logout().catch(() => undefined), patience])
    clearTimeout(timer)
  }
  client.close()
}

function duringOf(command: string): string {
  const words: Record<string, string | undefined> = { LOGIN: 'sign-in', SELECT: 'opening the folder', FETCH: 'the download of messages', STORE: 'marking messages', MOVE: 'moving messages', COPY: 'moving messages', SEARCH: 'listing messages', IDLE: 'waiting for new mail' }
  return words[command] ?? command
}

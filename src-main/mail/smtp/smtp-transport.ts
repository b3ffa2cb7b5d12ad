import { ProblemError, type Peer, type Problem } from '#contract/problem.ts'
import type { OutgoingServer } from '#contract/outgoing-server.ts'
import type { ConnectionNeeds, Credentials } from '../incoming-transport.ts'
import type { OutgoingMessage, OutgoingTransport } from '../outgoing-transport.ts'
import { codeOf } from '../connection/connection-problem.ts'
import { defaultLimits, destinationFor, type Attempt, type ConnectionLimits } from '../connection/destination.ts'
import { explainFailure } from '../connection/explain-failure.ts'
import { openConversation } from '../connection/open-conversation.ts'
import { createTranscript } from '../connection/transcript.ts'
import { diagnoseConnection } from '../diagnose/diagnose-connection.ts'
import { createStepRunner } from '../diagnose/run-step.ts'
import { createSmtpDialogue, signInMethods, type Ehlo, type SmtpDialogue, type SmtpFailure } from './smtp-dialogue.ts'
import { smtpProblem } from './smtp-problem.ts'

/** SMTP submission (RFC 5321, 6409) with STARTTLS (3207), TLS (8314) and AUTH (4954), by nodemailer. */
export const createSmtpTransport = ({ limits: wishes = {} }: { limits?: Partial<ConnectionLimits> } = {}): OutgoingTransport => ({
  async send(server, message, needs) {
    const limits = limitsFor(server, wishes)
    const dialogue = await greet(server, message, needs, limits)
    const onAbort = (): void => dialogue.end()
    needs.signal.addEventListener('abort', onAbort)
    try {
      const ehlo = await dialogue.ehlo()
      await signIn(dialogue, server, ehlo, needs.credentials)
      if (ehlo.maxSize !== null && message.raw.length > ehlo.maxSize)
        throw new ProblemError({ code: 'mail-refused', server: server.name, serverSaid: `SIZE ${ehlo.maxSize}: the mail has ${message.raw.length} bytes.` })
      return await dialogue.send(message)
    } finally {
      needs.signal.removeEventListener('abort', onAbort)
      dialogue.end()
    }
  },
  async diagnose(server, needs, report) {
    const attempt: Attempt = { signal: needs.signal, limits: limitsFor(server, wishes) }
    const to = destinationFor('smtp', server, needs)
    const problemOf = (error: unknown, step: string): Promise<Problem | null> | Problem | null =>
      codeOf(error) === 'SERVER_REFUSED' && error instanceof Error ? greetingProblem(server, error.message) : explainFailure(error, to, attempt, step)
    const step = createStepRunner({ report, stepMs: attempt.limits.stepMs, signal: needs.signal, problemOf: async (error, name) => problemOf(error, name) })
    const offered = await diagnoseConnection(to, attempt, step, createTranscript(needs.transcript, needs.credentials?.secret ?? null))
    if (offered === null || needs.credentials === null || server.auth.method === 'none') return
    await step('sign-in', async () => {
      const dialogue = await greet(server, null, needs, attempt.limits)
      try {
        const method = await signIn(dialogue, server, await dialogue.ehlo(), needs.credentials)
        return { value: null, detail: `${server.auth.user} by AUTH ${method ?? ''}` }
      } finally {
        dialogue.end()
      }
    })
  }
})

/** What a greeting means that sends us away. */
const greetingProblem = (server: OutgoingServer, said: string): Problem =>
  smtpProblem({ server: server.name, user: '', peer: peerOf(server), encrypted: server.security !== 'none', offered: [], stage: 'greeting', said: said.trim(), addresses: [] })

/** The server's own time-out bounds each wait. */
export const limitsFor = (server: OutgoingServer, wishes: Partial<ConnectionLimits>): ConnectionLimits => {
  const patience = server.timeoutMs
  return { ...defaultLimits, connectMs: patience, handshakeMs: patience, greetingMs: patience, silenceMs: patience, ...wishes }
}

async function greet(server: OutgoingServer, message: OutgoingMessage | null, needs: ConnectionNeeds, limits: ConnectionLimits): Promise<SmtpDialogue> {
  const { credentials, signal, transcript: write } = needs
  const transcript = createTranscript(write, credentials?.secret ?? null)
  const { socket } = await openConversation(destinationFor('smtp', server, needs), { signal, limits }, transcript, (said) => greetingProblem(server, said))
  const explain = async (failure: SmtpFailure): Promise<Error> =>
    new ProblemError(explainSmtpFailure(failure, server, credentials, signal, limits, message), { cause: failure.cause })
  return createSmtpDialogue(socket, { host: server.host, encrypted: server.security !== 'none', silenceMs: limits.silenceMs, transcript, explain })
}

function explainSmtpFailure({ stage, said, cause, messageBegun }: SmtpFailure, server: OutgoingServer, credentials: Credentials | null, signal: AbortSignal, limits: ConnectionLimits, message: OutgoingMessage | null): Problem {
  const peer = peerOf(server)
  if (signal.aborted) return { code: 'cancelled' }
  if (said !== '') {
    const addresses = stage === 'sender' ? [message?.from ?? ''] : refusedRecipients(cause) ?? message?.recipients ?? []
    return smtpProblem({ stage, said, server: server.name, user: credentials?.user ?? '', peer, encrypted: server.security !== 'none', addresses, offered: [] })
  }
  if (isTimeout(cause) && !messageBegun) return { code: 'server-silent', afterMs: limits.silenceMs, ...peer }
  return { code: 'connection-dropped', during: messageBegun ? 'message' : stage, ...peer }
}

/** Chooses a method that server and client know, and signs in; does nothing where the server is set to no authentication. */
export async function signIn(dialogue: SmtpDialogue, server: OutgoingServer, { authMethods, lines }: Ehlo, credentials: Credentials | null): Promise<string | null> {
  if (server.auth.method === 'none') return null
  if (credentials === null) throw new ProblemError({ code: 'credentials-missing', server: server.name })
  const method = signInMethods.find((known) => authMethods.includes(known))
  if (method === undefined) {
    const tlsOffered = server.security === 'none' && lines.some((line) => line.toUpperCase() === 'STARTTLS')
    throw new ProblemError(tlsOffered && authMethods.length === 0
      ? { code: 'sign-in-needs-encryption', server: server.name, serverSaid: lines.join(', ') }
      : { code: 'sign-in-method-not-offered', server: server.name, offered: authMethods })
  }
  await dialogue.signIn(method, credentials)
  return method
}

const peerOf = ({ host, port }: OutgoingServer): Peer => ({ host, port })
const isTimeout = (cause: unknown): boolean => typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === 'ETIMEDOUT'

/** nodemailer lists the refused recipients when all were refused. */
function refusedRecipients(cause: unknown): string[] | null {
  return typeof cause === 'object' && cause !== null && 'rejected' in cause && Array.isArray(cause.rejected) ? cause.rejected.map(String) : null
}

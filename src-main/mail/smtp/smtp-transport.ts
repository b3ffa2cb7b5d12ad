import { ProblemError, type Peer, type Problem } from '#contract/problem.ts'
import type { OutgoingServer } from '#contract/outgoing-server.ts'
import { outgoingProtocols } from '#contract/protocols.ts'
import type { ConnectionNeeds } from '../incoming-transport.ts'
import { outgoingLimits } from '../outgoing-limits.ts'
import type { OutgoingMessage, OutgoingSession, OutgoingTransport } from '../outgoing-transport.ts'
import { codeOf } from '../connection/connection-problem.ts'
import { destinationFor, type Attempt, type ConnectionLimits } from '../connection/destination.ts'
import { explainFailure } from '../connection/explain-failure.ts'
import { openConversation } from '../connection/open-conversation.ts'
import { createTranscript } from '../connection/transcript.ts'
import { diagnoseConnection } from '../diagnose/diagnose-connection.ts'
import { createStepRunner } from '../diagnose/run-step.ts'
import { tokenStep } from '../diagnose/token-step.ts'
import { presentCredentials, type Presented } from '../present-credentials.ts'
import { createSmtpDialogue, type Ehlo, type SmtpDialogue, type SmtpFailure } from './smtp-dialogue.ts'
import { signInMethods, type SignInMethod } from './smtp-sign-in.ts'
import { smtpProblem } from './smtp-problem.ts'

/** SMTP submission (RFC 5321, 6409) with STARTTLS (3207), TLS (8314) and AUTH (4954). */
export const createSmtpTransport = ({ limits: wishes = {} }: { limits?: Partial<ConnectionLimits> } = {}): OutgoingTransport => ({
  open: (server, needs) => openSession(server, needs, wishes),
  async send(server, message, needs) {
    const session = await openSession(server, needs, wishes)
    try {
      return await session.send(message)
    } finally {
      session.close()
    }
  },
  mostSessions: ({ mostConnections }) => mostConnections,
  // What SMTP has taken is out of its hands.
  wasSent: async () => null,
  async diagnose(server, needs, report) {
    const attempt: Attempt = { signal: needs.signal, limits: outgoingLimits(server, wishes) }
    const to = destinationFor('smtp', server, needs)
    const problemOf = (error: unknown, step: string): Promise<Problem | null> | Problem | null =>
      codeOf(error) === 'SERVER_REFUSED' && error instanceof Error ? greetingProblem(server, error.message) : explainFailure(error, to, attempt, step)
    const step = createStepRunner({ report, stepMs: attempt.limits.stepMs, signal: needs.signal, problemOf: async (error, name) => problemOf(error, name) })
    const offered = await diagnoseConnection(to, attempt, step, createTranscript(needs.transcript, null))
    if (offered === null || needs.credentials === null || server.auth.method === 'none') return
    if ((await tokenStep(server, outgoingProtocols.smtp, needs, step)) === null) return
    await step('sign-in', async () => {
      const { dialogue, how } = await signedIn(server, needs, attempt.limits, wishes)
      dialogue.end()
      return { value: null, detail: how }
    })
  }
})

/** What a greeting means that sends us away. */
const greetingProblem = (server: OutgoingServer, said: string): Problem =>
  smtpProblem({ server: server.name, user: '', peer: peerOf(server), encrypted: server.security !== 'none', offered: [], stage: 'greeting', said: said.trim(), addresses: [], sender: '', size: 0, limit: 0 })

async function openSession(server: OutgoingServer, needs: ConnectionNeeds, wishes: Partial<ConnectionLimits>): Promise<OutgoingSession> {
  const { dialogue, ehlo: { maxSize }, about } = await signedIn(server, needs, outgoingLimits(server, wishes), wishes)
  return {
    async send(message) {
      const size = message.raw.length
      if (maxSize !== null && size > maxSize) throw new ProblemError({ code: 'mail-too-large', server: server.name, size, limit: maxSize, serverSaid: `SIZE ${maxSize}` })
      about.message = message
      return dialogue.send(message)
    },
    isUsable: () => dialogue.isUsable(),
    close: () => dialogue.end()
  }
}

/** What a failure is about: the mail that is being sent, and the size that the server takes. */
type About = { message: OutgoingMessage | null; limit: number }
/** `how` names user and method. */
type SignedIn = { dialogue: SmtpDialogue; ehlo: Ehlo; how: string; about: About }

/** RFC 5321 4.5.3.2.6: a server may work so long on a message before it says whether it has it. */
const endOfMessageMs = 600_000

/** A dialogue that is signed in to where the server is set to it; a refused token gets a second one. */
function signedIn(server: OutgoingServer, needs: ConnectionNeeds, limits: ConnectionLimits, wishes: Partial<ConnectionLimits>): Promise<SignedIn> {
  const attempt = async (presented: Presented | null): Promise<SignedIn> => {
    const transcript = createTranscript(needs.transcript, presented?.secret ?? null)
    const { socket } = await openConversation(destinationFor('smtp', server, needs), { signal: needs.signal, limits }, transcript, (said) => greetingProblem(server, said))
    const about: About = { message: null, limit: 0 }
    const explain = async (failure: SmtpFailure): Promise<Error> => new ProblemError(problemOf(failure, server, presented?.user ?? '', needs.signal, limits, about), { cause: failure.cause })
    const dialogue = createSmtpDialogue(socket, { ...peerOf(server), silenceMs: limits.silenceMs, endOfMessageMs: wishes.silenceMs ?? endOfMessageMs, signal: needs.signal, transcript, explain })
    try {
      const ehlo = await dialogue.ehlo()
      about.limit = ehlo.maxSize ?? 0
      if (presented === null) return { dialogue, ehlo, how: 'nobody', about }
      const method = methodFor(server, ehlo, presented.kind)
      await dialogue.signIn(method, presented)
      return { dialogue, ehlo, how: `${presented.user} by AUTH ${method}`, about }
    } catch (error) {
      dialogue.end()
      throw error
    }
  }
  return server.auth.method === 'none' ? attempt(null) : presentCredentials(server, needs, attempt)
}

function problemOf({ stage, said, cause, refused, wasWhole }: SmtpFailure, server: OutgoingServer, user: string, signal: AbortSignal, limits: ConnectionLimits, { message, limit }: About): Problem {
  const peer = peerOf(server)
  if (said !== '') {
    const addresses = stage === 'sender' ? [message?.from ?? ''] : refused
    return smtpProblem({ stage, said, server: server.name, user, peer, encrypted: server.security !== 'none', addresses, offered: [], sender: message?.from ?? '', size: message?.raw.length ?? 0, limit })
  }
  if (wasWhole) return { code: 'mail-uncertain', server: server.name, serverSaid: '' }
  if (signal.aborted) return { code: 'cancelled' }
  return codeOf(cause) === 'SILENT' ? { code: 'server-silent', afterMs: limits.silenceMs, ...peer } : { code: 'connection-dropped', during: stage, ...peer }
}

/** A method that server and client know. */
function methodFor(server: OutgoingServer, { authMethods, lines }: Ehlo, kind: Presented['kind']): SignInMethod {
  const method = signInMethods[kind].find((known) => authMethods.includes(known))
  if (method !== undefined) return method
  const tlsOffered = server.security === 'none' && lines.some((line) => line.toUpperCase() === 'STARTTLS')
  throw new ProblemError(tlsOffered && authMethods.length === 0
    ? { code: 'sign-in-needs-encryption', server: server.name, serverSaid: lines.join(', ') }
    : { code: 'sign-in-method-not-offered', server: server.name, offered: authMethods })
}

const peerOf = ({ host, port }: OutgoingServer): Peer => ({ host, port })

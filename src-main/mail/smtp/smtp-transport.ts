import { ProblemError, type Peer, type Problem } from '#contract/problem.ts'
import type { OutgoingServer } from '#contract/outgoing-server.ts'
import { outgoingProtocols } from '#contract/protocols.ts'
import type { ConnectionNeeds } from '../incoming-transport.ts'
import { outgoingLimits } from '../outgoing-limits.ts'
import type { OutgoingMessage, OutgoingTransport } from '../outgoing-transport.ts'
import { codeOf } from '../connection/connection-problem.ts'
import { destinationFor, type Attempt, type ConnectionLimits } from '../connection/destination.ts'
import { explainFailure } from '../connection/explain-failure.ts'
import { openConversation } from '../connection/open-conversation.ts'
import { createTranscript } from '../connection/transcript.ts'
import { diagnoseConnection } from '../diagnose/diagnose-connection.ts'
import { createStepRunner } from '../diagnose/run-step.ts'
import { tokenStep } from '../diagnose/token-step.ts'
import { presentCredentials, type Presented } from '../present-credentials.ts'
import { createSmtpDialogue, signInMethods, type Ehlo, type SignInMethod, type SmtpDialogue, type SmtpFailure } from './smtp-dialogue.ts'
import { smtpProblem } from './smtp-problem.ts'

/** SMTP submission (RFC 5321, 6409) with STARTTLS (3207), TLS (8314) and AUTH (4954), by nodemailer. */
export const createSmtpTransport = ({ limits: wishes = {} }: { limits?: Partial<ConnectionLimits> } = {}): OutgoingTransport => ({
  send: (server, message, needs) =>
    signedIn(server, message, needs, outgoingLimits(server, wishes), async (dialogue, { maxSize }) => {
      const size = message.raw.length
      if (maxSize !== null && size > maxSize) throw new ProblemError({ code: 'mail-too-large', server: server.name, size, limit: maxSize, serverSaid: `SIZE ${maxSize}` })
      return dialogue.send(message)
    }),
  async diagnose(server, needs, report) {
    const attempt: Attempt = { signal: needs.signal, limits: outgoingLimits(server, wishes) }
    const to = destinationFor('smtp', server, needs)
    const problemOf = (error: unknown, step: string): Promise<Problem | null> | Problem | null =>
      codeOf(error) === 'SERVER_REFUSED' && error instanceof Error ? greetingProblem(server, error.message) : explainFailure(error, to, attempt, step)
    const step = createStepRunner({ report, stepMs: attempt.limits.stepMs, signal: needs.signal, problemOf: async (error, name) => problemOf(error, name) })
    const offered = await diagnoseConnection(to, attempt, step, createTranscript(needs.transcript, null))
    if (offered === null || needs.credentials === null || server.auth.method === 'none') return
    if ((await tokenStep(server, outgoingProtocols.smtp, needs, step)) === null) return
    await step('sign-in', () => signedIn(server, null, needs, attempt.limits, async (_dialogue, _ehlo, how) => ({ value: null, detail: how })))
  }
})

/** What a greeting means that sends us away. */
const greetingProblem = (server: OutgoingServer, said: string): Problem =>
  smtpProblem({ server: server.name, user: '', peer: peerOf(server), encrypted: server.security !== 'none', offered: [], stage: 'greeting', said: said.trim(), addresses: [], sender: '', size: 0, limit: 0 })

type WithDialogue<Result> = (dialogue: SmtpDialogue, ehlo: Ehlo, how: string) => Promise<Result>

/** Does the work in a dialogue that is signed in to where the server is set to it, `how` naming user and method; a refused token gets a second dialogue. */
function signedIn<Result>(server: OutgoingServer, message: OutgoingMessage | null, needs: ConnectionNeeds, limits: ConnectionLimits, work: WithDialogue<Result>): Promise<Result> {
  const attempt = async (presented: Presented | null): Promise<Result> => {
    const limit = { bytes: 0 }
    const dialogue = await greet(server, message, presented, needs, limits, limit)
    const onAbort = (): void => dialogue.end()
    needs.signal.addEventListener('abort', onAbort)
    try {
      const ehlo = await dialogue.ehlo()
      limit.bytes = ehlo.maxSize ?? 0
      if (presented === null) return await work(dialogue, ehlo, 'nobody')
      const method = methodFor(server, ehlo, presented.kind)
      await dialogue.signIn(method, presented)
      return await work(dialogue, ehlo, `${presented.user} by AUTH ${method}`)
    } finally {
      needs.signal.removeEventListener('abort', onAbort)
      dialogue.end()
    }
  }
  return server.auth.method === 'none' ? attempt(null) : presentCredentials(server, needs, attempt)
}

async function greet(server: OutgoingServer, message: OutgoingMessage | null, presented: Presented | null, needs: ConnectionNeeds, limits: ConnectionLimits, limit: { bytes: number }): Promise<SmtpDialogue> {
  const { signal, transcript: write } = needs
  const transcript = createTranscript(write, presented?.secret ?? null)
  const { socket } = await openConversation(destinationFor('smtp', server, needs), { signal, limits }, transcript, (said) => greetingProblem(server, said))
  const explain = async (failure: SmtpFailure): Promise<Error> =>
    new ProblemError(explainSmtpFailure(failure, server, presented?.user ?? '', signal, limits, message, limit.bytes), { cause: failure.cause })
  return createSmtpDialogue(socket, { ...peerOf(server), encrypted: server.security !== 'none', silenceMs: limits.silenceMs, transcript, explain })
}

function explainSmtpFailure({ stage, said, cause, messageBegun }: SmtpFailure, server: OutgoingServer, user: string, signal: AbortSignal, limits: ConnectionLimits, message: OutgoingMessage | null, limit: number): Problem {
  const peer = peerOf(server)
  if (signal.aborted) return { code: 'cancelled' }
  if (said !== '') {
    const addresses = stage === 'sender' ? [message?.from ?? ''] : refusedRecipients(cause) ?? message?.recipients ?? []
    return smtpProblem({ stage, said, server: server.name, user, peer, encrypted: server.security !== 'none', addresses, offered: [], sender: message?.from ?? '', size: message?.raw.length ?? 0, limit })
  }
  if (isTimeout(cause) && !messageBegun) return { code: 'server-silent', afterMs: limits.silenceMs, ...peer }
  return { code: 'connection-dropped', during: messageBegun ? 'message' : stage, ...peer }
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
const isTimeout = (cause: unknown): boolean => typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === 'ETIMEDOUT'

/** nodemailer lists the refused recipients when all were refused. */
function refusedRecipients(cause: unknown): string[] | null {
  return typeof cause === 'object' && cause !== null && 'rejected' in cause && Array.isArray(cause.rejected) ? cause.rejected.map(String) : null
}

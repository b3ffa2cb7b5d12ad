import { ProblemError, type Problem } from '#contract/problem.ts'
import type { IncomingServer } from '#contract/incoming-server.ts'
import type { SampleMail } from '#contract/connection-test.ts'
import { incomingProtocols } from '#contract/protocols.ts'
import type { ConnectionNeeds, FolderMessage, IncomingTransport, ListedMessage, OpenMailbox } from '../incoming-transport.ts'
import { receivedHops } from '../../model/received-hops.ts'
import { messageIdOf } from '../message-id.ts'
import { presentCredentials, presentedUser, type Presented } from '../present-credentials.ts'
import type { TransportNeeds } from '../transport-needs.ts'
import { codeOf } from '../connection/connection-problem.ts'
import { defaultLimits, destinationFor, type Attempt } from '../connection/destination.ts'
import { explainFailure } from '../connection/explain-failure.ts'
import { openConversation } from '../connection/open-conversation.ts'
import { createTranscript } from '../connection/transcript.ts'
import { diagnoseConnection } from '../diagnose/diagnose-connection.ts'
import { createStepRunner } from '../diagnose/run-step.ts'
import { tokenStep } from '../diagnose/token-step.ts'
import { createPop3Connection } from './pop3-connection.ts'
import { createPop3Session, type Pop3Session } from './pop3-session.ts'
import { pop3Problem } from './pop3-problem.ts'

/** POP3 (RFC 1939) with CAPA (2449), STLS (2595) and AUTH PLAIN (5034). Deleted messages are gone once `close` has resolved. */
export const createPop3Transport = (transportNeeds: TransportNeeds): IncomingTransport => {
  const limits = { ...defaultLimits, ...transportNeeds.limits }
  const opened = (server: IncomingServer, needs: ConnectionNeeds): Promise<Pop3Session> =>
    presentCredentials(server, needs, async (presented) => {
      const session = await greet(server, needs, presented, { signal: needs.signal, limits })
      try {
        await session.capabilities()
        await session.signIn(presented)
        return session
      } catch (error) {
        session.end()
        throw error
      }
    })
  return {
    async open(server, needs) {
      return mailboxOf(server, await opened(server, needs), transportNeeds.readSample)
    },
    async diagnose(server, needs, report) {
      const attempt: Attempt = { signal: needs.signal, limits }
      const to = destinationFor('pop3', server, needs)
      const problemOf = async (error: unknown, step: string): Promise<Problem | null> =>
        codeOf(error) === 'SERVER_REFUSED' && error instanceof Error ? greetingProblem(server, error.message) : explainFailure(error, to, attempt, step)
      const step = createStepRunner({ report, stepMs: limits.stepMs, signal: needs.signal, problemOf })
      const offered = await diagnoseConnection(to, attempt, step, createTranscript(needs.transcript, null))
      if (offered === null || needs.credentials === null) return { sample: null }
      if ((await tokenStep(server, incomingProtocols.pop3, needs, step)) === null) return { sample: null }
      const signedIn = await step('sign-in', async () => ({ value: await opened(server, needs), detail: needs.credentials?.kind === 'token' ? presentedUser(server, needs.credentials.user) : server.auth.user }))
      if (signedIn === null) return { sample: null }
      const session = signedIn.value
      const sampled = await step('sample', async () => {
        const messages = await session.list()
        const value = await sampleOf(session, transportNeeds.readSample, 'newest')
        return { value, detail: value === null ? 'The mailbox is empty.' : `${messages.length} in the mailbox; newest: ${value.subject}` }
      })
      session.end()
      return { sample: sampled?.value ?? null }
    }
  }
}

/** What a greeting means that sends us away. */
const greetingProblem = (server: IncomingServer, said: string): Problem =>
  pop3Problem({ command: 'greeting', said: said.trim(), server: server.name, user: server.auth.user, auth: server.auth, peer: { host: server.host, port: server.port }, encrypted: server.security !== 'none' })

/** Connected and greeted, over TLS where the server is set to it. */
async function greet(server: IncomingServer, needs: ConnectionNeeds, { user, secret }: Presented, attempt: Attempt): Promise<Pop3Session> {
  const { signal, transcript: write } = needs
  const peer = { host: server.host, port: server.port }
  const encrypted = server.security !== 'none'
  const transcript = createTranscript(write, secret)
  const { socket } = await openConversation(destinationFor('pop3', server, needs), attempt, transcript, (said) => greetingProblem(server, said))
  const connection = createPop3Connection(socket, { peer, silenceMs: attempt.limits.silenceMs, signal, transcript })
  return createPop3Session(connection, { server: server.name, peer, user, auth: server.auth, encrypted, maxMessageSize: server.maxMessageSize })
}

function mailboxOf(server: IncomingServer, session: Pop3Session, readSample: (raw: Buffer) => SampleMail): OpenMailbox {
  let downloaded = false
  let acknowledged = false
  return {
    identity: 'pop3',
    listWaiting: () => session.list(),
    download(messages) {
      downloaded = true
      return session.download(messages)
    },
    async acknowledge(ids) {
      acknowledged = true
      if (server.afterFetch === 'delete') await session.markDeleted(ids)
    },
    moveToErrorFolder: () => Promise.resolve(),
    moveBackToInbox: () => Promise.reject(new ProblemError({ code: 'server-has-no-folders', server: server.name })),
    waitForNews: null,
    inventory: async (which) => (which === 'error-folder' ? null : listedWithHeaders(session, readSample)),
    markUnread: () => Promise.resolve(),
    find(messageId) {
      downloaded = true
      return session.find(messageId)
    },
    sample: () => sampleOf(session, readSample, 'oldest'),
    close() {
      // QUIT makes some servers flag as seen what was downloaded; without it nothing changes (RFC 1939 section 6).
      if (downloaded && !acknowledged) return Promise.resolve(session.end())
      // Without deletions nothing is lost when the goodbye fails.
      return session.quit().catch((error: unknown) => { if (acknowledged && server.afterFetch === 'delete') throw error })
    }
  }
}

/** Nobody can say whether mail was read; when it came is in the uppermost Received field. Only the newest have their headers. */
async function listedWithHeaders(session: Pop3Session, readSample: (raw: Buffer) => SampleMail): Promise<FolderMessage[]> {
  const listed = await session.list()
  const headers = await session.headers()
  return listed.map((message) => described(message, headers.get(message.id), readSample))
}

function described(message: ListedMessage, header: Buffer | undefined, readSample: (raw: Buffer) => SampleMail): FolderMessage {
  if (header === undefined) return { ...message, isRead: false, messageId: null, subject: '', from: '', receivedAt: null }
  const { subject, from } = readSample(header)
  return { ...message, isRead: false, messageId: messageIdOf(header) || null, subject, from, receivedAt: receivedHops(header.toString('latin1')).at(-1)?.at ?? null }
}

/** Headers and the first lines are enough to recognise a message; the server keeps it as it is. */
export async function sampleOf(session: Pop3Session, readSample: (raw: Buffer) => SampleMail, which: 'oldest' | 'newest'): Promise<SampleMail | null> {
  const found = (await session.list()).at(which === 'oldest' ? 0 : -1)
  const raw = found === undefined ? null : await session.top(found.id, 100)
  return raw === null ? null : readSample(raw)
}

import type { IncomingServer } from '#contract/incoming-server.ts'
import type { OutgoingServer } from '#contract/outgoing-server.ts'
import { ProblemError } from '#contract/problem.ts'
import type { ConnectionNeeds, ConnectionSecrets, IncomingTransport } from '../mail/incoming-transport.ts'
import type { OutgoingTransport } from '../mail/outgoing-transport.ts'
import type { ServerSources } from '../servers/server-sources.ts'

export type PopBeforeSmtpNeeds = {
  sources: Pick<ServerSources, 'incomingNamed'>
  transportFor: (protocol: IncomingServer['protocol']) => IncomingTransport
  connectionFor: (server: IncomingServer) => Promise<ConnectionSecrets>
  /** Milliseconds since 1970. */
  now: () => number
}

/** Servers let an address send for a while after it has fetched; ten minutes is common, so half of it is counted on. */
const holdsMs = 5 * 60_000

/**
 * POP before SMTP: a server with `popBeforeSmtp` is sent to, and tested, only after this computer has signed in to the incoming server that it
 * names. Throws what that sign-in finds, `not-found` and `server-is-draft` included; in a test it is the step `pop-sign-in`.
 */
export function createPopBeforeSmtp(needs: PopBeforeSmtpNeeds): (transport: OutgoingTransport) => OutgoingTransport {
  const signedInAt = new Map<string, number>()
  const signingIn = new Map<string, Promise<string>>()

  const signIn = async (name: string, { signal, transcript }: Pick<ConnectionNeeds, 'signal' | 'transcript'>): Promise<string> => {
    const { ready, server, issues } = await needs.sources.incomingNamed(name)
    if (ready === null) throw new ProblemError({ code: 'server-is-draft', server: server.name, issues })
    try {
      const mailbox = await needs.transportFor(ready.protocol).open(ready, { ...(await needs.connectionFor(ready)), signal, transcript, cursor: null })
      await mailbox.close()
    } catch (error) {
      // The lock is told after the sign-in (RFC 2449 8.1.1): a round is fetching from the mailbox just now.
      if (!(error instanceof ProblemError && error.problem.code === 'mailbox-locked')) throw error
    }
    signedInAt.set(name, needs.now())
    return ready.auth.user
  }
  // A clock that was set back says nothing of how long ago that was.
  const isSignedIn = (name: string): boolean => Math.abs(needs.now() - (signedInAt.get(name) ?? Number.NEGATIVE_INFINITY)) < holdsMs
  /** Who comes while another signs in waits for it, and signs in by itself where that one was called off. */
  const ensureSignedIn = async (server: OutgoingServer, connection: ConnectionNeeds): Promise<void> => {
    const name = firstOf(server)
    while (name !== null && !isSignedIn(name)) {
      const underWay = signingIn.get(name)
      if (underWay === undefined) {
        const own = signIn(name, connection).finally(() => signingIn.delete(name))
        signingIn.set(name, own)
        return void (await own)
      }
      await underWay.catch((error: unknown) => {
        if (connection.signal.aborted || !(error instanceof ProblemError && error.problem.code === 'cancelled')) throw error
      })
    }
  }

  return (transport) => ({
    async open(server, connection) {
      await ensureSignedIn(server, connection)
      const session = await transport.open(server, connection)
      return {
        async send(message) {
          await ensureSignedIn(server, connection)
          return session.send(message)
        },
        isUsable: () => session.isUsable(),
        close: () => session.close()
      }
    },
    mostSessions: (server) => transport.mostSessions(server),
    wasSent: (server, messageId, connection) => transport.wasSent(server, messageId, connection),
    async send(server, message, connection) {
      await ensureSignedIn(server, connection)
      return transport.send(server, message, connection)
    },
    async diagnose(server, connection, report) {
      const first = firstOf(server)
      if (first !== null) {
        const began = needs.now()
        const { user, problem } = await signIn(first, connection).then((user) => ({ user, problem: null }), (error: unknown) => ({ user: '', problem: problemIn(error) }))
        const detail = problem === null ? `Signed in to ${first} as ${user}` : `Signing in to ${first} first`
        report({ step: 'pop-sign-in', outcome: problem === null ? 'ok' : 'failed', ms: Math.max(0, needs.now() - began), detail, problem })
        if (problem !== null) return
      }
      await transport.diagnose(server, connection, report)
    }
  })
}

const firstOf = ({ popBeforeSmtp }: OutgoingServer): string | null => popBeforeSmtp || null

const problemIn = (error: unknown): ProblemError['problem'] => {
  if (error instanceof ProblemError) return error.problem
  throw error
}

import { ProblemError } from '#contract/problem.ts'
import type { TestStep } from '#contract/connection-test.ts'
import { problemWithoutSecrets, withoutSecrets } from '../log/redact.ts'
import { createLineRedactor } from '../log/redact-lines.ts'
import { proxyPlace } from './connection/proxy.ts'
import type { ConnectionNeeds, Credentials, IncomingTransport, OpenMailbox } from './incoming-transport.ts'
import type { OutgoingTransport, SendAnswer } from './outgoing-transport.ts'
import type { SentCopies } from './sent-copies.ts'

/**
 * The transport, of which no problem, test step or transcript holds a secret that it was given, whatever a server says back: debug pages and
 * some proxies repeat the whole request.
 */
export function incomingWithoutSecrets(transport: IncomingTransport): IncomingTransport {
  const tokens = new Set<string>()
  return {
    async open(server, needs) {
      const keeper = keeperOf(server.proxy, needs, tokens)
      return guarded(await keeper.whatFails(transport.open(server, keeper.needs)), keeper)
    },
    diagnose(server, needs, report) {
      const keeper = keeperOf(server.proxy, needs, tokens)
      return keeper.whatFails(transport.diagnose(server, keeper.needs, (step) => report(keeper.step(step))))
    }
  }
}

/** As for an incoming transport; answers of the server too. */
export function outgoingWithoutSecrets(transport: OutgoingTransport): OutgoingTransport {
  const tokens = new Set<string>()
  return {
    async open(server, needs) {
      const keeper = keeperOf(server.proxy, needs, tokens)
      const session = await keeper.whatFails(transport.open(server, keeper.needs))
      return { send: (message) => answered(keeper, session.send(message)), isUsable: () => session.isUsable(), close: () => session.close() }
    },
    mostSessions: (server) => transport.mostSessions(server),
    wasSent(server, messageId, needs) {
      const keeper = keeperOf(server.proxy, needs, tokens)
      return keeper.whatFails(transport.wasSent(server, messageId, keeper.needs))
    },
    send(server, message, needs) {
      const keeper = keeperOf(server.proxy, needs, tokens)
      return answered(keeper, transport.send(server, message, keeper.needs))
    },
    diagnose(server, needs, report) {
      const keeper = keeperOf(server.proxy, needs, tokens)
      return keeper.whatFails(transport.diagnose(server, keeper.needs, (step) => report(keeper.step(step))))
    }
  }
}

/** As for a transport. */
export function sentCopiesWithoutSecrets(copies: SentCopies): SentCopies {
  const tokens = new Set<string>()
  return {
    has(server, messageId, needs) {
      const keeper = keeperOf(server.proxy, needs, tokens)
      return keeper.whatFails(copies.has(server, messageId, keeper.needs))
    }
  }
}

async function answered(keeper: Keeper, sending: Promise<SendAnswer>): Promise<SendAnswer> {
  const { serverSaid, accepted, refused, ...more } = await keeper.whatFails(sending)
  return { ...more, serverSaid: keeper.words(serverSaid), accepted, refused: refused.map((one) => ({ ...one, serverSaid: keeper.words(one.serverSaid) })) }
}

/** Tokens of connections before: a server may say one back in the greeting of the next. The newest so many of each transport. */
const mostTokens = 50
function keepToken(tokens: Set<string>, token: string): void {
  tokens.delete(token)
  tokens.add(token)
  const [oldest] = tokens
  if (tokens.size > mostTokens && oldest !== undefined) tokens.delete(oldest)
}

/** A transcript's line is cut here, once nothing in it is secret. */
const longestLine = 1_000
const cut = (line: string): string => (line.length > longestLine ? `${line.slice(0, longestLine)} … (${line.length} characters)` : line)

type Keeper = { needs: ConnectionNeeds; words(text: string): string; step(step: TestStep): TestStep; error(thrown: unknown): unknown; whatFails<Result>(work: Promise<Result>): Promise<Result> }

function keeperOf(proxy: string | null, needs: ConnectionNeeds, tokens: Set<string>): Keeper {
  const { credentials, proxyPassword, clientKeyPassphrase, transcript } = needs
  const secrets = new Set([proxyPassword, clientKeyPassphrase].filter((secret) => secret !== null))
  // Basic sends user and password as one (RFC 7617).
  if (proxyPassword !== null && proxy !== null) secrets.add(`${proxyPlace(proxy).user ?? ''}:${proxyPassword}`)
  if (credentials?.kind === 'password') secrets.add(credentials.secret).add(`${credentials.user}:${credentials.secret}`)
  const watched: Credentials | null = credentials?.kind !== 'token' ? credentials : {
    ...credentials,
    async token(...asked) {
      const given = await credentials.token(...asked)
      secrets.add(given.token)
      keepToken(tokens, given.token)
      return given
    }
  }
  const known = (): string[] => [...secrets, ...tokens]
  const redactLine = createLineRedactor(known)
  const words = (text: string): string => withoutSecrets(text, known())
  const keeper: Keeper = {
    needs: { ...needs, credentials: watched, transcript: transcript === null ? null : (line) => transcript(cut(redactLine(line))) },
    words,
    step: (step) => ({ ...step, detail: words(step.detail), problem: step.problem === null ? null : problemWithoutSecrets(step.problem, known()) }),
    error: (thrown) => (thrown instanceof ProblemError ? new ProblemError(problemWithoutSecrets(thrown.problem, known()), { cause: thrown.cause }) : thrown),
    whatFails: (work) => work.catch((thrown: unknown) => Promise.reject(keeper.error(thrown)))
  }
  return keeper
}

function guarded(mailbox: OpenMailbox, { error, whatFails }: Keeper): OpenMailbox {
  async function* download(...[messages]: Parameters<OpenMailbox['download']>): AsyncGenerator<Awaited<ReturnType<OpenMailbox['find']>> & object> {
    try {
      yield* mailbox.download(messages)
    } catch (thrown) {
      throw error(thrown)
    }
  }
  const { waitForNews } = mailbox
  return {
    get identity() {
      return mailbox.identity
    },
    download,
    listWaiting: () => whatFails(mailbox.listWaiting()),
    acknowledge: (ids, again) => whatFails(mailbox.acknowledge(ids, again)),
    moveToErrorFolder: (ids, again) => whatFails(mailbox.moveToErrorFolder(ids, again)),
    moveBackToInbox: (messageIds, ids) => whatFails(mailbox.moveBackToInbox(messageIds, ids)),
    waitForNews: waitForNews === null ? null : (limitMs, signal) => whatFails(waitForNews(limitMs, signal)),
    inventory: (which) => whatFails(mailbox.inventory(which)),
    markUnread: (ids) => whatFails(mailbox.markUnread(ids)),
    find: (messageId) => whatFails(mailbox.find(messageId)),
    sample: () => whatFails(mailbox.sample()),
    close: () => whatFails(mailbox.close())
  }
}

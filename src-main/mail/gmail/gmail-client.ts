import type { z } from 'zod'
import { ProblemError } from '#contract/problem.ts'
import type { Attempt } from '../connection/destination.ts'
import { createHttpClient, type HttpStream } from '../connection/http-client.ts'
import { cancelledOr } from '../connection/cancelled-or.ts'
import { fitting, readBody } from '../connection/json-answer.ts'
import type { Transcript } from '../connection/transcript.ts'
import { grantedToken } from '../granted-token.ts'
import type { ConnectionNeeds } from '../incoming-transport.ts'
import type { TransportNeeds } from '../transport-needs.ts'
import { gmailProblem, pauseAsked, readGmailError, type GmailError } from './gmail-problem.ts'
import { lacksScope, type GmailServer } from './gmail-server-place.ts'

/** `path` is below `users/{mailbox}/`; `words` names the request for people. `repeatable` as for HTTP; GET always is. */
export type GmailRequest = {
  method?: 'GET' | 'POST' | 'PUT'
  path: string
  words: string
  query?: Readonly<Record<string, string | readonly string[]>>
  json?: unknown
  body?: Buffer
  headers?: Readonly<Record<string, string>>
  repeatable?: boolean
  /** Another URL than that of the mailbox, such as that of an upload. */
  url?: string
  /** Errors that are no failure of the work; the answer is null then. */
  absent?: (error: GmailError) => boolean
}

/** Requests as one user of Gmail: with a token that is renewed once, in the turn that the throttle gives, slower where Google asks for it. */
export type GmailClient = {
  /** Its name, for problems. */
  server: string
  /** Throws ProblemError; the answer fits the schema. */
  json<Schema extends z.ZodType>(request: GmailRequest, schema: Schema): Promise<z.infer<Schema>>
  /** As `json`; null for what is not there (404) or `absent`. */
  find<Schema extends z.ZodType>(request: GmailRequest, schema: Schema): Promise<z.infer<Schema> | null>
  /** Hands the answer on as it arrives. */
  read<Result>(request: GmailRequest, reader: (answer: HttpStream) => Promise<Result>): Promise<Result | null>
  /** Signs in and connects. Throws ProblemError. */
  reach(): Promise<void>
  close(): void
}

export type GmailClock = { now(): number; chance(): number }
export const systemGmailClock: GmailClock = { now: () => Date.now(), chance: () => Math.random() }
type ClientNeeds = { place: GmailServer; connection: ConnectionNeeds; attempt: Attempt; throttle: TransportNeeds['throttle']; transcript: Transcript | null; clock: GmailClock }

const patienceMs = 30_000
const mostTriesWhenBroken = 3
const mostErrorBytes = 64_000

type Outcome<Result> = { value: Result } | { error: GmailError }

export function createGmailClient({ place, connection, attempt, throttle, transcript, clock }: ClientNeeds): GmailClient {
  const { signal } = attempt
  const { tls, proxy } = place.server
  const http = createHttpClient({ route: { tls, proxy, proxyPassword: connection.proxyPassword, clientKeyPassphrase: connection.clientKeyPassphrase }, attempt, transcript })

  const tokenFor = (refused?: { token: string; claims: null }) => grantedToken(place.server.name, { credentials: connection.credentials, signal }, (scopes) => lacksScope(place.circumstances.wanted, scopes), refused)

  async function once<Result>(request: GmailRequest, token: string, reader: (answer: HttpStream) => Promise<Result>): Promise<Outcome<Result>> {
    const { method = 'GET', json, body = json === undefined ? undefined : JSON.stringify(json), repeatable } = request
    const type: Record<string, string> = json === undefined ? {} : { 'content-type': 'application/json' }
    const answer = await http.stream({ method, url: urlOf(place, request), headers: { ...type, ...request.headers, authorization: `Bearer ${token}` }, body, repeatable })
    if (answer.status >= 200 && answer.status < 300) return { value: await reader(answer) }
    const error = readGmailError(answer.status, answer.headers, (await readBody(answer, mostErrorBytes)).toString('utf8'))
    transcript?.note(`${error.reasons.join(', ')} ${error.message}`.trim())
    return { error }
  }

  async function ask<Result>(request: GmailRequest, reader: (answer: HttpStream) => Promise<Result>): Promise<Result | null> {
    let refused: { token: string; claims: null } | undefined
    let since: number | null = null
    for (let tried = 1; ; tried++) {
      const { token, scope } = await tokenFor(refused)
      const outcome = await throttle.enter(place.key, { server: place.server.name, signal, patienceMs }, () => once(request, token, reader))
      if ('value' in outcome) return outcome.value
      const { error } = outcome
      if (request.absent?.(error) === true) return null
      if (error.status === 401 && refused === undefined) refused = { token, claims: null }
      else {
        const pause = pauseAsked(error, clock.now(), tried, clock.chance()) ?? shortPause(request, error, tried)
        if (pause === null) throw new ProblemError(gmailProblem(error, { ...place.circumstances, request: request.words, granted: scope }))
        const now = clock.now()
        since ??= now
        throttle.delay(place.key, now + pause, error.message)
        // A provider that says "in a second" time and again would be asked for ever.
        if (now + pause > since + patienceMs) throw new ProblemError({ code: 'delayed-by-provider', server: place.server.name, until: new Date(now + pause).toISOString(), serverSaid: error.message })
      }
    }
  }

  const guarded = <Result>(work: () => Promise<Result>): Promise<Result> => work().catch((error: unknown) => cancelledOr(error, signal))
  const find = <Schema extends z.ZodType>(request: GmailRequest, schema: Schema): Promise<z.infer<Schema> | null> =>
    guarded(() => ask(request, async (answer) => fitting(await readBody(answer), schema, { server: place.server.name, endpoint: place.circumstances.endpoint })))
  return {
    server: place.server.name,
    find: (request, schema) => find({ absent: notFound, ...request }, schema),
    async json(request, schema) {
      const found = await find(request, schema)
      if (found === null) throw new ProblemError({ code: 'provider-refused', server: place.server.name, request: request.words, serverSaid: '' })
      return found
    },
    read: (request, reader) => guarded(() => ask({ absent: notFound, ...request }, reader)),
    reach: () => guarded(async () => {
      await tokenFor()
      await http.reach(place.root)
    }),
    close: () => http.close()
  }
}

export const notFound = (error: GmailError): boolean => error.status === 404 && error.json

/** Google's own failures are often gone a moment later; what may not be done twice is not tried again. */
function shortPause({ method = 'GET', repeatable = method === 'GET' }: GmailRequest, { status }: GmailError, tried: number): number | null {
  return status >= 500 && repeatable && tried < mostTriesWhenBroken ? 250 * 2 ** tried : null
}

function urlOf({ root, mailbox }: GmailServer, { url, path, query = {} }: GmailRequest): string {
  const words = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) for (const one of [value].flat()) words.append(name, one)
  return `${url ?? `${root}/gmail/v1/users/${encodeURIComponent(mailbox)}/${path}`}${words.size === 0 ? '' : `?${words.toString()}`}`
}

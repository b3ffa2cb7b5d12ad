import { setTimeout as sleep } from 'node:timers/promises'
import type { z } from 'zod'
import { ProblemError } from '#contract/problem.ts'
import type { Attempt } from '../connection/destination.ts'
import { createHttpClient, type HttpClient, type HttpStream } from '../connection/http-client.ts'
import { cancelledOr } from '../connection/cancelled-or.ts'
import { fitting, readBody } from '../connection/json-answer.ts'
import type { Transcript } from '../connection/transcript.ts'
import { grantedToken } from '../granted-token.ts'
import type { ConnectionNeeds } from '../incoming-transport.ts'
import type { TransportNeeds } from '../transport-needs.ts'
import type { KeptHttp } from './kept-http.ts'
import { graphProblem, pauseAsked, readGraphError, type GraphError } from './graph-problem.ts'
import type { GraphPlace } from './graph-server-place.ts'

/**
 * `path` is below the mailbox; `url` is taken instead where there is one, and has to be of the same host unless it goes `withoutToken`. `words` names the request for people.
 * `repeatable` as for HTTP; GET and PUT always are. `counts` says how many requests it is for the provider.
 */
export type GraphRequest = {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path?: string
  url?: string
  words: string
  query?: Readonly<Record<string, string>>
  json?: unknown
  body?: string | Buffer
  headers?: Readonly<Record<string, string>>
  repeatable?: boolean
  withoutToken?: boolean
  counts?: number
  /** Errors that are no failure of the work; the answer is null then. */
  absent?: (error: GraphError) => boolean
}

/** Requests for one mailbox: with a token that is renewed once, in the turn that the throttle gives, later where Graph asks for it. */
export type GraphClient = {
  place: GraphPlace
  /** Throws ProblemError; the answer fits the schema. */
  json<Schema extends z.ZodType>(request: GraphRequest, schema: Schema): Promise<z.infer<Schema>>
  /** As `json`; null for what is not there (404) or `absent`. */
  find<Schema extends z.ZodType>(request: GraphRequest, schema: Schema): Promise<z.infer<Schema> | null>
  /** Hands the answer on as it arrives. */
  read<Result>(request: GraphRequest, reader: (answer: HttpStream) => Promise<Result>): Promise<Result | null>
  /** Waits as long as an error asks for; throws `delayed-by-provider` where that is too long, and its problem where waiting does not mend it. */
  heed(error: GraphError, wait: Wait): Promise<void>
  /** Signs in and connects. Throws ProblemError. */
  reach(): Promise<void>
  /** A client for another piece of work, over the connections of this one, which is closed after it. */
  at(place: GraphPlace): GraphClient
  note(text: string): void
  close(): void
}
/** How often something was tried, and since when it has been put off. `again` says that it may be done twice. */
export type Wait = { tried: number; since: number | null; request: string; again: boolean }

export type GraphClock = { now(): number; chance(): number }
export const systemGraphClock: GraphClock = { now: () => Date.now(), chance: () => Math.random() }
type ClientNeeds = { place: GraphPlace; connection: ConnectionNeeds; attempt: Attempt; throttle: TransportNeeds['throttle']; transcript: Transcript | null; clock: GraphClock; /** Connections shared with others; a transcript needs its own. */ kept?: KeptHttp; /** Connections of another client, which closes them. */ over?: HttpClient }

export const patienceMs = 30_000
const mostTriesWhenBroken = 3
/** Ids that a message keeps when it is moved: https://learn.microsoft.com/graph/outlook-immutable-id */
export const immutableIds = 'IdType="ImmutableId"'

type Outcome<Result> = { value: Result } | { error: GraphError }

export function createGraphClient(needs: ClientNeeds): GraphClient {
  const { place, connection, attempt, throttle, transcript, clock, kept, over } = needs
  const { signal } = attempt
  const { tls, proxy } = place.server
  const route = { tls, proxy, proxyPassword: connection.proxyPassword, clientKeyPassphrase: connection.clientKeyPassphrase }
  const shared = over === undefined && transcript === null ? (kept?.take(place.origin, route, attempt.limits) ?? null) : null
  const http = over ?? shared?.http ?? createHttpClient({ route, attempt, transcript })
  let granted: string[] = []

  const tokenFor = async ({ withoutToken }: GraphRequest, refused?: { token: string; claims: string | null }): Promise<string | null> => {
    if (withoutToken === true) return null
    const { token, scope } = await grantedToken(place.server.name, { credentials: connection.credentials, signal }, (scopes) => place.lacks(scopes), refused)
    granted = scope
    return token
  }

  async function once<Result>(request: GraphRequest, token: string | null, reader: (answer: HttpStream) => Promise<Result>): Promise<Outcome<Result>> {
    const { method = 'GET', json, body = json === undefined ? undefined : JSON.stringify(json), repeatable } = request
    const headers = { ...(json === undefined ? {} : { 'content-type': 'application/json' }), ...(token === null ? {} : { prefer: immutableIds, authorization: `Bearer ${token}` }), ...request.headers }
    const answer = await http.stream({ method, url: urlOf(place, request), headers, signal, ...(body === undefined ? {} : { body }), ...(repeatable === undefined ? {} : { repeatable }) })
    if (answer.status >= 200 && answer.status < 300) return { value: await reader(answer) }
    const error = readGraphError(answer.status, answer.headers, (await readBody(answer, 64_000)).toString('utf8'))
    transcript?.note(`${error.code} ${error.message}`.trim())
    return { error }
  }

  async function ask<Result>(request: GraphRequest, reader: (answer: HttpStream) => Promise<Result>): Promise<Result | null> {
    const { method = 'GET', words, repeatable = method === 'GET' || method === 'PUT', counts = 1 } = request
    const wait: Wait = { tried: 0, since: null, request: words, again: repeatable }
    let refused: { token: string; claims: string | null } | undefined
    for (;;) {
      const token = await tokenFor(request, refused)
      const outcome = await throttle.enter(place.key, { server: place.server.name, signal, patienceMs, counts }, () => once(request, token, reader))
      if ('value' in outcome) return outcome.value
      const { error } = outcome
      if (request.absent?.(error) === true) return null
      if (error.status === 401 && token !== null && refused === undefined) refused = { token, claims: error.claims }
      else await client.heed(error, wait)
    }
  }

  const guarded = <Result>(work: () => Promise<Result>): Promise<Result> => work().catch((error: unknown) => cancelledOr(error, signal))
  const client: GraphClient = {
    place,
    find: (request, schema) => guarded(() => ask({ absent: isNotFound, ...request }, async (answer) => fitting(await readBody(answer), schema, { server: place.server.name, endpoint: place.circumstances.endpoint }))),
    async json(request, schema) {
      const found = await client.find({ absent: () => false, ...request }, schema)
      if (found === null) throw new ProblemError({ code: 'provider-refused', server: place.server.name, request: request.words, serverSaid: '' })
      return found
    },
    read: (request, reader) => guarded(() => ask({ absent: isNotFound, ...request }, reader)),
    async heed(error, wait) {
      wait.tried++
      const now = clock.now()
      const asked = pauseAsked(error, now, wait.tried, clock.chance())
      if (asked === null) {
        if (error.status < 500 || !wait.again || wait.tried >= mostTriesWhenBroken) throw new ProblemError(graphProblem(error, { ...place.circumstances, request: wait.request, granted }))
        await sleep(250 * 2 ** wait.tried, undefined, { signal })
        return
      }
      wait.since ??= now
      throttle.delay(place.key, now + asked, `${error.status} ${error.code} ${error.message}`.trim())
      if (now + asked > wait.since + patienceMs) throw new ProblemError({ code: 'delayed-by-provider', server: place.server.name, until: new Date(now + asked).toISOString(), serverSaid: `${error.status} ${error.code} ${error.message}`.trim() })
    },
    reach: () => guarded(async () => {
      await tokenFor({ words: '' })
      await http.reach(place.root, signal)
    }),
    at: (other) => createGraphClient({ ...needs, place: other, over: http }),
    note: (text) => transcript?.note(text),
    close: () => (over !== undefined ? undefined : shared === null ? http.close() : shared.leave())
  }
  return client
}

/** Something that is gone; a mailbox that is missing is another matter. */
export const isNotFound = ({ status, code }: GraphError): boolean => status === 404 && /^(?:ErrorItemNotFound|ItemNotFound|ErrorFolderNotFound|ErrorInvalidIdMalformed)$/i.test(code)

function urlOf({ user, origin, server }: GraphPlace, { url, path = '', query = {}, withoutToken }: GraphRequest): string {
  if (url !== undefined) {
    // A link of an answer or a cursor must not take the token elsewhere.
    if (withoutToken !== true && URL.parse(url)?.origin !== origin) throw new ProblemError({ code: 'endpoint-wrong', server: server.name, endpoint: origin, serverSaid: 'The service refers to another host.' })
    return url
  }
  const words = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
  return `${user}/${path}${words.length === 0 ? '' : `?${words.join('&')}`}`
}

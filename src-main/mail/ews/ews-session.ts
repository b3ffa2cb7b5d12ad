import { ProblemError, type Problem } from '#contract/problem.ts'
import { cancelledOr } from '../connection/cancelled-or.ts'
import { failAs } from '../connection/connect.ts'
import { codeOf } from '../connection/connection-problem.ts'
import type { Attempt } from '../connection/destination.ts'
import { createHttpClient } from '../connection/http-client.ts'
import type { ProviderThrottle } from '../connection/provider-throttle.ts'
import { retryAfterMs } from '../connection/retry-after.ts'
import { createTranscript, type Transcript } from '../connection/transcript.ts'
import type { ConnectionNeeds } from '../incoming-transport.ts'
import { backOff, readEwsReply, type EwsReply } from './ews-reply.ts'
import type { EwsPlace } from './ews-place.ts'
import { httpProblem, responseProblem, type EwsCircumstances } from './ews-problem.ts'
import { mimePlace, type EwsRequest } from './ews-requests.ts'
import { createSignIn, type EwsPost } from './ews-sign-in.ts'
import { soapEnvelope } from './soap-envelope.ts'

export type { EwsReply, EwsResponse } from './ews-reply.ts'

/** What a request is about, for the words of a problem, and how much may come back. `mime` is put where the request has its message. */
export type EwsWish = Partial<Pick<EwsCircumstances, 'folder' | 'sending'>> & { mostBytes?: number; mime?: Buffer; isOnce?: boolean }

/** Requests to Exchange Web Services as one user, one after the other on one connection. Everything throws ProblemError. */
export type EwsSession = {
  place: EwsPlace
  /** Asks in its turn, later where the server is busy. Single responses may still be errors: the caller looks at each. */
  ask(request: EwsRequest, wish?: EwsWish): Promise<EwsReply>
  /** As `ask` for requests with one response; an error in it throws. */
  askOne(request: EwsRequest, wish?: EwsWish): Promise<EwsReply['responses'][number]>
  /** The body of a long answer, on a connection of its own; `silenceMs` is how long it may pause. */
  listen(request: EwsRequest, silenceMs: number, signal: AbortSignal): Promise<{ body: AsyncIterable<Buffer>; close(): void }>
  /** Has a token where one is needed, and connects; a password is shown with the first request. */
  reach(): Promise<void>
  problemOf(code: string, text: string, operation: string, wish?: EwsWish): Problem
  transcript: Transcript | null
  close(): void
}

export type EwsSessionNeeds = { place: EwsPlace; connection: ConnectionNeeds; attempt: Attempt; throttle: ProviderThrottle }

const patienceMs = 30_000
const mostTries = 8
const usualMostBytes = 30_000_000

export function createEwsSession({ place, connection, attempt, throttle }: EwsSessionNeeds): EwsSession {
  const { credentials } = connection
  if (credentials === null) throw new ProblemError({ code: 'credentials-missing', server: place.name })
  const transcript = createTranscript(connection.transcript, credentials.kind === 'password' ? credentials.secret : null)
  const { to } = place
  transcript?.note(`${place.mailbox} at ${place.endpoint}, signing in by ${place.auth.method}`)
  const clientFor = (own: Attempt) => createHttpClient({ route: to, attempt: own, transcript, connections: 1 })
  const http = clientFor(attempt)
  const post = createSignIn(place, credentials, http, attempt.signal)
  const circumstances = (operation: string, { folder = null, sending = null }: EwsWish): EwsCircumstances => ({
    server: place.name, host: to.host, port: to.port, endpoint: place.endpoint, mailbox: place.mailbox, auth: place.auth, operation, folder, sending, impersonating: place.impersonated !== null
  })
  const problemOf = (code: string, text: string, operation: string, wish: EwsWish = {}): Problem => responseProblem(code, text, circumstances(operation, wish))
  const isBusy = (code: string): boolean => code === 'ErrorServerBusy'

  /** Either the reply, or how long the server wants to be left alone. */
  const once = async (request: EwsRequest, wish: EwsWish, tried: number): Promise<EwsReply | { waitMs: number; said: string; problem: Problem }> => {
    const answer = await post(postOf(place, request, wish))
    const reply = await readEwsReply(answer).catch((error: unknown) => {
      // It was taken or refused, and only the answer said which.
      if (wish.isOnce === true && answer.status === 200) throw new ProblemError({ code: 'mail-uncertain', server: place.name, serverSaid: '' }, { cause: error })
      if (codeOf(error) === 'LINE_TOO_LONG') throw new ProblemError({ code: 'endpoint-wrong', server: place.name, endpoint: place.endpoint, serverSaid: 'The answer is far too long.' }, { cause: error })
      return failAs(error, to, attempt, 'the answer')
    })
    if (!('responses' in reply)) {
      // A gateway that gave up on Exchange does not know either whether it did what must not be done twice (RFC 9110 15.6.3 and 15.6.5).
      if (wish.isOnce === true && (answer.status === 502 || answer.status === 504)) throw new ProblemError({ code: 'mail-uncertain', server: place.name, serverSaid: `HTTP ${answer.status}` })
      const problem = httpProblem(answer.status, answer.headers, reply.text, circumstances(request.name, wish))
      if (answer.status !== 429 && answer.status !== 503) throw new ProblemError(problem)
      return { waitMs: retryAfterMs(answer.headers['retry-after'], Date.now()) ?? backOff(tried, Math.random()), said: `HTTP ${answer.status}`, problem }
    }
    const bad = reply.responses.find(({ code }) => isBusy(code)) ?? reply.responses.find(({ ok }) => !ok)
    transcript?.note(`${request.name}: ${bad === undefined ? 'NoError' : `${bad.code} ${bad.text}`}`)
    if (bad === undefined || !isBusy(bad.code)) {
      if (reply.isFault && bad !== undefined) throw new ProblemError(problemOf(bad.code, bad.text, request.name, wish))
      return reply
    }
    return { waitMs: bad.backOffMs ?? backOff(tried, Math.random()), said: bad.text, problem: problemOf(bad.code, bad.text, request.name, wish) }
  }
  const ask = async (request: EwsRequest, wish: EwsWish = {}): Promise<EwsReply> => {
    for (let tried = 1; ; tried++) {
      const outcome = await throttle.enter(place.key, { server: place.name, signal: attempt.signal, patienceMs }, () => once(request, wish, tried)).catch((error: unknown) => cancelledOr(error, attempt.signal))
      if ('responses' in outcome) return outcome
      throttle.delay(place.key, Date.now() + outcome.waitMs, outcome.said)
      if (tried === mostTries) throw new ProblemError(outcome.problem)
    }
  }
  return {
    place, ask, problemOf, transcript,
    async askOne(request, wish = {}) {
      const [first] = (await ask(request, wish)).responses
      if (first?.ok) return first
      if (first === undefined && wish.isOnce === true) throw new ProblemError({ code: 'mail-uncertain', server: place.name, serverSaid: 'The answer holds no response.' })
      throw new ProblemError(problemOf(first?.code ?? 'ErrorInvalidResponse', first?.text ?? 'The answer holds no response.', request.name, wish))
    },
    async reach() {
      try {
        if (credentials.kind === 'token') await credentials.token(attempt.signal)
        await http.reach(place.endpoint)
      } catch (error) {
        cancelledOr(error, attempt.signal)
      }
    },
    async listen(request, silenceMs, signal) {
      const either = AbortSignal.any([attempt.signal, signal])
      const own = clientFor({ signal: either, limits: { ...attempt.limits, silenceMs } })
      try {
        const answer = await createSignIn(place, credentials, own, either)({ ...postOf(place, request, {}), mostBytes: Infinity })
        if (answer.status === 200) return { body: answer.body, close: () => own.close() }
        const reply = await readEwsReply(answer)
        const first = 'responses' in reply ? reply.responses[0] : undefined
        throw new ProblemError(first === undefined ? httpProblem(answer.status, answer.headers, 'text' in reply ? reply.text : '', circumstances(request.name, {})) : problemOf(first.code, first.text, request.name))
      } catch (error) {
        own.close()
        throw error
      }
    },
    close: () => http.close()
  }
}

function postOf(place: EwsPlace, request: EwsRequest, { mime, mostBytes = usualMostBytes, isOnce = false }: EwsWish): EwsPost {
  const text = soapEnvelope(request.xml, place.impersonated)
  // With the brackets around it, which are escaped in what people have written: an address may hold the same words.
  const [before = '', after = ''] = text.split(`>${mimePlace}<`)
  const body = mime === undefined ? Buffer.from(text) : Buffer.concat([Buffer.from(`${before}>`), Buffer.from(mime.toString('base64'), 'latin1'), Buffer.from(`<${after}`)])
  return { body, mostBytes, repeatable: !isOnce, headers: { 'content-type': 'text/xml; charset=utf-8', accept: 'text/xml', ...(place.anchor === null ? {} : { 'x-anchormailbox': place.anchor }) } }
}

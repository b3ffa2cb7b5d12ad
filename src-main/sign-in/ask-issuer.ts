import { oauthSettings, type OAuthSettings } from '#contract/oauth.ts'
import { ProblemError, type Problem } from '#contract/problem.ts'
import { incomingProtocols, outgoingProtocols, type IncomingProtocol, type OutgoingProtocol } from '#contract/protocols.ts'
import { problemWithoutSecrets } from '../log/redact.ts'
import type { HttpClient, HttpRequest, HttpRoute } from '../mail/connection/http-client.ts'
import { placeOf } from './heard-answer.ts'
import type { Issuers } from './issuers.ts'
import type { TokenServer } from './sign-in.ts'
import type { TokenIssuer, TokenRequest } from './token-issuer.ts'
import { waitUnlessAborted } from './until-aborted.ts'

export type AskNeeds = { issuers: Issuers; httpFor: (route: HttpRoute, signal: AbortSignal) => HttpClient; now: () => Date }

/** Runs one exchange with the issuer of a server's tokens, over the server's own way. Throws ProblemError. */
export type AskIssuer = <Result>(of: TokenServer, run: { signal: AbortSignal; limitMs: number }, work: (issuer: TokenIssuer, asked: TokenRequest) => Promise<Result>) => Promise<Result>

export const settingsOf = ({ kind, server }: Pick<TokenServer, 'kind' | 'server'>): OAuthSettings =>
  oauthSettings(server, kind === 'incoming' ? incomingProtocols[server.protocol as IncomingProtocol] : outgoingProtocols[server.protocol as OutgoingProtocol])

export function createAskIssuer({ issuers, httpFor, now }: AskNeeds): AskIssuer {
  return async (of, { signal, limitMs }, work) => {
    const settings = settingsOf(of)
    const tooLong = new AbortController()
    const timer = setTimeout(() => tooLong.abort(new ProblemError({ code: 'server-silent', afterMs: limitMs, ...placeOf(settings.tokenUrl) })), limitMs)
    const both = AbortSignal.any([signal, tooLong.signal])
    const http = httpFor({ tls: of.server.tls, proxy: of.server.proxy, proxyPassword: of.proxyPassword, clientKeyPassphrase: of.clientKeyPassphrase }, both)
    const heard = rememberSecrets(http)
    const watched = watchClock(heard.http, now)
    const asked: TokenRequest = {
      server: of.server.name, settings, auth: of.server.auth, secret: of.secret, http: watched.http, signal: both, now: () => now().getTime(), wait: waitUnlessAborted, clockAheadMs: watched.aheadMs
    }
    try {
      return await work(issuers[of.server.auth.method === 'service-account' ? 'service-account' : settings.provider], asked)
    } catch (error) {
      if (tooLong.signal.aborted) throw tooLong.signal.reason
      if (signal.aborted) throw new ProblemError({ code: 'cancelled' }, { cause: error })
      throw error instanceof ProblemError ? new ProblemError(problemWithoutSecrets(besidesClock(error.problem, of.server.name, watched.aheadMs()), [...heard.secrets, of.secret ?? '', of.proxyPassword ?? '']), { cause: error }) : error
    } finally {
      clearTimeout(timer)
      http.close()
    }
  }
}

/** Assertions are good for minutes: where the clock is off by more, that is what has to be put right. */
const clockToleranceMs = 5 * 60_000
const explainedByClock: ReadonlySet<Problem['code']> = new Set(['token-refused', 'key-file-unusable'])

function besidesClock(problem: Problem, server: string, aheadMs: number): Problem {
  if (Math.abs(aheadMs) <= clockToleranceMs || !explainedByClock.has(problem.code)) return problem
  return { code: 'clock-wrong', server, offByMs: -aheadMs, serverSaid: 'serverSaid' in problem ? problem.serverSaid : 'reason' in problem ? problem.reason : '' }
}

const secretFields = ['client_secret', 'client_assertion', 'assertion', 'refresh_token', 'code', 'code_verifier', 'device_code']

/** What was sent as a secret, which an issuer's words may repeat. */
function rememberSecrets(http: HttpClient): { http: HttpClient; secrets: Set<string> } {
  const secrets = new Set<string>()
  const note = (request: HttpRequest): HttpRequest => {
    const form = new URLSearchParams(typeof request.body === 'string' ? request.body : '')
    const sent = [...secretFields.map((name) => form.get(name)), /^\S+ (\S+)$/.exec(request.headers?.authorization ?? '')?.[1]]
    for (const secret of sent) if (secret) secrets.add(secret)
    return request
  }
  return { http: { ...http, request: (request) => http.request(note(request)), stream: (request) => http.stream(note(request)) }, secrets }
}

/** How far the issuer's clock is ahead, by the Date of its latest answer (RFC 9110 6.6.1). */
function watchClock(http: HttpClient, now: () => Date): { http: HttpClient; aheadMs: () => number } {
  let ahead = 0
  const look = <Answer extends { headers: Readonly<Record<string, string>> }>(answer: Answer): Answer => {
    const date = Date.parse(answer.headers.date ?? '')
    if (!Number.isNaN(date)) ahead = date - now().getTime()
    return answer
  }
  return { http: { ...http, request: async (request) => look(await http.request(request)), stream: async (request) => look(await http.stream(request)) }, aheadMs: () => ahead }
}

import { randomBytes } from 'node:crypto'
import { ProblemError } from '#contract/problem.ts'
import type { HttpClient, HttpRequest, HttpStream } from '../connection/http-client.ts'
import type { Credentials } from '../incoming-transport.ts'
import type { EwsPlace } from './ews-place.ts'
import { offeredMethods } from './ews-problem.ts'
import { ntlmAuthenticate, ntlmNegotiate, readNtlmChallenge } from './ntlm.ts'

export type EwsPost = Pick<HttpRequest, 'headers' | 'body' | 'mostBytes' | 'repeatable'>

/**
 * Posts as the user of the place. A password that is refused is never tried again, for an account may be locked by it; a token is renewed once.
 * Throws `credentials-refused`, `token-refused` or `sign-in-method-not-offered`; every other answer is the caller's.
 */
export type SignedInPost = (post: EwsPost) => Promise<HttpStream>

export function createSignIn(place: EwsPlace, credentials: Credentials, http: HttpClient, signal: AbortSignal): SignedInPost {
  const send = (post: EwsPost, authorization: string | null): Promise<HttpStream> => http.stream({ ...post, method: 'POST', url: place.endpoint, headers: { ...post.headers, ...(authorization === null ? {} : { authorization }) } })
  if (credentials.kind === 'token') return byToken(place, credentials, send, signal)
  return place.auth.method === 'ntlm' ? byNtlm(place, credentials, send) : byPassword(place, credentials, send)
}

type Send = (post: EwsPost, authorization: string | null) => Promise<HttpStream>
type Password = Extract<Credentials, { kind: 'password' }>

/** Basic (RFC 7617). It goes over TLS alone: the HTTP client sends no Authorization otherwise. */
function byPassword(place: EwsPlace, { user, secret }: Password, send: Send): SignedInPost {
  return async (post) => {
    const answer = await send(post, `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`)
    if (answer.status !== 401) return answer
    await readOut(answer)
    if (!offers(answer, 'basic')) throw notOffered(place, answer)
    throw refused(place, user, answer)
  }
}

/** Bearer (RFC 6750), once more with a new token where the first is refused, with the claims that a conditional access policy asks for. */
function byToken(place: EwsPlace, { token }: Extract<Credentials, { kind: 'token' }>, send: Send, signal: AbortSignal): SignedInPost {
  return async (post) => {
    const first = await token(signal)
    const answer = await send(post, `Bearer ${first.token}`)
    if (answer.status !== 401) return answer
    await readOut(answer)
    if (!offers(answer, 'bearer')) throw notOffered(place, answer)
    const next = await token(signal, { token: first.token, claims: claimsOf(answer) })
    const again = await send(post, `Bearer ${next.token}`)
    if (again.status !== 401) return again
    await readOut(again)
    throw new ProblemError({ code: 'token-refused', server: place.name, serverSaid: saidBy(again) })
  }
}

/** A connection that was replaced under the handshake has to begin anew; no password was judged then. */
const mostHandshakes = 3

/**
 * NTLM (MS-NTHT): the sign-in belongs to the connection, so a connection that was replaced meanwhile is signed in again. The first message holds
 * no secret and goes without the request.
 */
function byNtlm(place: EwsPlace, { user, secret }: Password, send: Send): SignedInPost {
  let signedIn = false
  let scheme = 'NTLM'
  const negotiate = async (post: EwsPost): Promise<HttpStream> => {
    const opening = { headers: post.headers ?? {}, repeatable: true }
    const answer = await send(opening, `${scheme} ${ntlmNegotiate().toString('base64')}`)
    if (answer.status !== 401 || scheme !== 'NTLM' || offers(answer, 'ntlm') || !offers(answer, 'negotiate')) return answer
    // Negotiate carries the messages of NTLM as they are (RFC 4559 4, MS-NTHT 2.1).
    await readOut(answer)
    scheme = 'Negotiate'
    return send(opening, `${scheme} ${ntlmNegotiate().toString('base64')}`)
  }
  const handshake = async (post: EwsPost): Promise<HttpStream> => {
    for (let round = 1; ; round++) {
      const begun = await negotiate(post)
      if (begun.status !== 401) return begun
      await readOut(begun)
      const challenge = readNtlmChallenge(Buffer.from(challengeOf(begun, scheme), 'base64'))
      if (challenge === null && offers(begun, scheme)) throw new ProblemError({ code: 'provider-refused', server: place.name, request: 'NTLM', serverSaid: 'The server offers NTLM and answers it with no challenge; something in between may not keep the connection.' })
      if (challenge === null) throw notOffered(place, begun)
      const message = ntlmAuthenticate(ntlmNegotiate(), challenge, { user, secret, host: place.to.host, certificate: begun.connection.certificate(), clientChallenge: randomBytes(8), now: Date.now() })
      const answer = await send(post, `${scheme} ${message.toString('base64')}`)
      signedIn = answer.status !== 401
      if (signedIn) return answer
      await readOut(answer)
      if (answer.connection.id === begun.connection.id || round === mostHandshakes) throw refused(place, user, answer)
    }
  }
  return async (post) => {
    if (!signedIn) return handshake(post)
    const answer = await send(post, null)
    if (answer.status !== 401) return answer
    await readOut(answer)
    return handshake(post)
  }
}

/** What is left unread would keep the connection from its next request. */
async function readOut(answer: HttpStream): Promise<void> {
  let size = 0
  for await (const chunk of answer.body) {
    size += chunk.length
    if (size > 1_000_000) return answer.destroy()
  }
}

const headerOf = (answer: HttpStream): string => answer.headers['www-authenticate'] ?? ''
const offers = (answer: HttpStream, scheme: string): boolean => new RegExp(`(?:^|,)\\s*${scheme}(?:\\s|,|$)`, 'i').test(headerOf(answer))
const challengeOf = (answer: HttpStream, scheme: string): string => new RegExp(`(?:^|,)\\s*${scheme}\\s+([A-Za-z0-9+/=]+)`, 'i').exec(headerOf(answer))?.[1] ?? ''

/** The claims that a new token must carry, as they were sent (base64). https://learn.microsoft.com/entra/identity-platform/claims-challenge */
const claimsOf = (answer: HttpStream): string | null => {
  const claims = /claims="([^"]+)"/i.exec(headerOf(answer))?.[1]
  return claims === undefined ? null : Buffer.from(claims, 'base64').toString('utf8')
}

function refused(place: EwsPlace, user: string, answer: HttpStream): ProblemError {
  return new ProblemError({ code: 'credentials-refused', server: place.name, user, serverSaid: saidBy(answer) })
}
function notOffered(place: EwsPlace, answer: HttpStream): ProblemError {
  return new ProblemError({ code: 'sign-in-method-not-offered', server: place.name, offered: offeredMethods(headerOf(answer)) })
}
function saidBy(answer: HttpStream): string {
  const diagnostics = answer.headers['x-ms-diagnostics'] ?? /error_description="([^"]*)"/i.exec(headerOf(answer))?.[1] ?? ''
  return `HTTP 401${diagnostics === '' ? '' : `: ${diagnostics.replace(/[^\u0020-\u007e]+/g, ' ').slice(0, 300)}`}`
}

import type { SetupProbe } from '#contract/setup.ts'
import { ProblemError } from '#contract/problem.ts'
import { wordsOf } from '#contract/problem-words.ts'
import { incomingProtocols } from '#contract/protocols.ts'
import { defaultLimits, type ConnectionLimits } from '../connection/destination.ts'
import { firstWords } from '../connection/first-words.ts'
import type { HttpClient, HttpRoute } from '../connection/http-client.ts'
import { createLineWire } from '../connection/line-wire.ts'
import { openConversation } from '../connection/open-conversation.ts'
import type { FoundIncoming, FoundOutgoing, FoundSignIn } from './found-server.ts'

const withinMs = 5_000
const atOnce = 8
const limits: ConnectionLimits = { ...defaultLimits, connectMs: 4_000, handshakeMs: 4_000, greetingMs: 4_000, probeMs: 1_000 }

type Found = FoundIncoming | FoundOutgoing
/** `offered` are a server's ways to sign in as its protocol names them, upper case; null where it did not say. */
export type Probed = SetupProbe & { offered: string[] | null }
export type Prober = (server: Found) => Promise<Probed>

/** Looks at servers, each once and only some at a time: greeting and capabilities, or the answer of an endpoint. Nobody signs in; no user is named. */
export function createProber({ http, route, signal }: { http: HttpClient; route: HttpRoute; signal: AbortSignal }): Prober {
  const known = new Map<string, Promise<Probed>>()
  const waiting: (() => void)[] = []
  let running = 0
  const inTurn = async (work: () => Promise<Probed>): Promise<Probed> => {
    if (running >= atOnce) await new Promise<void>((begin) => waiting.push(begin))
    running++
    try {
      return await work()
    } finally {
      running--
      waiting.shift()?.()
    }
  }
  return async (server) => {
    const key = server.endpoint ?? `${server.protocol} ${server.host}:${server.port} ${server.security}`
    const looked = known.get(key) ?? inTurn(() => look(server, { http, route, signal }))
    known.set(key, looked)
    return judged(await looked, server)
  }
}

async function look(server: Found, { http, route, signal }: { http: HttpClient; route: HttpRoute; signal: AbortSignal }): Promise<Probed> {
  const timeout = AbortSignal.timeout(withinMs)
  const both = AbortSignal.any([signal, timeout])
  try {
    return server.endpoint === undefined ? await lookAtHost(server, route, both) : await lookAtEndpoint(server.endpoint, server.protocol, http, both)
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    const detail = timeout.aborted && !signal.aborted ? `No answer within ${withinMs / 1000} seconds.` : wordsOf(error.problem).title
    return { outcome: 'failed', detail, offered: null }
  }
}

async function lookAtHost({ protocol, host, port, security }: Found, route: HttpRoute, signal: AbortSignal): Promise<Probed> {
  if (protocol !== 'imap' && protocol !== 'pop3' && protocol !== 'smtp') return { outcome: 'failed', detail: `${incomingProtocols[protocol === 'google' ? 'gmail' : protocol].label} has no URL.`, offered: null }
  const { socket } = await openConversation({ speaks: protocol, host, port, security, ...route }, { signal, limits }, null, (said) => ({ code: 'server-refused', host, port, serverSaid: said }))
  const onAbort = (): void => void socket.destroy()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    const capabilities = await firstWords[protocol].capabilities(createLineWire(socket, null), limits.greetingMs).catch(() => null)
    const offered = capabilities === null ? null : signInsIn(capabilities)
    const encryption = security === 'none' ? 'without encryption' : security === 'tls' ? 'with TLS and a valid certificate' : 'with STARTTLS and a valid certificate'
    return { outcome: security === 'none' ? 'warning' : 'ok', detail: `Answers ${encryption}${offered === null || offered.length === 0 ? '' : `; sign-in by ${offered.slice(0, 8).join(', ')}`}`, offered }
  } finally {
    signal.removeEventListener('abort', onAbort)
    socket.destroy()
  }
}

/** IMAP lists AUTH=PLAIN and LOGINDISABLED (RFC 9051 7.2.2), SMTP `AUTH PLAIN LOGIN` (RFC 4954 3), POP3 `SASL PLAIN` and `USER` (RFC 2449 6). Pure. */
export function signInsIn(capabilities: readonly string[]): string[] {
  const found = capabilities.flatMap((line) => {
    const text = line.toUpperCase()
    const list = /^(?:AUTH|SASL)[ =](.+)$/.exec(text)?.[1]
    return list === undefined ? (text === 'USER' || text === 'LOGINDISABLED' ? [text] : []) : list.split(/\s+/)
  })
  return [...new Set(found)]
}

/** A service that wants to know who asks is there: 401, or 403 and 405 for the wrong way to ask. */
async function lookAtEndpoint(endpoint: string, protocol: Found['protocol'], http: HttpClient, signal: AbortSignal): Promise<Probed> {
  const url = protocol === 'graph' ? `${endpoint}/v1.0/me` : protocol === 'ews' ? endpoint : `${endpoint}/gmail/v1/users/me/profile`
  const { status, headers } = await http.request({ method: 'GET', url, mostBytes: 100_000, signal })
  const offered = (headers['www-authenticate'] ?? '').split(/,\s*/).flatMap((challenge) => /^(Negotiate|NTLM|Basic|Bearer)\b/i.exec(challenge.trim())?.[1]?.toUpperCase() ?? [])
  if (status === 401) return { outcome: 'ok', detail: `Answers and asks for a sign-in${protocol === 'ews' && offered.length > 0 ? ` by ${offered.join(', ')}` : ''}`, offered: protocol === 'ews' ? offered : null }
  return { outcome: status === 403 || status === 405 ? 'warning' : 'failed', detail: `Answers with ${status} instead of asking for a sign-in`, offered: null }
}

/** Whether the way to sign in is among those that the server offers. */
function judged(probed: Probed, { signIn }: Found): Probed {
  if (probed.outcome === 'failed' || probed.offered === null || fits(signIn, probed.offered)) return probed
  return { ...probed, outcome: 'warning', detail: `${probed.detail}. It does not say that it takes ${signIn.method === 'oauth2' ? 'OAuth' : 'passwords'}.` }
}

function fits({ method }: FoundSignIn, offered: readonly string[]): boolean {
  if (method === 'oauth2') return offered.some((one) => ['XOAUTH2', 'OAUTHBEARER', 'BEARER'].includes(one))
  if (method === 'ntlm') return offered.includes('NTLM')
  return method !== 'password' || (!offered.includes('LOGINDISABLED') && (offered.length === 0 || offered.some((one) => ['PLAIN', 'LOGIN', 'USER', 'BASIC', 'CRAM-MD5', 'DIGEST-MD5'].includes(one) || one.startsWith('SCRAM-'))))
}

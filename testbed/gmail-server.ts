import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { testCertificates, type TestCertificate } from './certificates.ts'
import { createGmailBox, type GmailBox } from './gmail-mailbox.ts'
import { GoogleError, methods, type Method } from './gmail-methods.ts'

/** Whose token it is and what it may do; `*` stands for every user. null: the token is not valid. */
export type Bearer = (token: string) => { email: string; scopes: readonly string[] } | null
/** What happens instead of the next so many requests of a method. */
export type GmailFault = { method: RegExp; times: number; answer?: { status: number; headers?: Record<string, string>; body: string }; drop?: boolean; delayMs?: number }

export type GmailServer = {
  port: number
  url: string
  /** The mailbox of a user, made where missing. */
  box(email: string): GmailBox
  deliver(email: string, raw: Buffer | string): void
  /** Messages with this label, oldest first; `S` in `flags` means read. */
  stored(email: string, label?: string): { flags: string; raw: Buffer }[]
  faults: GmailFault[]
  /** Names of the methods asked for, in order, and what of the quota was spent. */
  asked: string[]
  spent(email: string): number
  outbox: { from: string; recipients: string[]; raw: Buffer }[]
  /** Users of whom Google says that they have no Gmail. */
  withoutMail: Set<string>
  mostAtOnce: number
  /** Mail that is sent gets a Message-ID of Gmail's own. */
  givesMessageIds: boolean
  stop(): Promise<void>
}

type Wish = { bearer: Bearer; certificate?: TestCertificate | null; now?: () => number; unitsPerMinute?: number; slowMs?: number }

/**
 * The Gmail API v1 as https://developers.google.com/workspace/gmail/api/reference/rest describes it, as much of it as a mail program uses; each method
 * names its page. Strict: unknown parameters, labels and methods are refused. 15,000 units a minute for each user (…/reference/quota).
 */
export async function startGmailServer({ bearer, certificate = testCertificates().good, now = () => Date.now(), unitsPerMinute = 15_000, slowMs = 0 }: Wish): Promise<GmailServer> {
  const boxes = new Map<string, GmailBox>()
  const spending = new Map<string, { at: number; units: number }[]>()
  const running = new Map<string, number>()
  const spent = (email: string): number => (spending.get(email) ?? []).filter(({ at }) => at > now() - 60_000).reduce((sum, { units }) => sum + units, 0)

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request)
    try {
      const { method, id, userId, query } = routed(request)
      const email = whose(bearer, request, userId, method)
      if (await faulty(gmail, method, response)) return
      const counted = running.get(email) ?? 0
      gmail.asked.push(method.name)
      // …/guides/handle-errors, 429: "a per-user concurrent request limit".
      if (counted >= gmail.mostAtOnce) throw new GoogleError(429, 'rateLimitExceeded', 'Too many concurrent requests for user', 'usageLimits', { state: 'RESOURCE_EXHAUSTED' })
      if (spent(email) + method.units > unitsPerMinute) throw new GoogleError(403, 'rateLimitExceeded', "Quota exceeded for quota metric 'Queries' and limit 'Queries per minute per user' of service 'gmail.googleapis.com' for consumer 'project_number:1'.", 'usageLimits', { state: 'PERMISSION_DENIED' })
      if (gmail.withoutMail.has(email)) throw new GoogleError(400, 'failedPrecondition', 'Mail service not enabled', 'global', { state: 'FAILED_PRECONDITION' })
      spending.set(email, [...(spending.get(email) ?? []), { at: now(), units: method.units }].slice(-20_000))
      running.set(email, counted + 1)
      if (slowMs > 0) await new Promise((done) => setTimeout(done, slowMs))
      running.set(email, (running.get(email) ?? 1) - 1)
      const send = (recipients: string[], raw: Buffer): void => void gmail.outbox.push({ from: email, recipients, raw })
      const value = method.work({ box: gmail.box(email), query, body, contentType: request.headers['content-type'] ?? '', id, email, send, givesMessageIds: gmail.givesMessageIds })
      if (value === undefined) response.writeHead(204).end()
      else reply(response, 200, selected(value, query.get('fields')))
    } catch (error) {
      if (!(error instanceof GoogleError)) throw error
      const { status, reason, domain, message, more } = error
      reply(response, status, { error: { code: status, message, errors: [{ message, domain, reason }], ...(more.state === undefined ? {} : { status: more.state }), ...(more.details === undefined ? {} : { details: more.details }) } }, more.headers)
    }
  }

  const listener = (request: IncomingMessage, response: ServerResponse): void => void answer(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined))
  const server = certificate === null ? createServer(listener) : createSecureServer({ cert: certificate.cert, key: certificate.key }, listener)
  server.listen(0, 'localhost')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const gmail: GmailServer = {
    port, url: `${certificate === null ? 'http' : 'https'}://localhost:${port}`,
    box(email) {
      const found = boxes.get(email) ?? createGmailBox(now)
      boxes.set(email, found)
      return found
    },
    deliver: (email, raw) => void gmail.box(email).insert(Buffer.from(raw), ['INBOX', 'UNREAD', 'CATEGORY_PERSONAL']),
    stored(email, name = 'INBOX') {
      const box = gmail.box(email)
      const label = box.labels.find((one) => one.name === name)?.id ?? ''
      return [...box.messages.values()].filter(({ labelIds }) => labelIds.has(label)).map(({ labelIds, raw }) => ({ flags: labelIds.has('UNREAD') ? '' : 'S', raw }))
    },
    faults: [], asked: [], spent, outbox: [], withoutMail: new Set(), mostAtOnce: 10, givesMessageIds: false,
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    }
  }
  return gmail
}

/** Parameters that every method of Google's takes: https://cloud.google.com/apis/docs/system-parameters */
const everywhere = ['fields', 'alt', 'prettyPrint', 'quotaUser']

function routed(request: IncomingMessage): { method: Method; id: string; userId: string; query: URLSearchParams } {
  const url = new URL(request.url ?? '/', 'https://gmail.googleapis.com')
  const [, upload = '', userId = '', path = ''] = /^(\/upload)?\/gmail\/v1\/users\/([^/]+)\/(.*)$/.exec(url.pathname) ?? []
  for (const method of methods) {
    const found = method.verb === request.method ? method.path.exec(path) : null
    if (found === null || (upload !== '' && method.name !== 'messages.send')) continue
    for (const name of url.searchParams.keys()) if (![...method.params, ...everywhere].includes(name)) throw new GoogleError(400, 'badRequest', `Invalid JSON payload received. Unknown name "${name}": Cannot bind query parameter. Field '${name}' could not be found in request message.`)
    if ((upload !== '') !== url.searchParams.has('uploadType')) throw new GoogleError(400, 'badRequest', 'An upload needs both /upload and uploadType.')
    return { method, id: decodeURIComponent(found[1] ?? ''), userId: decodeURIComponent(userId), query: url.searchParams }
  }
  throw new GoogleError(404, 'notFound', `Not found: ${url.pathname}`)
}

/** The user that is asked about, if the token is theirs and good for the method. */
function whose(bearer: Bearer, request: IncomingMessage, userId: string, { scopes, name }: Method): string {
  const token = /^Bearer ([A-Za-z0-9._~+/=-]+)$/.exec(request.headers.authorization ?? '')?.[1]
  const challenge = { headers: { 'www-authenticate': 'Bearer realm="https://accounts.google.com/", error="invalid_token"' }, state: 'UNAUTHENTICATED' }
  if (token === undefined) throw new GoogleError(401, 'required', 'Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or other valid authentication credential.', 'global', challenge)
  const known = bearer(token)
  if (known === null) throw new GoogleError(401, 'authError', 'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.', 'global', challenge)
  if (!known.scopes.some((scope) => scopes.includes(scope))) {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT', domain: 'googleapis.com', metadata: { method: name, service: 'gmail.googleapis.com' } }]
    throw new GoogleError(403, 'insufficientPermissions', 'Request had insufficient authentication scopes.', 'global', { state: 'PERMISSION_DENIED', details })
  }
  if (userId === 'me') return known.email
  if (known.email !== '*' && known.email.toLowerCase() !== userId.toLowerCase()) throw new GoogleError(403, 'forbidden', `Delegation denied for ${known.email}`)
  return userId
}

async function faulty(gmail: GmailServer, { name }: Method, response: ServerResponse): Promise<boolean> {
  const fault = gmail.faults.find(({ method, times }) => times > 0 && method.test(name))
  if (fault === undefined) return false
  fault.times--
  gmail.asked.push(`${name} (fault)`)
  if (fault.delayMs !== undefined) await new Promise((done) => setTimeout(done, fault.delayMs))
  if (fault.drop === true) response.destroy()
  else if (fault.answer !== undefined) response.writeHead(fault.answer.status, { 'content-type': 'application/json; charset=UTF-8', ...fault.answer.headers }).end(fault.answer.body)
  else return false
  return true
}

/** A partial answer: https://developers.google.com/workspace/gmail/api/guides/performance#partial */
function selected(value: unknown, fields: string | null): unknown {
  if (fields === null || typeof value !== 'object' || value === null) return value
  const wanted = new Map<string, string[]>()
  for (const field of fields.split(',')) {
    const [name = '', ...rest] = field.split('/')
    wanted.set(name, [...(wanted.get(name) ?? []), ...(rest.length === 0 ? [] : [rest.join('/')])])
  }
  return Object.fromEntries(Object.entries(value).filter(([name]) => wanted.has(name)).map(([name, member]) => {
    const inner = wanted.get(name) ?? []
    return [name, inner.length === 0 ? member : Array.isArray(member) ? member.map((one) => selected(one, inner.join(','))) : selected(member, inner.join(','))]
  }))
}

/** Google indents its JSON and writes some signs as \u003d. */
function reply(response: ServerResponse, status: number, value: unknown, headers: Record<string, string> = {}): void {
  const text = JSON.stringify(value, null, 2).replaceAll('=', '\\u003d')
  response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8', ...headers }).end(`${text}\n`)
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

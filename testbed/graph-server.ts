import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { testCertificates, type TestCertificate } from './certificates.ts'
import { runBatch } from './graph-batch.ts'
import { createGraphDelta } from './graph-delta.ts'
import { GraphError, graphErrorBody } from './graph-error.ts'
import { createGraphMailbox, type GraphMailbox } from './graph-mailbox.ts'
import { methods, type Answer, type SentMail, type UploadSession } from './graph-methods.ts'
import { createGraphSubscriptions, type GraphSubscriptions } from './graph-subscriptions.ts'
import { createGraphLimits } from './graph-limits.ts'
import { takeRange } from './graph-uploads.ts'

/** Whose token it is: `user` `*` opens every mailbox. null: the token is not valid. `rights` are scopes or roles. */
export type GraphBearer = (token: string) => { app: string; user: string; rights: readonly string[] } | null
/** What happens instead of the next so many requests whose `METHOD name` fits. */
export type GraphFault = { request: RegExp; times: number; answer?: { status: number; headers?: Record<string, string>; code?: string; message?: string; body?: string }; drop?: boolean; delayMs?: number; /** The request is done, and the answer is lost all the same. */ afterwards?: boolean }
/** One request as the server takes it, alone or in a batch. */
export type GraphRequest = { verb: string; url: URL; prefer: string; contentType: string; body: Buffer; app: string; user: string; rights: readonly string[] }

export type GraphServer = {
  port: number
  url: string
  box(mailbox: string): GraphMailbox
  deliver(mailbox: string, raw: Buffer | string): void
  stored(mailbox: string, path?: string): { flags: string; raw: Buffer }[]
  faults: GraphFault[]
  /** An answer by chance instead of the work; null: none. Counted in `refused`. */
  chaos: ((request: string) => GraphError | null) | null
  /** Names of the requests, in order; those in a batch one by one. */
  asked: string[]
  /** Requests over HTTP: a batch is one. */
  exchanges: number
  /** How often more than four at once, or too many, were refused. */
  refused: { concurrency: number; rate: number }
  mostAtOnce: number
  sent: SentMail[]
  mostBytes: number
  subscriptions: GraphSubscriptions
  /** Mailboxes that do not exist, are elsewhere, or are closed to the token's user. */
  unknown: Set<string>
  onPremises: Set<string>
  closed: Set<string>
  forgetDeltaTokens(): void
  /** Whether a part of a batch may have a body that is no JSON. */
  takesTextInBatches: boolean
  /** Milliseconds that each request holds its place. */
  latencyMs: number
  stop(): Promise<void>
}
type Wish = { bearer: GraphBearer; certificate?: TestCertificate; now?: () => number; latencyMs?: number; names?: Record<string, string> }

/**
 * Microsoft Graph v1.0 as https://learn.microsoft.com/graph/api/overview describes its mail, as much of it as a mail program uses; each part names its page.
 * Strict: unknown paths, options and properties are refused, and so is the fifth request at once.
 */
export async function startGraphServer({ bearer, certificate = testCertificates().good, now = () => Date.now(), latencyMs = 0, names }: Wish): Promise<GraphServer> {
  const boxes = new Map<string, GraphMailbox>()
  const uploads = new Map<string, UploadSession>()
  const delta = createGraphDelta()
  const limits = createGraphLimits(now)

  /** The work of one request within the limits of its application and mailbox. */
  const take = async (request: GraphRequest): Promise<Answer> => {
    const { name, mailbox, ids, method } = routed(request)
    graph.asked.push(`${request.verb} ${name}`)
    const leave = limits.enter(`${request.app} ${mailbox}`, graph)
    try {
      if (graph.latencyMs > 0) await new Promise((done) => setTimeout(done, graph.latencyMs))
      const fault = graph.faults.find(({ request: which, times }) => times > 0 && which.test(`${request.verb} ${name}`))
      if (fault !== undefined) {
        fault.times--
        if (fault.delayMs !== undefined) await new Promise((done) => setTimeout(done, fault.delayMs))
        if (fault.drop === true) return { status: 0 }
        if (fault.answer?.body !== undefined) return { status: fault.answer.status, raw: Buffer.from(fault.answer.body), headers: fault.answer.headers ?? {} }
        if (fault.answer !== undefined && fault.afterwards !== true) throw new GraphError(fault.answer.status, fault.answer.code ?? 'UnknownError', fault.answer.message ?? '', fault.answer.headers)
      }
      const unlucky = graph.chaos?.(`${request.verb} ${name}`) ?? null
      if (unlucky !== null) throw unlucky
      permit(graph, request, mailbox, method.rights)
      const answer = method.work({ box: graph.box(mailbox), mailbox, url: request.url, prefer: request.prefer, contentType: request.contentType, body: request.body, ids, delta, uploads, send: (mail) => void graph.sent.push(mail), mostBytes: graph.mostBytes })
      if (fault?.answer !== undefined) throw new GraphError(fault.answer.status, fault.answer.code ?? 'UnknownError', fault.answer.message ?? '', fault.answer.headers)
      return answer
    } finally {
      leave()
    }
  }

  const answer = async (request: IncomingMessage): Promise<Answer> => {
    graph.exchanges++
    const url = new URL(request.url ?? '/', graph.url)
    const body = await bodyOf(request)
    const { authorization } = request.headers
    if (request.method === 'PUT' && url.pathname.startsWith('/api/v2.0/')) {
      graph.asked.push('PUT upload')
      return takeRange(uploads, { url, authorization, range: request.headers['content-range'] ?? '', body })
    }
    const prefer = String(request.headers['prefer'] ?? '')
    const whole: GraphRequest = { verb: request.method ?? '', url, prefer, contentType: request.headers['content-type'] ?? '', body, ...whose(bearer, authorization, url) }
    const subscription = /^\/v1\.0\/subscriptions(?:\/([^/]+))?$/.exec(url.pathname)
    if (subscription !== null) {
      graph.asked.push(`${whole.verb} subscription`)
      const id = subscription[1] ?? ''
      if (whole.verb === 'DELETE') return graph.subscriptions.end(id)
      const json = JSON.parse(body.toString('utf8')) as Record<string, unknown>
      return whole.verb === 'POST' ? graph.subscriptions.create(json) : graph.subscriptions.renew(id, json)
    }
    return url.pathname === '/v1.0/$batch' ? runBatch(whole, take, graph.takesTextInBatches) : take(whole)
  }

  const listener = (request: IncomingMessage, response: ServerResponse): void =>
    void answer(request).then((found) => reply(request, response, found), (error: unknown) => {
      if (!(error instanceof GraphError)) return void response.destroy(error instanceof Error ? error : undefined)
      reply(request, response, { status: error.status, json: graphErrorBody(error.code, error.message), headers: error.headers })
    })
  const server = createServer({ cert: certificate.cert, key: certificate.key }, listener)
  server.listen(0, 'localhost')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const graph: GraphServer = {
    port, url: `https://localhost:${port}`,
    box(mailbox) {
      const key = mailbox.toLowerCase()
      const found = boxes.get(key) ?? createGraphMailbox(now, names)
      boxes.set(key, found)
      return found
    },
    deliver(mailbox, raw) {
      const box = graph.box(mailbox)
      const { key } = box.insert(box.wellKnown('inbox').id, Buffer.from(raw))
      void graph.subscriptions.announce(mailbox, key)
    },
    stored(mailbox, path = 'Inbox') {
      const box = graph.box(mailbox)
      let parentId: string | null = null
      for (const name of path.split('/')) parentId = box.folders.find((folder) => folder.parentId === parentId && (folder.displayName === name || folder.wellKnown === name.toLowerCase()))?.id ?? 'none'
      return [...box.messages.values()].filter(({ folderId }) => folderId === parentId).toSorted((a, b) => a.receivedAt - b.receivedAt).map(({ isRead, raw }) => ({ flags: isRead ? 'S' : '', raw }))
    },
    faults: [], chaos: null, asked: [], exchanges: 0, refused: { concurrency: 0, rate: 0 }, mostAtOnce: 0, sent: [], mostBytes: 4 * 1024 * 1024,
    subscriptions: createGraphSubscriptions(postPlain), unknown: new Set(), onPremises: new Set(), closed: new Set(), takesTextInBatches: true, latencyMs,
    forgetDeltaTokens: () => delta.forget(),
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    }
  }
  return graph
}

function routed({ verb, url, user }: GraphRequest): { name: string; mailbox: string; ids: string[]; method: (typeof methods)[number] } {
  const [, me, named, path = ''] = /^\/v1\.0\/(?:(me)|users\/([^/]+))\/(.*)$/.exec(url.pathname) ?? []
  for (const method of methods) {
    const found = method.verb === verb ? method.path.exec(path) : null
    if (found !== null && (me ?? named) !== undefined) return { name: method.name, mailbox: me === undefined ? decodeURIComponent(named ?? '') : user, ids: found.slice(1).map((id) => (id === undefined ? id : decodeURIComponent(id)) as string), method }
  }
  throw new GraphError(400, 'BadRequest', `Resource not found for the segment '${path.split('/')[0] ?? ''}'.`)
}

/** https://learn.microsoft.com/graph/resolve-auth-errors */
function whose(bearer: GraphBearer, authorization: string | undefined, url: URL): { app: string; user: string; rights: readonly string[] } {
  const challenge = { 'www-authenticate': `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000"` }
  const token = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1]
  if (token === undefined) throw new GraphError(401, 'InvalidAuthenticationToken', 'Access token is empty.', challenge)
  const known = bearer(token)
  if (known === null) throw new GraphError(401, 'InvalidAuthenticationToken', 'IDX14100: JWT is not well formed, there are no dots (.).', challenge)
  return { ...known, user: known.user === '*' && url.pathname.startsWith('/v1.0/me/') ? 'me' : known.user }
}

function permit(graph: GraphServer, { user, rights }: GraphRequest, mailbox: string, wanted: readonly string[]): void {
  const key = mailbox.toLowerCase()
  if (!rights.some((right) => wanted.includes(right))) throw new GraphError(403, 'ErrorAccessDenied', 'Access is denied. Check credentials and try again.')
  if (graph.unknown.has(key)) throw new GraphError(404, 'ErrorInvalidUser', `The requested user '${mailbox}' is invalid.`)
  if (graph.onPremises.has(key)) throw new GraphError(404, 'MailboxNotEnabledForRESTAPI', 'The mailbox is either inactive, soft-deleted, or is hosted on-premise.')
  if (graph.closed.has(key) || (user !== '*' && user !== 'me' && user.toLowerCase() !== key && !rights.some((right) => right.endsWith('.Shared')))) throw new GraphError(403, 'ErrorAccessDenied', 'Access is denied. Check credentials and try again.')
}

function reply(request: IncomingMessage, response: ServerResponse, { status, json, raw, headers = {} }: Answer): void {
  if (status === 0) return void request.socket.destroy()
  const preference = /IdType="ImmutableId"/.test(String(request.headers['prefer'] ?? '')) ? { 'preference-applied': 'IdType="ImmutableId"' } : {}
  const all = { 'request-id': '00000000-0000-0000-0000-000000000001', 'cache-control': 'private', ...preference, ...(json === undefined ? {} : { 'content-type': 'application/json; odata.metadata=minimal; charset=utf-8' }), ...(raw === undefined ? {} : { 'content-type': 'text/plain' }), ...headers }
  response.writeHead(status, all).end(json === undefined ? raw : JSON.stringify(json))
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

/** Calls a subscriber on loopback. */
function postPlain(url: string, body: unknown): Promise<{ status: number; text: string; contentType: string }> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(url, { method: 'POST', headers: { 'content-type': body === null ? 'text/plain; charset=utf-8' : 'application/json' } }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString('utf8'), contentType: String(response.headers['content-type'] ?? '') }))
    })
    sent.on('error', reject)
    sent.end(body === null ? '' : JSON.stringify(body))
  })
}

import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { testCertificates } from './certificates.ts'
import { createEwsAuth, type EwsAuthOptions } from './ews-auth.ts'
import { answerEws, child, within, type EwsCaller, type EwsMessage, type EwsSent, type EwsSite } from './ews-operations.ts'
import { readRequest, schemaFault, type RequestNode } from './ews-schema.ts'
import { createEwsStore, type EwsStore } from './ews-store.ts'
import { createEwsStreams } from './ews-streams.ts'

/** What the server does instead of its work: an answer of HTTP alone, a SOAP fault, an error in each response message, or a closed connection. */
export type EwsFault = { http: number; headers?: Record<string, string>; body?: string } | { fault: string; text: string; backOffMs?: number } | { response: string; text: string; backOffMs?: number } | { drop: true }
export type EwsAsked = { operation: string; user: string; impersonated: string | null; anchor: string | null; connection: number }

export type EwsServerOptions = EwsAuthOptions & {
  /** Display names of standing folders in another language. */
  folderNames?: Record<string, string>
  /** Whether a user (by its name, `app` for an application) may open a mailbox that is not its own: FullAccess. */
  mayOpen?(user: string, mailbox: string): boolean
  mayImpersonate?(user: string, mailbox: string): boolean
  maySendAs?(user: string, from: string): boolean
  /** Accounts without a mailbox. */
  hasMailbox?(user: string): boolean
  heartbeatMs?: number
  /** How long one minute of ConnectionTimeout lasts. */
  minuteMs?: number
}

export type EwsServer = {
  port: number
  url: string
  asked: EwsAsked[]
  sent: EwsSent[]
  connections(): number
  /** The mailbox of a user, made where there is none: `CORP\ann`, `ann` and `ann@example.com` are the same. */
  store(user: string): EwsStore
  /** Asked before each operation. */
  setFault(fault: ((operation: string) => EwsFault | null) | null): void
  refuseMail(refuse: ((mail: EwsSent) => { code: string; text: string } | null) | null): void
  /** Ends every connection, as a restarted server does. */
  dropConnections(): void
  forgetSubscriptions(): void
  stop(): Promise<void>
}

const path = '/ews/exchange.asmx'
/** IIS takes no more than this by default. https://learn.microsoft.com/exchange/configure-client-specific-message-size-limits-exchange-2013-help */
const mostRequestBytes = 67_108_864
const soapType = { 'content-type': 'text/xml; charset=utf-8' }

/**
 * Exchange Web Services on loopback over HTTPS, faithful to what the vendor's pages say: strict about the schema, signing in by Basic, NTLM
 * (bound to the connection) or OAuth.
 */
export async function startEwsServer(options: EwsServerOptions): Promise<EwsServer> {
  const certificate = testCertificates().good
  const stores = new Map<string, EwsStore>()
  const asked: EwsAsked[] = []
  const sent: EwsSent[] = []
  const sockets = new Map<Socket, number>()
  let opened = 0
  let faultOf: ((operation: string) => EwsFault | null) | null = null
  let refuse: ((mail: EwsSent) => { code: string; text: string } | null) | null = null
  const keyOf = (user: string): string => (user.split('\\').at(-1) ?? '').split('@')[0]?.toLowerCase() ?? ''
  const storeOf = (user: string): EwsStore => {
    const key = keyOf(user)
    const store = stores.get(key) ?? createEwsStore(`${key}@example.com`, options.folderNames)
    stores.set(key, store)
    return store
  }
  const streams = createEwsStreams(options.heartbeatMs ?? 45_000, options.minuteMs ?? 60_000)
  const auth = createEwsAuth(options, certificate)
  const site: EwsSite = {
    sent, stores: () => stores.values(), maySendAs: (user, from) => options.maySendAs?.(user, from) ?? keyOf(user) === keyOf(from), refuse: (mail) => refuse?.(mail) ?? null,
    storeOf: (address) => (options.hasMailbox?.(address) ?? true ? storeOf(address) : null)
  }
  const callerFor = (user: string, impersonated: string | null): EwsCaller => {
    const acting = impersonated ?? user
    const own = impersonated === null && (user === 'app' || options.hasMailbox?.(user) === false) ? null : storeOf(acting)
    return { own, user: acting, mayOpen: (mailbox) => mailbox === own || (options.mayOpen?.(acting, mailbox.address) ?? false) }
  }
  const work = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = (request.url ?? '').toLowerCase()
    // Outlook on the web sends whoever is not signed in to a form.
    if (url === '/' || url.startsWith('/owa')) return void response.writeHead(302, { location: `https://localhost/owa/auth/logon.aspx?url=https%3a%2f%2flocalhost${encodeURIComponent(url)}` }).end()
    if (url !== path) return void response.writeHead(404, { 'content-type': 'text/html' }).end('<html><head><title>404 - File or directory not found.</title></head><body></body></html>')
    const body = await bodyOf(request)
    const user = auth.check(request, response)
    if (user === null) return
    if (request.method !== 'POST') return void response.writeHead(200, { 'content-type': 'text/html' }).end('<HTML><HEAD><TITLE>Service</TITLE></HEAD><BODY>You have created a service.</BODY></HTML>')
    if (body === null) return void response.writeHead(413, { 'content-type': 'text/html' }).end('<html><head><title>413 - Request Entity Too Large</title></head></html>')
    if (!/^text\/xml/i.test(request.headers['content-type'] ?? '')) return void response.writeHead(415).end()
    const { xml, mime } = withoutMime(body)
    const root = readRequest(xml)
    const invalid = schemaFault(root)
    if (root === null || invalid !== null) return faulty(response, 'ErrorSchemaValidation', `The request failed schema validation: ${invalid ?? ''}`)
    const impersonated = within(root, 't:ConnectingSID')?.children[0]?.text ?? null
    const operation = child(root, 'soap:Body')?.children[0] ?? root
    const name = operation.name.slice(2)
    asked.push({ operation: name, user, impersonated, anchor: String(request.headers['x-anchormailbox'] ?? '') || null, connection: sockets.get(request.socket) ?? 0 })
    const fault = faultOf?.(name) ?? null
    if (fault !== null && !('response' in fault)) return misbehave(response, fault)
    // https://learn.microsoft.com/exchange/client-developer/exchange-web-services/how-to-authenticate-an-ews-application-by-using-oauth
    if (user === 'app' && impersonated === null) return faulty(response, 'ErrorInvalidExchangeImpersonationHeaderData', 'ExchangeImpersonation SOAP header must be present for this type of OAuth token.')
    if (impersonated !== null && options.hasMailbox?.(impersonated) === false) return faulty(response, 'ErrorNonExistentMailbox', 'The SMTP address has no mailbox associated with it.')
    if (impersonated !== null && !(options.mayImpersonate?.(user, impersonated) ?? user === 'app')) return faulty(response, 'ErrorImpersonateUserDenied', 'The account does not have permission to impersonate the requested user.')
    const caller = callerFor(user, impersonated)
    if (fault !== null && 'response' in fault) return reply(response, name, [{ code: fault.response, text: fault.text, rest: [backOffXml(fault.backOffMs, 'm')] }])
    if (name === 'GetStreamingEvents') return streams.listen(operation, response)
    if (name === 'Subscribe' || name === 'Unsubscribe') return reply(response, name, streams.answer(operation, caller, site))
    return reply(response, name, answerEws(operation, mime, caller, site))
  }
  const server = createServer({ cert: certificate.cert, key: certificate.key }, (request, response) => void work(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined)))
  server.keepAliveTimeout = 60_000
  server.on('secureConnection', (socket: Socket) => sockets.set(socket, ++opened))
  server.on('connection', (socket: Socket) => void socket.unref().on('error', () => socket.destroy()))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  server.unref()
  const { port } = server.address() as AddressInfo
  const dropConnections = (): void => {
    for (const socket of sockets.keys()) socket.destroy()
    sockets.clear()
  }
  return {
    port, url: `https://localhost:${port}/EWS/Exchange.asmx`, asked, sent, connections: () => opened, store: storeOf, dropConnections,
    setFault: (fault) => void (faultOf = fault), refuseMail: (next) => void (refuse = next), forgetSubscriptions: () => streams.forget(),
    async stop() {
      streams.forget()
      dropConnections()
      await new Promise((done) => server.close(done))
    }
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer | null> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request) {
    size += (part as Buffer).length
    if (size <= mostRequestBytes) parts.push(part as Buffer)
  }
  return size > mostRequestBytes ? null : Buffer.concat(parts)
}

/** The message is taken out before the XML is read. */
function withoutMime(body: Buffer): { xml: string; mime: Buffer | null } {
  const open = body.indexOf('<t:MimeContent')
  const start = open === -1 ? -1 : body.indexOf('>', open) + 1
  const end = start === -1 ? -1 : body.indexOf('<', start)
  if (end === -1) return { xml: body.toString('utf8'), mime: null }
  return { xml: body.subarray(0, start).toString('utf8') + body.subarray(end).toString('utf8'), mime: Buffer.from(body.toString('latin1', start, end), 'base64') }
}

const header = '<s:Header><h:ServerVersionInfo MajorVersion="15" MinorVersion="2" MajorBuildNumber="1544" MinorBuildNumber="9" Version="V2017_07_11" xmlns:h="http://schemas.microsoft.com/exchange/services/2006/types"/></s:Header>'
export const envelope = { open: `<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">${header}<s:Body>`, close: '</s:Body></s:Envelope>' }

function reply(response: ServerResponse, name: string, messages: readonly EwsMessage[]): void {
  response.writeHead(200, soapType)
  const spaces = 'xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages" xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types"'
  response.write(`${envelope.open}<m:${name}Response ${spaces}><m:ResponseMessages>`)
  for (const { code, text, rest } of messages) {
    const isFine = code === 'NoError'
    response.write(`<m:${name}ResponseMessage ResponseClass="${isFine ? 'Success' : 'Error'}">${isFine ? '' : `<m:MessageText>${text}</m:MessageText>`}<m:ResponseCode>${code}</m:ResponseCode>${isFine ? '' : '<m:DescriptiveLinkKey>0</m:DescriptiveLinkKey>'}`)
    for (const part of rest) response.write(typeof part === 'string' ? part : part.toString('base64'))
    response.write(`</m:${name}ResponseMessage>`)
  }
  response.end(`</m:ResponseMessages></m:${name}Response>${envelope.close}`)
}

/** https://learn.microsoft.com/exchange/client-developer/exchange-web-services/ews-throttling-in-exchange */
const backOffXml = (backOffMs: number | undefined, prefix: string): string => (backOffMs === undefined ? '' : `<${prefix}:MessageXml xmlns:${prefix}="http://schemas.microsoft.com/exchange/services/2006/${prefix === 'm' ? 'messages' : 'types'}"><t:Value xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types" Name="BackOffMilliseconds">${backOffMs}</t:Value></${prefix}:MessageXml>`)

function faulty(response: ServerResponse, code: string, text: string, backOffMs?: number): void {
  const errors = 'xmlns:e="http://schemas.microsoft.com/exchange/services/2006/errors"'
  const words = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  response.writeHead(500, soapType).end(`<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode xmlns:a="http://schemas.microsoft.com/exchange/services/2006/types">a:${code}</faultcode><faultstring xml:lang="en-US">${words}</faultstring><detail><e:ResponseCode ${errors}>${code}</e:ResponseCode><e:Message ${errors}>${words}</e:Message>${backOffXml(backOffMs, 't')}</detail></s:Fault></s:Body></s:Envelope>`)
}

function misbehave(response: ServerResponse, fault: Exclude<EwsFault, { response: string }>): void {
  if ('drop' in fault) return void response.socket?.destroy()
  if ('http' in fault) return void response.writeHead(fault.http, { 'content-type': 'text/html', ...fault.headers }).end(fault.body ?? '')
  return faulty(response, fault.fault, fault.text, fault.backOffMs)
}
export type { RequestNode }

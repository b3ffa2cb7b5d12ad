import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { authorize } from './entra-authorize.ts'
import { testCertificates } from './certificates.ts'
import { entraErrorBody, statusOf, type EntraFault } from './entra-errors.ts'
import { entraGrants } from './entra-grants.ts'
import { opaque } from './entra-tokens.ts'
import { createEntraWorld, scopeFault, scopesIn, type EntraAuthority, type EntraChange } from './entra-world.ts'

export type { EntraApp, EntraAuthority, EntraUser } from './entra-world.ts'

/**
 * A Microsoft Entra authority (v2.0 endpoints) over TLS with the test CA on a free port.
 * https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc
 */
export async function startEntraAuthority(change: EntraChange = {}): Promise<EntraAuthority> {
  const sockets = new Set<Socket>()
  const close = (): Promise<void> =>
    new Promise((done) => {
      server.close(() => done())
      for (const socket of sockets) socket.destroy()
    })
  const world = createEntraWorld(change, close)
  const { authority, devices, troubles, signer, knowsTenant, now } = world

  const token = (tenant: string, body: URLSearchParams, response: ServerResponse): void => {
    const audience = `${authority.url}/${tenant}/oauth2/v2.0/token`
    const grant = entraGrants[body.get('grant_type') ?? '']
    const result = !knowsTenant(tenant) ? 90002 : body.get('grant_type') === null ? 900144 : grant === undefined ? 70003 : grant(world, body, audience, tenant)
    if (typeof result === 'number') return refuse(response, { code: result })
    if ('code' in result) return refuse(response, result as EntraFault)
    json(response, 200, result)
  }

  const deviceCode = (tenant: string, body: URLSearchParams, response: ServerResponse): void => {
    if (!knowsTenant(tenant)) return refuse(response, { code: 90002 })
    if (body.get('client_id') !== authority.app.clientId) return refuse(response, { code: 700016 })
    const fault = scopeFault(world, scopesIn(body))
    if (fault !== null) return refuse(response, { code: fault })
    const { intervalSeconds, expiresInSeconds } = authority.device
    const code = opaque('HAQ')
    devices.set(code, { clientId: authority.app.clientId, scope: scopesIn(body), asked: 0, expiresAt: now() + expiresInSeconds * 1000 })
    json(response, 200, { user_code: 'YZMYLD4K', device_code: code, verification_uri: `${authority.url}/link`, expires_in: expiresInSeconds, interval: intervalSeconds, message: 'To sign in, open the page and enter the code YZMYLD4K.' })
  }

  const browser = (tenant: string, asked: URLSearchParams, response: ServerResponse): void => {
    const answered = authorize(world, tenant, asked)
    if ('redirect' in answered) return void response.writeHead(302, { location: answered.redirect }).end()
    if ('errorPage' in answered) return page(response, answered.errorPage)
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>Sign in</body></html>')
  }

  /** https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc#fetch-the-openid-configuration-document */
  const configuration = (tenant: string, response: ServerResponse): void => {
    if (!knowsTenant(tenant)) return refuse(response, { code: 90002, error: 'invalid_tenant' })
    const at = `${authority.url}/${tenant}`
    json(response, 200, {
      issuer: `${authority.url}/${authority.tenant}/v2.0`, authorization_endpoint: `${at}/oauth2/v2.0/authorize`, token_endpoint: `${at}/oauth2/v2.0/token`, device_authorization_endpoint: `${at}/oauth2/v2.0/devicecode`,
      end_session_endpoint: `${at}/oauth2/v2.0/logout`, jwks_uri: `${at}/discovery/v2.0/keys`, response_types_supported: ['code'], id_token_signing_alg_values_supported: ['RS256'], cloud_instance_name: 'microsoftonline.com'
    })
  }

  const page = (response: ServerResponse, code: number): void => {
    response.writeHead(400, { 'content-type': 'text/html; charset=utf-8' })
    response.end(`<html><head><title>Sign in to your account</title></head><body>Sorry, but we’re having trouble signing you in.<p>${entraErrorBody({ code }, now()).error_description.replace(/'/g, '&#39;')}</p></body></html>`)
  }
  const json = (response: ServerResponse, status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store, no-cache', 'x-ms-request-id': randomUUID() }).end(JSON.stringify(body))
  }
  const refuse = (response: ServerResponse, fault: EntraFault): void => {
    const body = entraErrorBody(fault, now())
    json(response, statusOf(fault, body.error), body)
  }

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', authority.url)
    const [, tenant = '', ...rest] = url.pathname.split('/')
    const path = rest.join('/')
    const body = new URLSearchParams(request.method === 'POST' ? await textOf(request) : '')
    authority.requests.push({ method: request.method ?? '', path: url.pathname })
    response.setHeader('date', new Date(now()).toUTCString())
    const kind = ({ 'v2.0/.well-known/openid-configuration': 'configuration', 'oauth2/v2.0/authorize': 'authorize', 'oauth2/v2.0/token': 'token', 'oauth2/v2.0/devicecode': 'devicecode' } as const)[path]
    if (kind === 'token') authority.tokenRequests.push(body)
    if (authority.settings.answerAfterMs > 0) await new Promise((done) => setTimeout(done, authority.settings.answerAfterMs))
    const trouble = kind === undefined ? undefined : troubles[kind].shift()
    if (trouble !== undefined && 'body' in trouble) return void response.writeHead(trouble.status, trouble.headers ?? { 'content-type': 'text/html' }).end(trouble.body)
    if (trouble !== undefined) return kind === 'authorize' ? page(response, trouble.code) : refuse(response, trouble)
    const wanted = kind === 'token' || kind === 'devicecode' ? 'POST' : 'GET'
    if (kind !== undefined && request.method !== wanted) return refuse(response, { code: 900561, error: 'invalid_request' })
    if (kind === 'configuration') return configuration(tenant, response)
    if (kind === 'authorize') return browser(tenant, url.searchParams, response)
    if (kind === 'token') return token(tenant, body, response)
    if (kind === 'devicecode') return deviceCode(tenant, body, response)
    if (path === 'discovery/v2.0/keys') return json(response, 200, signer.jwks())
    response.writeHead(404, { 'content-type': 'text/html' }).end('<html><body>404</body></html>')
  }

  const { good } = testCertificates()
  const server = createServer({ cert: good.cert, key: good.key }, (request, response) => void answer(request, response).catch(() => response.destroy()))
  server.on('connection', (socket: Socket) => sockets.add(socket.on('close', () => sockets.delete(socket))))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  authority.url = `https://localhost:${(server.address() as AddressInfo).port}`
  return authority
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text
}

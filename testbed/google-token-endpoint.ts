import { createHash, generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { testCertificates } from './certificates.ts'
import { assertionOf, grantOf, GoogleOAuthError, type ServiceAccount } from './google-assertion.ts'

/** A token that was issued here: whose mailbox it opens and what for. */
export type GoogleToken = { email: string; scopes: string[]; expiresAt: number }

export type GoogleTokenEndpoint = {
  /** https://localhost:PORT, of the authorisation page and of the token endpoint. */
  url: string
  authorizationUrl: string
  tokenUrl: string
  client: { clientId: string; secret: string; state: 'active' | 'deleted' | 'disabled' }
  /** Who sits at the browser; `blocked` is what Google shows in place of the consent page. */
  user: { account: string; does: 'signs-in' | 'declines'; blocked: 'admin_policy_enforced' | 'org_internal' | null }
  serviceAccount: ServiceAccount
  /** The JSON key file of the service account, as Google gives it once. */
  keyFile: string
  settings: { tokenSeconds: number; clockAheadMs: number; scopes: string[] }
  /** Takes the place of the next answer of the token endpoint. */
  answers: { status: number; body: string; headers?: Record<string, string> }[]
  /** Bodies of token requests, latest last. */
  tokenRequests: URLSearchParams[]
  /** What an access token stands for; null where it is unknown, expired or withdrawn. The shape that the Gmail server asks for. */
  tokenIs(token: string): GoogleToken | null
  /** An access token for tests of servers that only check one. */
  issue(email: string, scopes: string[]): string
  /** As a user does in the settings of the account: tokens of before are worth nothing. */
  revoke(): void
  close(): Promise<void>
}

type Code = { redirectUrl: string; challenge: string; scopes: string[]; account: string; offline: boolean }
const mailScopes = ['https://mail.google.com/', 'https://www.googleapis.com/auth/gmail.modify', 'https://www.googleapis.com/auth/gmail.send', 'https://www.googleapis.com/auth/gmail.readonly']
const profileScopes: Readonly<Record<string, string>> = { openid: 'openid', email: 'https://www.googleapis.com/auth/userinfo.email', profile: 'https://www.googleapis.com/auth/userinfo.profile' }

/**
 * Google's authorisation page and token endpoint over TLS with the test CA on a free port.
 * https://developers.google.com/identity/protocols/oauth2/native-app, …/oauth2/service-account
 */
export async function startGoogleTokenEndpoint(change: { user?: Partial<GoogleTokenEndpoint['user']>; serviceAccount?: Partial<ServiceAccount> } = {}): Promise<GoogleTokenEndpoint> {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const codes = new Map<string, Code>()
  const refreshTokens = new Map<string, { scopes: string[]; account: string }>()
  const access = new Map<string, GoogleToken>()
  const sockets = new Set<Socket>()
  const keyId = randomBytes(20).toString('hex')
  const account = change.serviceAccount?.account ?? 'mailroom@helpdesk-project.iam.gserviceaccount.com'

  const google: GoogleTokenEndpoint = {
    url: '', authorizationUrl: '', tokenUrl: '',
    client: { clientId: `${randomBytes(6).toString('hex')}.apps.googleusercontent.com`, secret: `GOCSPX-${randomBytes(14).toString('base64url')}`, state: 'active' },
    user: { account: 'helpdesk@example.com', does: 'signs-in', blocked: null, ...change.user },
    serviceAccount: { account, publicKey: keys.publicKey, keyId, users: ['helpdesk@example.com'], delegated: [...mailScopes], exists: true, ...change.serviceAccount },
    keyFile: JSON.stringify({ type: 'service_account', project_id: 'helpdesk-project', private_key_id: keyId, private_key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }), client_email: account, client_id: '100000000000000000001', token_uri: 'https://oauth2.googleapis.com/token' }, null, 2),
    settings: { tokenSeconds: 3_599, clockAheadMs: 0, scopes: [...mailScopes, ...Object.keys(profileScopes)] },
    answers: [], tokenRequests: [],
    tokenIs(token) {
      const found = access.get(token)
      return found !== undefined && found.expiresAt > now() ? found : null
    },
    issue(email, scopes) {
      const token = `ya29.${randomBytes(120).toString('base64url')}`
      access.set(token, { email, scopes, expiresAt: now() + google.settings.tokenSeconds * 1000 })
      return token
    },
    revoke() {
      refreshTokens.clear()
      access.clear()
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        for (const socket of sockets) socket.destroy()
      })
  }
  const now = (): number => Date.now() + google.settings.clockAheadMs

  const answered = (email: string, scopes: string[], more: Record<string, unknown> = {}): Record<string, unknown> =>
    ({ access_token: google.issue(email, scopes), expires_in: google.settings.tokenSeconds, token_type: 'Bearer', ...more })
  const granted = (scopes: string[]): string[] => scopes.map((scope) => profileScopes[scope] ?? scope)
  const idToken = (email: string): string =>
    [{ alg: 'RS256', typ: 'JWT' }, { iss: 'https://accounts.google.com', aud: google.client.clientId, sub: '1', email, email_verified: true, iat: Math.floor(now() / 1000), exp: Math.floor(now() / 1000) + 3600 }]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).concat('unsigned').join('.')

  /** …/native-app#exchange-authorization-code and #offline */
  const byCode = (form: URLSearchParams): Record<string, unknown> => {
    const code = codes.get(form.get('code') ?? '')
    if (code === undefined) throw new GoogleOAuthError(400, 'invalid_grant', 'Malformed auth code.')
    if (form.get('redirect_uri') !== code.redirectUrl) throw new GoogleOAuthError(400, 'redirect_uri_mismatch', 'Bad Request')
    const verifier = form.get('code_verifier')
    if (verifier === null) throw new GoogleOAuthError(400, 'invalid_grant', 'Missing code verifier.')
    if (!/^[A-Za-z0-9\-._~]{43,128}$/.test(verifier) || createHash('sha256').update(verifier).digest('base64url') !== code.challenge) throw new GoogleOAuthError(400, 'invalid_grant', 'Invalid code verifier.')
    codes.delete(form.get('code') ?? '')
    const refresh = code.offline ? `1//${randomBytes(60).toString('base64url')}` : null
    if (refresh !== null) refreshTokens.set(refresh, { scopes: code.scopes, account: code.account })
    return answered(code.account, granted(code.scopes), { scope: granted(code.scopes).join(' '), ...(refresh === null ? {} : { refresh_token: refresh }), ...(code.scopes.includes('openid') ? { id_token: idToken(code.account) } : {}) })
  }
  const byRefreshToken = (form: URLSearchParams): Record<string, unknown> => {
    const grant = refreshTokens.get(form.get('refresh_token') ?? '')
    if (grant === undefined) throw new GoogleOAuthError(400, 'invalid_grant', 'Token has been expired or revoked.')
    return answered(grant.account, granted(grant.scopes), { scope: granted(grant.scopes).join(' ') })
  }

  const token = (request: IncomingMessage, form: URLSearchParams): Record<string, unknown> => {
    google.tokenRequests.push(form)
    const grantType = form.get('grant_type')
    if (grantType === 'urn:ietf:params:oauth:grant-type:jwt-bearer') {
      const claims = grantOf(assertionOf(form.get('assertion') ?? '', google.serviceAccount), google.serviceAccount, { tokenUrl: google.tokenUrl, now: now(), scopes: mailScopes })
      return answered(claims.subject, claims.scopes)
    }
    checkClient(google, request, form)
    if (grantType === 'authorization_code') return byCode(form)
    if (grantType === 'refresh_token') return byRefreshToken(form)
    throw new GoogleOAuthError(400, 'unsupported_grant_type', `Invalid grant_type: ${grantType ?? ''}`)
  }

  const server = createServer({ cert: testCertificates().good.cert, key: testCertificates().good.key }, (request, response) => void answer(request, response).catch(() => response.destroy()))
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '', google.url)
    response.setHeader('date', new Date(now()).toUTCString())
    if (request.method === 'GET' && url.pathname === '/o/oauth2/v2/auth') return authorize(google, url.searchParams, codes, response)
    const form = new URLSearchParams(await bodyOf(request))
    const instead = url.pathname === '/token' ? google.answers.shift() : undefined
    if (instead !== undefined) return void response.writeHead(instead.status, { 'content-type': 'application/json', ...instead.headers }).end(instead.body)
    try {
      if (request.method !== 'POST' || (url.pathname !== '/token' && url.pathname !== '/device/code')) throw new GoogleOAuthError(404, 'not_found', 'Not Found')
      // …/oauth2/limited-input-device#allowedscopes: no scope of mail is among them.
      if (url.pathname === '/device/code') throw new GoogleOAuthError(400, 'invalid_scope', 'Invalid device flow scope')
      if (!/^application\/x-www-form-urlencoded/.test(request.headers['content-type'] ?? '')) throw new GoogleOAuthError(400, 'invalid_request', 'Invalid content type')
      send(response, 200, token(request, form))
    } catch (error) {
      if (!(error instanceof GoogleOAuthError)) throw error
      send(response, error.status, { error: error.code, error_description: error.message })
    }
  }
  server.on('connection', (socket: Socket) => {
    sockets.add(socket.unref())
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  server.unref()
  google.url = `https://localhost:${(server.address() as AddressInfo).port}`
  google.authorizationUrl = `${google.url}/o/oauth2/v2/auth`
  google.tokenUrl = `${google.url}/token`
  return google
}

/** …/oauth2/web-server#authorization-errors: these are shown to the user, in a page whose address carries them; nothing is sent to the redirect URL. */
function authorize(google: GoogleTokenEndpoint, asked: URLSearchParams, codes: Map<string, Code>, response: ServerResponse): void {
  const show = (error: string): void => void response.writeHead(302, { location: `${google.url}/signin/oauth/error?authError=${encodeURIComponent(Buffer.from(`\n\x15${error}\x12\x20Access blocked`).toString('base64'))}&flowName=GeneralOAuthFlow` }).end()
  const redirectUrl = asked.get('redirect_uri') ?? ''
  if (asked.get('client_id') !== google.client.clientId) return show('invalid_client')
  if (google.client.state !== 'active') return show(`${google.client.state}_client`)
  // …/native-app#request-parameter-redirect_uri: a desktop application's loopback address, whatever its port.
  if (!/^http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost)(?::\d+)?(?:\/|$)/.test(redirectUrl)) return show('redirect_uri_mismatch')
  const scopes = (asked.get('scope') ?? '').split(' ').filter((one) => one !== '')
  if (asked.get('response_type') !== 'code') return show('invalid_request')
  if (scopes.length === 0 || !scopes.every((scope) => google.settings.scopes.includes(scope))) return show('invalid_scope')
  if (google.user.blocked !== null) return show(google.user.blocked)
  const challenge = asked.get('code_challenge') ?? ''
  if (asked.get('code_challenge_method') !== 'S256' || !/^[A-Za-z0-9_-]{43}$/.test(challenge)) return show('invalid_request')
  const back = new URL(redirectUrl)
  back.searchParams.set('state', asked.get('state') ?? '')
  if (google.user.does === 'declines') back.searchParams.set('error', 'access_denied')
  else {
    const code = `4/${randomUUID()}`
    codes.set(code, { redirectUrl, challenge, scopes, account: google.user.account, offline: asked.get('access_type') === 'offline' })
    back.searchParams.set('code', code)
    back.searchParams.set('scope', scopes.join(' '))
  }
  response.writeHead(302, { location: back.href }).end()
}

/** Client id and secret in the body, or in the header (client_secret_post, client_secret_basic in https://accounts.google.com/.well-known/openid-configuration). */
function checkClient({ client }: GoogleTokenEndpoint, request: IncomingMessage, form: URLSearchParams): void {
  const [id, secret] = /^Basic /.test(request.headers.authorization ?? '') ? Buffer.from((request.headers.authorization ?? '').slice(6), 'base64').toString().split(':').map(decodeURIComponent) : [form.get('client_id'), form.get('client_secret')]
  if (id !== client.clientId) throw new GoogleOAuthError(401, 'invalid_client', 'The OAuth client was not found.')
  if (client.state !== 'active') throw new GoogleOAuthError(401, `${client.state}_client`, `The OAuth client was ${client.state}.`)
  if (secret === null || secret === undefined) throw new GoogleOAuthError(400, 'invalid_request', 'client_secret is missing.')
  if (secret !== client.secret) throw new GoogleOAuthError(401, 'invalid_client', 'The provided client secret is invalid.')
}

function send(response: ServerResponse, status: number, body: Record<string, unknown>): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }).end(JSON.stringify(body))
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}

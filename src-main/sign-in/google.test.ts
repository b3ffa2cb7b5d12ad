import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test, type TestContext } from 'node:test'
import type { Auth } from '#contract/fields.ts'
import { ProblemError, type Problem, type ProblemCode } from '#contract/problem.ts'
import { startGoogleTokenEndpoint, type GoogleTokenEndpoint } from '../../testbed/google-token-endpoint.ts'
import { startSignInRig, type SignInRig } from '../../testbed/sign-in-rig.ts'
import { googleProblem, shownError } from './google-problem.ts'
import type { OAuthError } from './oauth-issuer.ts'
import { assertionProblem } from './service-account.ts'
import type { TokenServer } from './sign-in.ts'
import type { TokenRequest } from './token-issuer.ts'

type Rig = SignInRig & { google: GoogleTokenEndpoint; person(auth?: Partial<Auth>, secret?: string | null): TokenServer; application(auth?: Partial<Auth>, secret?: string | null): TokenServer }

async function rigWithGoogle(context: TestContext): Promise<Rig> {
  const rig = await startSignInRig(context)
  const google = await startGoogleTokenEndpoint()
  context.after(() => google.close())
  const here = { authority: undefined, tenant: undefined, tokenUrl: google.tokenUrl, authorizationUrl: google.authorizationUrl }
  return {
    ...rig, google,
    person: (auth, secret = google.client.secret) => rig.server({ secret, auth: { ...here, provider: 'google', clientId: google.client.clientId, user: 'helpdesk@example.com', ...auth } }),
    application: (auth, secret = google.keyFile) =>
      rig.server({ secret, auth: { ...here, method: 'service-account', provider: undefined, flow: undefined, clientId: undefined, user: '', account: google.serviceAccount.account, subject: 'helpdesk@example.com', ...auth } })
  }
}
const problemOf = async (work: Promise<unknown>): Promise<Problem> => {
  const error = await work.then(() => null, (reason: unknown) => reason)
  assert.ok(error instanceof ProblemError, String(error))
  return error.problem
}
const soon = (): AbortSignal => AbortSignal.timeout(10_000)

test('a person signs in to Google; the token is renewed by the refresh token and opens that mailbox', async (context) => {
  const rig = await rigWithGoogle(context)
  const state = await rig.start(rig.person())
  assert.deepEqual([state.state, state.account], ['signed-in', 'helpdesk@example.com'])
  const first = await rig.signIn.tokensOf(rig.person())(soon())
  assert.equal(rig.google.tokenIs(first.token)?.email, 'helpdesk@example.com')
  assert.ok(first.scope.includes('https://mail.google.com/'))
  const second = await rig.signIn.tokensOf(rig.person())(soon(), { token: first.token, claims: null })
  assert.notEqual(second.token, first.token)
  assert.equal(rig.google.tokenRequests.at(-1)?.get('grant_type'), 'refresh_token')
  rig.google.revoke()
  assert.equal((await problemOf(rig.signIn.tokensOf(rig.person())(soon(), { token: second.token, claims: null }))).code, 'sign-in-revoked')
})

test('what a person can have wrong, each a problem of its own', async (context) => {
  const rig = await rigWithGoogle(context)
  const table: [ProblemCode, (google: GoogleTokenEndpoint) => void, Partial<Auth>?, (string | null)?][] = [
    ['client-unknown', () => undefined, { clientId: 'nobody.apps.googleusercontent.com' }],
    ['client-unknown', (google) => (google.client.state = 'deleted')],
    ['client-secret-wrong', () => undefined, {}, 'GOCSPX-wrong'],
    ['client-secret-wrong', () => undefined, {}, null],
    ['scope-refused', () => undefined, { scope: ['https://www.googleapis.com/auth/nothing'] }],
    ['consent-missing', (google) => (google.user.blocked = 'admin_policy_enforced')],
    ['consent-missing', (google) => (google.user.blocked = 'org_internal')],
    ['sign-in-declined', (google) => (google.user.does = 'declines')],
    ['signed-in-as-another', (google) => (google.user.account = 'somebody@example.com')]
  ]
  for (const [code, spoil, auth, secret] of table) {
    spoil(rig.google)
    const problem = await problemOf(rig.start(rig.person(auth, secret === undefined ? rig.google.client.secret : secret)))
    assert.equal(problem.code, code, JSON.stringify(problem))
    Object.assign(rig.google.user, { account: 'helpdesk@example.com', does: 'signs-in', blocked: null })
    rig.google.client.state = 'active'
  }
})

test('an endpoint that is busy, throttles or is something else', async (context) => {
  const rig = await rigWithGoogle(context)
  await rig.start(rig.person())
  const { token } = await rig.signIn.tokensOf(rig.person())(soon())
  const table: [ProblemCode, GoogleTokenEndpoint['answers'][number]][] = [
    ['server-busy', { status: 503, body: '' }],
    ['delayed-by-provider', { status: 429, body: '{}', headers: { 'retry-after': '120' } }],
    ['authority-unusable', { status: 200, body: '<html>', headers: { 'content-type': 'text/html' } }],
    ['authority-unusable', { status: 200, body: '{}' }],
    ['sign-in-interaction-needed', { status: 400, body: '{"error":"invalid_grant","error_description":"reauth related error (invalid_rapt)","error_subtype":"invalid_rapt"}' }]
  ]
  for (const [code, answer] of table) {
    rig.google.answers.push(answer)
    assert.equal((await problemOf(rig.signIn.tokensOf(rig.person())(soon(), { token, claims: null }))).code, code)
  }
})

test('a service account gets tokens for the user that it acts for', async (context) => {
  const rig = await rigWithGoogle(context)
  const { token, account, scope } = await rig.signIn.tokensOf(rig.application())(soon())
  assert.deepEqual([account, scope], ['helpdesk@example.com', ['https://mail.google.com/']])
  assert.equal(rig.google.tokenIs(token)?.email, 'helpdesk@example.com')
  const pem = (JSON.parse(rig.google.keyFile) as { private_key: string }).private_key
  const byPem = await rig.again().tokensOf(rig.application({}, pem))(soon(), { token, claims: null })
  assert.notEqual(rig.google.tokenIs(byPem.token), null)
})

test('what can be wrong with a service account, each a problem of its own', async (context) => {
  const rig = await rigWithGoogle(context)
  const { google } = rig
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const file = JSON.parse(google.keyFile) as Record<string, string>
  const table: [ProblemCode, string | null, RegExp?, Partial<Auth>?, (() => void)?][] = [
    ['credentials-missing', null],
    ['key-file-unusable', '{"type":', /no JSON/],
    ['key-file-unusable', 'secret words', /neither/],
    ['key-file-unusable', '{"installed":{}}', /OAuth client/],
    ['key-file-unusable', JSON.stringify({ ...file, private_key: undefined }), /no private_key/],
    ['key-file-unusable', JSON.stringify({ ...file, private_key: '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----' }), /cannot be read/],
    ['key-file-unusable', curve, /no RSA/],
    ['key-file-unusable', JSON.stringify({ ...file, client_email: 'other@example.com' }), /belongs to other@example.com/],
    ['key-file-unusable', other, /does not know/],
    ['key-file-unusable', google.keyFile, /no service account/, {}, () => (google.serviceAccount.exists = false)],
    ['mailbox-not-found', google.keyFile, undefined, { subject: 'nobody@example.com' }],
    ['delegation-missing', google.keyFile, undefined, {}, () => (google.serviceAccount.delegated = [])],
    ['scope-refused', google.keyFile, undefined, { scope: ['https://mail.example.com/'] }],
    ['clock-wrong', google.keyFile, undefined, {}, () => (google.settings.clockAheadMs = 3 * 3_600_000)],
    ['clock-wrong', google.keyFile, undefined, {}, () => (google.settings.clockAheadMs = -600_000)]
  ]
  for (const [code, secret, words, auth, spoil] of table) {
    spoil?.()
    rig.store.secrets.clear()
    const problem = await problemOf(rig.again().tokensOf(rig.application(auth, secret))(soon()))
    assert.equal(problem.code, code, JSON.stringify(problem))
    if (words) assert.match(JSON.stringify(problem), words)
    if (problem.code === 'clock-wrong') assert.ok(Math.abs(problem.offByMs + google.settings.clockAheadMs) < 5_000, JSON.stringify(problem))
    assert.ok(!JSON.stringify(problem).includes('PRIVATE KEY'))
    Object.assign(google.serviceAccount, { exists: true, delegated: ['https://mail.google.com/'] })
    google.settings.clockAheadMs = 0
  }
})

const asked = { server: 'helpdesk', auth: { method: 'service-account', user: '', secret: 'keychain', account: 'mail@project.iam.gserviceaccount.com', subject: 'helpdesk@example.com' }, settings: { clientId: 'c', redirectUrl: 'http://127.0.0.1', scope: ['s'], tokenUrl: 'https://oauth2.googleapis.com/token', flow: 'interactive' }, secret: 'x', clockAheadMs: () => 0, now: () => 0 } as unknown as TokenRequest

const errors: [OAuthError['during'], string, string, ProblemCode][] = [
  ['refresh', 'invalid_grant', 'Token has been expired or revoked.', 'sign-in-revoked'],
  ['refresh', 'invalid_grant', 'Bad Request', 'sign-in-revoked'],
  ['code', 'invalid_grant', 'Malformed auth code.', 'token-refused'],
  ['refresh', 'invalid_client', 'The OAuth client was not found.', 'client-unknown'],
  ['refresh', 'invalid_client', 'The provided client secret is invalid.', 'client-secret-wrong'],
  ['refresh', 'invalid_client', 'Unauthorized', 'client-secret-wrong'],
  ['refresh', 'deleted_client', 'The OAuth client was deleted.', 'client-unknown'],
  ['refresh', 'disabled_client', 'The OAuth client was disabled.', 'client-unknown'],
  ['code', 'invalid_request', 'client_secret is missing.', 'client-secret-wrong'],
  ['code', 'redirect_uri_mismatch', 'Bad Request', 'redirect-url-refused'],
  ['browser', 'redirect_uri_mismatch', '', 'redirect-url-refused'],
  ['browser', 'access_denied', '', 'sign-in-declined'],
  ['browser', 'admin_policy_enforced', '', 'consent-missing'],
  ['browser', 'disallowed_useragent', '', 'sign-in-flow-refused'],
  ['device-code', 'invalid_scope', 'Invalid device flow scope', 'scope-refused'],
  ['refresh', 'unauthorized_client', 'Unauthorized', 'sign-in-flow-refused'],
  ['refresh', 'server_error', '', 'server-busy'],
  ['refresh', 'rate_limit_exceeded', '', 'delayed-by-provider'],
  ['refresh', 'something_new', 'Never heard of', 'token-refused']
]
for (const [during, error, description, code] of errors) test(`Google, ${during}: ${error} ${description} means ${code}`, () => assert.equal(googleProblem({ during, error, description, subtype: '' }, asked).code, code))

const assertions: [string, string, ProblemCode][] = [
  ['unauthorized_client', 'Unauthorized client or scope in request.', 'delegation-missing'],
  ['unauthorized_client', 'Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.', 'delegation-missing'],
  ['access_denied', 'Requested client not authorized.', 'delegation-missing'],
  ['admin_policy_enforced', '', 'consent-missing'],
  ['invalid_client', 'The OAuth client was not found.', 'client-unknown'],
  ['deleted_client', '', 'client-unknown'],
  ['disabled_client', 'The OAuth client was disabled.', 'client-unknown'],
  ['org_internal', '', 'consent-missing'],
  ['invalid_grant', 'Not a valid email.', 'mailbox-not-found'],
  ['invalid_grant', 'Invalid email or User ID', 'mailbox-not-found'],
  ['invalid_grant', 'Invalid JWT Signature.', 'key-file-unusable'],
  ['invalid_grant', 'Invalid grant: account not found', 'key-file-unusable'],
  ['invalid_grant', 'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.', 'token-refused'],
  ['invalid_scope', 'Invalid OAuth scope or ID token audience provided.', 'scope-refused']
]
for (const [error, description, code] of assertions) test(`service account: ${error} ${description} means ${code}`, () => assert.equal(assertionProblem({ error, description }, asked).code, code))

const inBase64 = (text: string): string => encodeURIComponent(Buffer.from(text).toString('base64'))
const pages: [string, string, string | null][] = [
  [`https://accounts.google.com/signin/oauth/error?authError=${inBase64('\n\x15redirect_uri_mismatch\x12 You can not sign in')}`, '', 'redirect_uri_mismatch'],
  ['', '<p>Error 403: org_internal</p>', 'org_internal'],
  [`/signin/oauth/error?authError=${inBase64('something_new')}`, '', null],
  ['https://accounts.google.com/v3/signin/identifier?continue=x', '', null],
  ['http://127.0.0.1:5000/?code=4%2Fx&state=y', '', null]
]
for (const [location, body, error] of pages) test(`${location || body} tells of ${error ?? 'nothing'}`, () => assert.equal(shownError({ location, body }), error))

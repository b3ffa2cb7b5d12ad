import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { Auth } from '#contract/fields.ts'
import { ProblemError, type Problem, type ProblemCode } from '#contract/problem.ts'
import { startGoogleTokenEndpoint } from '../../testbed/google-token-endpoint.ts'
import { startSignInRig, type SignInRig } from '../../testbed/sign-in-rig.ts'
import type { OAuthError } from './oauth-issuer.ts'
import { oauthProblem } from './other-provider.ts'
import type { TokenServer } from './sign-in.ts'
import type { TokenRequest } from './token-issuer.ts'

type Rig = SignInRig & { other(auth?: Partial<Auth>, secret?: string | null): TokenServer }

/** Entra's endpoints, spoken to as those of somebody unknown. */
async function rigWithOther(context: TestContext): Promise<Rig> {
  const rig = await startSignInRig(context)
  const { authority } = rig
  const base = `${authority.url}/${authority.tenant}/oauth2/v2.0`
  authority.app.redirectUrls.push({ url: 'http://127.0.0.1', kind: 'native' })
  return {
    ...rig,
    other: (auth, secret = null) => rig.server({
      secret, auth: {
        provider: 'other', authority: undefined, tenant: undefined, authorizationUrl: `${base}/authorize`, tokenUrl: `${base}/token`, deviceUrl: `${base}/devicecode`, redirectUrl: 'http://127.0.0.1',
        scope: ['https://outlook.office365.com/IMAP.AccessAsUser.All', 'offline_access', 'openid', 'profile'], ...auth
      }
    })
  }
}
const problemOf = async (work: Promise<unknown>): Promise<Problem> => {
  const error = await work.then(() => null, (reason: unknown) => reason)
  assert.ok(error instanceof ProblemError, String(error))
  return error.problem
}
const soon = (): AbortSignal => AbortSignal.timeout(10_000)

test('a person signs in by authorisation and token URL alone; the refresh token brings the next token', async (context) => {
  const rig = await rigWithOther(context)
  const state = await rig.start(rig.other())
  assert.deepEqual([state.state, state.account], ['signed-in', 'helpdesk@contoso.example'])
  const { token } = await rig.signIn.tokensOf(rig.other())(soon())
  assert.equal(rig.authority.tokenIs(token)?.account, 'helpdesk@contoso.example')
  const next = await rig.signIn.tokensOf(rig.other())(soon(), { token, claims: null })
  assert.notEqual(next.token, token)
  assert.ok(rig.authority.tokenRequests[0]?.get('code_verifier'))
})

test('a device code, waited for as long as the issuer asks', async (context) => {
  const rig = await rigWithOther(context)
  Object.assign(rig.authority.device, { pending: 2, slowDown: 0, intervalSeconds: 1 })
  const shown: string[] = []
  const state = await rig.start(rig.other({ flow: 'device-code' }), async (step) => void (step.kind === 'device-code' && shown.push(step.userCode)))
  assert.equal(state.state, 'signed-in')
  assert.equal(shown.length, 1)
})

test('an application signs in with its secret, in the header or in the body as the issuer takes it', async (context) => {
  const rig = await rigWithOther(context)
  rig.authority.app.secrets.push({ value: 's3cret+/=~', expiresAt: Date.now() + 1e9 })
  rig.authority.app.roles.push('IMAP.AccessAsApp')
  const auth: Partial<Auth> = { flow: 'client-credentials', scope: ['https://outlook.office365.com/.default'] }
  const { token } = await rig.signIn.tokensOf(rig.other(auth, 's3cret+/=~'))(soon())
  assert.equal(rig.authority.tokenIs(token)?.appOnly, true)
  const google = await startGoogleTokenEndpoint()
  context.after(() => google.close())
  const problem = await problemOf(rig.signIn.tokensOf(rig.other({ ...auth, tokenUrl: google.tokenUrl, clientId: google.client.clientId }, google.client.secret))(soon()))
  assert.equal(problem.code, 'sign-in-flow-refused', JSON.stringify(problem))
  assert.equal(google.tokenRequests.at(-1)?.get('client_secret'), null, 'it was taken in the header')
})

test('what is wrong is told apart', async (context) => {
  const rig = await rigWithOther(context)
  const table: [ProblemCode, Partial<Auth>, (() => void)?][] = [
    ['sign-in-declined', {}, () => (rig.authority.user.does = 'declines')],
    ['host-not-found', { tokenUrl: 'https://no-such-host.invalid/token' }],
    ['authority-unusable', { tokenUrl: `${rig.authority.url}/nothing/here` }]
  ]
  for (const [code, auth, spoil] of table) {
    spoil?.()
    const problem = await problemOf(rig.start(rig.other(auth)))
    assert.equal(problem.code, code, JSON.stringify(problem))
    rig.authority.user.does = 'signs-in'
  }
})

const asked = (secret: string | null): TokenRequest => ({ server: 'helpdesk', settings: { clientId: 'c', redirectUrl: 'http://127.0.0.1', scope: ['s'], tokenUrl: 'https://id.example.com/token', flow: 'device-code' }, secret }) as unknown as TokenRequest
const errors: [OAuthError['during'], string, string, ProblemCode, (string | null)?][] = [
  ['refresh', 'invalid_grant', '', 'sign-in-revoked'],
  ['code', 'invalid_grant', 'code was used', 'token-refused'],
  ['code', 'invalid_grant', 'redirect_uri differs', 'redirect-url-refused'],
  ['browser', 'invalid_request', 'Invalid redirect_uri', 'redirect-url-refused'],
  ['refresh', 'invalid_client', 'bad secret', 'client-secret-wrong'],
  ['refresh', 'invalid_client', 'no such client', 'client-unknown'],
  ['refresh', 'invalid_client', '', 'client-unknown', null],
  ['device-code', 'unauthorized_client', '', 'sign-in-flow-refused'],
  ['application', 'unsupported_grant_type', '', 'sign-in-flow-refused'],
  ['browser', 'invalid_scope', '', 'scope-refused'],
  ['browser', 'access_denied', '', 'sign-in-declined'],
  ['browser', 'consent_required', '', 'consent-missing'],
  ['browser', 'login_required', '', 'sign-in-interaction-needed'],
  ['device-code', 'expired_token', '', 'sign-in-timed-out'],
  ['refresh', 'temporarily_unavailable', '', 'server-busy'],
  ['refresh', 'whatever', '', 'token-refused']
]
for (const [during, error, description, code, secret] of errors) test(`${during}: ${error} ${description} means ${code}`, () => assert.equal(oauthProblem({ during, error, description, subtype: '' }, asked(secret === undefined ? 'x' : secret)).code, code))

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { oauthSettings } from '#contract/oauth.ts'
import { wordsOf } from '#contract/problem-words.ts'
import { incomingProtocols } from '#contract/protocols.ts'
import { entraErrorBody } from '../../testbed/entra-errors.ts'
import { promisedEntraErrors } from '../../testbed/entra-promised-errors.ts'
import { entraErrorIn, entraProblem, type EntraError } from './entra-problem.ts'

const settings = oauthSettings({ auth: { method: 'oauth2', user: 'it@contoso.example', provider: 'microsoft', flow: 'device-code', tenant: 'contoso.example', clientId: 'app', secret: 'keychain' } }, incomingProtocols.imap)
const problemFor = (said: Partial<EntraError>) => entraProblem({ error: '', description: '', codes: [], suberror: '', ...said }, { server: 'helpdesk', settings, clockAheadMs: -700_000 })

test('every error of Entra that is promised has its problem, whatever the OAuth error beside it', () => {
  for (const [code, numbers] of promisedEntraErrors)
    for (const number of numbers) {
      const body = entraErrorBody({ code: number, error: 'some_error' }, 0)
      const problem = problemFor({ error: body.error, description: body.error_description, codes: body.error_codes })
      assert.equal(problem.code, code, String(number))
      if ('serverSaid' in problem) assert.match(problem.serverSaid, new RegExp(`^AADSTS${number}: [^]+[.']$`))
      assert.doesNotMatch(JSON.stringify(problem), /Trace ID|Correlation|Timestamp/)
      assert.ok(wordsOf(problem).advice.length > 20)
      assert.equal(problemFor({ error: 'x', codes: [number] }).code, number === 70002 ? 'client-secret-wrong' : code)
    }
})

test('without a known code the OAuth error decides', () => {
  for (const [error, code] of [
    ['access_denied', 'sign-in-declined'], ['authorization_declined', 'sign-in-declined'], ['expired_token', 'sign-in-timed-out'], ['invalid_grant', 'sign-in-revoked'], ['invalid_scope', 'scope-refused'],
    ['consent_required', 'consent-missing'], ['interaction_required', 'sign-in-interaction-needed'], ['login_required', 'sign-in-interaction-needed'], ['unauthorized_client', 'client-unknown'],
    ['invalid_client', 'client-secret-wrong'], ['unsupported_grant_type', 'sign-in-flow-refused'], ['temporarily_unavailable', 'server-busy'], ['invalid_request', 'token-refused'], ['', 'token-refused']
  ] as const)
    assert.equal(problemFor({ error, description: 'Something.' }).code, code, error)
})

test('the most exact of several codes counts', () => {
  assert.equal(problemFor({ error: 'invalid_client', description: 'AADSTS70002: Error validating credentials. AADSTS50012: Invalid client secret is provided.', codes: [70002, 50012] }).code, 'client-secret-wrong')
  assert.equal(problemFor({ error: 'invalid_grant', description: 'AADSTS70000: Transmission failed. AADSTS700082: The refresh token has expired due to inactivity.', codes: [70000, 700082] }).code, 'sign-in-idle-too-long')
})

test('details come along: who, which tenant, which way the clock is off', () => {
  assert.deepEqual(problemFor({ description: "AADSTS50020: User account 'bob@fabrikam.example' from identity provider 'live.com' does not exist in tenant." }), { code: 'signed-in-as-another', server: 'helpdesk', wanted: 'it@contoso.example', got: 'bob@fabrikam.example' })
  assert.deepEqual(problemFor({ codes: [90002], description: 'Nothing.' }), { code: 'tenant-unknown', server: 'helpdesk', tenant: 'contoso.example', serverSaid: 'AADSTS90002: Nothing.' })
  const clock = problemFor({ codes: [700024] })
  assert.ok(clock.code === 'clock-wrong' && clock.offByMs === 700_000)
  assert.match(wordsOf(clock).title, /12 minutes ahead/)
})

test('what looks like a token does not get into a problem', () => {
  const token = `eyJ0eXAi${'aB3-'.repeat(40)}`
  const problem = problemFor({ error: 'invalid_grant', description: `AADSTS9002313: Invalid request. Token ${token} is malformed.` })
  assert.ok(!JSON.stringify(problem).includes(token.slice(0, 40)))
})

test('an error page is read for its code', () => {
  assert.deepEqual(entraErrorIn('<p>AADSTS50011: The redirect URI does not match.</p>'), { error: '', description: 'AADSTS50011: The redirect URI does not match.', codes: [50011], suberror: '' })
  assert.equal(entraErrorIn('{"strServiceExceptionMessage":"AADSTS700016: Application \\u0027x\\u0027 was not found"}')?.codes[0], 700016)
  assert.equal(entraErrorIn('<p>Welcome</p>'), null)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { oauthSettings } from '#contract/oauth.ts'
import { wordsOf } from '#contract/problem-words.ts'
import type { ProblemCode } from '#contract/problem.ts'
import { incomingProtocols } from '#contract/protocols.ts'
import { entraErrorBody } from '../../testbed/entra-errors.ts'
import { entraErrorIn, entraProblem, type EntraError } from './entra-problem.ts'

const settings = oauthSettings({ auth: { method: 'oauth2', user: 'it@contoso.example', provider: 'microsoft', flow: 'device-code', tenant: 'contoso.example', clientId: 'app', secret: 'keychain' } }, incomingProtocols.imap)
const problemFor = (said: Partial<EntraError>) => entraProblem({ error: '', description: '', codes: [], suberror: '', ...said }, { server: 'helpdesk', settings, clockAheadMs: -700_000 })

const rows: [ProblemCode, number[]][] = [
  ['sign-in-idle-too-long', [70008, 700082]],
  ['sign-in-revoked', [50057, 50089, 50132, 50133, 50173, 54005, 70000, 700003, 700084]],
  ['client-secret-expired', [7000222]],
  ['client-secret-wrong', [7000215, 50012]],
  ['client-unknown', [70001, 700011, 700016, 7000112]],
  ['tenant-unknown', [50059, 50128, 50194, 90002, 90019, 90130, 700005, 900023, 9001023]],
  ['redirect-url-refused', [50011, 70004, 500112, 900971]],
  ['scope-refused', [28002, 28003, 50001, 65005, 70011, 500011, 650052, 650053, 650057, 700022, 700023, 1002012]],
  ['consent-missing', [50105, 65001, 650056, 90008, 90094, 90095, 90099, 9002341]],
  ['sign-in-interaction-needed', [50055, 50058, 50072, 50074, 50076, 50078, 50079, 50097, 50125, 50129, 50131, 50144, 50158, 53000, 53001, 53002, 53003, 53004, 70043, 530032, 530035, 700020]],
  ['sign-in-declined', [65004, 90120]],
  ['sign-in-timed-out', [70016, 70019, 70020]],
  ['signed-in-as-another', [16000, 16003, 50014, 50020, 50034, 51004, 90072, 500208]],
  ['credentials-refused', [50053, 50126]],
  ['wrong-cloud', [50049, 90038, 90043, 90051, 90123, 900382, 900432, 1000104]],
  ['sign-in-flow-refused', [70002, 70003, 70005, 700025, 7000218]],
  ['clock-wrong', [500133, 700024]],
  ['key-file-unusable', [50013, 50048, 700021, 700027, 700030, 7000214]],
  ['server-busy', [50033, 50087, 50196, 90006, 90012, 90024, 90033, 90055, 90090, 90091]],
  ['token-refused', [12345678, 50000, 9002313]]
]
test('every error of Entra that is promised has its problem, whatever the OAuth error beside it', () => {
  for (const [code, numbers] of rows)
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

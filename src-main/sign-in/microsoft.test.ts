import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SignInStep } from '#contract/oauth.ts'
import { ProblemError, type ProblemOf } from '#contract/problem.ts'
import { closedPort } from '../../testbed/free-ports.ts'
import { promisedEntraErrors } from '../../testbed/entra-promised-errors.ts'
import { applicationCertificate } from '../../testbed/entra-tokens.ts'
import { browse, startSignInRig, visit } from '../../testbed/sign-in-rig.ts'
import { startTestProxy } from '../../testbed/test-proxy.ts'
import { problemOf } from '../mail/incoming-transport-promises.ts'

const soon = (): AbortSignal => AbortSignal.timeout(10_000)

test('a person signs in by browser with PKCE; tokens are stored and handed out without another request', async (context) => {
  const rig = await startSignInRig(context)
  let shown = ''
  const state = await rig.start(rig.server(), async (step) => (shown = (await browse(step)).text))
  assert.equal(state.state, 'signed-in')
  assert.equal(state.account, 'helpdesk@contoso.example')
  assert.equal(Date.parse(state.idleExpiresAt ?? '') - Date.parse(state.lastRefreshAt ?? ''), 90 * 86_400_000)
  assert.match(shown, /Mailroom has the answer/)
  const { token, account, scope, expiresAt } = await rig.signIn.tokensOf(rig.server())(soon())
  assert.equal(account, 'helpdesk@contoso.example')
  assert.ok(scope.some((one) => one.endsWith('IMAP.AccessAsUser.All')))
  assert.ok(Math.abs(expiresAt - Date.now() - 3_599_000) < 10_000)
  assert.equal(rig.authority.tokenIs(token)?.account, 'helpdesk@contoso.example')
  assert.equal(rig.authority.tokenRequests.length, 1)
  assert.deepEqual([...rig.store.secrets.keys()], ['token/incoming/helpdesk'])
})

test('the redirect URL has a free port, is closed afterwards, and takes answers of this sign-in alone', async (context) => {
  const rig = await startSignInRig(context)
  let redirect = ''
  await rig.start(rig.server(), async (step) => {
    if (step.kind !== 'open-browser') return
    redirect = step.redirectUrl
    assert.match(redirect, /^http:\/\/localhost:\d+$/)
    for (const address of ['127.0.0.1', '[::1]']) assert.equal((await fetch(redirect.replace('localhost', address), { signal: soon() })).status, 404)
    const strange = await fetch(`${redirect}/?code=stolen&state=guessed`)
    assert.equal(strange.status, 400)
    assert.match(await strange.text(), /no sign-in that is under way/)
    assert.equal((await fetch(`${redirect}/elsewhere?code=x&state=y`)).status, 404)
    await browse(step)
  })
  await assert.rejects(fetch(redirect))
})

test('where the browser cannot reach this computer, its address is pasted', async (context) => {
  const rig = await startSignInRig(context)
  const steps: SignInStep[] = []
  const started = rig.signIn.start(rig.server(), { id: 'pasted', signal: soon(), step: (step) => steps.push(step) })
  while (steps.length === 0) await sleep(10)
  const [step] = steps
  assert.ok(step?.kind === 'open-browser')
  const { location = '' } = await visit(step.url)
  assert.equal((await problemOf(rig.signIn.answer('another', location))).code, 'not-found')
  assert.equal((await problemOf(rig.signIn.answer('pasted', location.replace(/&state=[^&]+/, '&state=wrong')))).code, 'not-found')
  await rig.signIn.answer('pasted', location)
  assert.equal((await started).state, 'signed-in')
})

test('the text of an error page, pasted, says what is wrong', async (context) => {
  const rig = await startSignInRig(context)
  const play = async (step: SignInStep): Promise<void> => {
    if (step.kind === 'open-browser') await rig.signIn.answer('page', "AADSTS650053: The application 'Mailroom' asked for scope 'IMAP.Access' that doesn't exist on the resource. Trace ID: 1 Correlation ID: 2")
  }
  const problem = await problemOf(rig.signIn.start(rig.server(), { id: 'page', signal: soon(), step: (step) => void play(step) }))
  assert.equal(problem.code, 'scope-refused')
})

test('a person signs in by device code', async (context) => {
  const rig = await startSignInRig(context)
  rig.authority.device.pending = 3
  let shown: SignInStep | null = null
  const state = await rig.start(rig.server({ auth: { flow: 'device-code' } }), async (step) => (shown = step))
  assert.equal(state.state, 'signed-in')
  assert.deepEqual(Object.keys(shown ?? {}), ['kind', 'userCode', 'verificationUrl', 'expiresAt'])
  assert.equal(rig.authority.tokenRequests.length, 4)
})

for (const [what, prepare, code] of [
  ['declines', (rig: Rig) => (rig.authority.user.does = 'declines'), 'sign-in-declined'],
  ['lets the code expire', (rig: Rig) => ((rig.authority.user.does = 'stays-away'), rig.authority.fail('token', { code: 70020 })), 'sign-in-timed-out'],
  ['may not use the application', (rig: Rig) => (rig.authority.app.publicFlows = false), 'sign-in-flow-refused']
] as const)
  test(`device code: whoever ${what} leaves ${code} and nothing stored`, async (context) => {
    const rig = await startSignInRig(context)
    prepare(rig)
    assert.equal((await problemOf(rig.start(rig.server({ auth: { flow: 'device-code' } })))).code, code)
    assert.equal(rig.store.secrets.size, 0)
  })

test('a sign-in by device code ends at once when it is cancelled', async (context) => {
  const rig = await startSignInRig(context)
  rig.authority.user.does = 'stays-away'
  const run = new AbortController()
  const began = Date.now()
  const problem = await problemOf(rig.signIn.start(rig.server({ auth: { flow: 'device-code' } }), { id: 'cancel-me', signal: run.signal, step: () => run.abort() }))
  assert.equal(problem.code, 'cancelled')
  assert.ok(Date.now() - began < 2_000)
})

test('an application signs in by secret, and by certificate whose signature is checked', async (context) => {
  const rig = await startSignInRig(context)
  const { app } = rig.authority
  const { certificate, key } = applicationCertificate()
  app.secrets = [{ value: 'right~secret', expiresAt: Date.now() + 1e9 }]
  app.certificates = [certificate]
  app.roles = ['IMAP.AccessAsApp']
  for (const secret of ['right~secret', ` ${key}\n${certificate}`]) {
    const of = rig.server({ auth: { flow: 'client-credentials' }, secret, name: `app ${secret.length}` })
    const { token, scope } = await rig.signIn.tokensOf(of)(soon())
    assert.equal(rig.authority.tokenIs(token)?.appOnly, true)
    assert.deepEqual(scope, ['IMAP.AccessAsApp'])
    assert.equal((await rig.signIn.stateOf('incoming', of.server)).state, 'app')
  }
  const [bySecret, byCertificate] = rig.authority.tokenRequests
  assert.equal(bySecret?.get('scope'), 'https://outlook.office365.com/.default')
  assert.match(byCertificate?.get('client_assertion') ?? '', /^ey/)
  assert.equal(byCertificate?.get('client_secret'), null)
})

const strangers = applicationCertificate()
const others = applicationCertificate()
for (const [what, secret, code] of [
  ['a wrong secret', 'wrong', 'client-secret-wrong'],
  ['an expired secret', 'old', 'client-secret-expired'],
  ['no secret', null, 'credentials-missing'],
  ['a certificate that is not registered', `${strangers.certificate}${strangers.key}`, 'key-file-unusable'],
  ['a key of another certificate', `${strangers.certificate}${others.key}`, 'key-file-unusable'],
  ['a key without certificate', strangers.key, 'key-file-unusable'],
  ['a key that is none', '-----BEGIN PRIVATE KEY-----\nnothing\n-----END PRIVATE KEY-----\n' + strangers.certificate, 'key-file-unusable']
] as const)
  test(`an application with ${what}: ${code}`, async (context) => {
    const rig = await startSignInRig(context)
    rig.authority.app.secrets = [{ value: 'old', expiresAt: Date.now() - 1 }]
    const problem = await problemOf(rig.signIn.tokensOf(rig.server({ auth: { flow: 'client-credentials' }, secret }))(soon()))
    assert.equal(problem.code, code)
    assert.ok(secret === null || secret.length < 20 || !JSON.stringify(problem).includes(secret.slice(40, 80)))
  })

test('a confidential client signs in and refreshes with its secret', async (context) => {
  const rig = await startSignInRig(context)
  rig.authority.app.redirectUrls = [{ url: 'http://localhost/mailroom', kind: 'web' }]
  rig.authority.app.secrets = [{ value: 'right~secret', expiresAt: Date.now() + 1e9 }]
  const of = rig.server({ auth: { redirectUrl: 'http://localhost/mailroom' }, secret: 'right~secret' })
  await rig.start(of)
  rig.clock.aheadMs = 3_500_000
  await rig.signIn.tokensOf(of)(soon())
  assert.deepEqual(rig.authority.tokenRequests.map((body) => [body.get('grant_type'), body.get('client_secret')]), [['authorization_code', 'right~secret'], ['refresh_token', 'right~secret']])
})

type Rig = Awaited<ReturnType<typeof startSignInRig>>
for (const [what, auth, code, field] of [
  ['tenant', { tenant: 'nowhere.example' }, 'tenant-unknown', { tenant: 'nowhere.example' }],
  ['client id', { clientId: '00000000-0000-0000-0000-000000000000' }, 'client-unknown', { clientId: '00000000-0000-0000-0000-000000000000' }],
  ['redirect URL', { redirectUrl: 'http://localhost/elsewhere' }, 'redirect-url-refused', { redirectUrl: 'http://localhost/elsewhere' }],
  ['scope', { scope: ['https://outlook.office365.com/Nonsense.Read', 'offline_access'] }, 'scope-refused', { scope: ['https://outlook.office365.com/Nonsense.Read', 'offline_access'] }]
] as const)
  test(`a wrong ${what} is ${code}, before anybody waits for a browser that cannot come back`, async (context) => {
    const rig = await startSignInRig(context)
    const problem = await problemOf(rig.start(rig.server({ auth: { ...auth, scope: 'scope' in auth ? [...auth.scope] : undefined } })))
    assert.equal(problem.code, code)
    assert.deepEqual({ ...problem, ...field }, problem)
    assert.equal(rig.store.secrets.size, 0)
    for (const flow of ['device-code', 'client-credentials'] as const) {
      if (what === 'redirect URL' || (what === 'scope' && flow === 'client-credentials')) continue
      const of = rig.server({ auth: { ...auth, scope: 'scope' in auth ? [...auth.scope] : undefined, flow }, secret: 'secret' })
      assert.equal((await problemOf(rig.start(of))).code, code)
    }
  })

test('another cloud, told by the authority', async (context) => {
  const rig = await startSignInRig(context)
  rig.authority.fail('token', { code: 90123 })
  assert.equal((await problemOf(rig.start())).code, 'wrong-cloud')
})

test('whoever declines, lacks consent, or signs in as another leaves nothing stored', async (context) => {
  const rig = await startSignInRig(context)
  rig.authority.user.does = 'declines'
  assert.equal((await problemOf(rig.start())).code, 'sign-in-declined')
  rig.authority.user.does = 'signs-in'
  rig.authority.app.consent = 'admin-only'
  assert.equal((await problemOf(rig.start())).code, 'consent-missing')
  rig.authority.app.consent = 'given'
  rig.authority.user.account = 'ann@contoso.example'
  const another = (await problemOf(rig.start())) as ProblemOf<'signed-in-as-another'>
  assert.deepEqual(another, { code: 'signed-in-as-another', server: 'helpdesk', wanted: 'helpdesk@contoso.example', got: 'ann@contoso.example' })
  assert.equal(rig.store.secrets.size, 0)
  assert.equal((await rig.signIn.stateOf('incoming', rig.server().server)).state, 'never')
  // The same account under the name it was given before.
  rig.authority.user.upn = 'HelpDesk@contoso.example'
  assert.equal((await rig.start()).state, 'signed-in')
})

test('a scope that was not granted, or a refresh token that was not given, is told before the first fetch', async (context) => {
  const rig = await startSignInRig(context)
  rig.authority.app.granted = ['User.Read']
  const problem = (await problemOf(rig.start(rig.server({ protocol: 'graph' })))) as ProblemOf<'scope-missing'>
  assert.deepEqual([problem.code, problem.missing], ['scope-missing', ['https://graph.microsoft.com/Mail.ReadWrite', 'https://graph.microsoft.com/Mail.Send']])
  rig.authority.app.granted = null
  rig.authority.settings.refreshTokens = false
  assert.deepEqual(((await problemOf(rig.start())) as ProblemOf<'scope-missing'>).missing, ['offline_access'])
  assert.equal(rig.store.secrets.size, 0)
})

test('nobody comes back in time', async (context) => {
  const rig = await startSignInRig(context)
  rig.authority.user.does = 'stays-away'
  const signIn = rig.again({ personMs: 200 })
  assert.equal((await problemOf(signIn.start(rig.server(), { id: 'late-one', signal: soon(), step: (step) => void browse(step) }))).code, 'sign-in-timed-out')
})

test('a second sign-in to the same server takes the place of the first', async (context) => {
  const rig = await startSignInRig(context)
  const first = problemOf(rig.signIn.start(rig.server(), { id: 'first-one', signal: soon(), step: () => undefined }))
  await sleep(50)
  assert.equal((await rig.start()).state, 'signed-in')
  assert.equal((await first).code, 'cancelled')
})

test('what is no sign-in service, is busy, or throttles is told apart', async (context) => {
  const rig = await startSignInRig(context)
  const of = rig.server({ auth: { flow: 'client-credentials' }, secret: 'secret' })
  const ask = () => problemOf(rig.signIn.tokensOf(of)(soon()))
  rig.authority.fail('configuration', { status: 404, body: '<html>Not found</html>' })
  assert.equal((await ask()).code, 'authority-unusable')
  rig.authority.fail('token', { status: 200, body: '<html>Welcome</html>' })
  assert.equal((await ask()).code, 'authority-unusable')
  rig.authority.fail('token', { status: 503, body: '<html>Busy</html>' })
  assert.equal((await ask()).code, 'server-busy')
  rig.authority.fail('token', { code: 90033 })
  assert.equal((await ask()).code, 'server-busy')
  rig.authority.fail('token', { status: 429, body: '{}', headers: { 'content-type': 'application/json', 'retry-after': '120' } })
  const delayed = (await ask()) as ProblemOf<'delayed-by-provider'>
  assert.ok(Math.abs(Date.parse(delayed.until) - Date.now() - 120_000) < 5_000)
  // None of these is a refusal: the next request goes out.
  rig.authority.app.secrets = [{ value: 'secret', expiresAt: Date.now() + 1e9 }]
  assert.ok((await rig.signIn.tokensOf(of)(soon())).token)
})

test('every translated error arrives as its problem through HTTP and MSAL', async (context) => {
  const rig = await startSignInRig(context)
  for (const [code, numbers] of promisedEntraErrors)
    for (const number of numbers) {
      // MSAL has errors of its own for some of these; an unknown code leaves the word to them.
      const oauthErrors = code === 'token-refused' ? ['invalid_request'] : ['invalid_grant', 'invalid_client', 'interaction_required', 'invalid_request']
      rig.authority.fail('token', { code: number, error: oauthErrors[number % oauthErrors.length] ?? '' })
      const problem = await problemOf(rig.signIn.tokensOf(rig.server({ name: `server ${number}`, auth: { flow: 'client-credentials' }, secret: 'secret' }))(soon()))
      assert.equal(problem.code, code, String(number))
    }
})

test('token traffic goes the way of the server: its CA, its proxy', async (context) => {
  const rig = await startSignInRig(context)
  const untrusting = rig.server({ tls: { minVersion: 'TLSv1.2', caFile: null, pin: null }, auth: { flow: 'client-credentials' }, secret: 'secret' })
  assert.match((await problemOf(rig.signIn.tokensOf(untrusting)(soon()))).code, /^certificate-/)
  const proxy = await startTestProxy('http')
  context.after(() => proxy.stop())
  await rig.start(rig.server({ proxy: proxy.url }))
  assert.ok(proxy.asked.length > 0 && proxy.asked.every((target) => target.includes(new URL(rig.authority.url).host)), proxy.asked.join())
  const dead = rig.server({ proxy: `http://127.0.0.1:${await closedPort()}` })
  assert.equal((await problemOf(rig.start(dead))).code, 'proxy-failed')
})

test('without a tenant, whoever has an account at work signs in, and is asked which', async (context) => {
  const rig = await startSignInRig(context)
  let url = ''
  const of = rig.server({ auth: { tenant: undefined, user: '' }, protocol: 'graph' })
  await rig.start(of, async (step) => (step.kind === 'open-browser' ? ((url = step.url), browse(step)) : undefined))
  assert.equal(new URL(url).pathname, '/organizations/oauth2/v2.0/authorize')
  assert.equal(new URL(url).searchParams.get('prompt'), 'select_account')
  rig.clock.aheadMs = 3_600_000
  assert.ok((await rig.signIn.tokensOf(of)(soon())).token)
})

test('a sign-in that cannot be read shows why, and can be opened', async (context) => {
  const rig = await startSignInRig(context)
  const signIn = rig.again({ store: { ...rig.store, get: () => Promise.reject(new ProblemError({ code: 'vault-locked' })) } })
  const state = await signIn.stateOf('incoming', rig.server().server)
  assert.deepEqual([state.state, state.problem?.code], ['never', 'vault-locked'])
})

test('URLs that were entered are used in place of those of host and tenant', async (context) => {
  const rig = await startSignInRig(context)
  const at = `${rig.authority.url}/${rig.authority.tenant}/oauth2/v2.0`
  const of = rig.server({ auth: { authority: 'https://login.example.com', authorizationUrl: `${at}/authorize`, tokenUrl: `${at}/token` } })
  await rig.start(of)
  rig.clock.aheadMs = 3_600_000
  assert.ok((await rig.signIn.tokensOf(of)(soon())).token)
})

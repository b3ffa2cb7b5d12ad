import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ProblemOf } from '#contract/problem.ts'
import { ProblemError } from '#contract/problem.ts'
import { applicationCertificate } from '../../testbed/entra-tokens.ts'
import { startSignInRig, type SignInRig } from '../../testbed/sign-in-rig.ts'
import { problemOf } from '../mail/incoming-transport-promises.ts'

const soon = (): AbortSignal => AbortSignal.timeout(10_000)
const grants = (rig: SignInRig): (string | null)[] => rig.authority.tokenRequests.map((body) => body.get('grant_type'))
const hour = 3_600_000

async function signedIn(context: Parameters<typeof startSignInRig>[0]): Promise<SignInRig> {
  const rig = await startSignInRig(context)
  await rig.start()
  rig.authority.tokenRequests.length = 0
  return rig
}

test('50 requests at the moment of expiry make one refresh', async (context) => {
  const rig = await signedIn(context)
  rig.authority.settings.answerAfterMs = 30
  rig.clock.aheadMs = hour
  const ask = rig.signIn.tokensOf(rig.server())
  const tokens = await Promise.all(Array.from({ length: 50 }, (_, n) => (n % 2 ? ask : rig.signIn.tokensOf(rig.server()))(soon())))
  assert.deepEqual(grants(rig), ['refresh_token'])
  assert.equal(new Set(tokens.map(({ token }) => token)).size, 1)
})

test('50 of an application that has no token yet make one request, and another server makes its own', async (context) => {
  const rig = await startSignInRig(context)
  rig.authority.app.secrets = [{ value: 'secret', expiresAt: Date.now() + 1e9 }]
  const of = (name: string) => rig.server({ name, auth: { flow: 'client-credentials' }, secret: 'secret' })
  await Promise.all(Array.from({ length: 50 }, () => rig.signIn.tokensOf(of('one'))(soon())))
  assert.equal(rig.authority.tokenRequests.length, 1)
  await rig.signIn.tokensOf(of('two'))(soon())
  assert.equal(rig.authority.tokenRequests.length, 2)
})

test('a token is handed out while it is good for five minutes more', async (context) => {
  const rig = await signedIn(context)
  const ask = rig.signIn.tokensOf(rig.server())
  rig.clock.aheadMs = hour - 6 * 60_000
  await ask(soon())
  assert.deepEqual(grants(rig), [])
  rig.clock.aheadMs = hour - 4 * 60_000
  const { expiresAt } = await ask(soon())
  assert.deepEqual(grants(rig), ['refresh_token'])
  assert.ok(expiresAt > Date.now() + rig.clock.aheadMs + 50 * 60_000)
})

test('a token that never lives for five minutes is used for half of its life', async (context) => {
  const rig = await signedIn(context)
  rig.authority.settings.tokenSeconds = 120
  rig.clock.aheadMs = hour
  const ask = rig.signIn.tokensOf(rig.server())
  await ask(soon())
  await ask(soon())
  rig.clock.aheadMs += 50_000
  await ask(soon())
  assert.equal(grants(rig).length, 1)
  rig.clock.aheadMs += 20_000
  await ask(soon())
  assert.equal(grants(rig).length, 2)
})

test('a rotated refresh token outlives a restart', async (context) => {
  const rig = await signedIn(context)
  rig.authority.settings.oneUse = true
  for (let round = 1; round <= 3; round++) {
    rig.clock.aheadMs = round * hour
    await rig.again().tokensOf(rig.server())(soon())
  }
  const used = rig.authority.tokenRequests.map((body) => body.get('refresh_token'))
  assert.deepEqual(used, rig.authority.refreshTokens.slice(0, 3))
  assert.ok(rig.store.secrets.get('token/incoming/helpdesk')?.includes(rig.authority.refreshTokens[3] ?? 'none'))
})

test('where the new refresh token cannot be stored, no token is handed out, the old one stays, and nothing is lost', async (context) => {
  const rig = await signedIn(context)
  rig.authority.settings.oneUse = true
  rig.clock.aheadMs = hour
  rig.store.broken = new ProblemError({ code: 'vault-locked' })
  const before = rig.store.secrets.get('token/incoming/helpdesk')
  assert.equal((await problemOf(rig.signIn.tokensOf(rig.server())(soon()))).code, 'vault-locked')
  assert.equal((await problemOf(rig.signIn.tokensOf(rig.server())(soon()))).code, 'vault-locked')
  assert.equal(rig.store.secrets.get('token/incoming/helpdesk'), before)
  rig.store.broken = null
  const { token } = await rig.signIn.tokensOf(rig.server())(soon())
  assert.ok(rig.authority.tokenIs(token))
  assert.equal(grants(rig).length, 1)
  assert.ok(rig.store.secrets.get('token/incoming/helpdesk')?.includes(rig.authority.refreshTokens[1] ?? 'none'))
})

test('a crash between the answer and the store: the refresh token of before still serves', async (context) => {
  const rig = await signedIn(context)
  rig.clock.aheadMs = hour
  rig.store.broken = new ProblemError({ code: 'vault-locked' })
  await problemOf(rig.signIn.tokensOf(rig.server())(soon()))
  rig.store.broken = null
  await rig.again().tokensOf(rig.server())(soon())
  assert.deepEqual(rig.authority.tokenRequests.map((body) => body.get('refresh_token')), [rig.authority.refreshTokens[0], rig.authority.refreshTokens[0]])
})

test('who gives up waiting does not lose the refresh token for the others', async (context) => {
  const rig = await signedIn(context)
  rig.authority.settings.oneUse = true
  rig.authority.settings.answerAfterMs = 60
  rig.clock.aheadMs = hour
  await assert.rejects(rig.signIn.tokensOf(rig.server())(AbortSignal.timeout(20)))
  await rig.signIn.tokensOf(rig.server())(soon())
  assert.equal(grants(rig).length, 1)
})

for (const [what, harm, code] of [
  ['revoked', (rig: SignInRig) => rig.authority.revoke(), 'sign-in-revoked'],
  ['idle for 90 days', (rig: SignInRig) => rig.authority.letIdle(), 'sign-in-idle-too-long'],
  ['without consent', (rig: SignInRig) => (rig.authority.app.consent = 'missing'), 'consent-missing']
] as const)
  test(`a sign-in that is ${what} stops its server alone, is told once, and can be done again`, async (context) => {
    const rig = await signedIn(context)
    harm(rig)
    rig.clock.aheadMs = hour
    const ask = () => problemOf(rig.signIn.tokensOf(rig.server())(soon()))
    const [first, second] = [await ask(), await ask()]
    assert.equal(first.code, code)
    assert.deepEqual(second, first)
    assert.equal(grants(rig).length, 1)
    assert.match((first as ProblemOf<'sign-in-revoked'>).serverSaid, /^AADSTS\d+: [^]+$/)
    assert.doesNotMatch((first as ProblemOf<'sign-in-revoked'>).serverSaid, /Trace ID|Correlation|Timestamp/)
    assert.deepEqual(rig.alerts, [{ name: 'helpdesk', code }])
    const restarted = rig.again()
    assert.equal((await problemOf(restarted.tokensOf(rig.server())(soon()))).code, code)
    assert.equal(grants(rig).length, 1)
    const state = await restarted.stateOf('incoming', rig.server().server)
    assert.deepEqual([state.state, state.problem?.code, state.account, state.idleExpiresAt], ['refused', code, 'helpdesk@contoso.example', null])
    rig.authority.app.consent = 'given'
    assert.equal((await rig.start()).state, 'signed-in')
    assert.ok((await rig.signIn.tokensOf(rig.server())(soon())).token)
  })

test('a refusal that somebody may put right at the provider is asked again after 15 minutes, or with another secret', async (context) => {
  const rig = await startSignInRig(context)
  const of = (secret: string) => rig.server({ auth: { flow: 'client-credentials' }, secret })
  const ask = (secret: string) => rig.signIn.tokensOf(of(secret))(soon())
  rig.authority.app.secrets = [{ value: 'new', expiresAt: Date.now() + 1e9 }]
  await problemOf(ask('old'))
  await problemOf(ask('old'))
  assert.equal(rig.authority.tokenRequests.length, 1)
  rig.clock.aheadMs = 16 * 60_000
  await problemOf(ask('old'))
  assert.equal(rig.authority.tokenRequests.length, 2)
  assert.ok((await ask('new')).token)
})

test('other settings make the tokens of before worthless, without asking for any', async (context) => {
  const rig = await signedIn(context)
  for (const auth of [{ user: 'ann@contoso.example' }, { clientId: 'another' }, { tenant: 'another.example' }, { scope: ['https://outlook.office365.com/User.Read'] }, { provider: 'other' as const, tokenUrl: 'https://sts.example/token', authorizationUrl: 'https://sts.example/authorize', scope: ['mail'] }]) {
    const of = rig.server({ auth })
    assert.equal((await rig.signIn.stateOf('incoming', of.server)).state, 'never')
    assert.equal((await problemOf(rig.signIn.tokensOf(of)(soon()))).code, 'sign-in-needed')
  }
  assert.equal(rig.authority.tokenRequests.length, 0)
  assert.equal((await rig.signIn.stateOf('incoming', rig.server({ auth: { user: 'HELPDESK@contoso.example' } }).server)).state, 'signed-in')
})

test('a token that the server did not take is replaced, with the claims it asked for; once for all who had it', async (context) => {
  const rig = await signedIn(context)
  const ask = rig.signIn.tokensOf(rig.server())
  const { token } = await ask(soon())
  const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}'
  const renewed = await Promise.all(Array.from({ length: 10 }, () => ask(soon(), { token, claims: Buffer.from(claims).toString('base64') })))
  assert.equal(rig.authority.tokenRequests.length, 1)
  // MSAL adds what it wants to know in the id token.
  assert.deepEqual(JSON.parse(rig.authority.tokenRequests[0]?.get('claims') ?? '').access_token, JSON.parse(claims).access_token)
  assert.ok(renewed.every((one) => one.token !== token))
  assert.equal((await ask(soon(), { token, claims: null })).token, renewed[0]?.token)
  assert.equal(rig.authority.tokenRequests.length, 1)
})

test('what the network does is no refusal', async (context) => {
  const rig = await signedIn(context)
  rig.clock.aheadMs = hour
  const of = rig.server({ proxy: 'http://127.0.0.1:1' })
  assert.equal((await problemOf(rig.signIn.tokensOf(of)(soon()))).code, 'proxy-failed')
  assert.ok((await rig.signIn.tokensOf(rig.server())(soon())).token)
  assert.deepEqual(rig.alerts, [])
})

test('a scope that is lost later stops the server, and the rotated token is kept', async (context) => {
  const rig = await signedIn(context)
  rig.clock.aheadMs = hour
  rig.authority.app.granted = ['User.Read']
  assert.equal((await problemOf(rig.signIn.tokensOf(rig.server())(soon()))).code, 'scope-missing')
  assert.ok(rig.store.secrets.get('token/incoming/helpdesk')?.includes(rig.authority.refreshTokens[1] ?? 'none'))
  rig.authority.app.granted = null
  rig.clock.aheadMs += 16 * 60_000
  assert.ok((await rig.signIn.tokensOf(rig.server())(soon())).token)
})

test('a clock that is ten minutes off is named, with its direction', async (context) => {
  const rig = await startSignInRig(context)
  const { certificate, key } = applicationCertificate()
  rig.authority.app.certificates = [certificate]
  // An assertion lives for ten minutes and is given five more: one that comes from the future is found out sooner.
  for (const aheadMs of [960_000, -660_000]) {
    rig.authority.settings.clockAheadMs = aheadMs
    const problem = (await problemOf(rig.signIn.tokensOf(rig.server({ auth: { flow: 'client-credentials' }, secret: certificate + key }))(soon()))) as ProblemOf<'clock-wrong'>
    assert.equal(problem.code, 'clock-wrong')
    assert.ok(Math.abs(problem.offByMs + aheadMs) < 5_000, String(problem.offByMs))
  }
  rig.authority.settings.clockAheadMs = 660_000
  rig.authority.fail('token', { code: 90014 })
  assert.equal((await problemOf(rig.signIn.tokensOf(rig.server({ auth: { flow: 'client-credentials' }, secret: 'x' }))(soon()))).code, 'clock-wrong')
})

test('a renewal that ends after the tokens were forgotten brings nothing back', async (context) => {
  const rig = await signedIn(context)
  rig.authority.settings.answerAfterMs = 50
  rig.clock.aheadMs = hour
  const renewal = rig.signIn.tokensOf(rig.server())(soon())
  await new Promise((done) => setTimeout(done, 20))
  await rig.signIn.forget('incoming', 'helpdesk')
  await renewal.catch(() => undefined)
  assert.equal(rig.store.secrets.size, 0)
  assert.equal((await rig.signIn.stateOf('incoming', rig.server().server)).state, 'never')
})

test('tokens go along when a server is renamed, and away when they are forgotten', async (context) => {
  const rig = await signedIn(context)
  await rig.signIn.rename('incoming', 'helpdesk', 'office')
  assert.deepEqual([...rig.store.secrets.keys()], ['token/incoming/office'])
  assert.ok((await rig.signIn.tokensOf(rig.server({ name: 'office' }))(soon())).token)
  assert.equal((await rig.signIn.stateOf('incoming', rig.server().server)).state, 'never')
  await rig.signIn.forget('incoming', 'office')
  assert.equal(rig.store.secrets.size, 0)
  assert.equal((await problemOf(rig.signIn.tokensOf(rig.server({ name: 'office' }))(soon()))).code, 'sign-in-needed')
  assert.equal(grants(rig).length, 0)
})

test('damaged tokens cost a sign-in, and what is shown of good ones holds none', async (context) => {
  const rig = await signedIn(context)
  const state = JSON.stringify(await rig.signIn.stateOf('incoming', rig.server().server))
  const stored: unknown = JSON.parse(rig.store.secrets.get('token/incoming/helpdesk') ?? '')
  for (const field of ['accessToken', 'refreshToken'] as const) assert.ok(!state.includes((stored as Record<string, string>)[field] ?? ''))
  for (const damage of ['', 'null', '{"version":1}', '{"version":2,"settings":"x"}']) {
    rig.store.secrets.set('token/incoming/helpdesk', damage)
    assert.equal((await problemOf(rig.again().tokensOf(rig.server())(soon()))).code, 'sign-in-needed')
  }
})

test('trying other settings under the same name leaves the sign-in of the stored ones alone', async (context) => {
  const rig = await signedIn(context)
  rig.authority.app.secrets = [{ value: 'secret', expiresAt: Date.now() + 1e9 }]
  const before = rig.store.secrets.get('token/incoming/helpdesk')
  const tried = rig.server({ auth: { flow: 'client-credentials' }, secret: 'secret' })
  const wrong = rig.server({ auth: { flow: 'client-credentials' }, secret: 'wrong' })
  rig.authority.settings.answerAfterMs = 30
  rig.clock.aheadMs = hour
  const [app, refused, person] = await Promise.all([rig.signIn.tokensOf(tried)(soon()), problemOf(rig.signIn.tokensOf(wrong)(soon())), rig.signIn.tokensOf(rig.server())(soon())])
  assert.equal(rig.authority.tokenIs(app.token)?.appOnly, true)
  assert.equal(refused.code, 'client-secret-wrong')
  assert.equal(rig.authority.tokenIs(person.token)?.appOnly, false)
  const after = JSON.parse(rig.store.secrets.get('token/incoming/helpdesk') ?? '') as { settings: string; refreshToken: string }
  assert.equal(after.settings, (JSON.parse(before ?? '') as { settings: string }).settings)
  assert.equal(after.refreshToken, rig.authority.refreshTokens.at(-1))
})

test('a refusal leaves the other servers of the same application alone', async (context) => {
  const rig = await signedIn(context)
  const office = rig.server({ name: 'office' })
  await rig.start(office)
  rig.clock.aheadMs = hour
  rig.authority.fail('token', { code: 50173 })
  assert.equal((await problemOf(rig.signIn.tokensOf(rig.server())(soon()))).code, 'sign-in-revoked')
  assert.ok((await rig.signIn.tokensOf(office)(soon())).token)
  assert.equal((await rig.signIn.stateOf('incoming', office.server)).state, 'signed-in')
})

test('ending the console waits for a renewal, so that its refresh token is stored', async (context) => {
  const rig = await signedIn(context)
  rig.authority.settings.answerAfterMs = 40
  rig.clock.aheadMs = hour
  const renewal = rig.signIn.tokensOf(rig.server())(soon())
  await new Promise((done) => setTimeout(done, 10))
  await rig.signIn.close()
  assert.ok(rig.store.secrets.get('token/incoming/helpdesk')?.includes(rig.authority.refreshTokens[1] ?? 'none'))
  assert.ok((await renewal).token)
  rig.clock.aheadMs = 3 * hour
  assert.equal((await problemOf(rig.signIn.tokensOf(rig.server())(soon()))).code, 'cancelled')
})

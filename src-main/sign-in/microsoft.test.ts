import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browse, startSignInRig } from '../../testbed/sign-in-rig.ts'

test('a person signs in by browser with PKCE; tokens are stored and handed out without another request', async (context) => {
  const rig = await startSignInRig(context)
  let shown = ''
  const state = await rig.start(rig.server(), async (step) => (shown = (await browse(step)).text))
  assert.equal(state.state, 'signed-in')
  assert.equal(state.account, 'helpdesk@contoso.example')
  assert.match(shown, /Mailroom has the answer/)
  const { token, account, scope, expiresAt } = await rig.signIn.tokensOf(rig.server())(AbortSignal.timeout(5_000))
  assert.equal(account, 'helpdesk@contoso.example')
  assert.ok(scope.some((one) => one.endsWith('IMAP.AccessAsUser.All')))
  assert.ok(Math.abs(expiresAt - Date.now() - 3_599_000) < 10_000)
  assert.equal(rig.authority.tokenIs(token)?.account, 'helpdesk@contoso.example')
  assert.equal(rig.authority.tokenRequests.length, 1)
})

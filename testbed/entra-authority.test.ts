import assert from 'node:assert/strict'
import { createHash, createPrivateKey, sign } from 'node:crypto'
import { request } from 'node:https'
import { test, type TestContext } from 'node:test'
import { testCertificates } from './certificates.ts'
import { startEntraAuthority, type EntraAuthority } from './entra-authority.ts'
import { applicationCertificate } from './entra-tokens.ts'
import { visit } from './sign-in-rig.ts'

const verifier = 'v'.repeat(64)
const scope = 'https://outlook.office365.com/IMAP.AccessAsUser.All openid offline_access'

async function started(context: TestContext): Promise<EntraAuthority> {
  const authority = await startEntraAuthority()
  context.after(() => authority.close())
  return authority
}

function post(authority: EntraAuthority, body: Record<string, string>, tenant = authority.tenant): Promise<{ status: number; json: Record<string, unknown> }> {
  return new Promise((done, failed) => {
    const asked = request(`${authority.url}/${tenant}/oauth2/v2.0/token`, { method: 'POST', ca: testCertificates().ca.cert, agent: false }, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString()))
      response.on('end', () => done({ status: response.statusCode ?? 0, json: JSON.parse(text) as Record<string, unknown> }))
    })
    asked.on('error', failed).end(new URLSearchParams({ client_id: authority.app.clientId, ...body }).toString())
  })
}

async function codeOf(authority: EntraAuthority, change: Record<string, string> = {}): Promise<URLSearchParams> {
  const asked = { client_id: authority.app.clientId, response_type: 'code', redirect_uri: 'http://localhost:4711', scope, state: 's', code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256', ...change }
  const { status, location = '', text } = await visit(`${authority.url}/${authority.tenant}/oauth2/v2.0/authorize?${new URLSearchParams(asked).toString()}`)
  return status === 302 ? new URL(location).searchParams : new URLSearchParams({ page: /AADSTS\d+/.exec(text)?.[0] ?? '' })
}

test('a code is worth tokens once, to whoever holds its verifier, at its redirect URL', async (context) => {
  const authority = await started(context)
  const redeem = async (change: Record<string, string> = {}, code?: string): Promise<unknown> => {
    const { json } = await post(authority, { grant_type: 'authorization_code', code: code ?? (await codeOf(authority)).get('code') ?? '', redirect_uri: 'http://localhost:4711', code_verifier: verifier, ...change })
    return (json.error_codes as number[] | undefined)?.[0] ?? 'tokens'
  }
  assert.equal(await redeem({ code_verifier: 'w'.repeat(64) }), 501481)
  assert.equal(await redeem({ redirect_uri: 'http://localhost:4712' }), 500112)
  assert.equal(await redeem({ client_secret: 'x' }), 700025)
  assert.equal(await redeem({}, 'invented'), 70008)
  const code = (await codeOf(authority)).get('code') ?? ''
  assert.equal(await redeem({}, code), 'tokens')
  assert.equal(await redeem({}, code), 54005)
})

test('the authorisation endpoint insists on PKCE with S256 and on what is registered, and never redirects elsewhere', async (context) => {
  const authority = await started(context)
  assert.match((await codeOf(authority, { code_challenge_method: 'plain' })).get('error_description') ?? '', /^AADSTS50147/)
  assert.match((await codeOf(authority, { scope: 'https://outlook.office365.com/Nonsense' })).get('error_description') ?? '', /^AADSTS70011/)
  assert.match((await codeOf(authority, { prompt: 'none' })).get('error') ?? '', /login_required/)
  for (const redirect of ['http://localhost:4711/path', 'https://localhost:4711', 'http://evil.example', 'http://localhost.evil.example']) assert.equal((await codeOf(authority, { redirect_uri: redirect })).get('page'), 'AADSTS50011', redirect)
  assert.equal((await codeOf(authority, { redirect_uri: 'http://localhost' })).get('state'), 's')
})

test('an assertion must be signed by a registered certificate, for this endpoint, in time', async (context) => {
  const authority = await started(context)
  const { certificate, key } = applicationCertificate()
  authority.app.certificates = [certificate]
  const audience = `${authority.url}/${authority.tenant}/oauth2/v2.0/token`
  const thumbprint = createHash('sha256').update(Buffer.from(certificate.replace(/-----[^-]+-----|\s/g, ''), 'base64')).digest('base64url')
  const ask = async (claims: Record<string, unknown> = {}, signer = key): Promise<unknown> => {
    const seconds = Math.floor(Date.now() / 1000)
    const content = [{ alg: 'RS256', typ: 'JWT', 'x5t#S256': thumbprint }, { aud: audience, iss: authority.app.clientId, sub: authority.app.clientId, jti: 'j', nbf: seconds, exp: seconds + 600, ...claims }].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
    const assertion = `${content}.${sign('sha256', Buffer.from(content), createPrivateKey(signer)).toString('base64url')}`
    const { status, json } = await post(authority, { grant_type: 'client_credentials', scope: 'https://outlook.office365.com/.default', client_assertion: assertion, client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' })
    return status === 200 ? 'token' : (json.error_codes as number[])[0]
  }
  assert.equal(await ask(), 'token')
  assert.equal(await ask({}, applicationCertificate().key), 700027)
  assert.equal(await ask({ aud: 'https://login.microsoftonline.com/x/oauth2/v2.0/token' }), 50048)
  assert.equal(await ask({ exp: Math.floor(Date.now() / 1000) - 400 }), 700024)
})

test('an access token is known until it is withdrawn or expires', async (context) => {
  const authority = await started(context)
  const token = authority.issue('it@contoso.example', ['Mail.Read'])
  assert.deepEqual({ ...authority.tokenIs(token), expiresAt: 0 }, { account: 'it@contoso.example', scope: ['Mail.Read'], appOnly: false, expiresAt: 0 })
  assert.equal(authority.tokenIs(`${token}x`), null)
  authority.settings.clockAheadMs = 3_600_000
  assert.equal(authority.tokenIs(token), null)
  authority.settings.clockAheadMs = 0
  authority.revoke()
  assert.equal(authority.tokenIs(token), null)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clouds } from '#contract/oauth.ts'
import { createMemoryCredentials } from '../../testbed/memory-credentials.ts'
import { signInServer } from '../../testbed/sign-in-rig.ts'
import type { HttpClient, HttpRequest } from '../mail/connection/http-client.ts'
import { createSignIn } from './create-sign-in.ts'

/** Answers as the sign-in hosts do, without any network. */
function answering(requests: HttpRequest[]): HttpClient {
  return {
    async request(request) {
      requests.push(request)
      const at = request.url.replace(/\/v2\.0\/\.well-known.*$/, '')
      const found = { issuer: `${at}/v2.0`, authorization_endpoint: `${at}/oauth2/v2.0/authorize`, token_endpoint: `${at}/oauth2/v2.0/token`, jwks_uri: `${at}/discovery/v2.0/keys` }
      const body = at === request.url ? { token_type: 'Bearer', access_token: 'token', expires_in: 3599 } : found
      return { status: 200, headers: {}, connection: { id: 1, certificate: () => null }, body: Buffer.from(JSON.stringify(body)) }
    },
    stream: () => Promise.reject(new Error('Nothing is streamed.')),
    reach: async () => undefined,
    close: () => undefined
  }
}

test('a national cloud is asked at its own sign-in host alone, for its own scope, without discovery in the public cloud', async () => {
  for (const cloud of clouds)
    for (const protocol of ['graph', 'imap'] as const) {
      const requests: HttpRequest[] = []
      const signIn = createSignIn({ store: createMemoryCredentials(), now: () => new Date(), httpFor: () => answering(requests) })
      const of = signInServer({ protocol, endpoint: cloud.graph, host: new URL(cloud.exchange).hostname, secret: 'secret', auth: { authority: cloud.authority, tenant: 'contoso.example', clientId: 'app', flow: 'client-credentials', user: 'it@contoso.example' } })
      assert.equal((await signIn.tokensOf(of)(AbortSignal.timeout(5_000))).token, 'token')
      assert.ok(requests.every(({ url }) => url.startsWith(`${cloud.authority}/contoso.example/`)), requests.map(({ url }) => url).join())
      assert.equal(requests.at(-1)?.url.split('?')[0], `${cloud.authority}/contoso.example/oauth2/v2.0/token`)
      const scope = new URLSearchParams(String(requests.at(-1)?.body)).get('scope')
      if (protocol === 'graph') assert.equal(scope, `${cloud.graph}/.default`)
      await signIn.close()
    }
})

import { Agent, request } from 'node:https'
import type { TestContext } from 'node:test'
import { incomingServer, newIncomingServer, type IncomingServer } from '#contract/incoming-server.ts'
import type { Auth } from '#contract/fields.ts'
import type { SignInStep } from '#contract/oauth.ts'
import type { IncomingProtocol } from '#contract/protocols.ts'
import { createHttpClient, type HttpRoute } from '../src-main/mail/connection/http-client.ts'
import { defaultLimits } from '../src-main/mail/connection/destination.ts'
import { createSignIn, type SignInNeeds } from '../src-main/sign-in/create-sign-in.ts'
import { tokenIssuers, type Issuers } from '../src-main/sign-in/issuers.ts'
import type { SignIn, TokenServer } from '../src-main/sign-in/sign-in.ts'
import { testCertificates } from './certificates.ts'
import { startEntraAuthority, type EntraAuthority } from './entra-authority.ts'
import { createMemoryCredentials, type MemoryCredentials } from './memory-credentials.ts'

type ServerChange = { auth?: Partial<Auth>; secret?: string | null; protocol?: IncomingProtocol; name?: string; host?: string; endpoint?: string; proxy?: string | null; proxyPassword?: string | null; tls?: IncomingServer['tls'] }
export type SignInRig = {
  authority: EntraAuthority
  store: MemoryCredentials
  clock: { aheadMs: number }
  alerts: { name: string; code: string }[]
  routes: HttpRoute[]
  signIn: SignIn
  /** Another SignIn on the same store, as after a restart. */
  again(change?: Partial<SignInNeeds>): SignIn
  server(change?: ServerChange): TokenServer
  /** Signs in with the browser played by this process. */
  start(of?: TokenServer, play?: (step: SignInStep) => Promise<unknown>): ReturnType<SignIn['start']>
}

/** An authority, a store and a SignIn that meet through real HTTPS on loopback. */
export async function startSignInRig(context: TestContext, change: { authority?: Parameters<typeof startEntraAuthority>[0]; issuers?: Partial<Issuers> } = {}): Promise<SignInRig> {
  const authority = await startEntraAuthority(change.authority)
  const store = createMemoryCredentials()
  const clock = { aheadMs: 0 }
  const alerts: SignInRig['alerts'] = []
  const routes: HttpRoute[] = []
  const made: SignIn[] = []
  const again = (more: Partial<SignInNeeds> = {}): SignIn => {
    const signIn = createSignIn({
      store, issuers: { ...tokenIssuers, ...change.issuers }, now: () => new Date(Date.now() + clock.aheadMs),
      httpFor: (route, signal) => {
        routes.push(route)
        return createHttpClient({ route, attempt: { signal, limits: { ...defaultLimits, silenceMs: 5_000 } }, transcript: null })
      },
      alert: (_kind, name, problem) => void alerts.push({ name, code: problem.code }), ...more
    })
    made.push(signIn)
    return signIn
  }
  context.after(async () => {
    await Promise.all(made.map((one) => one.close()))
    await authority.close()
  })
  const rig: SignInRig = {
    authority, store, clock, alerts, routes, again, signIn: again(),
    server: ({ auth, ...more } = {}) => signInServer({ ...more, auth: { authority: authority.url, tenant: authority.tenant, clientId: authority.app.clientId, ...auth } }),
    start: (of = rig.server(), play = browse) => {
      const run = new AbortController()
      const failed = Promise.withResolvers<never>()
      const started = rig.signIn.start(of, { id: `run-${Math.floor(performance.now() * 1000)}`, signal: run.signal, step: (step) => void play(step).catch((error: unknown) => (run.abort(), failed.reject(error))) })
      return Promise.race([started, failed.promise])
    }
  }
  return rig
}

/** A server that signs in to Microsoft by browser and trusts the test CA. */
export function signInServer({ auth = {}, secret = null, protocol = 'imap', name = 'helpdesk', host = 'outlook.office365.com', endpoint = 'https://graph.microsoft.com', proxy = null, proxyPassword = null, tls }: ServerChange): TokenServer {
  const server = incomingServer.parse({
    ...newIncomingServer(protocol, 'Help'), name, host, proxy, ...(protocol === 'graph' ? { endpoint } : {}),
    auth: { method: 'oauth2', user: 'helpdesk@contoso.example', provider: 'microsoft', flow: 'interactive', ...auth },
    tls: tls ?? { minVersion: 'TLSv1.2', caFile: testCertificates().ca.certFile, pin: null }
  })
  return { kind: 'incoming', server, secret, proxyPassword, clientKeyPassphrase: null }
}

/** The browser: follows redirects from the authority to the loopback address and shows where it ended. */
export async function browse(step: SignInStep): Promise<{ status: number; text: string; url: string }> {
  if (step.kind !== 'open-browser') return { status: 0, text: '', url: '' }
  const { status, location, text } = await visit(step.url)
  if (location === undefined) return { status, text, url: step.url }
  const answer = await fetch(location)
  return { status: answer.status, text: await answer.text(), url: location }
}

/** One page over TLS with the test CA, redirects not followed. */
export function visit(url: string): Promise<{ status: number; location: string | undefined; text: string }> {
  return new Promise((done, failed) => {
    const agent = new Agent({ ca: testCertificates().ca.cert })
    request(url, { agent }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (text += chunk))
      response.on('end', () => (agent.destroy(), done({ status: response.statusCode ?? 0, location: response.headers.location, text })))
    }).on('error', failed).end()
  })
}

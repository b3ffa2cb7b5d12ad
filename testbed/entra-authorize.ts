import { randomUUID } from 'node:crypto'
import { entraErrorBody } from './entra-errors.ts'
import { opaque } from './entra-tokens.ts'
import { scopeFault, scopesIn, type EntraWorld } from './entra-world.ts'

/** What the browser gets: a redirect, the page of an error, or the sign-in page that nobody fills in. */
export type BrowserAnswer = { redirect: string } | { errorPage: number } | { signInPage: true }

/**
 * Tenant, application and redirect URL are checked first: without them there is nowhere to go, and the user sees a page.
 * https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#request-an-authorization-code
 */
export function authorize(world: EntraWorld, tenant: string, asked: URLSearchParams): BrowserAnswer {
  const { authority: { app, user }, codes, now } = world
  if (!world.knowsTenant(tenant)) return { errorPage: 90002 }
  if (asked.get('client_id') !== app.clientId) return { errorPage: 700016 }
  const redirectUrl = asked.get('redirect_uri') ?? ''
  const registered = app.redirectUrls.find(({ url }) => withoutLoopbackPort(url) === withoutLoopbackPort(redirectUrl))
  if (registered === undefined) return { errorPage: 50011 }
  const back = (answer: Record<string, string>): BrowserAnswer => {
    const url = new URL(redirectUrl)
    for (const [name, value] of Object.entries({ ...answer, state: asked.get('state') ?? '' })) url.searchParams.set(name, value)
    return { redirect: url.href }
  }
  const refusal = (code: number): BrowserAnswer => {
    const { error, error_description } = entraErrorBody({ code }, now())
    return back({ error, error_description, ...(code === 65004 ? { error_subcode: 'cancel' } : {}) })
  }
  if (asked.get('response_type') !== 'code' || (asked.get('response_mode') ?? 'query') !== 'query') return refusal(70005)
  // Recommended there, required here: a client without PKCE must fail its tests.
  if (asked.get('code_challenge_method') !== 'S256' || (asked.get('code_challenge') ?? '').length !== 43) return refusal(50147)
  if (asked.get('prompt') === 'none') return refusal(50058)
  const scope = scopesIn(asked)
  const fault = scopeFault(world, scope)
  if (fault !== null) return refusal(fault)
  if (user.does === 'stays-away') return { signInPage: true }
  if (user.does === 'declines') return refusal(65004)
  if (app.consent === 'admin-only') return refusal(90094)
  app.consent = 'given'
  const code = opaque('1.AY')
  codes.set(code, { clientId: app.clientId, redirectUrl, challenge: asked.get('code_challenge') ?? '', scope, account: user.account, used: false, native: registered.kind === 'native' })
  return back({ code, session_state: randomUUID() })
}

/** https://learn.microsoft.com/entra/identity-platform/reply-url#localhost-exceptions */
const withoutLoopbackPort = (url: string): string => url.replace(/^(http:\/\/(?:localhost|127\.0\.0\.1))(?::\d+)?(?=\/|$)/, '$1').replace(/^(http:\/\/(?:localhost|127\.0\.0\.1))\/$/, '$1')

import { urlPlace, type Auth, type TlsSettings } from '#contract/fields.ts'
import { ProblemError } from '#contract/problem.ts'
import { destinationFor, type Destination } from '../connection/destination.ts'
import { throttleKey } from '../connection/provider-throttle.ts'
import type { ConnectionNeeds } from '../incoming-transport.ts'

type Configured = { name: string; host: string; port: number; endpoint?: string | undefined; mailbox?: string | undefined; auth: Auth; tls: TlsSettings; proxy: string | null }

/**
 * Whose mailbox is spoken to, and how. `other` is its address where it is not that of whoever signs in; `impersonated` where an application
 * acts for it; `anchor` routes to its server. `key` names what a provider's limits apply to.
 */
export type EwsPlace = { name: string; endpoint: string; to: Destination; auth: Auth; mailbox: string; other: string | null; impersonated: string | null; anchor: string | null; key: string }

/** Throws `endpoint-wrong` where the URL is none, `mailbox-not-found` where an application is given no mailbox to act for. */
export function ewsPlace(server: Configured, needs: Pick<ConnectionNeeds, 'proxyPassword' | 'clientKeyPassphrase'>): EwsPlace {
  const { name, auth } = server
  const endpoint = server.endpoint ?? ''
  if (urlPlace(endpoint) === null) throw new ProblemError({ code: 'endpoint-wrong', server: name, endpoint, serverSaid: 'This is no URL that begins with https://.' })
  const mailbox = server.mailbox === undefined || server.mailbox === '' ? auth.user : server.mailbox
  const byApplication = auth.method === 'oauth2' && auth.flow === 'client-credentials'
  if (byApplication && mailbox === '') throw new ProblemError({ code: 'mailbox-not-found', server: name, mailbox: '(none is set)', serverSaid: 'An application has no mailbox of its own.' })
  return {
    name, endpoint, auth, mailbox, to: destinationFor('http', { ...server, security: 'tls' }, needs),
    other: byApplication || mailbox.toLowerCase() === auth.user.toLowerCase() ? null : mailbox,
    impersonated: byApplication ? mailbox : null,
    anchor: mailbox.includes('@') ? mailbox : null,
    key: throttleKey(server)
  }
}

import { urlPlace, type Auth, type TlsSettings } from '#contract/fields.ts'
import { ProblemError } from '#contract/problem.ts'
import { throttleKey } from '../connection/provider-throttle.ts'
import type { GraphCircumstances } from './graph-problem.ts'
import { missingRights, type GraphUse } from './graph-rights.ts'

/** As much of an incoming or outgoing server as its requests need. */
export type GraphSettings = { name: string; host: string; port: number; endpoint?: string | undefined; mailbox?: string | undefined; auth: Auth; tls: TlsSettings; proxy: string | null }

/** Where a server's requests go (`user` ends before the slash), as whom, and what the throttle knows them by. */
export type GraphPlace = { server: GraphSettings; origin: string; root: string; user: string; mailbox: string; key: string; circumstances: Omit<GraphCircumstances, 'request' | 'granted'>; lacks(granted: readonly string[]): string[] }

/** https://learn.microsoft.com/graph/use-the-api; `me` stands for whoever signed in, where the settings name nobody. */
export function graphPlace(server: GraphSettings, use: GraphUse): GraphPlace {
  const endpoint = (server.endpoint ?? '').replace(/\/+$/, '')
  const place = urlPlace(endpoint)
  if (place === null) throw new ProblemError({ code: 'endpoint-wrong', server: server.name, endpoint, serverSaid: '' })
  const { auth } = server
  const mailbox = server.mailbox || auth.user
  const root = `${endpoint.replace(/\/(?:v1\.0|beta)$/i, '')}/v1.0`
  const byApplication = auth.flow === 'client-credentials'
  const isShared = !byApplication && mailbox.toLowerCase() !== auth.user.toLowerCase()
  return {
    server, origin: place.origin, root, mailbox,
    user: mailbox === '' ? `${root}/me` : `${root}/users/${encodeURIComponent(mailbox)}`,
    key: throttleKey(server),
    circumstances: { server: server.name, endpoint, mailbox: mailbox || auth.user || 'me', peer: { host: server.host, port: server.port }, use, byApplication, isShared, user: auth.user },
    lacks: (granted) => missingRights(use, { byApplication, isShared }, granted)
  }
}

import type { SetupAnswer, SetupCandidate } from '#contract/setup.ts'
import { proxyUrl } from '#contract/fields.ts'
import { createSetup } from '../mail/autoconfig/create-setup.ts'
import { createSetupResolver } from '../mail/autoconfig/dns-records.ts'
import { defaultLimits } from '../mail/connection/destination.ts'
import { createHttpClient, type HttpRoute } from '../mail/connection/http-client.ts'

type Environment = Readonly<Record<string, string | undefined>>
type FindSetup = (asked: { address: string; offline: boolean }, signal: AbortSignal) => Promise<SetupAnswer>

/**
 * Set-up from an address, for which no server is configured yet: where `HTTPS_PROXY` names a proxy, everything goes through it, and the proposed
 * servers are set to it. `MAILROOM_DNS` names other DNS servers than the system's, separated by commas.
 */
export const createFindSetup = (env: Environment, partition: () => Promise<string>): FindSetup => {
  const route = routeOf(env)
  const resolver = createSetupResolver(namedDnsServers(env))
  return async ({ address, offline }, signal) => {
    const http = createHttpClient({ route, attempt: { signal, limits: defaultLimits }, transcript: null })
    try {
      const found = await createSetup({ resolver, http, route }).find(address, { offline, signal, partition: await partition() })
      return { ...found, candidates: found.candidates.map((candidate) => through(route.proxy, candidate)) }
    } finally {
      http.close()
    }
  }
}

/** The DNS servers of `MAILROOM_DNS`; undefined where it is not set: those of this computer. */
export const namedDnsServers = (env: Environment): string[] | undefined => env.MAILROOM_DNS?.split(',').map((one) => one.trim()).filter((one) => one !== '')

const through = (proxy: string | null, candidate: SetupCandidate): SetupCandidate =>
  proxy === null ? candidate : { ...candidate, incoming: { ...candidate.incoming, proxy }, outgoing: candidate.outgoing && { ...candidate.outgoing, proxy } }

/** A password in the variable is used for the look-ups alone; for a server it is entered as a secret. */
function routeOf(env: Environment): HttpRoute {
  const direct: HttpRoute = { tls: { minVersion: 'TLSv1.2', caFile: null, pin: null }, proxy: null, proxyPassword: null, clientKeyPassphrase: null }
  const named = env.HTTPS_PROXY || env.https_proxy || ''
  if (!URL.canParse(named)) return direct
  const url = new URL(named)
  const password = decodeURIComponent(url.password)
  url.password = ''
  const proxy = proxyUrl.safeParse(url.href.replace(/\/$/, url.port === '' ? ':80' : ''))
  return proxy.success ? { ...direct, proxy: proxy.data, proxyPassword: password || null } : direct
}

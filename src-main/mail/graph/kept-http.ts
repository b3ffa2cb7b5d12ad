import { createHash } from 'node:crypto'
import type { ConnectionLimits } from '../connection/destination.ts'
import { createHttpClient, type HttpClient, type HttpRoute } from '../connection/http-client.ts'

/** HTTP clients that several mails in a row go through, so that not each of them needs a connection of its own. */
export type KeptHttp = {
  /** `leave` says that it is not needed for now; it closes after a while then. */
  take(origin: string, route: HttpRoute, limits: ConnectionLimits): { http: HttpClient; leave(): void }
}

/** Shorter than servers and firewalls keep an idle connection. */
const idleMs = 15_000

export function createKeptHttp(): KeptHttp {
  const kept = new Map<string, { http: HttpClient; users: number; closing: NodeJS.Timeout | null }>()
  return {
    take(origin, route, limits) {
      // Secrets are part of the route; only their hash stays here.
      const key = createHash('sha256').update(JSON.stringify([origin, route, limits])).digest('base64')
      const one = kept.get(key) ?? { http: createHttpClient({ route, attempt: { signal: new AbortController().signal, limits }, transcript: null }), users: 0, closing: null }
      kept.set(key, one)
      if (one.closing !== null) clearTimeout(one.closing)
      one.users++
      const leave = (): void => {
        one.users--
        if (one.users > 0) return
        one.closing = setTimeout(() => {
          kept.delete(key)
          one.http.close()
        }, idleMs).unref()
      }
      return { http: one.http, leave }
    }
  }
}

import type { Problem } from '#contract/problem.ts'
import { entraErrorIn, entraProblem } from './entra-problem.ts'
import type { LastAnswer } from './msal-network.ts'
import type { TokenRequest } from './token-issuer.ts'

/** What the authority's last answer means; `otherwise` is MSAL's own code, used where the answer explains nothing. null: there was no answer. */
export function answerProblem(last: Extract<LastAnswer, { kind: 'answered' }> | null, otherwise: string, asked: TokenRequest): Problem {
  const { server, settings } = asked
  if (last === null) return { code: 'token-refused', server, serverSaid: otherwise }
  const { answer, body, url } = last
  const { hostname, port } = new URL(url)
  const place = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || 443 }
  if (answer.status === 429) return { code: 'delayed-by-provider', server, until: retryAfter(answer.headers['retry-after'], asked.now()), serverSaid: `HTTP status ${answer.status}` }
  const text = (value: unknown): string => (typeof value === 'string' ? value : '')
  if (body !== null && text(body.error) !== '') {
    const description = text(body.error_description)
    const codes = Array.isArray(body.error_codes) ? body.error_codes.map(Number) : (entraErrorIn(description)?.codes ?? [])
    const problem = entraProblem({ error: text(body.error), description, codes, suberror: text(body.suberror) }, { server, settings, clockAheadMs: asked.clockAheadMs() })
    return answer.status >= 500 && problem.code === 'token-refused' ? { code: 'server-busy', ...place, serverSaid: problem.serverSaid } : problem
  }
  const said = `HTTP status ${answer.status}${body === null ? `, ${answer.headers['content-type'] ?? 'no content type'}` : ''}`
  if (answer.status >= 500) return { code: 'server-busy', ...place, serverSaid: said }
  return { code: 'authority-unusable', server, url, serverSaid: said }
}

/** RFC 9110 10.2.3: seconds or a date; a minute where nothing usable is said. ISO 8601. */
function retryAfter(header: string | undefined, now: number): string {
  const seconds = Number(header)
  const at = header !== undefined && /^\d+$/.test(header.trim()) ? now + seconds * 1000 : Date.parse(header ?? '')
  return new Date(Number.isNaN(at) ? now + 60_000 : Math.min(at, now + 86_400_000)).toISOString()
}

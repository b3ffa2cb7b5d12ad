import { GraphError, graphErrorBody } from './graph-error.ts'
import type { Answer } from './graph-methods.ts'
import type { GraphRequest } from './graph-server.ts'

/** https://learn.microsoft.com/graph/api/user-sendmail: write requests. */
const mostBytes = 4 * 1024 * 1024

type Part = { id: string; method: string; url: string; headers?: Record<string, string>; body?: unknown; dependsOn?: string[] }

/**
 * https://learn.microsoft.com/graph/json-batching: at most 20 parts; without `dependsOn` they run at the same time, each within the limits of its mailbox; a part whose
 * predecessor failed fails with 424; the whole answers 200.
 */
export async function runBatch(whole: GraphRequest, take: (request: GraphRequest) => Promise<Answer>, takesText: boolean): Promise<Answer> {
  const { requests } = JSON.parse(whole.body.toString('utf8')) as { requests: Part[] }
  if (whole.verb !== 'POST' || !Array.isArray(requests)) throw new GraphError(400, 'BadRequest', 'Invalid batch payload format.')
  if (whole.body.length > mostBytes) throw new GraphError(413, 'RequestEntityTooLarge', 'The page was not displayed because the request entity is too large.')
  if (requests.length > 20) throw new GraphError(400, 'BadRequest', `Number of batch request steps exceeds the maximum value of 20.`)
  if (new Set(requests.map(({ id }) => id)).size !== requests.length) throw new GraphError(400, 'BadRequest', 'The ids of a batch must be unique.')
  const running = new Map<string, Promise<{ id: string; status: number; headers: Record<string, string>; body?: unknown }>>()
  for (const part of requests) {
    const before = (part.dependsOn ?? []).map((id) => {
      const one = running.get(id)
      if (one === undefined) throw new GraphError(400, 'BadRequest', `The dependsOn value '${id}' names no request before it.`)
      return one
    })
    running.set(part.id, Promise.all(before).then((done) => (done.some(({ status }) => status >= 400) ? failed(part.id, new GraphError(424, 'FailedDependency', 'A request that this one depends on failed.')) : runPart(whole, part, take, takesText))))
  }
  const responses = await Promise.all(running.values())
  // They may come in another order than they were asked in.
  return { status: 200, json: { responses: responses.toReversed() } }
}

const failed = (id: string, { status, code, message, headers }: GraphError): { id: string; status: number; headers: Record<string, string>; body: unknown } => ({ id, status, headers: { 'Content-Type': 'application/json', ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name === 'retry-after' ? 'Retry-After' : name, value])) }, body: graphErrorBody(code, message) })

async function runPart(whole: GraphRequest, part: Part, take: (request: GraphRequest) => Promise<Answer>, takesText: boolean): Promise<{ id: string; status: number; headers: Record<string, string>; body?: unknown }> {
  const headers = Object.fromEntries(Object.entries(part.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]))
  if (part.body !== undefined && headers['content-type'] === undefined) return failed(part.id, new GraphError(400, 'BadRequest', `Write request id : ${part.id} does not contain Content-Type header or body.`))
  const json = /^application\/json/i.test(headers['content-type'] ?? 'application/json')
  // "a base64 URL-encoded value, for example, when the body is an image"
  if (!json && !(typeof part.body === 'string' && /^[A-Za-z0-9_-]+={0,2}$/.test(part.body))) return failed(part.id, new GraphError(400, 'BadRequest', `Write request id : ${part.id} has a body that is no base64 URL-encoded value.`))
  if (!json && !takesText) return failed(part.id, new GraphError(400, 'ErrorMimeContentInvalidBase64String', 'Invalid base64 string for MIME content.'))
  try {
    const answer = await take({ ...whole, verb: part.method, url: new URL(`/v1.0${part.url.startsWith('/') ? '' : '/'}${part.url}`, whole.url.origin), prefer: headers['prefer'] ?? '', contentType: headers['content-type'] ?? '', body: part.body === undefined ? Buffer.alloc(0) : json ? Buffer.from(JSON.stringify(part.body)) : Buffer.from(part.body as string, 'base64url') })
    return { id: part.id, status: answer.status, headers: {}, body: answer.json }
  } catch (error) {
    if (error instanceof GraphError) return failed(part.id, error)
    throw error
  }
}

import type { IncomingMessage } from 'node:http'

const limit = 2_000

/** The fields of a small form (application/x-www-form-urlencoded, WHATWG URL 5); null where the body is no such thing. */
export async function readFields(request: IncomingMessage): Promise<URLSearchParams | null> {
  const mediaType = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase()
  if (mediaType !== 'application/x-www-form-urlencoded') return null
  let body = ''
  for await (const chunk of request as AsyncIterable<Buffer>) {
    body += chunk.toString('latin1')
    if (body.length > limit) return null
  }
  return new URLSearchParams(body)
}

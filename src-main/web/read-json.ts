import type { IncomingMessage } from 'node:http'
import { z } from 'zod'

type Refused = { status: number; title: string }
/** The JSON body of a request, or why there is none, as an HTTP status in words. */
export type Body = { value: unknown } | Refused

const callShape = z.strictObject({ name: z.string().max(200), input: z.unknown() })

/** Reads a call of at most `limit` bytes: its name and its input, which the door has yet to check. */
export async function readCall(request: IncomingMessage, limit: number): Promise<z.output<typeof callShape> | Refused> {
  const body = await readJson(request, limit)
  if ('status' in body) return body
  const asked = callShape.safeParse(body.value)
  return asked.success ? asked.data : { status: 400, title: 'The call has no name.' }
}

/** Reads at most `limit` bytes of a JSON body. */
export async function readJson(request: IncomingMessage, limit: number): Promise<Body> {
  const mediaType = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase()
  if (mediaType !== 'application/json') return { status: 415, title: 'A call is JSON.' }
  const chunks: Buffer[] = []
  let size = Number(request.headers['content-length'] ?? 0)
  if (size > limit) return { status: 413, title: 'The call is too large.' }
  size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > limit) return { status: 413, title: 'The call is too large.' }
    chunks.push(chunk)
  }
  try {
    return { value: JSON.parse(Buffer.concat(chunks).toString('utf8')) }
  } catch {
    return { status: 400, title: 'The call is not JSON.' }
  }
}

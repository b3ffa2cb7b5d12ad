import type { z } from 'zod'
import { ProblemError } from '#contract/problem.ts'
import type { HttpStream } from './http-client.ts'

const mostJsonBytes = 20_000_000

/** The first `mostBytes` of an answer; the rest is not waited for. */
export async function readBody(answer: Pick<HttpStream, 'body' | 'destroy'>, mostBytes = mostJsonBytes): Promise<Buffer> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of answer.body) {
    parts.push(part)
    size += part.length
    if (size > mostBytes) {
      answer.destroy()
      break
    }
  }
  return Buffer.concat(parts)
}

/** An answer as the schema has it; an empty one is an empty object. Throws `endpoint-wrong` for what the provider does not say. */
export function fitting<Schema extends z.ZodType>(body: Buffer, schema: Schema, where: { server: string; endpoint: string }): z.infer<Schema> {
  const strange = (cause: unknown): ProblemError => new ProblemError({ code: 'endpoint-wrong', ...where, serverSaid: body.toString('utf8', 0, 200) }, { cause })
  let value: unknown = {}
  try {
    if (body.length > 0) value = JSON.parse(body.toString('utf8'))
  } catch (error) {
    throw strange(error)
  }
  const checked = schema.safeParse(value)
  if (!checked.success) throw strange(checked.error)
  return checked.data
}

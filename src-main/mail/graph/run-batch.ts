import { ProblemError } from '#contract/problem.ts'
import { batchAnswer } from './graph-answers.ts'
import { immutableIds, isNotFound, type GraphClient, type Wait } from './graph-client.ts'
import { readGraphError, type GraphError } from './graph-problem.ts'

/** One part of a batch; `path` is below the mailbox. What it asks for may be done twice. */
export type BatchPart = { method: 'PATCH' | 'POST' | 'DELETE'; path: string; json?: unknown }

const mostInBatch = 20
const atOnce = 4

/**
 * Does the parts in batches of up to 20, and says of each whether it was done; false where the message is gone. Parts of a batch run one after the other, since
 * Exchange takes four requests at once whether they come in a batch or not; up to four batches run side by side. https://learn.microsoft.com/graph/json-batching
 */
export async function runBatch(client: GraphClient, parts: readonly BatchPart[], words: string): Promise<boolean[]> {
  const done: boolean[] = parts.map(() => false)
  const lot = Math.min(mostInBatch, Math.max(1, Math.ceil(parts.length / atOnce)))
  const lots: number[][] = []
  for (let at = 0; at < parts.length; at += lot) lots.push(parts.slice(at, at + lot).map((_part, index) => at + index))
  const results = await Promise.allSettled(lots.map((indexes) => runLot(client, parts, indexes, done, words)))
  for (const result of results) if (result.status === 'rejected') throw result.reason
  return done
}

/** Every part has an answer of its own: one that is throttled, or comes after one that failed (424), is asked for again. */
async function runLot(client: GraphClient, parts: readonly BatchPart[], indexes: number[], done: boolean[], words: string): Promise<void> {
  const wait: Wait = { tried: 0, since: null, request: words, again: true }
  let left = indexes
  while (left.length > 0) {
    const requests = left.map((index, at) => partOf(client, parts[index] as BatchPart, String(index), at === 0 ? null : String(left[at - 1])))
    const { responses } = await client.json({ method: 'POST', url: `${client.place.root}/$batch`, words, json: { requests }, repeatable: true, counts: left.length }, batchAnswer)
    const answers = new Map(responses.map((answer) => [answer.id, answer]))
    const errors: GraphError[] = []
    const before = left.length
    left = left.filter((index) => {
      const answer = answers.get(String(index))
      if (answer === undefined || answer.status === 424) return true
      if (answer.status < 300) done[index] = true
      else {
        const error = readGraphError(answer.status, answer.headers ?? {}, answer.body)
        if (isNotFound(error)) return false
        errors.push(error)
        return true
      }
      return false
    })
    const [error] = errors
    if (left.length < before) Object.assign(wait, { tried: 0, since: null })
    if (error !== undefined) await client.heed(error, wait)
    else if (left.length === before) throw new ProblemError({ code: 'provider-refused', server: client.place.server.name, request: words, serverSaid: 'The answer of a batch leaves out its parts.' })
  }
}

function partOf({ place }: GraphClient, { method, path, json }: BatchPart, id: string, after: string | null): unknown {
  const headers = { Prefer: immutableIds, ...(json === undefined ? {} : { 'Content-Type': 'application/json' }) }
  return { id, method, url: `${place.user.slice(place.root.length)}/${path}`, headers, ...(json === undefined ? {} : { body: json }), ...(after === null ? {} : { dependsOn: [after] }) }
}

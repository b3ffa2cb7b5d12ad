import type { KnownRequest } from '../requests/decide.ts'
import type { StepInput } from './step.ts'

/** A request by its number as the sender of this mail may reach it, or why not, as a sentence. */
export type RequestFound = { request: KnownRequest; because: null } | { request: null; because: string }

/**
 * Looks a request up for a message. One of another partition than that of the server is out of reach; a request without a partition
 * belongs to all of them, and where no server is named every partition is reached.
 */
export function knownRequest({ conversations, partition, server }: StepInput, number: number): RequestFound {
  const request = conversations.request(number)
  if (request === null) return { request: null, because: `Request ${number} does not exist.` }
  const own = partition?.name ?? server?.partition ?? null
  if (own !== null && request.partition !== '' && request.partition !== own) return { request: null, because: `Request ${number} belongs to another partition than ${own}.` }
  return { request, because: null }
}

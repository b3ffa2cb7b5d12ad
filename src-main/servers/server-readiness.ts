import type { z } from 'zod'
import { incomingServer, type IncomingServer, type IncomingServerDraft } from '#contract/incoming-server.ts'
import { outgoingServer, type OutgoingServer, type OutgoingServerDraft } from '#contract/outgoing-server.ts'
import { nearestName } from '../model/nearest-name.ts'

export type ServerIssue = { path: string; message: string }
/** `ready` is null exactly when there are issues. Paths are dotted, from the server. */
export type Readiness<Server> = { ready: Server | null; issues: ServerIssue[] }

/** Whether a server can be connected to as it is, or what is missing; a partition that does not exist is missing too. */
export const incomingReadiness = (draft: IncomingServerDraft, partitions: readonly string[]): Readiness<IncomingServer> => {
  const checked = incomingServer.safeParse(draft)
  const issues = checked.success ? [] : issuesOf(checked.error)
  if (!partitions.includes(draft.partition)) issues.push({ path: 'partition', message: unknownPartition(draft.partition, partitions) })
  return { ready: checked.success && issues.length === 0 ? checked.data : null, issues: firstOfEachPath(issues) }
}

export const outgoingReadiness = (draft: OutgoingServerDraft): Readiness<OutgoingServer> => {
  const checked = outgoingServer.safeParse(draft)
  return checked.success ? { ready: checked.data, issues: [] } : { ready: null, issues: firstOfEachPath(issuesOf(checked.error)) }
}

export const unknownPartition = (name: string, partitions: readonly string[]): string => {
  const nearest = nearestName(name, partitions)
  if (name === '') return 'Choose a partition.'
  return `There is no partition \`${name}\`${nearest === null ? `; there is ${partitions.map((known) => `\`${known}\``).join(', ')}` : ` — did you mean \`${nearest}\`?`}`
}

const issuesOf = (error: z.ZodError): ServerIssue[] => error.issues.map((issue) => ({ path: issue.path.map(String).join('.'), message: issue.message }))

/** A field shows one fault at a time. */
const firstOfEachPath = (issues: readonly ServerIssue[]): ServerIssue[] =>
  issues.filter((issue, index) => issues.findIndex((other) => other.path === issue.path) === index)

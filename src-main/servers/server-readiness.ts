import type { z } from 'zod'
import { incomingServer, type IncomingServer, type IncomingServerDraft } from '#contract/incoming-server.ts'
import { outgoingServer, type OutgoingServer, type OutgoingServerDraft } from '#contract/outgoing-server.ts'
import { outgoingReferenceIssues, type KnownServers } from './outgoing-references.ts'
import { partitionFault, templateFault, type Referable } from './references.ts'

export type ServerIssue = { path: string; message: string }
/** `ready` is null exactly when there are issues. Paths are dotted, from the server. */
export type Readiness<Server> = { ready: Server | null; issues: ServerIssue[] }

/** Whether a server can be connected to as it is, or what is missing; a partition or template that does not exist is missing too. */
export const incomingReadiness = (draft: IncomingServerDraft, known: Referable): Readiness<IncomingServer> => {
  const checked = incomingServer.safeParse(draft)
  const issues = checked.success ? [] : issuesOf(checked.error)
  const wrong = { partition: partitionFault(draft.partition, known), template: templateFault(draft.template, known) }
  for (const [path, message] of Object.entries(wrong)) if (message !== null) issues.push({ path, message })
  return { ready: checked.success && issues.length === 0 ? checked.data : null, issues: firstOfEachPath(issues) }
}

/** The same for an outgoing server; another server that it names and that is not there is missing too. */
export const outgoingReadiness = (draft: OutgoingServerDraft, known: KnownServers): Readiness<OutgoingServer> => {
  const checked = outgoingServer.safeParse(draft)
  const issues = [...(checked.success ? [] : issuesOf(checked.error)), ...outgoingReferenceIssues(draft, known)]
  return { ready: checked.success && issues.length === 0 ? checked.data : null, issues: firstOfEachPath(issues) }
}

/** What is wrong with an outgoing server by itself, whatever servers there are. */
export const outgoingFaults = (draft: OutgoingServerDraft): ServerIssue[] => {
  const checked = outgoingServer.safeParse(draft)
  return checked.success ? [] : firstOfEachPath(issuesOf(checked.error))
}

const issuesOf = (error: z.ZodError): ServerIssue[] => error.issues.map((issue) => ({ path: issue.path.map(String).join('.'), message: issue.message }))

/** A field shows one fault at a time. */
const firstOfEachPath = (issues: readonly ServerIssue[]): ServerIssue[] =>
  issues.filter((issue, index) => issues.findIndex((other) => other.path === issue.path) === index)

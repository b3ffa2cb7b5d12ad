import type { Person } from '#contract/person.ts'

type ServerRules = { useLinkedAnalyst: boolean; defaultLoggingAnalyst: string | null }
/** Address of the analyst that logs the request, null for nobody, and why, as a sentence. */
export type LoggingAnalyst = { address: string | null; because: string }

/**
 * Who logs a request that came by mail, as Alemba ASM Core does ("How Calls are Logged using Email Settings"): an analyst who writes,
 * where the server uses the linked analyst, else the server's default logging analyst. Who is a user alone, or unknown, logs nothing.
 */
export function loggingAnalyst(person: Person | null, { useLinkedAnalyst, defaultLoggingAnalyst }: ServerRules): LoggingAnalyst {
  if (person?.analyst && useLinkedAnalyst) return { address: person.address, because: `${person.address} is an analyst and logs the request.` }
  const who = person === null ? 'The sender was unknown' : person.analyst ? 'The server does not use the linked analyst' : 'The sender is no analyst'
  return defaultLoggingAnalyst === null
    ? { address: null, because: `${who}, and the server names no default logging analyst.` }
    : { address: defaultLoggingAnalyst, because: `${who}, so the default logging analyst ${defaultLoggingAnalyst} logs the request.` }
}

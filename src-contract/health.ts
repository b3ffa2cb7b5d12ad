import type { IncomingState } from './incoming-server.ts'

/** Why mail does not come in as it should. `count` is how many servers it concerns; 1 where it concerns the console. */
export const healthReasons = ['starting', 'vault-locked', 'not-answering', 'server-failing', 'server-stopped', 'round-stuck', 'round-overdue', 'mailbox-silent', 'disk-filling', 'outbox-waits'] as const
export type HealthReason = { code: (typeof healthReasons)[number]; count: number }

/** One server that is fetched from, or was until a problem stopped it. `lastSuccessAt` is of rounds, `lastMailAt` of mail: a mailbox can be well and empty. */
export type ServerHealth = {
  name: string
  working: boolean
  reasons: HealthReason['code'][]
  fetching: IncomingState['fetching']
  problem: string | null
  failuresInARow: number
  lastSuccessAt: string | null
  secondsSinceSuccess: number | null
  lastMailAt: string | null
  secondsSinceMail: number | null
}

/** `alive`: the process answers. `working`: nothing is known that keeps mail from coming in. `at` is ISO 8601. */
export type Health = { alive: true; working: boolean; at: string; reasons: HealthReason[]; servers: ServerHealth[] }

import { z } from 'zod'
import { entityName, secretSource } from './fields.ts'
import type { Problem } from './problem.ts'

const targetUrl = z.string().max(2000).regex(/^https?:\/\/[^\s@?#/]+(?:\/[^\s@#]*)?$/, 'Enter a URL that begins with https:// (or http://), without user name.')

/**
 * A help desk that requests are handed over to. `json`: one POST for each event, signed by Standard Webhooks. `servicedesk-plus`: the v3
 * API; `url` is the address of the help desk, such as https://desk.example.com, and the secret its technician key.
 */
export const handOverTarget = z.strictObject({
  name: entityName,
  kind: z.enum(['json', 'servicedesk-plus']),
  url: targetUrl,
  /** Where the signing secret or the key comes from on import; never the secret itself. */
  secret: secretSource.default('keychain'),
  /** Names of the partitions whose requests go there; empty: all. */
  partitions: z.array(entityName).max(100).default([]),
  /** Whether attachments go with the request. */
  attachments: z.boolean().default(true),
  caFile: z.string().min(1, 'Enter the path of a PEM file, or leave it empty.').max(4096).nullable().default(null),
  timeoutMs: z.int().min(1_000, 'At least one second.').max(600_000, 'At most ten minutes.').default(30_000),
  enabled: z.boolean().default(false)
})
export type HandOverTarget = z.infer<typeof handOverTarget>

export const handOverEvents = ['request-created', 'reply-added', 'request-changed'] as const
export type HandOverEvent = (typeof handOverEvents)[number]

/** One event on its way to a help desk. Events of one request go out in their order; `refused` waits for a person, `waiting` for its time. */
export type HandOverRow = {
  id: number
  target: string
  request: number
  event: HandOverEvent
  state: 'waiting' | 'delivered' | 'refused'
  tries: number
  createdAt: string
  nextTryAt: string | null
  deliveredAt: string | null
  /** Number or id that the help desk gave the request. */
  remoteId: string | null
  problem: Problem | null
}
export type HandOverPage = { rows: HandOverRow[]; next: number | null; waiting: number; refused: number }

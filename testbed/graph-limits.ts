import { GraphError } from './graph-error.ts'

const atOnce = 4
const most = 10_000
const withinMs = 600_000

type Counted = { refused: { concurrency: number; rate: number }; mostAtOnce: number }

/** Four at once and 10,000 in 10 minutes for each application and mailbox: https://learn.microsoft.com/graph/throttling-limits#outlook-service-limits */
export function createGraphLimits(now: () => number): { enter(key: string, counted: Counted): () => void } {
  const lanes = new Map<string, { running: number; starts: number[]; first: number }>()
  return {
    enter(key, counted) {
      const lane = lanes.get(key) ?? { running: 0, starts: [], first: 0 }
      lanes.set(key, lane)
      while ((lane.starts[lane.first] ?? Infinity) <= now() - withinMs) lane.first++
      if (lane.starts.length - lane.first >= most) {
        counted.refused.rate++
        throw new GraphError(429, 'ApplicationThrottled', 'Application is over its RequestRate limit.', { 'retry-after': String(Math.ceil(((lane.starts[lane.first] ?? 0) + withinMs - now()) / 1000)) })
      }
      lane.starts.push(now())
      // Some throttles come without Retry-After: https://github.com/OfficeDev/outlook-dev-docs/issues/144
      if (lane.running >= atOnce) {
        counted.refused.concurrency++
        throw new GraphError(429, 'ApplicationThrottled', 'Application is over its MailboxConcurrency limit.')
      }
      lane.running++
      counted.mostAtOnce = Math.max(counted.mostAtOnce, lane.running)
      return () => void lane.running--
    }
  }
}

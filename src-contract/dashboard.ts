/** Mail of one hour (or one day, by `stepHours`) by outcome. `at` is the start of the step, ISO 8601. */
export type TrafficPoint = { at: string; request: number; reply: number; command: number; dropped: number; error: number }
/** Seconds from the mail's Date to the commit of its outcome; null where no mail came. */
export type DelayPoint = { at: string; median: number | null; p95: number | null }
export type QueuePoint = { at: string; outbox: number; handOver: number; errorFolder: number; waitingOnServers: number }
export type RoundPoint = { at: string; rounds: number; failed: number }

/** What the plots draw. Steps without anything are there, with zeros. */
export type Dashboard = {
  at: string
  stepHours: number
  traffic: TrafficPoint[]
  delay: DelayPoint[]
  queues: QueuePoint[]
  rounds: RoundPoint[]
  /** By server over the whole time. */
  servers: { server: string; messages: number; errors: number; rounds: number; failed: number; medianDelay: number | null; lastMailAt: string | null; silentSince: string | null }[]
}

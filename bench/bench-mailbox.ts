/** The mailbox that every contender reads, over plain IMAP on loopback. */
export type BenchMailbox = { host: string; port: number; user: string; password: string }

/** What a run found out; `seconds` from connecting to the last message done. */
export type RunResult = { messages: number; seconds: number }

/** A run with what it cost: the largest resident set, and how long the event loop was held up at most in 99 of 100 ticks. */
export type Measured = RunResult & { peakMegabytes: number; loopDelayP99Ms: number }

/** The mailbox that every contender reads, over plain IMAP on loopback. */
export type BenchMailbox = { host: string; port: number; user: string; password: string }

/** What a run found out; `seconds` from connecting to the last message done. */
export type RunResult = { messages: number; seconds: number }

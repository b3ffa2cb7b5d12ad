/** As much of hoodiecrow-imap 2.1 as the demo uses. Text is latin1 with a character for each byte. */
declare module 'hoodiecrow-imap' {
  import type { Server } from 'node:net'
  export type HoodiecrowMessage = { raw: string; flags?: string[]; internaldate?: Date | string; uid?: number; parsed?: unknown }
  export type FetchQuery = { section?: unknown[]; partial?: number[] }
  export type FetchHandler = (connection: unknown, message: HoodiecrowMessage & { raw: string }, query: FetchQuery) => unknown
  export interface HoodiecrowServer {
    readonly server: Server
    readonly fetchHandlers: Record<string, FetchHandler>
    appendMessage(folder: string, flags: string[], internaldate: Date, raw: string): void
    listen(port: number, host: string, done: () => void): void
    close(done: () => void): void
  }
  export type HoodiecrowOptions = {
    plugins: (string | ((server: HoodiecrowServer) => void))[]
    users: Record<string, { password: string }>
    storage: Record<string, { messages?: HoodiecrowMessage[]; separator?: string; folders?: Record<string, unknown>; uidvalidity?: number }>
  }
  export default function hoodiecrow(options: HoodiecrowOptions): HoodiecrowServer
}

declare module 'hoodiecrow-imap/lib/commands/handlers/fetch.js' {
  import type { FetchHandler } from 'hoodiecrow-imap'
  const fetchHandlers: { BODY: FetchHandler }
  export default fetchHandlers
}

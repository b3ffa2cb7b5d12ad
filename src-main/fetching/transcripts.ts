import type { CallAnswer, ParsedInput } from '#contract/calls.ts'
import type { EventListener } from '../console.ts'
import type { ServerSources } from '../servers/server-sources.ts'

const mostLines = 2_000

export type Transcripts = {
  /** Takes a line that was redacted where it came from. */
  add(server: string, line: string): void
  /** The call `incoming.transcript`. Throws ProblemError `not-found`. */
  of(input: ParsedInput<'incoming.transcript'>): Promise<CallAnswer<'incoming.transcript'>>
}

/** The newest lines spoken with each server, in tests and in the rounds of one whose debug is on; in memory alone. */
export function createTranscripts({ sources, announce }: { sources: Pick<ServerSources, 'incomingNamed'>; announce: EventListener }): Transcripts {
  const kept = new Map<string, string[]>()
  return {
    add(server, line) {
      const lines = kept.get(server) ?? []
      lines.push(line)
      if (lines.length > 2 * mostLines) lines.splice(0, lines.length - mostLines)
      kept.set(server, lines)
      announce('transcript-grew', { server, lines: [line] })
    },
    async of({ name }) {
      const { server } = await sources.incomingNamed(name)
      return { lines: (kept.get(server.name) ?? []).slice(-mostLines) }
    }
  }
}

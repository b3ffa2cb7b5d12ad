import type { ParsedInput } from '#contract/calls.ts'
import type { EventListener } from '../console.ts'
import type { ServerSources } from '../servers/server-sources.ts'
import type { Clock } from './clock.ts'

type Kind = 'incoming' | 'outgoing'
/** Takes the lines of one connection, redacted where they came from. */
export type TranscriptWriter = (line: string) => void

export type TranscriptsNeeds = { sources: Pick<ServerSources, 'incomingNamed' | 'outgoingNamed'>; clock: Clock; announce: EventListener }
export type Transcripts = {
  /** A writer for one connection to a server; each has a number of its own, so that lines of several can be told apart. */
  open(kind: Kind, server: string): TranscriptWriter
  /** A writer where the server's debug is on or somebody asked for a transcript of what happens now; else null. */
  writerFor(kind: Kind, server: { name: string; debug: boolean }): TranscriptWriter | null
  /** Records what is said with a server while the work lasts, whether its debug is on or not. */
  during<Result>(kind: Kind, server: string, work: () => Promise<Result>): Promise<Result>
  /** The calls `incoming.transcript` and `outgoing.transcript`. Throws ProblemError `not-found`. */
  of(kind: Kind, input: ParsedInput<'incoming.transcript'>): Promise<{ lines: string[] }>
  /** Throws ProblemError `not-found`. */
  clear(input: ParsedInput<'transcript.clear'>): Promise<void>
  close(): void
}

/** What is kept of each server: lines, and characters of all of them. */
export const keptOfTranscript = { lines: 2_000, characters: 1_000_000 }
const announceEveryMs = 200

/**
 * The newest lines spoken with each server, in tests and while its debug is on, as `2026-11-21T09:14:02.123Z #3 C: A1 NOOP`; in memory alone.
 * The oldest go first, and what is new is announced five times a second at most, so that a debug that is left on does no harm.
 */
export function createTranscripts({ sources, clock, announce }: TranscriptsNeeds): Transcripts {
  type Kept = { kind: Kind; server: string; lines: string[]; from: number; characters: number; connections: number; asked: number; fresh: string[] }
  const all = new Map<string, Kept>()
  let callOff: (() => void) | null = null
  const keyOf = (kind: Kind, server: string): string => `${kind} ${server}`
  const keptOf = (kind: Kind, server: string): Kept => {
    const key = keyOf(kind, server)
    const kept = all.get(key) ?? { kind, server, lines: [], from: 0, characters: 0, connections: 0, asked: 0, fresh: [] }
    all.set(key, kept)
    return kept
  }
  const tell = (): void => {
    callOff = null
    for (const { kind, server, fresh } of all.values()) if (fresh.length > 0) announce('transcript-grew', { kind, server, lines: fresh.splice(0).slice(-keptOfTranscript.lines) })
  }
  const add = (kept: Kept, line: string): void => {
    kept.lines.push(line)
    kept.fresh.push(line)
    kept.characters += line.length
    while (kept.lines.length - kept.from > keptOfTranscript.lines || kept.characters > keptOfTranscript.characters) kept.characters -= kept.lines[kept.from++]?.length ?? 0
    // Taking away one line at a time would move all the others each time.
    if (kept.from > keptOfTranscript.lines) dropOld(kept)
    if (kept.fresh.length > 2 * keptOfTranscript.lines) kept.fresh.splice(0, keptOfTranscript.lines)
    callOff ??= clock.after(announceEveryMs, tell)
  }
  const dropOld = (kept: Kept): void => {
    kept.lines.splice(0, kept.from)
    kept.from = 0
  }
  const open = (kind: Kind, server: string): TranscriptWriter => {
    const number = ++keptOf(kind, server).connections
    return (line) => add(keptOf(kind, server), `${new Date(clock.now()).toISOString()} #${number} ${line}`)
  }
  const nameOf = async (kind: Kind, name: string): Promise<string> => (kind === 'incoming' ? await sources.incomingNamed(name) : await sources.outgoingNamed(name)).server.name

  return {
    open,
    writerFor: (kind, { name, debug }) => (debug || (all.get(keyOf(kind, name))?.asked ?? 0) > 0 ? open(kind, name) : null),
    async during(kind, server, work) {
      const kept = keptOf(kind, server)
      kept.asked++
      try {
        return await work()
      } finally {
        kept.asked--
      }
    },
    async of(kind, { name }) {
      const kept = all.get(keyOf(kind, await nameOf(kind, name)))
      return { lines: kept?.lines.slice(kept.from) ?? [] }
    },
    async clear({ kind, name }) {
      const kept = all.get(keyOf(kind, await nameOf(kind, name)))
      if (kept !== undefined) Object.assign(kept, { lines: [], from: 0, characters: 0, fresh: [] })
    },
    close: () => callOff?.()
  }
}

import { PassThrough, type Writable } from 'node:stream'
import type { CallAnswer, ParsedInput, Role } from '#contract/calls.ts'
import type { Download } from '#contract/download.ts'
import { ProblemError } from '#contract/problem.ts'
import type { Works } from './works.ts'

type Caller = { role: Role; who: string }
export type DownloadOrder = {
  fileName: string
  mediaType: string
  /** Names the work, so that `work.cancel` ends the download too. */
  workId: string
  /** Writes the file as fast as it is taken; `output` need not be ended. */
  write: (output: Writable, signal: AbortSignal) => Promise<void>
}
export type Downloads = {
  begin(order: DownloadOrder, caller: Caller): Download
  /** The call `download.next`. Throws ProblemError `not-found` (also for somebody else's download), `cancelled`, and whatever the writing throws. */
  next(input: ParsedInput<'download.next'>, caller: Caller): Promise<CallAnswer<'download.next'>>
  /** The call `download.cancel`; one that is over is no fault. */
  cancel(input: ParsedInput<'download.cancel'>, caller: Caller): Promise<void>
  close(): void
}
export type DownloadNeeds = { works: Works; newId: () => string; clock: { after(ms: number, work: () => void): () => void }; idleMs?: number }

const pieceBytes = 4 << 20
type Running = { stream: PassThrough; pieces: AsyncIterator<Buffer>; by: Caller; stop: AbortController; end: () => void; touch: () => void }

/** Files handed out piece by piece to who asked for them; one that nobody goes on with for five minutes ends. */
export function createDownloads({ works, newId, clock, idleMs = 300_000 }: DownloadNeeds): Downloads {
  const running = new Map<string, Running>()
  const owned = (downloadId: string, { role, who }: Caller): Running | null => {
    const found = running.get(downloadId)
    return found !== undefined && found.by.role === role && found.by.who === who ? found : null
  }

  return {
    begin({ fileName, mediaType, workId, write }, caller) {
      const downloadId = newId()
      const stop = new AbortController()
      const signal = AbortSignal.any([works.start(workId), stop.signal])
      const stream = new PassThrough({ highWaterMark: pieceBytes })
      // Whoever takes the pieces hears of a failure; until then it must not count as unhandled.
      stream.on('error', () => undefined)
      signal.addEventListener('abort', () => stream.destroy(new ProblemError({ code: 'cancelled' })), { once: true })
      let quiet = (): void => undefined
      const end = (): void => {
        quiet()
        running.delete(downloadId)
        works.end(workId)
      }
      const touch = (): void => {
        quiet()
        quiet = clock.after(idleMs, () => stop.abort(new ProblemError({ code: 'cancelled' })))
      }
      running.set(downloadId, { stream, pieces: piecesOf(stream), by: caller, stop, end, touch })
      touch()
      write(stream, signal).then(() => stream.end(), (thrown: unknown) => stream.destroy(thrown instanceof Error ? thrown : new Error(String(thrown))))
      // Who takes it has to hear that it was cancelled, also where that happened between two pieces.
      const linger = (): void => {
        quiet()
        works.end(workId)
        quiet = clock.after(idleMs, () => void running.delete(downloadId))
      }
      signal.addEventListener('abort', linger, { once: true })
      return { downloadId, fileName, mediaType }
    },

    async next({ downloadId }, caller) {
      const found = owned(downloadId, caller)
      if (found === null) throw new ProblemError({ code: 'not-found', what: 'download', name: downloadId.slice(0, 8), nearest: null })
      found.touch()
      try {
        const piece = await found.pieces.next()
        if (piece.done === true) found.end()
        return { base64: piece.done === true ? '' : piece.value.toString('base64'), done: piece.done === true }
      } catch (thrown) {
        found.end()
        throw thrown
      }
    },

    async cancel({ downloadId }, caller) {
      const found = owned(downloadId, caller)
      found?.stop.abort(new ProblemError({ code: 'cancelled' }))
      found?.end()
    },

    close() {
      for (const { stop, end } of [...running.values()]) {
        stop.abort(new ProblemError({ code: 'cancelled' }))
        end()
      }
    }
  }
}

async function* piecesOf(stream: PassThrough): AsyncGenerator<Buffer> {
  let chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes < pieceBytes) continue
    yield Buffer.concat(chunks)
    chunks = []
    bytes = 0
  }
  if (bytes > 0) yield Buffer.concat(chunks)
}

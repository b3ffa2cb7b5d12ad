import type { Duplex } from 'node:stream'
import { ProblemError, type Peer, type Problem } from '#contract/problem.ts'
import type { Transcript } from '../connection/transcript.ts'
import { createResponseReader, type Pop3Response, type ResponseShape } from './response-reader.ts'

/** `silenceMs`: how long the server may send nothing while an answer is awaited. */
export type Pop3ConnectionNeeds = { peer: Peer; silenceMs: number; signal: AbortSignal; transcript: Transcript | null }

/** What is sent; `shown` stands for it in problems. `lines` asks for a multi-line answer of up to so many bytes. */
export type Pop3Command = { line: string; shown?: string; lines?: number }

/**
 * Commands and answers over a stream, after the greeting. Commands may be sent before earlier ones are answered; answers come in
 * order. After a failure every command rejects with the same ProblemError and the stream is destroyed.
 */
export type Pop3Connection = {
  send(command: Pop3Command): Promise<Pop3Response>
  end(): void
}

type Awaited = ResponseShape & { shown: string; resolve: (response: Pop3Response) => void; reject: (error: ProblemError) => void }

export const createPop3Connection = (stream: Duplex, { peer, silenceMs, signal, transcript }: Pop3ConnectionNeeds): Pop3Connection => {
  const awaited: Awaited[] = []
  let failure: ProblemError | null = null

  const fail = (problem: Problem, cause?: unknown): void => {
    if (failure !== null) return
    failure = new ProblemError(problem, { cause })
    detach()
    stream.destroy()
    for (const waiting of awaited.splice(0)) waiting.reject(failure)
  }
  const onError = (cause?: unknown): void => fail({ code: 'connection-dropped', during: awaited[0]?.shown ?? 'idle', ...peer }, cause)
  const onEnd = (): void => onError()
  const onAbort = (): void => fail({ code: 'cancelled' }, signal.reason)
  const timer = setTimeout(() => {
    if (awaited.length > 0) fail({ code: 'server-silent', afterMs: silenceMs, ...peer })
  }, silenceMs)
  timer.unref()

  const strange = (said: string, cause?: unknown): void => fail({ code: 'not-a-mail-server', expected: 'POP3', serverSaid: said.slice(0, 200), ...peer }, cause)
  const reader = createResponseReader(
    () => awaited[0] ?? { multiline: false, limit: 0 },
    (response) => {
      transcript?.server(response.text)
      if (response.body !== null) transcript?.note(`${response.size} bytes`)
      const next = awaited.shift()
      if (next === undefined) return strange(response.text)
      next.resolve(response)
    }
  )
  const onData = (chunk: Buffer): void => {
    timer.refresh()
    try {
      reader.push(chunk)
    } catch (error) {
      strange(error instanceof RangeError ? error.message : '', error)
    }
  }
  const detach = (): void => {
    clearTimeout(timer)
    stream.off('data', onData).off('end', onEnd).off('close', onEnd)
    signal.removeEventListener('abort', onAbort)
  }
  // The error listener stays: a destroyed stream may still report.
  stream.on('error', onError).on('data', onData).on('end', onEnd).on('close', onEnd)
  signal.addEventListener('abort', onAbort)
  // Whoever read the greeting has paused the stream.
  stream.resume()
  if (signal.aborted) onAbort()
  else if (stream.destroyed) onError()

  return {
    send: ({ line, shown = line, lines }) =>
      new Promise((resolve, reject) => {
        if (failure !== null) return reject(failure)
        timer.refresh()
        awaited.push({ multiline: lines !== undefined, limit: lines ?? 0, shown, resolve, reject })
        transcript?.client(line)
        stream.write(`${line}\r\n`)
      }),
    end() {
      detach()
      stream.end()
      stream.destroy()
    }
  }
}

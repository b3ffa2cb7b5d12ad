import type { Duplex } from 'node:stream'
import { ProblemError, type Peer, type Problem } from '#contract/problem.ts'
import { createResponseReader, type Pop3Response, type ResponseShape } from './response-reader.ts'

/** `idleMs`: how long the server may send nothing while an answer is awaited. Lines given to `transcript` hold no secret. */
export type Pop3ConnectionNeeds = { peer: Peer; idleMs: number; signal: AbortSignal; transcript: ((line: string) => void) | null }

/** What is sent; `shown` stands for it in transcripts and problems where it holds a secret. A number asks for lines, up to so many bytes. */
export type Pop3Command = { line: string; shown?: string; lines?: number }

/**
 * Commands and answers over a stream. Commands may be sent before earlier ones are answered; answers come in order. After a
 * failure every command rejects with the same ProblemError and the stream is destroyed.
 */
export type Pop3Connection = {
  greeting(): Promise<Pop3Response>
  send(command: Pop3Command): Promise<Pop3Response>
  /** Gives the stream back for a TLS handshake; throws when answers came that nobody asked for (CVE-2011-0411). */
  release(): Duplex
  end(): void
}

type Awaited = ResponseShape & { shown: string; resolve: (response: Pop3Response) => void; reject: (error: ProblemError) => void }

export const createPop3Connection = (stream: Duplex, needs: Pop3ConnectionNeeds): Pop3Connection => {
  const { peer, idleMs, signal, transcript } = needs
  const awaited: Awaited[] = []
  let failure: ProblemError | null = null
  let greeted = false

  const fail = (problem: Problem, cause?: unknown): void => {
    if (failure !== null) return
    failure = new ProblemError(problem, { cause })
    detach()
    stream.destroy()
    for (const waiting of awaited.splice(0)) waiting.reject(failure)
  }
  const during = (): string => awaited[0]?.shown ?? 'idle'
  const dropped = (cause?: unknown): void => fail({ code: 'connection-dropped', during: during(), ...peer }, cause)
  const timer = setTimeout(() => {
    if (awaited.length > 0) fail({ code: 'server-silent', afterMs: idleMs, ...peer })
  }, idleMs)
  timer.unref()

  const reader = createResponseReader(
    () => awaited[0] ?? { multiline: false, limit: 0 },
    (response) => {
      const next = awaited.shift()
      transcript?.(`S: ${response.text}${response.body === null ? '' : ` (${response.size} bytes follow)`}`)
      if (next === undefined) return fail({ code: 'not-a-mail-server', expected: 'POP3', serverSaid: response.text, ...peer })
      if (!greeted && !/^(?:\+OK|-ERR)/i.test(response.text)) {
        awaited.unshift(next)
        return fail({ code: 'not-a-mail-server', expected: 'POP3', serverSaid: response.text.slice(0, 200), ...peer })
      }
      greeted = true
      next.resolve(response)
    }
  )
  const onData = (chunk: Buffer): void => {
    timer.refresh()
    try {
      reader.push(chunk)
    } catch (error) {
      fail({ code: 'not-a-mail-server', expected: 'POP3', serverSaid: error instanceof RangeError ? error.message : '', ...peer }, error)
    }
  }
  const onAbort = (): void => fail({ code: 'cancelled' }, signal.reason)
  const onEnd = (): void => dropped()
  const detach = (): void => {
    clearTimeout(timer)
    stream.off('data', onData).off('end', onEnd).off('close', onEnd)
    signal.removeEventListener('abort', onAbort)
  }
  // The error listener stays: a destroyed stream may still report.
  stream.on('error', dropped).on('data', onData).on('end', onEnd).on('close', onEnd)
  signal.addEventListener('abort', onAbort)
  if (signal.aborted) onAbort()

  const expect = (shape: ResponseShape, shown: string): Promise<Pop3Response> =>
    new Promise((resolve, reject) => {
      if (failure !== null) return reject(failure)
      timer.refresh()
      awaited.push({ ...shape, shown, resolve, reject })
    })

  return {
    greeting: () => expect({ multiline: false, limit: 0 }, 'greeting'),
    send({ line, shown = line, lines }) {
      const answer = expect({ multiline: lines !== undefined, limit: lines ?? 0 }, shown)
      if (failure === null) {
        transcript?.(`C: ${shown}`)
        stream.write(`${line}\r\n`)
      }
      return answer
    },
    release() {
      if (failure !== null) throw failure
      stream.pause()
      detach()
      stream.off('error', dropped)
      return stream
    },
    end() {
      detach()
      stream.end()
      stream.destroy()
    }
  }
}

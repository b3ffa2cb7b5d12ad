import type { Socket } from 'node:net'
import { StringDecoder } from 'node:string_decoder'
import { setTimeout as timer } from 'node:timers'
import { wireError } from '../connection/line-wire.ts'
import type { Transcript } from '../connection/transcript.ts'

/** A whole reply (RFC 5321 4.2): its code, 0 where it has none, and all its lines as sent, joined by line feeds. */
export type SmtpReply = { code: number; said: string }

/** `silenceMs`: how long the server may send nothing while a reply is awaited, and take nothing while a message is written. */
export type SmtpWireNeeds = { silenceMs: number; transcript: Transcript | null; signal: AbortSignal }

/**
 * Commands and replies on a socket, after the greeting. Commands may go before earlier ones are answered (RFC 2920); replies come in order. After a
 * failure everything rejects with the same error: code SILENT, CLOSED, ABORTED, LINE_TOO_LONG, or the socket's own. The socket is destroyed then.
 */
export type SmtpWire = {
  /** Sends command lines at once and resolves with a reply for each; with those that came, and `cut`, where the connection failed before all had come. */
  commands(lines: readonly string[]): Promise<SmtpReply[] & { cut?: unknown }>
  /** The reply to something that is no command line; `withinMs` instead of the usual patience. */
  reply(withinMs?: number): Promise<SmtpReply>
  /** Resolves when the bytes have left this process, or the server has answered before it had them all. */
  write(bytes: Buffer): Promise<void>
  /** What the server said without having been asked: why it closes (421), or why it wants no more of a message. It is the reply to whatever comes next. */
  saidUnasked(): SmtpReply | null
  /** False once the connection has failed, or the server has said something that it was not asked: it is about to close (421). */
  isUsable(): boolean
  end(): void
}

/** Characters of a reply with all its lines. */
const longestReply = 64 * 1024
/** Small, so that a slow line is not taken for a silent one. */
const pieceBytes = 64 * 1024

type Awaited = { resolve: (reply: SmtpReply) => void; reject: (error: Error) => void; withinMs: number }

export function createSmtpWire(socket: Socket, { silenceMs, transcript, signal }: SmtpWireNeeds): SmtpWire {
  const awaited: Awaited[] = []
  let failure: Error | null = null
  let unasked: SmtpReply | null = null
  const decoder = new StringDecoder('utf8')
  let buffer = ''
  let lines: string[] = []
  /** Of the lines. */
  let characters = 0
  let patience: NodeJS.Timeout | null = null

  const fail = (error: Error): void => {
    if (failure !== null) return
    failure = error
    detach()
    socket.destroy()
    for (const waiting of awaited.splice(0)) waiting.reject(error)
  }
  const onError = (error: Error): void => fail(error)
  const onEnd = (): void => fail(wireError('CLOSED', 'The server closed the connection.'))
  const onAbort = (): void => fail(wireError('ABORTED', 'Called off.'))
  const wait = (ms: number): void => {
    if (patience !== null) clearTimeout(patience)
    patience = timer(() => fail(wireError('SILENT', `No answer within ${Math.round(ms)} ms.`)), ms)
    patience.unref()
  }
  const rest = (): void => {
    if (patience !== null) clearTimeout(patience)
    patience = null
  }
  const detach = (): void => {
    rest()
    socket.off('data', onData).off('end', onEnd).off('close', onEnd)
    signal.removeEventListener('abort', onAbort)
  }

  const take = (line: string): void => {
    transcript?.server(line)
    lines.push(line)
    characters += line.length
    if (/^\d{3}-/.test(line)) return
    const reply = { code: Number(/^\d{3}(?= |$)/.exec(line)?.[0] ?? 0), said: lines.join('\n') }
    lines = []
    characters = 0
    const next = awaited.shift()
    // RFC 5321 3.8: a server that closes by itself says 421 first.
    if (next === undefined) return reply.code >= 400 && reply.code < 600 ? void (unasked ??= reply) : fail(wireError('NOT_THE_PROTOCOL', line))
    const following = awaited[0]
    if (following === undefined) rest()
    else wait(following.withinMs)
    next.resolve(reply)
  }
  const onData = (chunk: Buffer): void => {
    buffer += decoder.write(chunk)
    for (let end = buffer.indexOf('\n'); end >= 0 && failure === null; end = buffer.indexOf('\n')) {
      const line = buffer.slice(0, buffer[end - 1] === '\r' ? end - 1 : end)
      buffer = buffer.slice(end + 1)
      take(line)
    }
    if (buffer.length + characters > longestReply) fail(wireError('LINE_TOO_LONG', (lines[0] ?? buffer).slice(0, 200)))
  }
  // The error listener stays: a destroyed socket may still report.
  socket.on('error', onError).on('data', onData).on('end', onEnd).on('close', onEnd)
  signal.addEventListener('abort', onAbort)
  if (signal.aborted) onAbort()
  else if (socket.destroyed) onEnd()
  // Whoever read the greeting has paused the socket.
  socket.resume()

  const reply = (withinMs = silenceMs): Promise<SmtpReply> =>
    new Promise((resolve, reject) => {
      if (unasked !== null) return resolve(unasked)
      if (failure !== null) return reject(failure)
      awaited.push({ resolve, reject, withinMs })
      if (awaited.length === 1) wait(withinMs)
    })

  return {
    async commands(commandLines) {
      for (const line of commandLines) transcript?.client(line)
      const replies = commandLines.map(() => reply())
      if (failure === null) socket.write(`${commandLines.join('\r\n')}\r\n`, 'utf8')
      const ends = await Promise.allSettled(replies)
      const cut = ends.find((end) => end.status === 'rejected')
      const came = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []))
      if (cut !== undefined && came.length === 0) throw cut.reason
      return cut === undefined ? came : Object.assign(came, { cut: cut.reason })
    },
    reply,
    async write(bytes) {
      for (let at = 0; at < bytes.length || at === 0; at += pieceBytes) {
        if (unasked !== null) return
        if (failure !== null) throw failure
        const piece = bytes.subarray(at, at + pieceBytes)
        await new Promise<void>((resolve, reject) => {
          const gone = (): void => reject(failure ?? wireError('CLOSED', 'The connection was closed.'))
          socket.once('close', gone)
          wait(silenceMs)
          socket.write(piece, (error) => {
            socket.off('close', gone)
            if (awaited.length === 0) rest()
            if (error) reject(failure ?? error)
            else resolve()
          })
        })
      }
    },
    saidUnasked: () => unasked,
    isUsable: () => failure === null && unasked === null && awaited.length === 0,
    end() {
      if (failure !== null) return
      // Whoever still waits for a reply gets none.
      if (awaited.length > 0) return fail(wireError('CLOSED', 'The connection was closed.'))
      transcript?.client('QUIT')
      detach()
      socket.end('QUIT\r\n')
      // What the server says to that, and how it closes, concerns nobody any more.
      socket.resume()
      timer(() => socket.destroy(), 1_000).unref()
      failure = wireError('CLOSED', 'The connection was closed.')
    }
  }
}

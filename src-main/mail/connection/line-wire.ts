import type { Socket } from 'node:net'
import type { Transcript } from './transcript.ts'

/**
 * A line-based conversation over a socket. `line` gives the next line without its CRLF (latin1) or throws an error with a code:
 * SILENT, CLOSED, TLS_ALERT (the other side answers with a TLS record), LINE_TOO_LONG, or the socket's own.
 */
export type LineWire = {
  line(withinMs: number): Promise<string>
  send(line: string): void
  /** Lets go of the socket, unread bytes put back, so that TLS or a library can take it over. */
  release(): Socket
}

const longestLine = 64 * 1024

/** A failure of the connection with a code that `connection-problem.ts` understands. */
export function wireError(code: string, message: string): Error & { code: string } {
  return Object.assign(new Error(message), { code })
}

export function createLineWire(socket: Socket, transcript: Transcript | null): LineWire {
  let buffer: Buffer = Buffer.alloc(0)
  let ended: Error | null = socket.destroyed ? wireError('CLOSED', 'The connection is closed.') : null
  let wake: (() => void) | null = null
  const onData = (chunk: Buffer): void => {
    buffer = buffer.length === 0 ? chunk : Buffer.concat([buffer, chunk])
    wake?.()
  }
  const onError = (error: Error): void => {
    ended ??= error
    wake?.()
  }
  const onEnd = (): void => onError(wireError('CLOSED', 'The server closed the connection.'))
  socket.on('data', onData).on('error', onError).on('end', onEnd).on('close', onEnd).resume()
  const news = (withinMs: number): Promise<void> =>
    new Promise((done, failed) => {
      const timer = setTimeout(() => failed(wireError('SILENT', `No answer within ${Math.round(withinMs)} ms.`)), withinMs)
      wake = () => {
        clearTimeout(timer)
        wake = null
        done()
      }
    })
  return {
    async line(withinMs) {
      const until = performance.now() + withinMs
      for (;;) {
        if (buffer[0] === 0x15 && buffer[1] === 0x03) throw wireError('TLS_ALERT', 'The server answered with a TLS alert.')
        const end = buffer.indexOf(0x0a)
        if (end >= 0) {
          const line = buffer.subarray(0, end > 0 && buffer[end - 1] === 0x0d ? end - 1 : end).toString('latin1')
          buffer = buffer.subarray(end + 1)
          transcript?.server(line)
          return line
        }
        if (buffer.length > longestLine) throw wireError('LINE_TOO_LONG', buffer.subarray(0, 200).toString('latin1'))
        if (ended) throw ended
        await news(Math.max(1, until - performance.now()))
      }
    },
    send(line) {
      transcript?.client(line)
      socket.write(`${line}\r\n`, 'latin1')
    },
    release() {
      socket.off('data', onData).off('error', onError).off('end', onEnd).off('close', onEnd)
      socket.pause()
      if (buffer.length > 0) socket.unshift(buffer)
      return socket
    }
  }
}

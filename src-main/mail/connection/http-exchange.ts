import { request as httpRequest, type Agent, type ClientRequest, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { ProblemError } from '#contract/problem.ts'
import type { ConnectionLimits } from './destination.ts'
import type { HttpConnection, HttpRequest } from './http-client.ts'
import { wireError } from './line-wire.ts'
import { noteWentOutWhole } from './may-have-been-done.ts'
import type { Transcript } from './transcript.ts'
import { wordsOfRefusal } from './words-of-refusal.ts'

/** The head of an answer, and its body as it arrives. `chunks` rejects with the codes of `line-wire.ts` or the socket's own. */
export type Exchange = { status: number; headers: Readonly<Record<string, string>>; connection: HttpConnection; chunks: AsyncIterable<Buffer>; destroy(): void; noteBody(body: Buffer): void }

type ExchangeNeeds = { url: URL; agent: Agent; limits: ConnectionLimits; transcript: Transcript | null; /** Called once when the connection is free again, or gone. */ leave: () => void }

/** One request and its answer. A kept connection that turns out dead is replaced once, if the server cannot have acted on the request. */
export async function exchange(request: HttpRequest & { signal: AbortSignal }, needs: ExchangeNeeds): Promise<Exchange> {
  needs.transcript?.client(`${request.method} ${needs.url.origin}${needs.url.pathname}${needs.url.search === '' ? '' : '?…'}`)
  const first = await attemptOnce(request, needs)
  if ('status' in first) return first
  if (!first.again) throw first.error
  needs.transcript?.note('The kept connection was closed; asking again on a new one')
  const second = await attemptOnce(request, needs)
  if ('status' in second) return second
  throw second.error
}

type Failure = { error: unknown; again: boolean }

function attemptOnce(request: HttpRequest & { signal: AbortSignal }, needs: ExchangeNeeds): Promise<Exchange | Failure> {
  return new Promise((done) => {
    const { signal } = request
    if (signal.aborted) return done({ error: new ProblemError({ code: 'cancelled' }), again: false })
    const sent = start(request, needs)
    const broken: Broken = { answer: null, why: null }
    const breakOff = (error: Error): void => {
      broken.why ??= error
      ;(broken.answer ?? sent).destroy(error)
    }
    const silence = createSilence(needs.limits.silenceMs, breakOff)
    const onAbort = (): void => breakOff(new ProblemError({ code: 'cancelled' }))
    let again = false
    signal.addEventListener('abort', onAbort, { once: true })
    const over = (): void => {
      silence.stop()
      signal.removeEventListener('abort', onAbort)
    }
    // Connecting has its own patience.
    sent.once('socket', () => silence.restart())
    sent.on('error', (error) => {
      over()
      const safe = request.repeatable ?? (request.method !== 'POST' && request.method !== 'PATCH')
      again = sent.reusedSocket && broken.why === null && (safe || !sent.writableFinished)
      if (!safe && sent.writableFinished && broken.answer === null) noteWentOutWhole(error)
      done({ error, again })
    })
    sent.once('close', () => (again ? undefined : needs.leave()))
    sent.once('response', (answer) => {
      note(answer, needs.transcript)
      broken.answer = answer
      done(received(sent, answer, { silence, over, broken }, needs.transcript))
    })
    void write(sent, request.body, silence)
  })
}

/** Why this side broke the exchange off, which the error of the socket does not tell. */
type Broken = { answer: IncomingMessage | null; why: Error | null }

function start({ method, headers = {}, body }: HttpRequest, { url, agent }: ExchangeNeeds): ClientRequest {
  const secure = url.protocol === 'https:'
  const length = body === undefined ? (method === 'GET' || method === 'DELETE' ? {} : { 'content-length': '0' }) : { 'content-length': String(Buffer.byteLength(body)) }
  return httpRequest({
    agent, method, host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) || (secure ? 443 : 80), path: `${url.pathname}${url.search}`,
    setHost: false, headers: { host: url.host, 'accept-encoding': 'identity', 'user-agent': 'Mailroom', ...headers, ...length }
  })
}

const pieceBytes = 65_536

/** A large body is written piece by piece, so that progress counts against silence. */
async function write(sent: ClientRequest, body: string | Buffer | undefined, silence: Silence): Promise<void> {
  const bytes = typeof body === 'string' ? Buffer.from(body) : (body ?? Buffer.alloc(0))
  for (let at = 0; at + pieceBytes < bytes.length && !sent.destroyed; at += pieceBytes) {
    await new Promise((done) => {
      sent.once('close', done)
      sent.write(bytes.subarray(at, at + pieceBytes), () => {
        sent.off('close', done)
        done(null)
      })
    })
    silence.moved()
  }
  const rest = bytes.length === 0 ? 0 : Math.floor((bytes.length - 1) / pieceBytes) * pieceBytes
  if (!sent.destroyed) sent.end(bytes.subarray(rest))
}

function received(sent: ClientRequest, answer: IncomingMessage, { silence, over, broken }: { silence: Silence; over: () => void; broken: Broken }, transcript: Transcript | null): Exchange {
  const status = answer.statusCode ?? 0
  const destroy = (): void => {
    over()
    sent.destroy()
  }
  async function* chunks(): AsyncGenerator<Buffer> {
    try {
      const parts: AsyncIterator<Buffer> = answer[Symbol.asyncIterator]()
      for (;;) {
        // Only waiting for the server counts as its silence, not the time that the reader takes.
        silence.restart()
        const { value, done } = await parts.next()
        silence.stop()
        if (done === true) break
        yield value
      }
      if (!answer.complete) throw wireError('CLOSED', 'The server closed the connection in the middle of its answer.')
    } catch (error) {
      throw broken.why ?? error
    } finally {
      over()
      // An answer that came before the whole request was sent leaves a connection that nobody can use.
      if (!answer.complete || !sent.writableFinished) sent.destroy()
    }
  }
  silence.stop()
  answer.on('error', () => undefined)
  return {
    status, headers: headersOf(answer), connection: connectionOf(answer.socket), chunks: chunks(), destroy,
    noteBody: (body) => {
      if (status >= 400 && body.length > 0) transcript?.note(wordsOfRefusal(body))
    }
  }
}

const connectionNumbers = new WeakMap<Socket, number>()
let connectionsSeen = 0
function connectionOf(socket: Socket): HttpConnection {
  const id = connectionNumbers.get(socket) ?? ++connectionsSeen
  connectionNumbers.set(socket, id)
  return { id, certificate: () => (socket instanceof TLSSocket ? (socket.getPeerCertificate(false).raw ?? null) : null) }
}

function headersOf(answer: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]))
}

/** What helps a provider's support to find the request, and what asks for patience. */
const telling = ['retry-after', 'request-id', 'client-request-id', 'x-ms-request-id', 'x-ms-diagnostics', 'x-feserver', 'x-beserver', 'x-guploader-uploadid', 'date']

function note(answer: IncomingMessage, transcript: Transcript | null): void {
  const headers = headersOf(answer)
  const shown = telling.filter((name) => headers[name] !== undefined).map((name) => `; ${name}: ${headers[name] ?? ''}`)
  transcript?.server(`${answer.statusCode ?? 0} ${answer.statusMessage ?? ''}${shown.join('')}`)
}

type Silence = { restart(): void; /** Begins anew if it is being waited for. */ moved(): void; stop(): void }
function createSilence(ms: number, broken: (error: Error) => void): Silence {
  let timer: NodeJS.Timeout | null = null
  const stop = (): void => {
    if (timer) clearTimeout(timer)
    timer = null
  }
  const restart = (): void => {
    stop()
    timer = setTimeout(() => broken(wireError('ETIMEOUT', `No answer within ${ms} ms.`)), ms)
  }
  return { stop, restart, moved: () => timer && restart() }
}

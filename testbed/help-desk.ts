import { createHmac, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer as createPlain, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecure } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { TestCertificate } from './certificates.ts'

/** A web server on a free port of this computer. `port` may be one that was free before. */
export type TestDesk = { port: number; url: string; stop(): Promise<void> }
export type DeskPlace = { port?: number; certificate?: Pick<TestCertificate, 'cert' | 'key'> }
type Take = (request: IncomingMessage, body: Buffer, response: ServerResponse) => void | Promise<void>

export async function startDesk(take: Take, { port = 0, certificate }: DeskPlace = {}): Promise<TestDesk> {
  const sockets = new Set<Socket>()
  const heard = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    await take(request, Buffer.concat(parts), response)
  }
  const listener = (request: IncomingMessage, response: ServerResponse): void => void heard(request, response).catch(() => response.destroy())
  const server = certificate ? createSecure({ cert: certificate.cert, key: certificate.key }, listener) : createPlain(listener)
  server.on('connection', (socket: Socket) => void sockets.add(socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket))))
  server.on('tlsClientError', () => undefined)
  server.listen(port, 'localhost')
  await once(server, 'listening')
  const { port: open } = server.address() as AddressInfo
  return {
    port: open, url: `${certificate ? 'https' : 'http'}://localhost:${open}/in`,
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise((done) => server.close(done))
    }
  }
}

/** What the receiver does with a delivery that is in order: takes it, or one of what goes wrong in the world. */
export type Mishap = 'take' | 'busy' | 'broken' | 'take-and-die' | 'die' | 'silent' | 'conflict' | 'garbage' | 'huge' | 'wrong' | 'patience' | 'redirect'
export type TakenEvent = { id: string; request: number; event: string; body: Record<string, unknown> }
export type JsonReceiver = TestDesk & { taken: TakenEvent[]; refused: string[]; tries: string[]; atOnce: { most: number }; mishap: (event: TakenEvent) => Mishap }

/**
 * A receiver of Standard Webhooks 1.0.0 that trusts nothing: signature, age (5 minutes) and shape are checked, and an id that was taken
 * is answered with 409.
 */
export async function startJsonReceiver(key: Buffer, place: DeskPlace & { repeats?: 200 | 409 } = {}): Promise<JsonReceiver> {
  const taken: TakenEvent[] = []
  const refused: string[] = []
  const tries: string[] = []
  const atOnce = { now: 0, most: 0 }
  const ids = new Set<string>()
  const take: Take = async (request, body, response) => {
    const answer = (status: number, value: unknown, headers = {}): void => void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(typeof value === 'string' ? value : JSON.stringify(value))
    const fault = faultOf(request, body, key)
    if (fault !== null) return refused.push(fault), answer(401, { error: fault })
    const told = JSON.parse(body.toString('utf8')) as Record<string, unknown> & { event: string; request: { number: number } | null }
    const event = { id: String(request.headers['webhook-id']), request: told.request?.number ?? 0, event: told.event, body: told }
    tries.push(event.id)
    atOnce.now += 1
    atOnce.most = Math.max(atOnce.most, atOnce.now)
    await new Promise((done) => setTimeout(done, 1))
    atOnce.now -= 1
    if (ids.has(event.id)) return answer(place.repeats ?? 409, { error: 'This event was received already.' })
    const mishap = receiver.mishap(event)
    if (mishap === 'take' || mishap === 'take-and-die' || mishap === 'huge') {
      ids.add(event.id)
      taken.push(event)
    }
    if (mishap === 'take') return answer(200, { id: `desk-${event.request}` })
    if (mishap === 'busy') return answer(503, 'Busy')
    if (mishap === 'broken') return answer(500, { error: 'Internal error' })
    if (mishap === 'conflict') return answer(409, { error: 'The request is locked.' })
    if (mishap === 'wrong') return answer(422, { error: 'A field is wrong.' })
    if (mishap === 'patience') return answer(429, { error: 'Slow down.' }, { 'retry-after': '7200' })
    if (mishap === 'redirect') return answer(302, '', { location: 'http://localhost:1/elsewhere' })
    if (mishap === 'garbage') return void request.socket.end('\u0000\u0001 this is no HTTP at all \r\n\r\n')
    if (mishap === 'huge') return void hugeAnswer(response)
    if (mishap !== 'silent') request.socket.destroy()
  }
  const desk = await startDesk(take, place)
  const receiver: JsonReceiver = { ...desk, taken, refused, tries, atOnce, mishap: () => 'take' }
  return receiver
}

/** 100 MB as fast as they are taken. */
function hugeAnswer(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' })
  const block = Buffer.alloc(1 << 20, 0x20)
  let left = 100
  const more = (): void => {
    while (left-- > 0 && !response.destroyed) if (!response.write(block)) return void response.once('drain', more)
    response.end()
  }
  more()
}

function faultOf(request: IncomingMessage, body: Buffer, key: Buffer): string | null {
  const header = (name: string): string => String(request.headers[name] ?? '')
  const [id, timestamp, signatures] = [header('webhook-id'), header('webhook-timestamp'), header('webhook-signature')]
  if (request.method !== 'POST' || header('content-type') !== 'application/json') return 'not a POST of JSON'
  if (!/^[A-Za-z0-9_-]{8,100}$/.test(id)) return `id ${id}`
  if (!/^\d{10}$/.test(timestamp) || Math.abs(Date.now() / 1000 - Number(timestamp)) > 300) return `timestamp ${timestamp}`
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${body.toString('utf8')}`).digest()
  const fits = signatures.split(' ').some((one) => one.startsWith('v1,') && one.length === 47 && timingSafeEqual(Buffer.from(one.slice(3), 'base64'), expected))
  return fits ? null : 'signature'
}

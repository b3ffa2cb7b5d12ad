import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import type { Attempt } from './destination.ts'
import { floor, namesFor } from './tls-names.ts'

/**
 * Whether the server asks for a client certificate, seen in the part of a TLS 1.2 handshake that goes in clear (RFC 5246 7.4.4). Nothing is
 * sent but the handshake, and the socket is closed. Never throws.
 */
export async function asksForClientCertificate(tcp: Socket, host: string, { signal, limits }: Attempt): Promise<boolean> {
  let heard: Buffer = Buffer.alloc(0)
  const tap = new Duplex({
    read: () => void tcp.resume(),
    write: (chunk: Buffer, _encoding, done) => void tcp.write(chunk, () => done()),
    destroy: (_error, done) => {
      tcp.destroy()
      done(null)
    }
  })
  tcp.on('data', (chunk: Buffer) => {
    heard = Buffer.concat([heard, chunk])
    tap.push(chunk)
  })
  tcp.on('end', () => void tap.push(null)).on('close', () => void tap.destroy())
  // Trusted or not, the server's question stands in the handshake that comes before the verdict.
  const socket = connectTls({ ...namesFor(host), ...floor('TLSv1'), maxVersion: 'TLSv1.2', socket: tap })
  await new Promise<void>((done) => {
    const timer = setTimeout(done, limits.handshakeMs)
    const settle = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', settle)
      done()
    }
    signal.addEventListener('abort', settle, { once: true })
    socket.once('secureConnect', settle).once('close', settle).on('error', settle)
  })
  socket.destroy()
  tap.destroy()
  return handshakeTypes(heard).includes(certificateRequest)
}

const certificateRequest = 13

/** Types of the handshake messages in the records before encryption begins (RFC 5246 6.2.1, 7.4); a message may span records. */
function handshakeTypes(bytes: Buffer): number[] {
  const messages: Buffer[] = []
  for (let at = 0; at + 5 <= bytes.length && bytes[at] === 22; at += 5 + bytes.readUInt16BE(at + 3)) messages.push(bytes.subarray(at + 5, at + 5 + bytes.readUInt16BE(at + 3)))
  const all = Buffer.concat(messages)
  const types: number[] = []
  for (let at = 0; at + 4 <= all.length; at += 4 + all.readUIntBE(at + 1, 3)) types.push(all[at] ?? 0)
  return types
}

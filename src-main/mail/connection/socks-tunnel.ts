import type { Socket } from 'node:net'
import { isIP } from 'node:net'
import { domainToASCII } from 'node:url'
import type { ProxyCredentials } from './http-tunnel.ts'
import { wireError } from './line-wire.ts'

/**
 * Asks a SOCKS5 proxy for a tunnel (RFC 1928) with user name and password (RFC 1929); a name is resolved by the proxy. Rejects with
 * PROXY_REFUSED, PROXY_AUTHENTICATION or NOT_A_PROXY.
 */
export async function socksTunnel(socket: Socket, credentials: ProxyCredentials | null, to: { host: string; port: number }, withinMs: number): Promise<void> {
  const bytes = createByteReader(socket, withinMs)
  try {
    const methods = credentials === null ? [noSignIn] : [noSignIn, userAndPassword]
    socket.write(Buffer.from([5, methods.length, ...methods]))
    const [version, method] = await bytes.take(2)
    if (version !== 5) throw wireError('NOT_A_PROXY', `It does not speak SOCKS5${bytes.seen() === '' ? '' : `: ${bytes.seen()}`}`)
    if (method === 0xff) throw wireError('PROXY_AUTHENTICATION', credentials === null ? 'The proxy takes no connection without sign-in.' : 'The proxy takes none of the ways to sign in.')
    if (method === userAndPassword && credentials !== null) await signIn(socket, bytes, credentials)
    else if (method !== noSignIn) throw wireError('NOT_A_PROXY', 'It chose a way to sign in that was not offered.')
    socket.write(Buffer.concat([Buffer.from([5, 1, 0]), addressOf(to.host), Buffer.from([to.port >> 8, to.port & 0xff])]))
    const [, reply = 0, , kind = 1] = await bytes.take(4)
    if (reply !== 0) throw wireError('PROXY_REFUSED', replies[reply] ?? `The proxy answered with code ${reply}.`)
    const [length = 0] = kind === 3 ? await bytes.take(1) : [kind === 4 ? 16 : 4]
    await bytes.take(length + 2)
  } finally {
    bytes.release()
  }
}

const noSignIn = 0
const userAndPassword = 2

/** RFC 1928 section 6. */
const replies: Record<number, string | undefined> = {
  1: 'General failure of the proxy.', 2: 'The rules of the proxy do not allow the connection.', 3: 'The proxy does not reach the network.', 4: 'The proxy does not find or reach the host.',
  5: 'The host refused the connection of the proxy.', 6: 'The time of the connection ran out at the proxy.', 7: 'The proxy does not know CONNECT.', 8: 'The proxy does not know this kind of address.'
}

async function signIn(socket: Socket, bytes: ByteReader, { user, password }: ProxyCredentials): Promise<void> {
  const [name, secret] = [Buffer.from(user), Buffer.from(password)]
  if (name.length > 255 || secret.length > 255 || name.length === 0) throw wireError('PROXY_AUTHENTICATION', 'SOCKS takes user names and passwords of 1 to 255 bytes.')
  socket.write(Buffer.concat([Buffer.from([1, name.length]), name, Buffer.from([secret.length]), secret]))
  const [, status] = await bytes.take(2)
  if (status !== 0) throw wireError('PROXY_AUTHENTICATION', 'The proxy refused user name and password.')
}

function addressOf(host: string): Buffer {
  if (isIP(host) === 4) return Buffer.from([1, ...host.split('.').map(Number)])
  if (isIP(host) === 6) return Buffer.concat([Buffer.from([4]), ipv6Bytes(host)])
  const name = Buffer.from(domainToASCII(host) || host)
  return Buffer.concat([Buffer.from([3, name.length]), name])
}

/** RFC 4291 2.2: at most one :: stands for zeros, and the last 32 bits may be written as IPv4. */
function ipv6Bytes(host: string): Buffer {
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'))
  const plain = host.replace(/%.*$/, '').replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_all, a, b, c, d) => `${(Number(a) * 256 + Number(b)).toString(16)}:${(Number(c) * 256 + Number(d)).toString(16)}`)
  const [before = '', after] = plain.split('::')
  const [left, right] = [groups(before), groups(after ?? '')]
  const all = after === undefined ? left : [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right]
  return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex')
}

type ByteReader = { take(count: number): Promise<Buffer>; /** What came instead, as printable text. */ seen(): string; release(): void }

function createByteReader(socket: Socket, withinMs: number): ByteReader {
  let buffer: Buffer = Buffer.alloc(0)
  let first: Buffer | null = null
  let ended: Error | null = null
  let wake: () => void = () => undefined
  const end = (error: Error): void => {
    ended ??= error
    wake()
  }
  const onData = (chunk: Buffer): void => {
    first ??= chunk
    buffer = Buffer.concat([buffer, chunk])
    wake()
  }
  const onClose = (): void => end(wireError('PROXY_REFUSED', 'The proxy closed the connection.'))
  const timer = setTimeout(() => end(wireError('PROXY_REFUSED', `The proxy did not answer within ${withinMs} ms.`)), withinMs)
  socket.on('data', onData).on('error', end).on('close', onClose).on('end', onClose)
  return {
    async take(count) {
      while (buffer.length < count) {
        if (ended) throw ended
        await new Promise<void>((done) => (wake = done))
      }
      const taken = buffer.subarray(0, count)
      buffer = buffer.subarray(count)
      return taken
    },
    seen: () => (first ?? Buffer.alloc(0)).toString('latin1', 0, 200).replace(/[^\x20-\x7e]+/g, ' ').trim(),
    release() {
      clearTimeout(timer)
      socket.off('data', onData).off('error', end).off('close', onClose).off('end', onClose).pause()
      if (buffer.length > 0) socket.unshift(buffer)
    }
  }
}

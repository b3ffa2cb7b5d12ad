import { lookup } from 'node:dns/promises'
import { isIP, type Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { ProblemError } from '#contract/problem.ts'
import { upgradeToTls } from '../connection/connect.ts'
import { certificateSeen, commonName } from '../connection/certificate-seen.ts'
import type { Attempt, Destination } from '../connection/destination.ts'
import { firstWords } from '../connection/first-words.ts'
import { createLineWire } from '../connection/line-wire.ts'
import { openTcp } from '../connection/open-tcp.ts'
import { dialProxy, proxyPlace } from '../connection/proxy.ts'
import type { Transcript } from '../connection/transcript.ts'
import type { StepFinding, StepRunner } from './run-step.ts'

/** A certificate that ends within this time is a warning. */
const soonMs = 30 * 86_400_000

/**
 * The steps `resolve`, `proxy`, `connect` and `tls` of a server that is spoken to in HTTP, on a connection of their own that is closed
 * afterwards. false when a step failed.
 */
export async function diagnoseReach(to: Destination, attempt: Attempt, step: StepRunner, transcript: Transcript | null): Promise<boolean> {
  const tcp = await reach(to, attempt, step)
  if (tcp === null) return false
  try {
    if (to.security !== 'tls') return true
    const secured = await step('tls', async () => tlsFinding(await upgradeToTls(tcp, to, attempt)))
    if (secured !== null) transcript?.note(`TLS with ${to.host} port ${to.port}: ${secured.value.getProtocol() ?? ''}`)
    return secured !== null
  } finally {
    tcp.destroy()
  }
}

/**
 * The steps that all protocols share, on a connection of their own that is closed afterwards: `resolve`, `proxy`, `connect`, `tls`, `greeting`,
 * `capabilities`. With STARTTLS the greeting comes before TLS on the wire; it is reported after it all the same. Returns the capabilities;
 * null when a step failed.
 */
export async function diagnoseConnection(to: Destination, attempt: Attempt, step: StepRunner, transcript: Transcript | null): Promise<string[] | null> {
  const words = firstWords[to.speaks]
  const { greetingMs } = attempt.limits
  const tcp = await reach(to, attempt, step)
  if (tcp === null) return null
  try {
    let socket: Socket = tcp
    let greeting: string | null = null
    if (to.security === 'starttls') {
      const before = createLineWire(tcp, transcript)
      const greeted = await quietly(step, () => words.greeting(before, greetingMs))
      if (greeted === null) return null
      greeting = greeted
      const upgraded = await step('tls', async () => {
        await words.startTls(before, await words.capabilities(before, greetingMs), greetingMs)
        return tlsFinding(await upgradeToTls(before.release(), to, attempt))
      })
      if (upgraded === null) return null
      socket = upgraded.value
    } else if (to.security === 'tls') {
      const secured = await step('tls', async () => tlsFinding(await upgradeToTls(tcp, to, attempt)))
      if (secured === null) return null
      socket = secured.value
    }
    const wire = createLineWire(socket, transcript)
    const greeted = await step('greeting', async () => {
      const text = greeting ?? (await words.greeting(wire, greetingMs))
      return { value: text, detail: text }
    })
    if (greeted === null) return null
    const offered = await step('capabilities', async () => {
      const value = await words.capabilities(wire, greetingMs)
      return { value, detail: value.join(' ') }
    })
    return offered?.value ?? null
  } finally {
    tcp.destroy()
  }
}

async function reach(to: Destination, attempt: Attempt, step: StepRunner): Promise<Socket | null> {
  const { proxy } = to
  let tunnel: Socket | ProblemError | null = null
  if (proxy === null) {
    const resolved = await step('resolve', () => addressesOf(to.host))
    if (resolved === null) return null
  } else {
    const { kind, host, port, user } = proxyPlace(proxy)
    const reached = await step('proxy', async () => {
      const value = await tunnelOf(proxy, to, attempt)
      return { value, detail: `${kind === 'http' ? 'HTTP' : 'SOCKS5'} proxy ${host}:${port}${user === null ? '' : `, as ${user}`}` }
    })
    if (reached === null) return null
    tunnel = reached.value
  }
  const connected = await step('connect', async () => {
    if (tunnel instanceof ProblemError) throw tunnel
    const socket = tunnel ?? (await openTcp(to, attempt))
    return { value: socket, detail: proxy === null ? `${socket.remoteAddress ?? to.host} port ${to.port}` : `${to.host} port ${to.port} through the proxy` }
  })
  return connected?.value ?? null
}

/**
 * The tunnel; where the proxy does its part and does not reach the server, the problem that the step `connect` then has. What is wrong
 * with the proxy itself is thrown.
 */
async function tunnelOf(proxy: string, to: Destination, attempt: Attempt): Promise<Socket | ProblemError> {
  const probe = await dialProxy(proxy, to, attempt)
  probe.destroy()
  return openTcp(to, attempt).catch((error: unknown) => {
    if (error instanceof ProblemError && error.problem.code === 'proxy-failed') return error
    throw error
  })
}

async function addressesOf(host: string): Promise<StepFinding<null>> {
  if (isIP(host) !== 0) return { value: null, detail: host }
  const found = await lookup(host, { all: true })
  return { value: null, detail: [...new Set(found.map(({ address }) => address))].join(', ') }
}

/** A greeting read before TLS is reported only if it fails; otherwise it has its turn later. */
async function quietly(step: StepRunner, work: () => Promise<string>): Promise<string | null> {
  const result = await work().then((value) => ({ value }), (error: unknown) => ({ error }))
  if ('value' in result) return result.value
  await step('greeting', () => Promise.reject(result.error))
  return null
}

function tlsFinding(socket: TLSSocket): StepFinding<TLSSocket> {
  const version = socket.getProtocol() ?? 'TLS'
  const certificate = certificateSeen(socket.getPeerCertificate(false).raw)
  const old = version === 'TLSv1' || version === 'TLSv1.1'
  const ending = Date.parse(certificate.validTo) - Date.now() < soonMs
  const remark = old ? ' — this TLS version is no longer considered safe (RFC 8996)' : ending ? ' — the certificate ends soon' : ''
  return { value: socket, detail: `${version}, ${commonName(certificate)}, until ${certificate.validTo.slice(0, 10)}${remark}`, warning: old || ending }
}

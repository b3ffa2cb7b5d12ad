import { ProblemError, type Peer, type Problem } from '#contract/problem.ts'
import { certificateSeen } from './certificate-seen.ts'
import { certificateProblem, codeOf, connectionProblem, type Finding } from './connection-problem.ts'
import type { Attempt, Destination } from './destination.ts'
import { firstWords } from './first-words.ts'
import { createLineWire } from './line-wire.ts'
import { isLinkMissing } from './link-missing.ts'
import { lookAtCertificate, offeredTlsVersion, wantsClientCertificate } from './look-at-certificate.ts'
import { openTcp } from './open-tcp.ts'

/**
 * The problem behind a failed connection. Where the error alone does not tell, the server is looked at again for at most `probeMs` a look:
 * its certificate, its TLS versions, its plain greeting. null where the error is none of a connection.
 */
export async function explainFailure(error: unknown, to: Destination, attempt: Attempt, during: string): Promise<Problem | null> {
  if (error instanceof ProblemError) return error.problem
  if (attempt.signal.aborted) return { code: 'cancelled' }
  const peer = { host: to.host, port: to.port }
  const waited = codeOf(error) === 'ETIMEOUT' ? attempt.limits.silenceMs : codeOf(error) === 'CONNECT_TIMEOUT' ? attempt.limits.connectMs : attempt.limits.greetingMs
  if (codeOf(error).startsWith('HPE_')) return foreign(to, peer, firstBytes(error))
  if (codeOf(error) === 'NOT_THE_PROTOCOL' || codeOf(error) === 'LINE_TOO_LONG') return foreign(to, peer, error instanceof Error ? error.message : '')
  const finding = connectionProblem(error, peer, during, waited)
  if (finding === null) return null
  if ('problem' in finding) return finding.problem
  return lookCloser(finding, error, to, { signal: attempt.signal, limits: quick(attempt) }, during, waited)
}

type Look = Extract<Finding, { look: string }>

async function lookCloser(finding: Look, error: unknown, to: Destination, attempt: Attempt, during: string, waited: number): Promise<Problem> {
  const peer = { host: to.host, port: to.port }
  const silent: Problem = { code: 'server-silent', afterMs: waited, ...peer }
  switch (finding.look) {
    case 'certificate':
      return (await badCertificate(finding.said, error, to, attempt)) ?? { code: 'tls-handshake-failed', serverSaid: finding.said, ...peer }
    case 'reachable':
      return (await reachable(to, attempt)) ? silent : { code: 'connection-timed-out', afterMs: waited, ...peer }
    case 'tls-wanted':
      if (to.security !== 'tls' && (await speaksTls(to, attempt))) return { code: 'server-expects-tls', ...peer }
      if (to.security !== 'tls' && (await speaksAnother(to, attempt))) return foreign(to, peer, (await plainGreeting(to, attempt)) ?? '')
      return codeOf(error) === 'ClosedAfterConnectText' ? { code: 'connection-dropped', during, ...peer } : silent
    case 'plain-text': {
      const said = to.security === 'tls' ? await plainGreeting(to, attempt) : null
      return said === null ? versionProblem(finding, to, attempt) : { code: 'server-speaks-plain-text', serverSaid: said, ...peer }
    }
    case 'tls-version':
      return versionProblem(finding, to, attempt)
  }
}

function foreign(to: Destination, peer: Peer, said: string): Problem {
  return { code: 'not-a-mail-server', expected: firstWords[to.speaks].label, serverSaid: shown(said), ...peer }
}

async function badCertificate(code: string, error: unknown, to: Destination, attempt: Attempt): Promise<Problem | null> {
  const shownAlready = shownIn(error)
  const look = shownAlready === null ? await lookAtCertificate(to, attempt).catch(() => null) : { der: shownAlready, issuerShown: true }
  if (look === null) return null
  const { der, issuerShown } = look
  const certificate = certificateSeen(der)
  const peer = { host: to.host, port: to.port }
  const problem = certificateProblem(code, certificate, peer, Date.now(), isLinkMissing(der, issuerShown))
  const dates = problem.code === 'certificate-expired' || problem.code === 'certificate-not-yet-valid'
  return to.tls.pin !== null && !dates ? { code: 'certificate-pin-mismatch', pinned: to.tls.pin, certificate, ...peer } : problem
}

/** Node's name check carries the certificate; other refusals do not. */
function shownIn(error: unknown): Buffer | null {
  if (typeof error !== 'object' || error === null || !('cert' in error)) return null
  const { cert } = error
  return typeof cert === 'object' && cert !== null && 'raw' in cert && Buffer.isBuffer(cert.raw) ? cert.raw : null
}

async function versionProblem(finding: Look, to: Destination, attempt: Attempt): Promise<Problem> {
  const peer = { host: to.host, port: to.port }
  const offered = await offeredTlsVersion(to, attempt).catch(() => null)
  const plain = to.speaks === 'http' && offered === null ? await plainGreeting(to, attempt) : null
  if (plain !== null) return { code: 'server-speaks-plain-text', serverSaid: plain, ...peer }
  if (offered !== null && offered < to.tls.minVersion) return { code: 'tls-version-too-low', offered, wanted: to.tls.minVersion, ...peer }
  if (await wantsClientCertificate(to, attempt).catch(() => false)) return { code: 'client-certificate-wanted', serverSaid: shown(finding.said), ...peer }
  return { code: 'tls-handshake-failed', serverSaid: shown(finding.said), ...peer }
}

function reachable(to: Destination, attempt: Attempt): Promise<boolean> {
  return openTcp(to, attempt).then((socket) => Boolean(socket.destroy()), () => false)
}

function speaksTls(to: Destination, attempt: Attempt): Promise<boolean> {
  return lookAtCertificate({ ...to, security: 'tls' }, attempt).then(() => true, () => false)
}

/** Whether the server greets, but not in the protocol that was expected. */
async function speaksAnother(to: Destination, attempt: Attempt): Promise<boolean> {
  const socket = await openTcp(to, attempt).catch(() => null)
  if (socket === null) return false
  const code = await firstWords[to.speaks].greeting(createLineWire(socket, null), attempt.limits.greetingMs).then(() => '', codeOf)
  socket.destroy()
  return code === 'NOT_THE_PROTOCOL' || code === 'LINE_TOO_LONG'
}

async function plainGreeting(to: Destination, attempt: Attempt): Promise<string | null> {
  const socket = await openTcp(to, attempt).catch(() => null)
  if (socket === null) return null
  const wire = createLineWire(socket, null)
  // An HTTP server says nothing before it is asked.
  const said = to.speaks === 'http' ? firstWords.http.greeting(wire, attempt.limits.greetingMs).catch((error: unknown) => (codeOf(error) === 'NOT_THE_PROTOCOL' && error instanceof Error ? error.message : null)) : wire.line(attempt.limits.greetingMs)
  const line = await said.catch(() => null)
  socket.destroy()
  return line === null ? null : shown(line)
}

/** What Node's HTTP parser could not read. */
function firstBytes(error: unknown): string {
  return error instanceof Error && 'rawPacket' in error && Buffer.isBuffer(error.rawPacket) ? error.rawPacket.toString('latin1', 0, 200) : ''
}

function shown(text: string): string {
  return text.replace(/[^\u0020-\u007e\u00a0-\uffff]+/g, ' ').trim().slice(0, 200)
}
function quick({ limits }: Attempt): Attempt['limits'] {
  const atMost = (ms: number): number => Math.min(ms, limits.probeMs)
  return { ...limits, connectMs: atMost(limits.connectMs), handshakeMs: atMost(limits.handshakeMs), greetingMs: atMost(limits.greetingMs) }
}

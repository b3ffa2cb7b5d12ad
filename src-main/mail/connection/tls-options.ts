import { createHash, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createSecureContext, getCACertificates, rootCertificates, type ConnectionOptions, type SecureContext, type SecureVersion } from 'node:tls'
import { ProblemError } from '#contract/problem.ts'
import { certificateSeen, sameFingerprint } from './certificate-seen.ts'
import { clientCertificate, type ClientCertificate } from './client-certificate.ts'
import type { Attempt, Destination } from './destination.ts'
import { lookAtCertificate } from './look-at-certificate.ts'
import { floor, namesFor } from './tls-names.ts'

/**
 * Options for `tls.connect` that verify the server: against the known authorities and `caFile`, or against the pinned certificate alone.
 * A pin is compared on a connection of its own that carries nothing. Throws ProblemError `ca-file-unusable`, `client-certificate-unusable`,
 * `certificate-pin-mismatch`.
 */
export async function tlsOptionsFor(to: Destination, attempt: Attempt): Promise<ConnectionOptions> {
  const names = namesFor(to.host)
  const { pin, minVersion, caFile } = to.tls
  const own = await clientCertificate(to)
  if (pin === null) return { ...names, secureContext: await trustedContext(minVersion, caFile, own) }
  const pem = await pinnedCertificate(to, pin, attempt)
  return {
    ...names,
    secureContext: createSecureContext({ ...floor(minVersion), ...own, ca: [pem], allowPartialTrustChain: true }),
    checkServerIdentity: (_host, shown) => (sameFingerprint(shown.fingerprint256, pin) ? undefined : Object.assign(new Error('Another certificate than the pinned one.'), { code: 'ERR_TLS_CERT_PIN' }))
  }
}

// Reading some 150 certificates costs more than a handshake, so contexts are kept by what they were made of.
const contexts = new Map<string, SecureContext>()

async function trustedContext(minVersion: SecureVersion, caFile: string | null, own: ClientCertificate | null): Promise<SecureContext> {
  const extra = caFile === null ? [] : await authoritiesIn(caFile)
  const key = `${minVersion} ${createHash('sha256').update(JSON.stringify([extra, own])).digest('hex')}`
  const known = contexts.get(key)
  if (known) return known
  const made = createSecureContext({ ...floor(minVersion), ...own, ca: [...systemAuthorities(), ...extra] })
  if (contexts.size > 50) contexts.clear()
  contexts.set(key, made)
  return made
}

let authorities: string[] | null = null
function systemAuthorities(): string[] {
  authorities ??= [...new Set([...rootCertificates, ...getCACertificates('system'), ...getCACertificates('extra')])]
  return authorities
}

async function authoritiesIn(file: string): Promise<string[]> {
  const unusable = (reason: string, cause?: unknown): ProblemError => new ProblemError({ code: 'ca-file-unusable', file, reason }, { cause })
  const text = await readFile(file, 'latin1').catch((error: NodeJS.ErrnoException) => {
    throw unusable(error.code === 'ENOENT' ? 'There is no such file.' : error.code === 'EACCES' ? 'The file may not be read.' : `The file cannot be read (${error.code ?? 'unknown'}).`, error)
  })
  const found = text.match(/-----BEGIN (?:TRUSTED )?CERTIFICATE-----[\s\S]+?-----END (?:TRUSTED )?CERTIFICATE-----/g)
  if (!found) throw unusable('It holds no certificate in PEM form (-----BEGIN CERTIFICATE-----).')
  for (const [index, pem] of found.entries()) {
    try {
      void new X509Certificate(pem)
    } catch (error) {
      throw unusable(`Certificate ${index + 1} in it is damaged.`, error)
    }
  }
  return found
}

// The key is the fingerprint of the very bytes kept, so an entry can never vouch for another certificate.
const pinned = new Map<string, string>()

async function pinnedCertificate(to: Destination, pin: string, attempt: Attempt): Promise<string> {
  const key = pin.replaceAll(':', '').toUpperCase()
  const known = pinned.get(key)
  if (known) return known
  const { der } = await lookAtCertificate(to, attempt)
  const seen = certificateSeen(der)
  if (!sameFingerprint(seen.fingerprint256, pin)) throw new ProblemError({ code: 'certificate-pin-mismatch', pinned: pin, certificate: seen, host: to.host, port: to.port })
  const pem = new X509Certificate(der).toString()
  if (pinned.size > 200) pinned.clear()
  pinned.set(key, pem)
  return pem
}

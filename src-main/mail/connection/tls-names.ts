import { isIP } from 'node:net'
import type { SecureVersion } from 'node:tls'
import { domainToASCII } from 'node:url'

/** `host` is what the certificate is compared with; SNI has no IP addresses (RFC 6066 section 3). */
export function namesFor(host: string): { host: string; servername?: string } {
  if (isIP(host) !== 0) return { host }
  const ascii = domainToASCII(host) || host
  return { host: ascii, servername: ascii }
}

/** TLS 1.0 and 1.1 need signatures that OpenSSL refuses at its default security level; BoringSSL (Electron) has no levels. */
export function floor(minVersion: SecureVersion): { minVersion: SecureVersion; ciphers?: string } {
  const old = minVersion === 'TLSv1' || minVersion === 'TLSv1.1'
  return old && !isBoringSsl ? { minVersion, ciphers: 'DEFAULT@SECLEVEL=0' } : { minVersion }
}

// Node 24 has this feature flag, its types do not yet.
const isBoringSsl = 'openssl_is_boringssl' in process.features && process.features.openssl_is_boringssl === true

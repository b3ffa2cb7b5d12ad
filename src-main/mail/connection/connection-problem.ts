import type { CertificateSeen, Peer, Problem } from '#contract/problem.ts'

/**
 * What an error of a socket, of TLS or of `line-wire.ts` means. Where the error alone does not tell, `look` names what has to be found out:
 * the certificate, the TLS versions offered, whether the server speaks plain text, whether it wants TLS, or whether it can be reached at all.
 */
export type Finding = { problem: Problem } | { look: 'certificate' | 'tls-version' | 'plain-text' | 'tls-wanted' | 'reachable'; said: string }

/** Pure. `during` says in words what was being done; `afterMs` is how long was waited where an error means waiting in vain. */
export function connectionProblem(error: unknown, peer: Peer, during: string, afterMs: number): Finding | null {
  const code = codeOf(error)
  const said = wordsOf(error)
  const simple = bySocketCode[code]
  if (simple) return { problem: simple({ ...peer, during, afterMs, said }) }
  if (clientCertificateAlerts.test(`${code} ${said}`.toUpperCase().replaceAll(' ', '_'))) return { problem: { code: 'client-certificate-wanted', serverSaid: said, ...peer } }
  if (certificateCodes.has(code)) return { look: 'certificate', said: code }
  if (code === 'SILENT' || code === 'GREETING_TIMEOUT' || code === 'TLS_ALERT' || code === 'ClosedAfterConnectText') return { look: 'tls-wanted', said }
  if (code === 'CONNECT_TIMEOUT' || code === 'HANDSHAKE_TIMEOUT') return { look: 'reachable', said }
  if (isTls(error, code)) return { look: tlsSuspicion(code, said), said }
  return null
}

/**
 * What is wrong with a certificate. Dates come first: neither a pin nor an authority mends them. `code` is OpenSSL's or Node's; `linkMissing`
 * says that the server keeps back the certificate of the issuer, although it can be had (`link-missing.ts`).
 */
export function certificateProblem(code: string, certificate: CertificateSeen, peer: Peer, now: number, linkMissing: boolean): Problem {
  if (Date.parse(certificate.validTo) < now) return { code: 'certificate-expired', certificate, ...peer }
  if (Date.parse(certificate.validFrom) > now) return { code: 'certificate-not-yet-valid', certificate, ...peer }
  if (code === 'DEPTH_ZERO_SELF_SIGNED_CERT') return { code: 'certificate-self-signed', certificate, ...peer }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID' || code === 'HOSTNAME_MISMATCH') return { code: 'certificate-wrong-name', certificate, ...peer }
  return { code: linkMissing && issuerMissing.has(code) ? 'certificate-chain-incomplete' : 'certificate-untrusted', certificate, ...peer }
}

type Circumstances = Peer & { during: string; afterMs: number; said: string }
const at = ({ host, port }: Circumstances): Peer => ({ host, port })
const notFound = (where: Circumstances): Problem => ({ code: 'host-not-found', ...at(where) })
const unreachable = (where: Circumstances): Problem => ({ code: 'host-unreachable', ...at(where) })
const dropped = (where: Circumstances): Problem => ({ code: 'connection-dropped', during: where.during, ...at(where) })
const silent = (where: Circumstances): Problem => ({ code: 'server-silent', afterMs: where.afterMs, ...at(where) })
const refused = (where: Circumstances): Problem => ({ code: 'server-refused', serverSaid: where.said, ...at(where) })

/** Codes of Node (errno), of ImapFlow 2 (`errors.js`) and of `line-wire.ts` that need no further look. */
const bySocketCode: Record<string, ((where: Circumstances) => Problem) | undefined> = {
  ENOTFOUND: notFound, EAI_AGAIN: notFound, EAI_NODATA: notFound, EAI_NONAME: notFound, EAI_FAIL: notFound, ERR_INVALID_ARG_VALUE: notFound,
  ECONNREFUSED: (where) => ({ code: 'connection-refused', ...at(where) }),
  EHOSTUNREACH: unreachable, ENETUNREACH: unreachable, ENETDOWN: unreachable, EHOSTDOWN: unreachable, EADDRNOTAVAIL: unreachable, EACCES: unreachable, EPERM: unreachable,
  ETIMEDOUT: (where) => ({ code: 'connection-timed-out', afterMs: where.afterMs, ...at(where) }),
  ETIMEOUT: silent, UPGRADE_TIMEOUT: silent,
  ECONNRESET: dropped, EPIPE: dropped, ECONNABORTED: dropped, ERR_STREAM_DESTROYED: dropped, ERR_STREAM_PREMATURE_CLOSE: dropped, CLOSED: dropped,
  NoConnection: dropped, EConnectionClosed: dropped, StateLogout: dropped, ClosedAfterConnectTLS: dropped,
  SERVER_REFUSED: refused,
  STARTTLS_NOT_OFFERED: (where) => ({ code: 'starttls-not-offered', ...at(where) }),
  STARTTLS_INJECTION: (where) => ({ code: 'tls-handshake-failed', serverSaid: 'The server sent data between STARTTLS and the handshake.', ...at(where) }),
  NO_CERTIFICATE: (where) => ({ code: 'tls-handshake-failed', serverSaid: where.said, ...at(where) })
}

/** X509_V_ERR names as Node gives them (OpenSSL, verify-cert-error), and Node's own check of the name. */
const certificateCodes = new Set([
  'UNABLE_TO_GET_ISSUER_CERT', 'UNABLE_TO_GET_CRL', 'UNABLE_TO_DECRYPT_CERT_SIGNATURE', 'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY', 'CERT_SIGNATURE_FAILURE',
  'CERT_NOT_YET_VALID', 'CERT_HAS_EXPIRED', 'ERROR_IN_CERT_NOT_BEFORE_FIELD', 'ERROR_IN_CERT_NOT_AFTER_FIELD', 'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'CERT_CHAIN_TOO_LONG', 'CERT_REVOKED', 'INVALID_CA',
  'PATH_LENGTH_EXCEEDED', 'INVALID_PURPOSE', 'CERT_UNTRUSTED', 'CERT_REJECTED', 'HOSTNAME_MISMATCH', 'ERR_TLS_CERT_ALTNAME_INVALID', 'ERR_TLS_CERT_PIN',
  'EE_KEY_TOO_SMALL', 'CA_KEY_TOO_SMALL', 'CA_MD_TOO_WEAK', 'UNSPECIFIED'
])

/**
 * Alerts about a certificate that come from the server are about ours (RFC 8446 6.2): it wants one, or does not take the one it was shown.
 * OpenSSL and BoringSSL write their names alike.
 */
const clientCertificateAlerts = /ALERT_(?:CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_REVOKED|CERTIFICATE_EXPIRED|CERTIFICATE_UNKNOWN|UNKNOWN_CA|NO_CERTIFICATE)/

/** What OpenSSL says where it finds no issuer for a certificate. */
const issuerMissing = new Set(['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'UNABLE_TO_GET_ISSUER_CERT'])

function isTls(error: unknown, code: string): boolean {
  return code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_') || code === 'EPROTO' || (error instanceof Error && 'tlsFailed' in error)
}

/** OpenSSL and BoringSSL name the same things differently; the words are looked for in both. */
function tlsSuspicion(code: string, said: string): 'plain-text' | 'tls-version' {
  const text = `${code} ${said}`.toUpperCase().replaceAll(' ', '_')
  return /WRONG_VERSION_NUMBER|HTTP_REQUEST|PACKET_LENGTH|RECORD_TOO_LARGE|BAD_RECORD_TYPE|UNEXPECTED_RECORD|UNKNOWN_PROTOCOL|INVALID_TOKEN/.test(text) ? 'plain-text' : 'tls-version'
}

/** The code of an error, of its first part where Node tried several addresses. */
export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return ''
  if ('code' in error && typeof error.code === 'string') return error.code
  return error instanceof AggregateError ? codeOf(error.errors[0]) : ''
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const reason = 'reason' in error && typeof error.reason === 'string' ? error.reason : error.message
  return reason.slice(0, 500)
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CertificateSeen } from '#contract/problem.ts'
import { certificateProblem, codeOf, connectionProblem } from './connection-problem.ts'

const peer = { host: 'mail.example.com', port: 993 }
const errorWith = (code: string, message = 'words'): Error => Object.assign(new Error(message), { code })

const clear: [string, string][] = [
  ['ENOTFOUND', 'host-not-found'], ['EAI_AGAIN', 'host-not-found'], ['ECONNREFUSED', 'connection-refused'], ['EHOSTUNREACH', 'host-unreachable'],
  ['ENETUNREACH', 'host-unreachable'], ['EACCES', 'host-unreachable'], ['ETIMEDOUT', 'connection-timed-out'], ['ETIMEOUT', 'server-silent'],
  ['ECONNRESET', 'connection-dropped'], ['EPIPE', 'connection-dropped'], ['CLOSED', 'connection-dropped'], ['NoConnection', 'connection-dropped'],
  ['ClosedAfterConnectTLS', 'connection-dropped'], ['UPGRADE_TIMEOUT', 'server-silent'], ['STARTTLS_NOT_OFFERED', 'starttls-not-offered'],
  ['STARTTLS_INJECTION', 'tls-handshake-failed'], ['SERVER_REFUSED', 'server-refused'], ['NO_CERTIFICATE', 'tls-handshake-failed']
]
for (const [code, problem] of clear) {
  test(`${code} is ${problem}`, () => {
    const finding = connectionProblem(errorWith(code), peer, 'signing in', 1234)
    assert.ok(finding !== null && 'problem' in finding)
    assert.equal(finding.problem.code, problem)
    assert.ok('host' in finding.problem && finding.problem.host === peer.host && finding.problem.port === peer.port)
  })
}

const unclear: [string, string, string][] = [
  ['CERT_HAS_EXPIRED', '', 'certificate'], ['DEPTH_ZERO_SELF_SIGNED_CERT', '', 'certificate'], ['ERR_TLS_CERT_ALTNAME_INVALID', '', 'certificate'], ['ERR_TLS_CERT_PIN', '', 'certificate'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', '', 'certificate'], ['ERR_SSL_WRONG_VERSION_NUMBER', '', 'plain-text'], ['ERR_SSL_PACKET_LENGTH_TOO_LONG', '', 'plain-text'],
  ['EPROTO', 'ssl3_get_record:wrong version number', 'plain-text'], ['ERR_SSL_HTTP_REQUEST', '', 'plain-text'], ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', '', 'tls-version'],
  ['ERR_SSL_UNSUPPORTED_PROTOCOL', '', 'tls-version'], ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', '', 'tls-version'], ['SILENT', '', 'tls-wanted'], ['GREETING_TIMEOUT', '', 'tls-wanted'],
  ['TLS_ALERT', '', 'tls-wanted'], ['CONNECT_TIMEOUT', '', 'reachable'], ['HANDSHAKE_TIMEOUT', '', 'reachable']
]
for (const [code, message, look] of unclear) {
  test(`${code} ${message} needs a look: ${look}`, () => {
    const finding = connectionProblem(errorWith(code, message || 'words'), peer, 'connecting', 1)
    assert.ok(finding !== null && 'look' in finding)
    assert.equal(finding.look, look)
  })
}

test('what is none of a connection is left alone', () => {
  for (const error of [new TypeError('x is not a function'), null, 'text', errorWith('ERR_ASSERTION')]) assert.equal(connectionProblem(error, peer, 'connecting', 1), null)
})

test('of several addresses the first error speaks', () => {
  assert.equal(codeOf(new AggregateError([errorWith('ECONNREFUSED'), errorWith('ENETUNREACH')])), 'ECONNREFUSED')
})

const now = Date.parse('2026-11-20T00:00:00Z')
const certificate = (from: string, to: string): CertificateSeen => ({ subject: 'CN=a', issuer: 'CN=b', names: [], validFrom: `${from}T00:00:00.000Z`, validTo: `${to}T00:00:00.000Z`, fingerprint256: '' })
const judged: [string, CertificateSeen, string][] = [
  ['CERT_HAS_EXPIRED', certificate('2025-01-01', '2026-01-01'), 'certificate-expired'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', certificate('2025-01-01', '2026-01-01'), 'certificate-expired'],
  ['CERT_NOT_YET_VALID', certificate('2027-01-01', '2028-01-01'), 'certificate-not-yet-valid'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', certificate('2025-01-01', '2028-01-01'), 'certificate-self-signed'],
  ['SELF_SIGNED_CERT_IN_CHAIN', certificate('2025-01-01', '2028-01-01'), 'certificate-untrusted'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', certificate('2025-01-01', '2028-01-01'), 'certificate-untrusted'],
  ['CERT_HAS_EXPIRED', certificate('2025-01-01', '2028-01-01'), 'certificate-untrusted'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', certificate('2025-01-01', '2028-01-01'), 'certificate-wrong-name']
]
for (const [code, seen, problem] of judged) {
  test(`${code} of a certificate from ${seen.validFrom.slice(0, 4)} to ${seen.validTo.slice(0, 4)} is ${problem}`, () => assert.equal(certificateProblem(code, seen, peer, now, false).code, problem))
}

for (const code of ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'UNABLE_TO_GET_ISSUER_CERT']) {
  test(`${code} where the server keeps a link back is an incomplete chain`, () => {
    assert.equal(certificateProblem(code, certificate('2025-01-01', '2028-01-01'), peer, now, true).code, 'certificate-chain-incomplete')
    assert.equal(certificateProblem(code, certificate('2025-01-01', '2026-01-01'), peer, now, true).code, 'certificate-expired')
  })
}
test('a missing link explains no other fault', () => {
  for (const code of ['SELF_SIGNED_CERT_IN_CHAIN', 'CERT_REVOKED']) assert.equal(certificateProblem(code, certificate('2025-01-01', '2028-01-01'), peer, now, true).code, 'certificate-untrusted')
})

const alerts = ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'ERR_SSL_TLSV1_ALERT_CERTIFICATE_REQUIRED', 'ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE', 'ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED', 'ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_UNKNOWN']
for (const code of alerts) {
  test(`${code} is about the client certificate`, () => {
    const finding = connectionProblem(errorWith(code, 'alert'), peer, 'signing in', 1)
    assert.ok(finding !== null && 'problem' in finding && finding.problem.code === 'client-certificate-wanted')
  })
}

import { X509Certificate } from 'node:crypto'
import type { CertificateSeen } from '#contract/problem.ts'

/** A certificate (DER) as shown to a person. */
export function certificateSeen(der: Buffer): CertificateSeen {
  const certificate = new X509Certificate(der)
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    names: (certificate.subjectAltName ?? '').split(', ').map(alternativeName).filter((name) => name !== ''),
    validFrom: new Date(certificate.validFrom).toISOString(),
    validTo: new Date(certificate.validTo).toISOString(),
    fingerprint256: certificate.fingerprint256
  }
}

/** `CN=mail.example.com`, or the whole subject where there is no common name. */
export function commonName(certificate: CertificateSeen): string {
  return certificate.subject.split(', ').find((part) => part.startsWith('CN=')) ?? certificate.subject
}

/** Whether two SHA-256 fingerprints are the same, however they are written. */
export function sameFingerprint(one: string, other: string): boolean {
  const plain = (text: string): string => text.replaceAll(':', '').toUpperCase()
  return plain(one) === plain(other)
}

function oneLine(name: string): string {
  return name.split('\n').join(', ')
}
function alternativeName(entry: string): string {
  return entry.replace(/^(?:DNS|IP Address|email|URI):/, '').replaceAll('"', '')
}

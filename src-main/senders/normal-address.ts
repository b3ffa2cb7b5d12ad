import { domainToASCII } from 'node:url'

/**
 * An address as it is kept and compared: the domain in lower case and in ASCII (RFC 5890), whose case and script say nothing; what stands before the @ as it is, since
 * only the server of the domain knows what its case means (RFC 5321 2.4). null where the domain is none.
 */
export function normalAddress(address: string): string | null {
  const at = address.lastIndexOf('@')
  const domain = domainToASCII(address.slice(at + 1).replace(/\.$/, ''))
  return at < 1 || domain === '' ? null : `${address.slice(0, at).normalize('NFC')}@${domain}`
}

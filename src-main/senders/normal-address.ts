import { usableAddress } from '../model/usable-address.ts'

/**
 * An address as it is kept and compared: the domain in lower case and in ASCII (RFC 5890), whose case and script say nothing; what stands before the @ as it is, since
 * only the server of the domain knows what its case means (RFC 5321 2.4). null where no mail can go to it: what is none must not pass for another.
 */
export function normalAddress(address: string): string | null {
  const usable = usableAddress(address.replace(/\.$/, '').normalize('NFC'))
  if (usable === null) return null
  const at = usable.lastIndexOf('@')
  return `${usable.slice(0, at)}@${usable.slice(at + 1).toLowerCase()}`
}

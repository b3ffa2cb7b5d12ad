import { domainToASCII } from 'node:url'

/** An address as it stands between angle brackets of MAIL and RCPT; null where the server cannot be given it, or it could end the command. */
export function envelopeAddress(address: string, takesUtf8: boolean): string | null {
  const at = address.lastIndexOf('@')
  if (at < 1 || at === address.length - 1 || /[\p{Cc}\s<>]/u.test(address)) return null
  if (isAscii(address) || takesUtf8) return address
  const local = address.slice(0, at)
  const domain = domainToASCII(address.slice(at + 1))
  // RFC 6531 3.2: without SMTPUTF8 only the domain has another form.
  return isAscii(local) && domain !== '' ? `${local}@${domain}` : null
}

/** Whether SMTP takes a text without SMTPUTF8. */
export const isAscii = (text: string): boolean => /^[\x20-\x7e]*$/.test(text)

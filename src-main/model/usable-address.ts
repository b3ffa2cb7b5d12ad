/**
 * An address as mail goes out to it: without spaces around it, its domain in ASCII (A-labels, RFC 5890), so that SMTPUTF8 is needed for what stands before the @ alone. null where
 * no mail can be sent to it: it is none, could end a command of SMTP, or is longer than RFC 5321 4.5.3.1 allows.
 */
export function usableAddress(written: string): string | null {
  const address = written.trim()
  const at = address.lastIndexOf('@')
  const local = address.slice(0, at)
  if (at < 1 || local.length > 64 || notInAddress.test(local) || !address.isWellFormed()) return null
  const domain = asciiDomain(address.slice(at + 1))
  return domain === null || local.length + domain.length > 253 ? null : `${local}@${domain}`
}

/** A domain with its labels in ASCII; null where it is no domain. An address literal (RFC 5321 4.1.3) stays as it is. */
export function asciiDomain(domain: string): string | null {
  if (/^\[[0-9A-Za-z.:]{2,60}\]$/.test(domain)) return domain
  const ascii = /^[\x21-\x7e]*$/.test(domain) ? domain : lookedUp(domain)
  return ascii.length <= 253 && /^(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.)*[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/.test(ascii) ? ascii : null
}

const notInAddress = /[\p{Cc}\p{Cf}\p{Z}<>()[\]\\,;:"@]/u

/** As a web browser looks it up (UTS 46); '' where it cannot be. */
const lookedUp = (domain: string): string => {
  if (/[\p{Cc}\p{Z}/@:?#\\<>[\]%|^]/u.test(domain)) return ''
  const url = `http://${domain}/`
  return URL.canParse(url) ? new URL(url).hostname : ''
}

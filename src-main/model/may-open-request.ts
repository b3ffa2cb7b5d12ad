/** `because` is for people: what allowed or forbade it. */
export type Permission = { allowed: boolean; because: string }

/**
 * Whether mail from this address may open a new request. Where new requests by e-mail are disabled, the addresses and domains in
 * `except` may still open them; a domain does not include its subdomains. `except` says nothing where they are allowed.
 */
export function mayOpenRequest(from: string, newRequests: { allowed: boolean; except: readonly string[] }): Permission {
  if (newRequests.allowed) return { allowed: true, because: 'New requests by e-mail are allowed.' }
  const address = from.trim().toLowerCase()
  const domain = address.slice(address.lastIndexOf('@') + 1)
  const match = newRequests.except.find((entry) => {
    const wanted = entry.trim().toLowerCase()
    return wanted.includes('@') && !wanted.startsWith('@') ? wanted === address : wanted.replace(/^@/, '') === domain
  })
  return match === undefined
    ? { allowed: false, because: `New requests by e-mail are disabled, and neither ${from} nor its domain is among the exceptions.` }
    : { allowed: true, because: `New requests by e-mail are disabled, but ${match} is among the exceptions.` }
}

import { sameAddress } from './is-for-mailbox.ts'

/** Fields in which a mailbox that forwards leaves its address, itself or by the servers that it delivers through. */
const traces = new Set(['delivered-to', 'x-delivered-to', 'x-original-to', 'x-forwarded-for', 'x-forwarded-to', 'resent-from', 'x-ms-exchange-inbox-rules-loop', 'return-path'])

/** The one of `forwarders` that a message came through; null: none left its address. Anybody can write such a field, so it excuses and never proves. */
export function forwarderOf(fields: readonly { name: string; value: string }[], forwarders: readonly string[]): string | null {
  if (forwarders.length === 0) return null
  const named = fields.filter(({ name }) => traces.has(name)).flatMap(({ value }) => value.slice(0, 2_000).split(/[\s,;<>()]+/))
  return forwarders.find((forwarder) => named.some((word) => sameAddress(word, forwarder) || isRewritten(word, forwarder))) ?? null
}

/** The return path of what Gmail forwards: `it+caf_=desk=example.com@gmail.com` for it@gmail.com. */
function isRewritten(word: string, forwarder: string): boolean {
  const at = forwarder.lastIndexOf('@')
  const lower = word.toLowerCase()
  return lower.startsWith(`${forwarder.slice(0, at).toLowerCase()}+caf_=`) && lower.endsWith(forwarder.slice(at).toLowerCase())
}

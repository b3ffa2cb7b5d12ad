import { createPublicKey } from 'node:crypto'
import type { OutgoingServer } from '#contract/outgoing-server.ts'
import { asciiDomain } from '../../model/usable-address.ts'
import { readDkimKey, type DkimKey } from './read-dkim-key.ts'

/** TXT records of a name, the strings of each joined; rejects with an error of node:dns. */
export type LookUpTxt = (name: string) => Promise<string[]>
/** What was found, in words; `failed` only where receivers would refuse the signature, with the record that belongs into DNS where that mends it. */
export type DkimFinding = { outcome: 'ok' | 'warning'; detail: string } | { outcome: 'failed'; detail: string; missing: { name: string; record: string } | null }

/** Whether the public key that DNS shows (RFC 6376 3.6.2) belongs to the private key, and whether what the domain asks of receivers (RFC 7489) fits; with the record to be put there where it does not. */
export async function findPublishedKey({ dkim, replyTo }: Pick<OutgoingServer, 'dkim' | 'replyTo'>, pem: string | null, lookUp: LookUpTxt): Promise<DkimFinding> {
  if (dkim === null) return { outcome: 'ok', detail: '' }
  if (pem === null) return { outcome: 'failed', detail: 'No private key is stored.', missing: null }
  const key = readDkimKey(pem)
  if ('reason' in key) return { outcome: 'failed', detail: `${key.reason}.`, missing: null }
  const domain = asciiDomain(dkim.domain) ?? dkim.domain
  const name = `${dkim.selector}._domainkey.${domain}`
  const records = await txt(lookUp, name)
  if (records === 'unanswered') return { outcome: 'warning', detail: `Nobody answered for ${name}. Check the name server; whether the key is published could not be seen.` }
  const fault = faultOf(records, key, name)
  if (fault !== null) return { outcome: 'failed', detail: fault, missing: { name, record: recordOf(key) } }
  const author = (asciiDomain(replyTo.slice(replyTo.lastIndexOf('@') + 1)) ?? '').toLowerCase()
  const hints = [...hintsOf(key, domain, author, records), ...(await policyHints(lookUp, author))]
  const good = `The key at ${name} is that of the private key (${key.type === 'rsa' ? `RSA, ${key.bits} bits` : 'Ed25519'}).`
  return { outcome: hints.length > 0 ? 'warning' : 'ok', detail: [good, ...hints].join(' ') }
}

/** The TXT record that belongs to a key. */
export const recordOf = ({ type, published }: DkimKey): string => `v=DKIM1; k=${type}; p=${published}`

function faultOf(records: readonly string[], key: DkimKey, name: string): string | null {
  const keys = records.map(tagsOf).filter((tags) => tags.has('p') || tags.get('v') === 'DKIM1')
  if (keys.length === 0) return records.length === 0 ? `There is no record at ${name}.` : `The record at ${name} is no DKIM key.`
  if (keys.length > 1) return `There are ${keys.length} keys at ${name}; receivers take any one of them.`
  const [tags] = keys
  const shown = tags?.get('p')?.replace(/\s+/g, '') ?? ''
  if (shown === '') return `The key at ${name} was revoked (p= is empty).`
  if ((tags?.get('k') ?? 'rsa') !== key.type) return `The key at ${name} is of type ${tags?.get('k') ?? 'rsa'}, the private key of type ${key.type}.`
  return sameKey(shown, key) ? null : `The key at ${name} is another one.`
}

/** RFC 6376 3.6.1 and its erratum 3017: some write the RSAPublicKey of RFC 8017 itself, without what says that it is one. */
function sameKey(shown: string, { type, published }: DkimKey): boolean {
  if (shown === published || type === 'ed25519') return shown === published
  try {
    return createPublicKey({ key: Buffer.from(shown, 'base64'), format: 'der', type: 'pkcs1' }).export({ type: 'spki', format: 'der' }).toString('base64') === published
  } catch {
    return false
  }
}

function hintsOf(key: DkimKey, domain: string, author: string, records: readonly string[]): string[] {
  const signer = domain.toLowerCase()
  const isAligned = author === signer || author.endsWith(`.${signer}`) || signer.endsWith(`.${author}`)
  return [
    ...(key.type === 'rsa' && key.bits < 2048 ? ['RSA with less than 2048 bits is weak: make a longer key.'] : []),
    ...(records.some((record) => /(?:^|[;:\s])t\s*=\s*[^;]*\by\b/.test(record)) ? ['The record says that it is being tried out (t=y), so receivers may ignore it.'] : []),
    ...(isAligned ? [] : [`Mail is written from ${author}, but signed for ${signer}: DMARC (RFC 7489 3.1) takes that for no signature.`])
  ]
}

/** Both policies are those of the domain that mail is written from, which is that of the envelope too. */
async function policyHints(lookUp: LookUpTxt, author: string): Promise<string[]> {
  const [spf, ...dmarc] = await Promise.all([author, ...withParents(author).map((domain) => `_dmarc.${domain}`)].map((name) => txt(lookUp, name)))
  return [
    ...(mayHold(spf, /^v=spf1(?:\s|$)/i) ? [] : [`There is no SPF record at ${author}.`]),
    ...(dmarc.some((records) => mayHold(records, /^v=DMARC1(?:\s|;|$)/i)) ? [] : [`There is no DMARC record at _dmarc.${author}; without one receivers do not compare the signature with From.`])
  ]
}
const mayHold = (records: readonly string[] | 'unanswered' | undefined, wanted: RegExp): boolean => records === 'unanswered' || (records ?? []).some((record) => wanted.test(record))

/** The policy of the organization holds for domains below its own (RFC 7489 6.6.3); a name of one label has none. */
const withParents = (domain: string): string[] => domain.split('.').map((_label, index, labels) => labels.slice(index).join('.')).filter((name, index) => index === 0 || name.includes('.')).slice(0, 6)

const nothingThere = new Set(['ENODATA', 'ENOTFOUND'])
const txt = (lookUp: LookUpTxt, name: string): Promise<string[] | 'unanswered'> =>
  lookUp(name).catch((error: unknown) => (error instanceof Error && 'code' in error && nothingThere.has(String(error.code)) ? [] : 'unanswered' as const))

/** RFC 6376 3.2. */
const tagsOf = (record: string): Map<string, string> => new Map(record.split(';').flatMap((tag) => { const at = tag.indexOf('='); return at < 0 ? [] : [[tag.slice(0, at).trim(), tag.slice(at + 1).trim()] as const] }))

import type { AuthenticationResult } from '#contract/authentication.ts'

type Field = { name: string; value: string }
type Found = { result: AuthenticationResult; domain: string }
/** What a server wrote down; what it did not look at is `none`. */
export type WrittenResults = { spf: Found; dkim: Found[]; dmarc: Found & { policy: string } }

/**
 * What a trusted server found (Authentication-Results, RFC 8601). Only the topmost field of a trusted name counts, since those below may have
 * come with the message (RFC 8601 5); null where there is none. Microsoft writes no name into it: its field counts for
 * `protection.outlook.com` where the message was received by a host of outlook.com.
 */
export function readAuthenticationResults(fields: readonly Field[], trustedServers: readonly string[]): WrittenResults | null {
  const trusted = new Set(trustedServers.map((name) => name.toLowerCase()))
  if (trusted.size === 0) return null
  for (const { name, value } of fields) {
    if (name !== 'authentication-results') continue
    const [first, ...rest] = segmentsOf(value.slice(0, mostCharacters))
    if (first === undefined) continue
    const nameless = /^[a-z0-9-]+\s*(?:\/\s*\d+)?\s*=/i.test(first.text)
    const server = nameless ? (receivedByOutlook(fields) ? 'protection.outlook.com' : '') : /^"?([^\s"]+)/.exec(first.text)?.[1] ?? ''
    if (trusted.has(server.toLowerCase())) return resultsOf(nameless ? [first, ...rest] : rest)
  }
  return null
}

const mostCharacters = 20_000
const mostSignatures = 10
const receivedByOutlook = (fields: readonly Field[]): boolean => /\sby\s+\S+\.outlook\.com\s/i.test(` ${fields.find(({ name }) => name === 'received')?.value.slice(0, 2_000) ?? ''} `)

/** Parts between semicolons; comments (RFC 5322 3.2.2) are kept apart. */
type Segment = { text: string; comment: string }
function segmentsOf(value: string): Segment[] {
  const segments: Segment[] = []
  let [text, comment, depth, quoted] = ['', '', 0, false]
  for (let at = 0; at < value.length; at += 1) {
    const letter = value[at] as string
    if (letter === '\\' && (quoted || depth > 0)) at += 1
    else if (letter === '"' && depth === 0) quoted = !quoted
    if (quoted) text += letter
    else if (letter === '(') depth += 1
    else if (letter === ')' && depth > 0) depth -= 1
    else if (depth > 0) comment += letter
    else if (letter !== ';') text += letter
    else {
      segments.push({ text: text.trim(), comment })
      text = comment = ''
    }
  }
  return [...segments, { text: text.trim(), comment }]
}

function resultsOf(segments: readonly Segment[]): WrittenResults {
  const parsed = segments.flatMap(({ text, comment }) => {
    const [, method, result] = /^([a-z0-9-]+)\s*(?:\/\s*\d+)?\s*=\s*([a-z]+)/i.exec(text) ?? []
    return method === undefined || result === undefined ? [] : [{ method: method.toLowerCase(), result: known(result.toLowerCase()), properties: propertiesOf(text), comment }]
  })
  const one = (method: string, ...names: string[]): Found & { policy: string } => {
    const found = parsed.find((each) => each.method === method)
    return found === undefined ? { result: 'none', domain: '', policy: '' } : { result: found.result, domain: domainIn(found.properties, names), policy: policyIn(found) }
  }
  const { result, domain } = one('spf', 'smtp.mailfrom', 'smtp.mail', 'smtp.helo')
  const dkim = parsed.filter(({ method }) => method === 'dkim').slice(0, mostSignatures).map((each) => ({ result: each.result, domain: domainIn(each.properties, ['header.d', 'header.i']) }))
  return { spf: { result, domain }, dkim, dmarc: one('dmarc', 'header.from') }
}

const propertiesOf = (text: string): Map<string, string> =>
  new Map([...text.matchAll(/([a-z]+(?:\.[a-z0-9-]+)?)\s*=\s*"?([^\s"]+)/gi)].map(([, name = '', value = '']) => [name.toLowerCase(), value.toLowerCase()]))

function domainIn(properties: ReadonlyMap<string, string>, names: readonly string[]): string {
  const value = names.map((name) => properties.get(name)).find((one) => one !== undefined) ?? ''
  return value.slice(value.lastIndexOf('@') + 1).replace(/\.$/, '')
}

/** `policy.dmarc` (RFC 9989), the comment of Gmail and OpenDMARC (`p=REJECT`), or what Microsoft says it did (`action=oreject`). */
function policyIn({ properties, comment }: { properties: ReadonlyMap<string, string>; comment: string }): string {
  const said = properties.get('policy.dmarc') ?? /\bp=([a-z]+)/i.exec(comment)?.[1]?.toLowerCase() ?? properties.get('action')?.replace(/^(?:o|pct\.)(?=reject|quarantine)/, '') ?? ''
  return ['none', 'quarantine', 'reject'].includes(said) ? said : ''
}

const results: readonly string[] = ['pass', 'fail', 'softfail', 'neutral', 'none', 'temperror', 'permerror'] satisfies AuthenticationResult[]
/** `hardfail` is what servers wrote before RFC 7001; a result that nobody registered says nothing. */
const known = (result: string): AuthenticationResult => (result === 'hardfail' ? 'fail' : results.includes(result) ? (result as AuthenticationResult) : 'neutral')

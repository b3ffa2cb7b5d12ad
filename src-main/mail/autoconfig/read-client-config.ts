import { domainToASCII } from 'node:url'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { hostName } from '#contract/fields.ts'
import type { Security } from '#contract/protocols.ts'
import { filled, type FoundIncoming, type FoundOutgoing, type FoundSignIn, type SetupAddress } from './found-server.ts'

/** What an autoconfig answer says, or in words why it cannot be used. `notes` are about servers in it that were left out. */
export type ClientConfig = { title: string; incoming: FoundIncoming[]; outgoing: FoundOutgoing[]; notes: string[] } | { trouble: string }

/** As many servers of each kind as are looked at. */
const most = 6
const listed = ['emailProvider', 'domain', 'incomingServer', 'outgoingServer', 'authentication', 'displayName']
const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@', parseTagValue: false, processEntities: true, isArray: (name) => listed.includes(name) })

/** Reads the format of https://wiki.mozilla.org/Thunderbird:Autoconfiguration:ConfigFileFormat (version 1.1). Never throws. Pure. */
export function readClientConfig(text: string, address: SetupAddress): ClientConfig {
  if (/^\s*(?:<!doctype html|<html\b)/i.test(text)) return { trouble: 'is a web page, not a configuration' }
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) return { trouble: 'declares entities, which a configuration has no need of' }
  const root = parsed(text)
  if (root === null) return { trouble: 'is not XML' }
  const provider = memberOf(memberOf(root, 'clientConfig'), 'emailProvider')
  const [first] = listOf(provider)
  if (first === undefined) return { trouble: 'is XML, but no mail configuration (clientConfig with emailProvider)' }
  const notes: string[] = []
  const oauth = memberOf(memberOf(root, 'clientConfig'), 'oAuth2')
  const serversOf = <Protocol>(name: string, types: Readonly<Record<string, Protocol>>) => listOf(memberOf(first, name)).slice(0, most).flatMap((server) => read(server, types, address, oauth, notes))
  const incoming = serversOf('incomingServer', { imap: 'imap', pop3: 'pop3' } as const)
  const outgoing = serversOf('outgoingServer', { smtp: 'smtp' } as const)
  if (incoming.length === 0) return { trouble: `names no server that Mailroom can use${notes.length === 0 ? '' : ` (${notes.join('; ')})`}` }
  return { title: textOf(listOf(memberOf(first, 'displayName'))[0]).slice(0, 80) || address.domain, incoming, outgoing, notes }
}

const securities: Readonly<Record<string, Security | undefined>> = { ssl: 'tls', starttls: 'starttls', plain: 'none' }

function read<Protocol>(server: unknown, types: Readonly<Record<string, Protocol>>, address: SetupAddress, oauth: unknown, notes: string[]) {
  const type = textOf(memberOf(server, '@type')).toLowerCase()
  const protocol = Object.hasOwn(types, type) ? types[type] : undefined
  const named = filled(textOf(memberOf(server, 'hostname')), address).slice(0, 300)
  // One name for one host: ASCII (RFC 5891), and an address as an address however it is written.
  const host = (domainToASCII(named) || named).toLowerCase().replace(/\.$/, '')
  const port = Number(textOf(memberOf(server, 'port')))
  const security = securities[textOf(memberOf(server, 'socketType')).toLowerCase()]
  const leftOut = (reason: string): [] => {
    notes.push(`${type || 'a server'}${host === '' ? '' : ` at ${host.slice(0, 100)}`} was left out: ${reason}`)
    return []
  }
  if (protocol === undefined) return leftOut('this protocol is not known')
  if (!isPublicName(host)) return leftOut('it has no host name')
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return leftOut('its port is none')
  if (security === undefined) return leftOut('its encryption is not known')
  const user = filled(textOf(memberOf(server, 'username')) || '%EMAILADDRESS%', address).slice(0, 320)
  const ways = listOf(memberOf(server, 'authentication')).slice(0, 10).map((way) => textOf(way).slice(0, 40))
  const signIns = signInsOf(ways, user, host, oauth)
  if (signIns.length === 0) return leftOut(`it offers ${ways.slice(0, 5).join(', ')} alone`)
  return signIns.map((signIn) => ({ protocol, host, port, security, signIn }))
}

/** Passwords first: OAuth needs an application that the provider has registered, "only as second alternative". */
function signInsOf(ways: readonly string[], user: string, host: string, oauth: unknown): FoundSignIn[] {
  const found: FoundSignIn[] = []
  if (ways.length === 0 || ways.some((way) => ['password-cleartext', 'password-encrypted', 'plain', 'secure'].includes(way))) found.push({ method: 'password', user })
  if (ways.includes('OAuth2')) {
    const scope = textOf(memberOf(oauth, 'scope')).split(/\s+/).filter((one) => one !== '' && one.length <= 500).slice(0, 50)
    const known = /(?:^|\.)(?:google|gmail|googlemail)\.com$/.test(host) ? 'google' : /(?:^|\.)(?:office365|outlook)\.com$/.test(host) ? 'microsoft' : null
    const [authorizationUrl, tokenUrl] = [textOf(memberOf(oauth, 'authURL')).slice(0, 2000), textOf(memberOf(oauth, 'tokenURL')).slice(0, 2000)]
    if (known !== null) found.push({ method: 'oauth2', user, provider: known })
    else if (/^https:\/\//.test(authorizationUrl) && /^https:\/\//.test(tokenUrl)) found.push({ method: 'oauth2', user, provider: 'other', authorizationUrl, tokenUrl, scope })
  }
  if (found.length === 0 && ways.some((way) => way === 'none' || way === 'client-IP-address')) found.push({ method: 'none', user: '' })
  return found
}

/** A configuration names its servers in DNS; an address or a bare name would point into the network of whoever reads it. */
export const isPublicName = (host: string): boolean => hostName.safeParse(host).success && /^[^.]+(?:\.[^.]+)+$/.test(host) && !/^[\d.]+$/.test(host) && !host.includes(':') && !/(?:^|\.)localhost$/.test(host)

function parsed(text: string): unknown {
  try {
    return /^\uFEFF?\s*</.test(text) && XMLValidator.validate(text) === true ? parser.parse(text) : null
  } catch {
    return null
  }
}

const memberOf = (value: unknown, name: string): unknown => {
  const one: unknown = Array.isArray(value) ? value[0] : value
  return typeof one === 'object' && one !== null && Object.hasOwn(one, name) ? (one as Record<string, unknown>)[name] : undefined
}
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value])
const textOf = (value: unknown): string => {
  const text = typeof value === 'object' && value !== null ? memberOf(value, '#text') : value
  return typeof text === 'string' ? text.trim() : ''
}

import type { InputIssue } from '#contract/problem.ts'
import { incomingProtocols, usualSecurity, type ProtocolRow } from '#contract/protocols.ts'
import type { ConfigurationReading, Given, GivenItem } from './configuration-reading.ts'

/** What a file asks for and will not get: kept and exported all the same. Told once for each setting, not for each server. */
export const configurationWarnings = (reading: ConfigurationReading): InputIssue[] => {
  const warn = (path: string, message: string): InputIssue => ({ path, message, ...reading.placeOf(path) })
  return [
    ...otherPorts(reading).map(([path, message]) => warn(path, message)),
    ...otherPrefix(reading).map((path) => warn(`${path}.conversationId.prefix`, 'This is not `processing.baseDelimiter`: the number on outgoing mail will not be recognised, and answers find their request by their references alone.')),
    ...unencryptedDesks(reading).map((path) => warn(path, 'This URL is not encrypted: requests, and the key of ServiceDesk Plus, can be read on the way. Use https:// where the help desk offers it.')),
    ...unchecked(reading).map((path) => warn(path, 'E-mail commands are on, and nobody checks here who wrote a mail: anybody can command in the name of a technician. Use `mark`, `drop` or `error-folder`.')),
    ...sharedMailboxes(reading).map(([path, other]) => warn(path, `\`${other}\` fetches from the same mailbox: a mail is taken by the one that comes first, and the other leaves it out.`)),
    ...sharedClients(reading).map(([path, other]) => warn(`${path}.auth.clientId`, `\`${other}\` fetches from the same mailbox with this application: both share Microsoft's limit of 4 requests at once. Where much mail is fetched, give sending an application of its own.`)),
    ...(reading.incoming ?? []).flatMap((item) => beyondProtocol(item).map(([key, message]) => warn(`${item.path}.${key}`, message)))
  ]
}

const first = (items: readonly GivenItem[], asks: (item: GivenItem) => boolean): string[] => items.filter(asks).slice(0, 1).map(({ path }) => path)

/** Ports on which TLS begins with the first byte are named for STARTTLS, and the other way round: the connection would hang or be refused (RFC 8314 3.3, 7.3). */
const otherPorts = ({ incoming, outgoing }: ConfigurationReading): [string, string][] =>
  [...(incoming ?? []), ...(outgoing ?? [])].flatMap(({ path, given }): [string, string][] => {
    const wanted = usualSecurity(given['port'])
    return wanted === null || given['security'] === undefined || given['security'] === 'none' || given['security'] === wanted ? [] : [[`${path}.security`, `Port ${String(given['port'])} is usually for \`${wanted}\`.`]]
  })

const otherPrefix = ({ outgoing, settings }: ConfigurationReading): string[] => {
  const processing = settings['processing']
  const delimiter = (isGroup(processing) ? processing['baseDelimiter'] : undefined) ?? '##'
  return (outgoing ?? []).flatMap(({ given: { conversationId }, path }) => (isGroup(conversationId) && conversationId['attach'] !== false && (conversationId['prefix'] ?? '##') !== delimiter ? [path] : []))
}

/** Where commands come in whose sender is not checked: the first incoming server, and native mail. */
const unchecked = ({ incoming, settings }: ConfigurationReading): string[] => {
  const processing = settings['processing']
  const command = isGroup(processing) ? processing['emailCommand'] : undefined
  if (!isGroup(command) || command['enabled'] !== true) return []
  const native = settings['nativeMail']
  const ignores = ({ given: { authentication } }: GivenItem): boolean => !isGroup(authentication) || (authentication['policy'] ?? 'ignore') === 'ignore'
  return [...first(incoming ?? [], ignores).map((path) => `${path}.authentication.policy`), ...(isGroup(native) && native['enabled'] === true && native['authentication'] === 'ignore' ? ['nativeMail.authentication'] : [])]
}

const unencryptedDesks = ({ settings }: ConfigurationReading): string[] => {
  const desks = settings['handOver']
  return (Array.isArray(desks) ? desks : []).flatMap((desk: unknown, index) => (isGroup(desk) && typeof desk['url'] === 'string' && /^http:/i.test(desk['url']) ? [`handOver[${index}].url`] : []))
}

/** Servers that name a mailbox which one before them fetches from already. */
const sharedMailboxes = ({ incoming }: ConfigurationReading): [string, string][] => {
  const seen = new Map<string, string>()
  return (incoming ?? []).flatMap(({ given, path }): [string, string][] => {
    const place = placeOf(given)
    if (place === null) return []
    const other = seen.get(place)
    seen.set(place, other ?? String(given['name']))
    return other === undefined ? [] : [[path, other]]
  })
}

const placeOf = (given: Given): string | null => {
  const host = rowOf(given)?.reach === 'endpoint' ? (given['endpoint'] ?? `default of ${String(given['protocol'])}`) : given['host']
  const mailbox = mailboxOf(given)
  return typeof host !== 'string' || mailbox === null ? null : JSON.stringify([host.replace(/\/+$/, ''), mailbox, given['folder'] ?? 'INBOX']).toLowerCase()
}

/** Outgoing Graph servers whose application fetches from their mailbox, with the server that does. */
const sharedClients = ({ incoming, outgoing }: ConfigurationReading): [string, string][] =>
  (outgoing ?? []).flatMap(({ given, path }): [string, string][] => {
    const key = clientKey(given)
    const other = key === null ? undefined : (incoming ?? []).find((item) => clientKey(item.given) === key)
    return other === undefined ? [] : [[path, String(other.given['name'])]]
  })

const clientKey = (given: Given): string | null => {
  const clientId = authOf(given)['clientId']
  const mailbox = mailboxOf(given)
  return given['protocol'] !== 'graph' || typeof clientId !== 'string' || mailbox === null ? null : JSON.stringify([clientId, mailbox]).toLowerCase()
}

const authOf = (given: Given): Given => (isGroup(given['auth']) ? given['auth'] : {})
const mailboxOf = (given: Given): string | null => [given['mailbox'], authOf(given)['subject'], authOf(given)['user']].find((name): name is string => typeof name === 'string' && name !== '') ?? null
const rowOf = (given: Given): ProtocolRow | undefined => Object.entries<ProtocolRow>(incomingProtocols).find(([name]) => name === given['protocol'])?.[1]

const beyondProtocol = ({ given }: GivenItem): [string, string][] => {
  const row = rowOf(given)
  if (row === undefined) return []
  const { label, has } = row
  const errorFolder = given['errorFolder']
  const found: [string, string][] = []
  if (!has.push && given['push'] === true) found.push(['push', `\`push\` has no effect: ${label} servers do not announce new mail.`])
  if (!has.folders && isGroup(errorFolder) && errorFolder['enabled'] === true) found.push(['errorFolder.enabled', `\`errorFolder\` moves nothing: ${label} has no folders. Failed mail is recorded and skipped.`])
  return found
}

const isGroup = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

import type { InputIssue } from '#contract/problem.ts'
import { incomingProtocols, type IncomingProtocol } from '#contract/protocols.ts'
import type { ConfigurationReading, GivenItem } from './configuration-reading.ts'

/** What a file asks for and will not get: kept and exported all the same. Told once for each setting, not for each server. */
export const configurationWarnings = (reading: ConfigurationReading): InputIssue[] => {
  const warn = (path: string, message: string): InputIssue => ({ path, message, ...reading.placeOf(path) })
  const outgoing = reading.outgoing ?? []
  return [
    ...first(outgoing, ({ given }) => attaches(given['conversationId'])).map((path) => warn(`${path}.conversationId`, '`conversationId` has no effect in this version: no request mail is sent yet.')),
    ...first(outgoing, ({ given }) => given['embeddedImages'] !== undefined).map((path) => warn(`${path}.embeddedImages`, '`embeddedImages` has no effect in this version: no request mail is sent yet.')),
    ...emailCommand(reading).map((path) => warn(path, '`emailCommand` has no effect in this version: such mail becomes a request.')),
    ...attachmentNotices(reading).map((path) => warn(path, '`notify` has no effect in this version: why an attachment was taken off is said in the request alone.')),
    ...sharedMailboxes(reading).map(([path, other]) => warn(path, `\`${other}\` fetches from the same mailbox: a mail is taken by the one that comes first, and the other leaves it out.`)),
    ...(reading.incoming ?? []).flatMap((item) => beyondProtocol(item).map(([key, message]) => warn(`${item.path}.${key}`, message)))
  ]
}

const first = (items: readonly GivenItem[], asks: (item: GivenItem) => boolean): string[] => items.filter(asks).slice(0, 1).map(({ path }) => path)

const attaches = (conversationId: unknown): boolean => isGroup(conversationId) && conversationId['attach'] !== false

const emailCommand = ({ settings }: ConfigurationReading): string[] => {
  const processing = settings['processing']
  const command = isGroup(processing) ? processing['emailCommand'] : undefined
  return isGroup(command) && command['enabled'] === true ? ['processing.emailCommand.enabled'] : []
}

const attachmentNotices = ({ settings }: ConfigurationReading): string[] => {
  const processing = settings['processing']
  const attachments = isGroup(processing) ? processing['attachments'] : undefined
  return isGroup(attachments) && attachments['notify'] === true ? ['processing.attachments.notify'] : []
}

/** Servers that name a mailbox which one before them fetches from already. */
const sharedMailboxes = ({ incoming }: ConfigurationReading): [string, string][] => {
  const seen = new Map<string, string>()
  return (incoming ?? []).flatMap(({ given, path }): [string, string][] => {
    const auth = isGroup(given['auth']) ? given['auth'] : {}
    const mailbox = JSON.stringify([given['host'], auth['user'], given['folder'] ?? 'INBOX']).toLowerCase()
    const other = seen.get(mailbox)
    if (typeof given['host'] !== 'string' || typeof auth['user'] !== 'string') return []
    seen.set(mailbox, other ?? String(given['name']))
    return other === undefined ? [] : [[path, other]]
  })
}

const beyondProtocol = ({ given }: GivenItem): [string, string][] => {
  const protocol = (Object.keys(incomingProtocols) as IncomingProtocol[]).find((name) => name === given['protocol'])
  if (protocol === undefined) return []
  const { label, has } = incomingProtocols[protocol]
  const errorFolder = given['errorFolder']
  const found: [string, string][] = []
  if (!has.push && given['push'] === true) found.push(['push', `\`push\` has no effect: ${label} servers do not announce new mail.`])
  if (!has.folders && isGroup(errorFolder) && errorFolder['enabled'] === true) found.push(['errorFolder.enabled', `\`errorFolder\` moves nothing: ${label} has no folders. Failed mail is recorded and skipped.`])
  return found
}

const isGroup = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

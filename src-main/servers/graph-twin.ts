import type { Auth } from '#contract/fields.ts'
import { mailAddress } from '#contract/fields.ts'
import { newIncomingServer, type IncomingServerDraft } from '#contract/incoming-server.ts'
import { cloudOf, clouds } from '#contract/oauth.ts'
import { newOutgoingServer, type OutgoingServerDraft } from '#contract/outgoing-server.ts'
import { sameName } from './find-named.ts'

/** A Graph server that does what this one does, to be looked over, signed in to and saved; the one it is made from stays as it is. */
export const incomingTwin = (server: IncomingServerDraft, taken: readonly string[]): IncomingServerDraft => {
  const template = newIncomingServer('graph', server.partition)
  const { otherRecipients, fetchEveryMs, afterFetch, keepOriginal, maxMessageSize, newRequests, debug } = server
  return {
    ...template, ...placeInGraph(server, server.addresses), name: twinName(server.name, taken), addresses: [...server.addresses],
    otherRecipients, fetchEveryMs, afterFetch, keepOriginal, maxMessageSize, newRequests, debug,
    folder: folderInGraph(server.folder), moveTo: server.moveTo === null ? null : folderInGraph(server.moveTo),
    errorFolder: server.protocol === 'pop3' ? template.errorFolder : { ...server.errorFolder, name: folderInGraph(server.errorFolder.name) },
    ...(server.forbiddenMailbox === undefined ? {} : { forbiddenMailbox: server.forbiddenMailbox })
  }
}

export const outgoingTwin = (server: OutgoingServerDraft, taken: readonly string[]): OutgoingServerDraft => {
  const { senderName, replyTo, timeoutMs, block, overrideTo, embeddedImages, conversationId, debug, maxMailSize, whenUncertain } = server
  const alternate = server.alternate && 'server' in server.alternate ? server.alternate : null
  return { ...newOutgoingServer('graph'), ...placeInGraph(server, [replyTo]), name: twinName(server.name, taken), senderName, replyTo, timeoutMs, block, overrideTo, embeddedImages, conversationId, debug, maxMailSize, whenUncertain, alternate }
}

type Original = Pick<IncomingServerDraft, 'host' | 'endpoint' | 'mailbox' | 'auth' | 'tls' | 'proxy' | 'proxySecret'>

/** A pin belongs to the certificate of the other server; a secret of Microsoft's application has to be entered once more under the new name. */
const placeInGraph = (server: Original, addresses: readonly string[]) => {
  const before = server.auth
  const mine = before.provider === 'microsoft' || (before.provider === undefined && before.method === 'oauth2')
  const user = isAddress(before.user) ? before.user : (addresses.find(isAddress) ?? '')
  const kept: Partial<Auth> = mine ? { authority: before.authority, tenant: before.tenant, clientId: before.clientId, redirectUrl: before.redirectUrl, secretExpires: before.secretExpires } : {}
  const auth: Auth = { method: 'oauth2', user, provider: 'microsoft', flow: mine ? (before.flow ?? 'interactive') : 'interactive', ...given(kept), secret: mine ? before.secret : 'keychain' }
  const cloud = cloudOf({ auth: before, endpoint: server.endpoint ?? `https://${server.host}` }) ?? clouds[0]
  return {
    endpoint: cloud.graph, auth, tls: { minVersion: server.tls.minVersion, caFile: server.tls.caFile, pin: null }, proxy: server.proxy,
    ...given({ mailbox: server.mailbox, proxySecret: server.proxySecret })
  }
}

const isAddress = (text: string): boolean => mailAddress.safeParse(text).success

/** Without the keys that have no value. */
const given = <Values extends object>(values: Values): { [Key in keyof Values]?: Exclude<Values[Key], undefined> } =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as { [Key in keyof Values]?: Exclude<Values[Key], undefined> }

/** IMAP calls the inbox INBOX in any case (RFC 9051 5.1); Graph calls it Inbox. */
const folderInGraph = (folder: string): string => folder.replace(/^INBOX(?=$|[/.])/i, 'Inbox')

const twinName = (name: string, taken: readonly string[]): string => {
  const numbered = (count: number): string => {
    const end = count === 1 ? ' Graph' : ` Graph ${count}`
    return `${name.slice(0, 64 - end.length).trimEnd()}${end}`
  }
  let count = 1
  while (taken.some((other) => sameName(other, numbered(count)))) count++
  return numbered(count)
}

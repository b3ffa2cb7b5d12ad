import type { IncomingServerDraft } from '#contract/incoming-server.ts'
import { incomingProtocols } from '#contract/protocols.ts'
import { sizeText } from '../../components/sizes.ts'
import { spanText } from '../../components/times.tsx'

/** What the settings will do, in sentences. */
export const incomingSummary = (server: IncomingServerDraft): string[] => {
  const { has } = incomingProtocols[server.protocol]
  const folder = has.folders ? server.folder || 'the folder' : 'the mailbox'
  const whose = server.addresses.length === 0 ? '' : server.otherRecipients === 'take' ? '' : ` for ${server.addresses.join(', ')}`
  return [
    `${server.push && has.push ? 'As soon as it arrives, and at least every' : 'Every'} ${spanText(server.fetchEveryMs).replace(' ', '\u00a0')}, mail in ${folder}${whose} becomes requests in partition ${server.partition || '–'}.`,
    ...beginning(server),
    server.newRequests.allowed ? 'Replies are added to the request that they belong to.' : `New requests only from ${server.newRequests.except.join(', ') || 'nobody'}; replies to open requests still come in.`,
    ...senders(server),
    afterwards(server, has.flags),
    `Mail larger than ${sizeText(server.maxMessageSize)} is not downloaded and counts as failed.`,
    failed(server, has.folders),
    ...(server.addresses.length > 0 && server.otherRecipients === 'leave' ? ['Mail to other addresses is left alone.'] : [])
  ]
}

/** What a request begins with, and in whose name it is logged. */
const beginning = ({ template, useLinkedAnalyst, defaultLoggingAnalyst }: IncomingServerDraft): string[] => {
  const others = defaultLoggingAnalyst ?? 'nobody'
  return [
    ...(template === null ? [] : [`They begin with the values of ${template}.`]),
    ...(useLinkedAnalyst ? [`Mail of an analyst is logged by that analyst, other mail by ${others}.`] : defaultLoggingAnalyst === null ? [] : [`They are logged by ${others}.`])
  ]
}

const doubtful: Record<IncomingServerDraft['authentication']['policy'], string[]> = {
  ignore: [], mark: ['Mail whose sender is doubtful is taken and marked; its e-mail commands are not carried out.'], drop: ['Mail whose sender is doubtful is dropped and not kept.'], 'error-folder': ['Mail whose sender is doubtful counts as failed.']
}

const senders = ({ authentication, forwarders }: IncomingServerDraft): string[] => [...doubtful[authentication.policy], ...(forwarders.length === 0 ? [] : [`What ${forwarders.join(', ')} ${forwarders.length === 1 ? 'forwards' : 'forward'} belongs to its original sender.`])]

const afterwards = (server: IncomingServerDraft, flags: boolean): string => {
  if (server.afterFetch === 'delete') return 'Processed mail is deleted from the server; the request keeps its content.'
  if (server.afterFetch === 'move') return `Processed mail is moved to ${server.moveTo || '–'}.`
  return flags ? 'Processed mail is marked read and stays where it is.' : 'Processed mail stays on the server; Mailroom remembers what it has seen.'
}

const failed = (server: IncomingServerDraft, folders: boolean): string => {
  if (!folders) return 'Mail that cannot be processed is skipped, recorded and left on the server.'
  if (!server.errorFolder.enabled) return 'Mail that cannot be processed stays where it is and is recorded.'
  return `Mail that cannot be processed is moved to “${server.errorFolder.name}”${server.errorFolder.stopAfter === null ? '' : `; fetching stops at ${server.errorFolder.stopAfter} such messages`}.`
}

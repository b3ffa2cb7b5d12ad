import { z } from 'zod'
import { addressOrDomain, auth, entityName, mailAddress, portNumber, proxyUrl, secretSource, security, tlsSettings, tlsSettingsDraft } from './fields.ts'
import type { Advice } from './advice.ts'
import type { SignInState } from './oauth.ts'
import { newAuth, newEndpoint, reachable, reachIssues, signInIssues } from './server-place.ts'
import { incomingProtocolNames, incomingProtocols } from './protocols.ts'
import type { Problem } from './problem.ts'
import type { TestVerdict } from './connection-test.ts'

const fields = {
  name: entityName,
  partition: entityName,
  protocol: z.enum(incomingProtocolNames),
  /** Where the protocol is reached by `endpoint`, a ready server has these from its URL. */
  host: z.string().max(253),
  port: portNumber,
  security,
  endpoint: z.string().max(2000).optional(),
  /** Another mailbox than that of the user who signs in; left out: the user's own. */
  mailbox: z.string().max(320).optional(),
  auth,
  /** Addresses served by the mailbox; empty: every address. */
  addresses: z.array(mailAddress).max(200),
  /** What happens to mail that is addressed to none of `addresses`. */
  otherRecipients: z.enum(['take', 'leave']),
  folder: z.string().min(1, 'Enter the folder, usually INBOX.').max(255),
  fetchEveryMs: z.int().min(5_000, 'Fetch at most every 5 seconds.').max(86_400_000, 'Fetch at least once a day.'),
  push: z.boolean(),
  afterFetch: z.enum(['mark-seen', 'move', 'delete']),
  /** Folder for `afterFetch: move`. */
  moveTo: z.string().min(1, 'Enter the folder that processed mail is moved to.').max(255).nullable(),
  keepOriginal: z.boolean(),
  /** Bytes. Larger mail is not downloaded: it goes to the error folder. */
  maxMessageSize: z.int().min(10_000, 'At least 10 KB.').max(1_000_000_000, 'At most 1 GB.'),
  newRequests: z.strictObject({ allowed: z.boolean(), except: z.array(addressOrDomain).max(500) }),
  errorFolder: z.strictObject({
    enabled: z.boolean(),
    name: z.string().min(1, 'Enter the name of the error folder.').max(255),
    /** Fetching stops when this many messages are in the error folder; null: never. */
    stopAfter: z.int().min(1, 'Stop after at least one message.').max(1_000_000).nullable(),
    notify: z.boolean()
  }),
  /** Whether silence of this mailbox is told, where the settings tell of silence at all. */
  silenceAlert: z.boolean().default(true),
  tls: tlsSettings,
  proxy: proxyUrl.nullable(),
  /** Where the password of the proxy comes from on import. */
  proxySecret: secretSource.optional(),
  /** A mailbox that must not be readable with this sign-in; the connection test tries it (application access is easily too wide). */
  forbiddenMailbox: z.string().max(320).optional(),
  /** Request template of new requests; null: the plain one. */
  template: z.string().max(64).nullable().default(null),
  /** Whether an analyst who writes is the logging analyst of the request; else it is `defaultLoggingAnalyst`. */
  useLinkedAnalyst: z.boolean().default(false),
  defaultLoggingAnalyst: mailAddress.nullable().default(null),
  /** What happens to mail whose sender's domain does not stand for it (SPF, DKIM, DMARC); `ignore` checks nothing. */
  authentication: z
    .strictObject({
      policy: z.enum(['ignore', 'mark', 'drop', 'error-folder']).default('ignore'),
      /** Names of servers whose Authentication-Results are believed (authserv-id of RFC 8601), such as mx.example.com. */
      trustedServers: z.array(z.string().min(1).max(253)).max(50).default([])
    })
    .prefault({}),
  /** Mailboxes that forward here: mail from them is matched to its original sender. */
  forwarders: z.array(mailAddress).max(200).default([]),
  debug: z.boolean(),
  /** Whether the scheduler fetches it. A new server does not fetch until started. */
  enabled: z.boolean()
}

/** An incoming mail server, ready to be connected to. Times in milliseconds, sizes in bytes. No secret is in it. */
export const incomingServer = z.strictObject(fields).superRefine((server, issue) => {
  const protocol = incomingProtocols[server.protocol]
  const add = (path: (string | number)[], message: string): void => void issue.addIssue({ code: 'custom', path, message })
  for (const { path, message } of [...reachIssues(server, protocol), ...signInIssues(server, protocol)]) add(path, message)
  if (!protocol.has.folders && server.afterFetch !== 'delete' && server.afterFetch !== 'mark-seen')
    add(['afterFetch'], `${protocol.label} has no folders: messages can be left on the server or deleted.`)
  if (server.afterFetch === 'move' && server.moveTo === null) add(['moveTo'], 'Enter the folder that processed mail is moved to.')
  if (server.afterFetch === 'move' && server.moveTo === server.folder) add(['moveTo'], 'Processed mail needs another folder than the one it is fetched from.')
  if (protocol.has.folders && server.errorFolder.enabled && server.errorFolder.name === server.folder)
    add(['errorFolder', 'name'], 'The error folder must be another folder than the one mail is fetched from.')
}).transform((server) => reachable(server, incomingProtocols[server.protocol]))
export type IncomingServer = z.infer<typeof incomingServer>

/** What processing has to know of where a message came from; an incoming server is one, and so is native mail. */
export type MailSource = Pick<IncomingServer, 'name' | 'partition' | 'addresses' | 'otherRecipients' | 'keepOriginal' | 'newRequests' | 'errorFolder' | 'template' | 'useLinkedAnalyst' | 'defaultLoggingAnalyst' | 'authentication' | 'forwarders'> & { auth: { user: string } }

/** A server that may be kept unfinished while configuring offline: only its name and protocol must be right. */
export const incomingServerDraft = z.strictObject({ ...fields, ...loosened() })
function loosened() {
  return {
    host: z.string().max(253), port: z.int(), folder: z.string().max(255), addresses: z.array(z.string()), partition: z.string().max(64), moveTo: z.string().nullable(),
    fetchEveryMs: z.int(), maxMessageSize: z.int(), proxy: z.string().nullable(),
    tls: tlsSettingsDraft,
    defaultLoggingAnalyst: z.string().max(254).nullable().default(null), forwarders: z.array(z.string()).default([]),
    newRequests: z.strictObject({ allowed: z.boolean(), except: z.array(z.string()) }),
    errorFolder: z.strictObject({ enabled: z.boolean(), name: z.string().max(255), stopAfter: z.int().nullable(), notify: z.boolean() })
  }
}
export type IncomingServerDraft = z.infer<typeof incomingServerDraft>

/** What a new server of a protocol starts with. */
export const newIncomingServer = (protocol: IncomingServer['protocol'], partition: string): IncomingServerDraft => ({
  name: '', partition, protocol, host: '', port: incomingProtocols[protocol].ports.tls, security: 'tls',
  ...newEndpoint(incomingProtocols[protocol]), auth: newAuth(incomingProtocols[protocol]),
  addresses: [], otherRecipients: 'take', folder: incomingProtocols[protocol].inbox, fetchEveryMs: 60_000, push: incomingProtocols[protocol].has.push,
  afterFetch: 'mark-seen', moveTo: null, keepOriginal: false, maxMessageSize: 50_000_000,
  newRequests: { allowed: true, except: [] },
  errorFolder: { enabled: incomingProtocols[protocol].has.folders, name: 'Mailroom errors', stopAfter: 50, notify: true },
  tls: { minVersion: 'TLSv1.2', caFile: null, pin: null }, proxy: null,
  template: null, useLinkedAnalyst: false, defaultLoggingAnalyst: null, authentication: { policy: 'ignore', trustedServers: [] }, forwarders: [],
  silenceAlert: true, debug: false, enabled: false
})

/** Counts of one round by what became of the messages; `fetched` is their sum. */
export type RoundCounts = { fetched: number; requests: number; replies: number; commands: number; dropped: number; errors: number }
export type RoundResult = RoundCounts & { server: string; seconds: number; startedAt: string; problem: Problem | null }

/** Live health of one incoming server. Times are ISO 8601 in UTC. */
export type IncomingState = {
  fetching: 'stopped' | 'waiting' | 'fetching' | 'listening' | 'failing'
  /** Messages done and to do in the round that is running. */
  progress: { done: number; total: number } | null
  lastRound: RoundResult | null
  lastSuccessAt: string | null
  nextRoundAt: string | null
  failuresInARow: number
  failingSince: string | null
  /** What stands in the way now; null when all is well. */
  problem: Problem | null
  /** A round that makes no progress although its connection lives. */
  stuckSince: string | null
  /** While listening: how often new mail is looked for where the server announces none; left out where it does. */
  looksEveryMs?: number | null
  /** The provider asked not to be spoken to before; ISO 8601. It is no failure. */
  delayedUntil: string | null
}

/** One row of the table of incoming servers. */
export type IncomingServerView = {
  server: IncomingServerDraft
  /** Empty when the server can be started; otherwise it is a draft and these are its faults. */
  issues: { path: string; message: string }[]
  hasSecret: boolean
  hasProxySecret: boolean
  hasClientKeySecret: boolean
  /** null where the server does not sign in by OAuth. */
  signIn: SignInState | null
  /** What will stop working, and when. */
  advice: Advice[]
  state: IncomingState
  errorCount: number
  lastTest: TestVerdict | null
}

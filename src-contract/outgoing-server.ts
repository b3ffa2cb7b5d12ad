import { z } from 'zod'
import type { Advice } from './advice.ts'
import { auth, entityName, hostName, mailAddress, portNumber, proxyUrl, secretSource, security, tlsSettings, tlsSettingsDraft } from './fields.ts'
import type { SignInState } from './oauth.ts'
import type { Problem } from './problem.ts'
import { newAuth, newEndpoint, reachable, reachIssues, signInIssues } from './server-place.ts'
import { outgoingProtocolNames, outgoingProtocols } from './protocols.ts'
import type { TestVerdict } from './connection-test.ts'

const fromAlternate = {
  returnToPrimary: z.enum(['manual', 'health-check']),
  /** Failures of the primary in a row, mail by mail, before the alternate is taken. */
  afterFailures: z.int().min(1, 'At least one failure.').max(100, 'At most 100 failures.').default(1)
}
/** Either of two, by whether it names a server: a fault comes at its field, where a union would only say that neither fits. */
const hostOrServer = <Host extends z.ZodType, Server extends z.ZodType>(byHost: Host, byServer: Server) =>
  z.custom<z.input<Host> | z.input<Server>>().transform((given, context): z.output<Host> | z.output<Server> => {
    const read = (typeof given === 'object' && given !== null && 'server' in given ? byServer : byHost).safeParse(given)
    if (read.success) return read.data
    for (const issue of read.error.issues) context.addIssue(issue.code === 'unrecognized_keys' ? { code: issue.code, keys: issue.keys, path: issue.path, message: issue.message } : { code: 'custom', path: issue.path, message: issue.message })
    return z.NEVER
  })
/** Another host that is signed in to as this one is, or another outgoing server by its name, which may have an alternate of its own. */
const alternate = hostOrServer(z.strictObject({ host: hostName, port: portNumber, security, ...fromAlternate }), z.strictObject({ server: z.string().max(64).min(1, 'Choose the other server.'), ...fromAlternate }))
const alternateDraft = hostOrServer(z.strictObject({ host: z.string().max(253), port: z.int(), security, ...fromAlternate }), z.strictObject({ server: z.string().max(64), ...fromAlternate }))

/** DKIM (RFC 6376): the public key is at `selector`._domainkey.`domain`; the private key (PEM, RSA or Ed25519) lies in the credential store. */
const dkim = z.strictObject({ domain: hostName, selector: z.string().min(1, 'Enter the selector.').max(63).regex(/^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/, 'Use letters, digits, dot and hyphen.'), secret: secretSource.default('keychain') })
const dkimDraft = dkim.extend({ domain: z.string().max(253), selector: z.string().max(63) })

const fields = {
  name: entityName,
  protocol: z.enum(outgoingProtocolNames),
  /** Where the protocol is reached by `endpoint`, a ready server has these from its URL. */
  host: z.string().max(253),
  port: portNumber,
  security,
  endpoint: z.string().max(2000).optional(),
  /** The mailbox that is sent as; left out: that of the user who signs in. */
  mailbox: z.string().max(320).optional(),
  auth,
  /** Name of the incoming server that is signed in to before mail is sent; for servers that let in who has just fetched. */
  popBeforeSmtp: z.string().max(64).optional(),
  senderName: z.string().max(200).regex(/^[^\r\n\u0000]*$/, 'A sender name is one line.'),
  /** Used as the From address of what is sent. */
  replyTo: mailAddress,
  alternate: alternate.nullable(),
  timeoutMs: z.int().min(1_000, 'At least one second.').max(600_000, 'At most ten minutes.'),
  block: z.boolean(),
  overrideTo: mailAddress.nullable(),
  embeddedImages: z.enum(['cid', 'base64']),
  conversationId: z.strictObject({ attach: z.boolean(), location: z.enum(['subject', 'body']), prefix: z.string().max(20, 'A prefix has at most 20 characters.').regex(/^[^\r\n\u0000]*$/, 'A prefix is one line.') }),
  tls: tlsSettings,
  proxy: proxyUrl.nullable(),
  /** Where the password of the proxy comes from on import. */
  proxySecret: secretSource.optional(),
  debug: z.boolean(),
  /** Connections that are open at once; Graph, EWS and Gmail take no more than four whatever it says. */
  mostConnections: z.int().min(1, 'At least one connection.').max(50, 'At most 50 connections.').default(5),
  /** Bytes that a mail may have with its attachments encoded; null: what the server says. */
  maxMailSize: z.int().min(10_000, 'At least 10 kB.').max(1_000_000_000, 'At most 1 GB.').nullable().default(null),
  /** What becomes of a mail of which nobody can say whether it arrived. */
  whenUncertain: z.enum(['hold', 'send-again']).default('hold'),
  /** Name of the IMAP server in whose mailbox the provider keeps a copy of what is sent; it is asked when it is uncertain whether a mail went. */
  sentCopiesIn: z.string().max(64).nullable().default(null),
  dkim: dkim.nullable().default(null)
}

/** An outgoing mail server, ready to be connected to. No secret is in it. */
export const outgoingServer = z.strictObject(fields).superRefine((server, issue) => {
  const protocol = outgoingProtocols[server.protocol]
  for (const { path, message } of [...reachIssues(server, protocol), ...signInIssues(server, protocol)]) issue.addIssue({ code: 'custom', path, message })
  if (server.popBeforeSmtp && protocol.reach === 'endpoint') issue.addIssue({ code: 'custom', path: ['popBeforeSmtp'], message: `${protocol.label} signs in by itself: POP before SMTP is for SMTP.` })
  if (server.alternate !== null && 'host' in server.alternate && protocol.reach === 'endpoint') issue.addIssue({ code: 'custom', path: ['alternate'], message: `${protocol.label} has no second host: choose another outgoing server as its alternate.` })
}).transform((server) => reachable(server, outgoingProtocols[server.protocol]))
export type OutgoingServer = z.infer<typeof outgoingServer>

/** A server that may be kept unfinished while configuring offline. */
export const outgoingServerDraft = z.strictObject({
  ...fields,
  host: z.string().max(253), port: z.int(), replyTo: z.string().max(254), timeoutMs: z.int(), overrideTo: z.string().nullable(), proxy: z.string().nullable(),
  senderName: z.string().max(200),
  alternate: alternateDraft.nullable(),
  maxMailSize: z.int().nullable().default(null), mostConnections: z.int().default(5), dkim: dkimDraft.nullable().default(null),
  tls: tlsSettingsDraft
})
export type OutgoingServerDraft = z.infer<typeof outgoingServerDraft>

export const newOutgoingServer = (protocol: OutgoingServer['protocol']): OutgoingServerDraft => ({
  name: '', protocol, host: '', port: outgoingProtocols[protocol].ports.starttls, security: outgoingProtocols[protocol].reach === 'host' ? 'starttls' : 'tls',
  ...newEndpoint(outgoingProtocols[protocol]), auth: newAuth(outgoingProtocols[protocol]), senderName: '', replyTo: '', alternate: null, timeoutMs: 30_000,
  block: false, overrideTo: null, embeddedImages: 'cid', conversationId: { attach: true, location: 'subject', prefix: '##' },
  tls: { minVersion: 'TLSv1.2', caFile: null, pin: null }, proxy: null, debug: false, mostConnections: 5, maxMailSize: null, whenUncertain: 'hold', sentCopiesIn: null, dkim: null
})

/** One row of the table of outgoing servers. */
export type OutgoingServerView = {
  server: OutgoingServerDraft
  issues: { path: string; message: string }[]
  hasSecret: boolean
  hasProxySecret: boolean
  hasClientKeySecret: boolean
  hasDkimKey: boolean
  signIn: SignInState | null
  /** What will stop working, and when, and what else should be looked at. */
  advice: Advice[]
  /** The provider asked not to be spoken to before; ISO 8601. */
  delayedUntil: string | null
  /** Partitions that send through it; the default partition's server is the default. */
  usedBy: string[]
  isDefault: boolean
  /** Since when mail goes through the alternate server; null: through the primary. */
  onAlternateSince: string | null
  /** Name or host of the alternate that is in use; null: the primary. */
  throughAlternate: string | null
  /** Mails in the outbox for this server that are not sent yet, and those of them that a person has to look at. */
  outbox: { waiting: number; stuck: number }
  /** Since when (ISO 8601) mail waits because none of it gets through, and why; null: it does, as far as is known. */
  trouble: { since: string; problem: Problem } | null
  /** Whether `replyTo` was verified by a code; null where that is not asked for. */
  senderVerified: boolean | null
  lastTest: TestVerdict | null
}

/** A mail as typed in the test dialog or on the command line. */
export const testMail = z.strictObject({
  to: z.array(mailAddress).min(1, 'Enter at least one recipient.').max(50),
  cc: z.array(mailAddress).max(50).default([]),
  bcc: z.array(mailAddress).max(50).default([]),
  subject: z.string().max(998, 'A subject has at most 998 characters (RFC 5322).').regex(/^[^\r\n\u0000]*$/, 'A subject is one line.').default('Mailroom test message'),
  text: z.string().max(1_000_000).default('This message was sent by Mailroom to test an outgoing mail server.'),
  html: z.string().max(5_000_000).nullable().default(null),
  attachments: z.array(z.strictObject({ name: z.string().min(1).max(255).regex(/^[^\r\n\u0000/\\]*$/, 'A file name is one line without slashes.'), mediaType: z.string().max(255).regex(/^[\w.+-]+\/[\w.+-]+$/, 'A media type, such as image/png.'), base64: z.base64().max(140_000_000, 'A file has at most 100 MB.') })).max(20, 'At most 20 files.').refine((files) => files.reduce((sum, { base64 }) => sum + base64.length, 0) <= 140_000_000, 'The files have at most 100 MB together.').default([])
})
export type TestMail = z.infer<typeof testMail>
export type SentMail = { messageId: string; serverSaid: string; through: 'primary' | 'alternate'; accepted: string[]; refused: { address: string; serverSaid: string }[] }

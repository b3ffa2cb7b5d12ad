import { z } from 'zod'
import type { Advice } from './advice.ts'
import { auth, entityName, hostName, mailAddress, portNumber, proxyUrl, secretSource, security, tlsSettings, tlsSettingsDraft } from './fields.ts'
import type { SignInState } from './oauth.ts'
import { newAuth, newEndpoint, reachable, reachIssues, signInIssues } from './server-place.ts'
import { outgoingProtocolNames, outgoingProtocols } from './protocols.ts'
import type { TestVerdict } from './connection-test.ts'

const alternate = z.strictObject({ host: hostName, port: portNumber, security, returnToPrimary: z.enum(['manual', 'health-check']) })

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
  conversationId: z.strictObject({ attach: z.boolean(), location: z.enum(['subject', 'body']), prefix: z.string().max(20) }),
  tls: tlsSettings,
  proxy: proxyUrl.nullable(),
  /** Where the password of the proxy comes from on import. */
  proxySecret: secretSource.optional(),
  debug: z.boolean()
}

/** An outgoing mail server, ready to be connected to. No secret is in it. */
export const outgoingServer = z.strictObject(fields).superRefine((server, issue) => {
  const protocol = outgoingProtocols[server.protocol]
  for (const { path, message } of [...reachIssues(server, protocol), ...signInIssues(server, protocol)]) issue.addIssue({ code: 'custom', path, message })
  if (server.popBeforeSmtp && protocol.reach === 'endpoint') issue.addIssue({ code: 'custom', path: ['popBeforeSmtp'], message: `${protocol.label} signs in by itself: POP before SMTP is for SMTP.` })
  if (server.alternate !== null && protocol.reach === 'endpoint') issue.addIssue({ code: 'custom', path: ['alternate'], message: `${protocol.label} has no alternate server: the provider keeps its endpoint reachable.` })
}).transform((server) => reachable(server, outgoingProtocols[server.protocol]))
export type OutgoingServer = z.infer<typeof outgoingServer>

/** A server that may be kept unfinished while configuring offline. */
export const outgoingServerDraft = z.strictObject({
  ...fields,
  host: z.string().max(253), port: z.int(), replyTo: z.string().max(254), timeoutMs: z.int(), overrideTo: z.string().nullable(), proxy: z.string().nullable(),
  senderName: z.string().max(200),
  alternate: alternate.extend({ host: z.string().max(253), port: z.int() }).nullable(),
  tls: tlsSettingsDraft
})
export type OutgoingServerDraft = z.infer<typeof outgoingServerDraft>

export const newOutgoingServer = (protocol: OutgoingServer['protocol']): OutgoingServerDraft => ({
  name: '', protocol, host: '', port: outgoingProtocols[protocol].ports.starttls, security: outgoingProtocols[protocol].reach === 'host' ? 'starttls' : 'tls',
  ...newEndpoint(outgoingProtocols[protocol]), auth: newAuth(outgoingProtocols[protocol]), senderName: '', replyTo: '', alternate: null, timeoutMs: 30_000,
  block: false, overrideTo: null, embeddedImages: 'cid', conversationId: { attach: true, location: 'subject', prefix: '##' },
  tls: { minVersion: 'TLSv1.2', caFile: null, pin: null }, proxy: null, debug: false
})

/** One row of the table of outgoing servers. */
export type OutgoingServerView = {
  server: OutgoingServerDraft
  issues: { path: string; message: string }[]
  hasSecret: boolean
  hasProxySecret: boolean
  hasClientKeySecret: boolean
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
  lastTest: TestVerdict | null
}

/** A mail as typed in the test dialog or on the command line. */
export const testMail = z.strictObject({
  to: z.array(mailAddress).min(1, 'Enter at least one recipient.').max(50),
  cc: z.array(mailAddress).max(50).default([]),
  bcc: z.array(mailAddress).max(50).default([]),
  subject: z.string().max(998, 'A subject has at most 998 characters (RFC 5322).').regex(/^[^\r\n\u0000]*$/, 'A subject is one line.').default('Mailroom test message'),
  text: z.string().max(1_000_000).default('This message was sent by Mailroom to test an outgoing mail server.')
})
export type TestMail = z.infer<typeof testMail>
export type SentMail = { messageId: string; serverSaid: string; through: 'primary' | 'alternate'; accepted: string[]; refused: { address: string; serverSaid: string }[] }

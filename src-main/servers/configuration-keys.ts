import { oauthFlows, oauthProviders } from '#contract/fields.ts'
import { requestMailEvents } from '#contract/mail-template.ts'
import { noticeKinds } from '#contract/notice.ts'
import { authMethods, incomingProtocolNames, outgoingProtocolNames, securities, tlsVersions } from '#contract/protocols.ts'
import { spamFields } from '#contract/spam-rule.ts'

/**
 * Every key of the configuration file in the order in which it is written, and how its value is written there. `stored` is the
 * key's name in the contract where it differs. Reading, printing, comparing and the suggestion of the nearest key draw on this table.
 */
export type Shape =
  | { kind: 'text' | 'whole' | 'switch' | 'duration' | 'size'; nullable?: true; stored?: string }
  | { kind: 'choice'; values: readonly string[]; nullable?: true; stored?: string }
  | { kind: 'list'; of: Shape; nullable?: true; stored?: string }
  | GroupShape
export type GroupShape = { kind: 'group'; keys: Readonly<Record<string, Shape>>; nullable?: true; stored?: string }

const text: Shape = { kind: 'text' }
const whole: Shape = { kind: 'whole' }
const onOff: Shape = { kind: 'switch' }
const size: Shape = { kind: 'size' }
const texts: Shape = { kind: 'list', of: text }
const choice = (values: readonly string[]): Shape => ({ kind: 'choice', values })
const group = (keys: Readonly<Record<string, Shape>>): GroupShape => ({ kind: 'group', keys })
const orNull = <Of extends Shape>(shape: Of): Of => ({ ...shape, nullable: true })

/** What a method or provider does not use is left out of the file too. */
const auth = group({
  method: choice(authMethods), user: text, provider: choice(oauthProviders), flow: choice(oauthFlows), authority: text, tenant: text, clientId: text,
  authorizationUrl: text, tokenUrl: text, deviceUrl: text, redirectUrl: text, scope: texts, account: text, subject: text, secret: text, secretExpires: text
})
const tls = group({ minVersion: choice(tlsVersions), caFile: orNull(text), pin: orNull(text), clientCertFile: text, clientKeyFile: text, clientKeySecret: text })

const priorities = group({ impacts: texts, urgencies: texts, priorities: texts, matrix: { kind: 'list', of: group({ impact: text, urgency: text, priority: text }) } })
const periods = { originals: orNull(whole), texts: orNull(whole), errorRecords: orNull(whole) }
export const partitionKeys = group({ name: text, outgoing: orNull(text), default: onOff, priorities, retention: orNull(group(periods)) })

const requestTemplates: Shape = {
  kind: 'list',
  of: group({
    name: text, category: text, subCategory: text, item: text, requestType: text, mode: text, level: text, impact: text, urgency: text, priority: text, group: text, technician: text, site: text, assignedOffice: text,
    additionalFields: texts, requesterFields: texts, technicianFields: texts,
    resources: { kind: 'list', of: group({ key: text, label: text, questions: { kind: 'list', of: group({ key: text, label: text, kind: choice(['select', 'radio', 'check', 'string']), options: texts }) } }) }
  })
}
const spamRules: Shape = { kind: 'list', of: group({ name: text, enabled: onOff, match: choice(['all', 'any']), criteria: { kind: 'list', of: group({ field: choice(spamFields), header: text, condition: text, values: texts }) } }) }
const handOver: Shape = { kind: 'list', of: group({ name: text, kind: choice(['json', 'servicedesk-plus']), url: text, secret: text, partitions: texts, attachments: onOff, caFile: orNull(text), timeout: { kind: 'duration', stored: 'timeoutMs' }, enabled: onOff }) }
const nativeMail = group({
  enabled: onOff, instance: orNull(text), host: orNull(text), listen: text, port: whole, certFile: orNull(text), keyFile: orNull(text), addresses: texts, maxMessageSize: size,
  partition: orNull(text), template: orNull(text), authentication: choice(['ignore', 'mark', 'drop', 'error-folder']), forwarders: texts
})

/** `draft` is of the file alone: a server that is kept unfinished. */
export const incomingKeys = group({
  name: text,
  partition: text,
  protocol: choice(incomingProtocolNames),
  host: text,
  port: whole,
  security: choice(securities),
  endpoint: text,
  mailbox: text,
  auth,
  addresses: texts,
  otherRecipients: choice(['take', 'leave']),
  folder: text,
  fetchEvery: { kind: 'duration', stored: 'fetchEveryMs' },
  push: onOff,
  afterFetch: choice(['mark-seen', 'move', 'delete']),
  moveTo: orNull(text),
  keepOriginal: onOff,
  maxMessageSize: size,
  newRequests: group({ allowed: onOff, except: texts }),
  errorFolder: group({ enabled: onOff, name: text, stopAfter: orNull(whole), notify: onOff }),
  silenceAlert: onOff,
  tls,
  proxy: orNull(text),
  proxySecret: text,
  forbiddenMailbox: text,
  template: orNull(text),
  useLinkedAnalyst: onOff,
  defaultLoggingAnalyst: orNull(text),
  authentication: group({ policy: choice(['ignore', 'mark', 'drop', 'error-folder']), trustedServers: texts }),
  forwarders: texts,
  debug: onOff,
  enabled: onOff,
  draft: onOff
})

export const outgoingKeys = group({
  name: text,
  protocol: choice(outgoingProtocolNames),
  host: text,
  port: whole,
  security: choice(securities),
  endpoint: text,
  mailbox: text,
  auth,
  popBeforeSmtp: text,
  senderName: text,
  replyTo: text,
  alternate: orNull(group({ server: text, host: text, port: whole, security: choice(securities), returnToPrimary: choice(['manual', 'health-check']), afterFailures: whole })),
  timeout: { kind: 'duration', stored: 'timeoutMs' },
  block: onOff,
  overrideTo: orNull(text),
  embeddedImages: choice(['cid', 'base64']),
  conversationId: group({ attach: onOff, location: choice(['subject', 'body']), prefix: text }),
  tls,
  proxy: orNull(text),
  proxySecret: text,
  debug: onOff,
  mostConnections: whole,
  maxMailSize: orNull(size),
  whenUncertain: choice(['hold', 'send-again']),
  sentCopiesIn: orNull(text),
  dkim: orNull(group({ domain: text, selector: text, secret: text })),
  draft: onOff
})

/** Keys that a server does not have because of how it is reached. */
export const keysOfOtherReach: Readonly<Record<'host' | 'endpoint', readonly string[]>> = { host: ['endpoint'], endpoint: ['host', 'port', 'security'] }

const mailTemplate = group({ subject: text, text, html: orNull(text) })
const noticeCategory = group({ enabled: onOff, through: orNull(text) })

const settingsSections = {
  emailFormat: group({ default: choice(['html', 'plain']), perPerson: onOff }),
  processing: group({
    baseDelimiter: text,
    emailCommand: group({ enabled: onOff, subjectContains: text, delimiter: text }),
    spamRules,
    senderLimit: group({ mailsPerHour: orNull(whole), then: choice(['drop', 'error-folder']) }),
    answers: group({ acknowledge: onOff, mostPerHour: whole, template: orNull(mailTemplate) }),
    attachments: group({ maxSize: size, blockedExtensions: texts, notify: onOff })
  }),
  alerts: group({
    connectivity: group({ enabled: onOff, afterFailures: whole }), applicationErrors: group({ enabled: onOff, to: texts }), silence: group({ enabled: onOff, afterHours: whole }), mailEveryMinutes: whole,
    categories: group({ 'mail-flow': noticeCategory, 'high-availability': noticeCategory, security: noticeCategory, backup: noticeCategory, performance: noticeCategory, 'two-factor': noticeCategory }),
    rules: { kind: 'list', of: group({ name: text, enabled: onOff, events: { kind: 'list', of: choice(noticeKinds) }, servers: texts, to: texts }) }
  }),
  requestMails: { kind: 'list', of: group({ name: text, enabled: onOff, event: choice(requestMailEvents), partitions: texts, to: texts, template: mailTemplate }) },
  sending: group({ requireVerifiedSenders: onOff, giveUpAfterHours: whole, keepSentDays: whole }),
  fetching: group({ mostListening: whole, publicUrl: orNull(text) }),
  requestTemplates,
  handOver,
  nativeMail,
  history: group({ reasonRequired: onOff }),
  retention: group({ ...periods, logs: orNull(whole) }),
  access: group({ lockAfterMinutes: whole })
} as const satisfies Record<string, Shape>

/** The settings of the whole console; in the file its sections stand at the top level. */
export const settingsKeys = group(settingsSections)

export const fileKeys = group({
  version: whole,
  partitions: { kind: 'list', of: partitionKeys },
  incoming: { kind: 'list', of: incomingKeys },
  outgoing: { kind: 'list', of: outgoingKeys },
  ...settingsSections
})

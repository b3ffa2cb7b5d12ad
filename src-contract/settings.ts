import { z } from 'zod'
import { entityName, httpsUrl, mailAddress } from './fields.ts'
import { handOverTarget } from './hand-over.ts'
import { mailTemplate, requestMailEvents } from './mail-template.ts'
import { nativeMailSettings } from './native-mail.ts'
import { priorityMatrix, requestTemplate } from './request-values.ts'
import { noticeKinds, type NoticeCategory } from './notice.ts'
import { spamRule } from './spam-rule.ts'
import { retentionPeriods } from './storage.ts'

/** Names in a list are unique whatever their case. */
const namesOnce = (list: readonly { name: string }[], context: z.RefinementCtx): void => {
  const seen = new Set<string>()
  list.forEach(({ name }, index) => {
    if (seen.has(name.toLowerCase())) context.addIssue({ code: 'custom', path: [index, 'name'], message: `The name \`${name}\` is given twice.` })
    seen.add(name.toLowerCase())
  })
}

/** Settings are in memory. */
const mostOfTemplates = 20_000_000
const smallTogether = (rules: readonly { template: z.infer<typeof mailTemplate> }[], context: z.RefinementCtx): void => {
  const size = rules.reduce((sum, { template: { text, html } }) => sum + text.length + (html?.length ?? 0), 0)
  if (size > mostOfTemplates) context.addIssue({ code: 'custom', message: `All templates together have at most 20 MB; these have ${Math.ceil(size / 1_000_000)} MB. Smaller pictures help.` })
}

/** A partition: a department with its own mail servers. `outgoing` names the server that it sends through. */
export const partition = z.strictObject({
  name: entityName, outgoing: entityName.nullable().default(null), default: z.boolean().default(false), priorities: priorityMatrix.prefault({}),
  /** null: as in the settings. */
  retention: retentionPeriods.nullable().default(null)
})
export type Partition = z.infer<typeof partition>

const category = z.strictObject({ enabled: z.boolean().default(true), through: z.string().max(64).nullable().default(null) }).prefault({})

const people: readonly string[] = ['requester', 'cc', 'technician']
const mailRecipient = z.string().refine((one) => people.includes(one) || mailAddress.safeParse(one).success, 'Name requester, cc, technician, or one address such as it@example.com.')

/** What holds for the whole console. */
export const settings = z.strictObject({
  emailFormat: z.strictObject({ default: z.enum(['html', 'plain']).default('html'), perPerson: z.boolean().default(false) }).prefault({}),
  processing: z
    .strictObject({
      baseDelimiter: z.string().regex(/^[!@#$%^&]{1,10}$/, 'Use 1 to 10 of the characters ! @ # $ % ^ &.').default('##'),
      emailCommand: z
        .strictObject({
          enabled: z.boolean().default(false),
          subjectContains: z.string().min(1).max(100).default('@@command@@'),
          delimiter: z.string().regex(/^[^\sA-Za-z0-9]$/, 'Use one special character.').default('$')
        })
        .prefault({}),
      spamRules: z.array(spamRule).max(500, 'At most 500 rules.').superRefine(namesOnce).default([]),
      /** Mail of one sender within an hour beyond which a message is not taken; null: no limit. */
      senderLimit: z.strictObject({ mailsPerHour: z.int().min(1, 'At least one mail.').max(1_000_000).nullable().default(null), then: z.enum(['drop', 'error-folder']).default('error-folder') }).prefault({}),
      /** Automatic answers (RFC 3834): to one address no more than this within an hour, whatever it sends; to one domain that is not ours 50 times as many. */
      answers: z.strictObject({ acknowledge: z.boolean().default(false), mostPerHour: z.int().min(1, 'At least one answer.').max(1000, 'At most 1000 answers.').default(10), /** The acknowledgement; null: the built-in one. */ template: mailTemplate.nullable().default(null) }).prefault({}),
      attachments: z
        .strictObject({
          /** Bytes. */
          maxSize: z.int().min(1, 'At least one byte.').max(1_000_000_000, 'At most 1 GB.').default(20_000_000),
          blockedExtensions: z.array(z.string().regex(/^[A-Za-z0-9_-]{1,20}$/, 'An extension without the dot, such as exe.')).max(500).default([]),
          notify: z.boolean().default(true)
        })
        .prefault({})
    })
    .prefault({}),
  alerts: z
    .strictObject({
      connectivity: z.strictObject({ enabled: z.boolean().default(true), afterFailures: z.int().min(1, 'At least one failure.').max(1000, 'At most 1000 failures.').default(5) }).prefault({}),
      /** Mail to these people when an application error occurs; the switch behind "notify by mail" of an error folder. */
      applicationErrors: z.strictObject({ enabled: z.boolean().default(false), to: z.array(mailAddress).max(50).default([]) }).prefault({}),
      /** Tells of a mailbox that no mail has come to for so many hours where there usually is some. */
      silence: z.strictObject({ enabled: z.boolean().default(true), afterHours: z.int().min(1, 'At least one hour.').max(720, 'At most 30 days.').default(6) }).prefault({}),
      /** By category: whether its notifications are mailed, and through which outgoing server (null: that of the partition). */
      categories: z.strictObject({ 'mail-flow': category, 'high-availability': category, security: category, backup: category, performance: category, 'two-factor': category } satisfies Record<NoticeCategory, typeof category>).prefault({}),
      /** What happens again to the same server within this time is told in one mail. */
      mailEveryMinutes: z.int().min(1, 'At least one minute.').max(1440, 'At most a day.').default(15),
      /** Who is mailed when what happens; `servers` empty: at any server. */
      rules: z
        .array(z.strictObject({ name: entityName, enabled: z.boolean().default(true), events: z.array(z.enum(noticeKinds)).min(1, 'Choose at least one event.'), servers: z.array(z.string().min(1).max(64)).max(500).default([]), to: z.array(mailAddress).min(1, 'Name at least one address.').max(50) }))
        .max(100, 'At most 100 rules.')
        .superRefine(namesOnce)
        .default([])
    })
    .prefault({}),
  /** Mail about requests that goes out by itself. `partitions` empty: of any. `to`: the requester, those in Cc of the mail, the technician of the request, and addresses. */
  requestMails: z
    .array(z.strictObject({
      name: entityName, enabled: z.boolean().default(true), event: z.enum(requestMailEvents), partitions: z.array(z.string().min(1).max(64)).max(500).default([]),
      to: z.array(mailRecipient).min(1, 'Name at least one recipient.').max(50, 'At most 50 recipients.'), template: mailTemplate
    }))
    .max(100, 'At most 100 rules.')
    .superRefine(namesOnce)
    .superRefine(smallTogether)
    .default([]),
  sending: z
    .strictObject({
      /** Mail goes only out under addresses that were verified by a code. */
      requireVerifiedSenders: z.boolean().default(false),
      /** Hours after which a mail that no server took is given up. */
      giveUpAfterHours: z.int().min(1, 'At least one hour.').max(720, 'At most 30 days.').default(72),
      /** Days for which sent and refused mail is kept in the outbox; 0: not at all. */
      keepSentDays: z.int().min(0, 'At least 0, which keeps none.').max(365, 'At most a year.').default(7)
    })
    .prefault({}),
  fetching: z
    .strictObject({
      /** Mailboxes that are listened to at once, each over a connection of its own; the others are asked at their interval. */
      mostListening: z.int().min(0, 'Zero switches listening off.').max(10_000, 'At most 10000 connections.').default(100),
      /** Address (https) under which the browser console is reached from the internet; Graph then announces new mail there. */
      publicUrl: httpsUrl.nullable().default(null)
    })
    .prefault({}),
  requestTemplates: z.array(requestTemplate).max(500, 'At most 500 templates.').superRefine(namesOnce).default([]),
  handOver: z.array(handOverTarget).max(20, 'At most 20 help desks.').superRefine(namesOnce).default([]),
  nativeMail: nativeMailSettings.prefault({}),
  history: z.strictObject({ reasonRequired: z.boolean().default(false) }).prefault({}),
  /** Periods for all partitions that have none of their own; `logs` in days. */
  retention: retentionPeriods.extend({ logs: z.int().min(1, 'At least one day.').max(3650, 'At most ten years.').nullable().default(30) }).prefault({}),
  /** After so many minutes in which nobody worked at it the desktop window asks for the PIN again. */
  access: z.strictObject({ lockAfterMinutes: z.int().min(1, 'At least one minute.').max(1440, 'At most a day.').default(15) }).prefault({})
})
export type Settings = z.infer<typeof settings>

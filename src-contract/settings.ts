import { z } from 'zod'
import { entityName, httpsUrl, mailAddress } from './fields.ts'

/** A partition: a department with its own mail servers. `outgoing` names the server that it sends through. */
export const partition = z.strictObject({ name: entityName, outgoing: entityName.nullable().default(null), default: z.boolean().default(false) })
export type Partition = z.infer<typeof partition>

/** What holds for the whole console. */
export const settings = z.strictObject({
  emailFormat: z.strictObject({ default: z.enum(['html', 'plain']).default('html') }).prefault({}),
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
      spamRules: z.array(z.never({ error: 'Spam rules are not part of this version.' })).default([]),
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
      applicationErrors: z.strictObject({ enabled: z.boolean().default(false), to: z.array(mailAddress).max(50).default([]) }).prefault({})
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
  history: z.strictObject({ reasonRequired: z.boolean().default(false) }).prefault({})
})
export type Settings = z.infer<typeof settings>

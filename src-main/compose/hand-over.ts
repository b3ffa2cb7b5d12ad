import { randomUUID } from 'node:crypto'
import { tlsSettings } from '#contract/fields.ts'
import { handOverTable } from '../database/hand-over-table.ts'
import { historyTable } from '../database/history-table.ts'
import { mailTables } from '../database/mail-tables.ts'
import { systemClock } from '../fetching/clock.ts'
import { createHandOver, type HandOver } from '../hand-over/create-hand-over.ts'
import type { HandOverNeeds } from '../hand-over/hand-over-needs.ts'
import { createHelpDesk } from '../help-desk/create-help-desk.ts'
import { defaultLimits } from '../mail/connection/destination.ts'
import { createHttpClient } from '../mail/connection/http-client.ts'
import { retryAfterMs } from '../mail/connection/retry-after.ts'
import { attachmentBytes } from '../processing/parsing/attachment-bytes.ts'
import { safeHtml } from '../processing/parsing/safe-html.ts'

type Given = Pick<HandOverNeeds, 'database' | 'messages' | 'settings' | 'credentials' | 'bell' | 'works' | 'announce' | 'subscribe' | 'logWarning' | 'reportUnexpected'>

/** Hand-over to help desks, over HTTP whose certificates are always verified. */
export const composeHandOver = (given: Given): HandOver =>
  createHandOver({
    ...given, tables: { ...mailTables, handOver: handOverTable, history: historyTable }, safeHtml, attachmentBytes, retryAfterMs, clock: systemClock, chance: Math.random, newId: randomUUID,
    helpDesk: createHelpDesk({
      now: Date.now,
      httpFor: ({ caFile, silenceMs }) =>
        createHttpClient({
          route: { tls: { ...tlsSettings.parse({}), caFile }, proxy: null, proxyPassword: null, clientKeyPassphrase: null },
          attempt: { signal: new AbortController().signal, limits: { ...defaultLimits, silenceMs } }, transcript: null
        })
    })
  })

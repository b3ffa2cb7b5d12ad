import { randomUUID } from 'node:crypto'
import type { EventName, Events } from '#contract/events.ts'
import { tlsSettings } from '#contract/fields.ts'
import { handOverTarget, type HandOverEvent, type HandOverRow, type HandOverTarget } from '#contract/hand-over.ts'
import { ProblemError } from '#contract/problem.ts'
import type { RequestRow } from '#contract/request.ts'
import type { RequestChange } from '#contract/request-values.ts'
import { settings as settingsSchema } from '#contract/settings.ts'
import { handOverTable } from '../src-main/database/hand-over-table.ts'
import { historyTable } from '../src-main/database/history-table.ts'
import { mailTables } from '../src-main/database/mail-tables.ts'
import type { StoredEntry } from '../src-main/database/entries-table.ts'
import type { Clock } from '../src-main/fetching/clock.ts'
import { createHandOver, type HandOver } from '../src-main/hand-over/create-hand-over.ts'
import { createHelpDesk } from '../src-main/help-desk/create-help-desk.ts'
import { defaultLimits } from '../src-main/mail/connection/destination.ts'
import { createHttpClient } from '../src-main/mail/connection/http-client.ts'
import { retryAfterMs } from '../src-main/mail/connection/retry-after.ts'
import type { NewNotice } from '../src-main/notices/bell.ts'
import { attachmentBytes } from '../src-main/processing/parsing/attachment-bytes.ts'
import { parseMessage } from '../src-main/processing/parsing/parse-message.ts'
import { safeHtml } from '../src-main/processing/parsing/safe-html.ts'
import { createWorks } from '../src-main/work/works.ts'
import { createMemoryCredentials } from './memory-credentials.ts'
import { createMemoryDatabase } from './memory-database.ts'

/** A clock that runs so many times as fast as the real one. */
export function createFastClock(times: number): Clock & { begun: number } {
  const begun = Date.now()
  return {
    begun,
    now: () => begun + Math.round((Date.now() - begun) * times),
    elapsed: () => Math.round((Date.now() - begun) * times),
    after(ms, work) {
      const timer = setTimeout(work, Math.ceil(ms / times))
      return () => clearTimeout(timer)
    }
  }
}

export const targetOf = (name: string, url: string, wish: Partial<HandOverTarget> = {}): HandOverTarget => ({ ...handOverTarget.parse({ name, kind: 'json', url, enabled: true, timeoutMs: 1_000 }), ...wish })

export type Happening = { request: number; event: HandOverEvent; raw?: string; change?: Omit<RequestChange, 'id' | 'entry'>; stripped?: StoredEntry['stripped'] }

/** Hand-over over a real database in memory and real HTTP, with messages that tests write. `open` makes a console; the one before is gone. */
export function createHandOverRig({ clock = createFastClock(1), chance = Math.random, readingMs = 0 }: { clock?: Clock; chance?: () => number; /** How old what is read of the queue is when it arrives. */ readingMs?: number } = {}) {
  const database = createMemoryDatabase()
  const credentials = createMemoryCredentials()
  const settings = settingsSchema.parse({})
  const rung: NewNotice[] = []
  const warnings: string[] = []
  const unexpected: unknown[] = []
  const contents = new Map<string, Buffer>()
  const listeners = new Set<(name: EventName, detail: never) => void>()
  const announced: string[] = []
  const announce = <Name extends EventName>(name: Name, detail: Events[Name]): void => {
    announced.push(name)
    listeners.forEach((listener) => listener(name, detail as never))
  }
  let newestEntry = 0
  let newestChange = 0
  const late = async <Value>(value: Value): Promise<Value> => {
    if (readingMs > 0) await new Promise((done) => setTimeout(done, readingMs))
    return value
  }
  const raw = async (address: string): Promise<Buffer> => contents.get(address) ?? Promise.reject(new ProblemError({ code: 'data-folder-damaged', file: 'content', reason: 'It is not there.' }))
  const open = (): HandOver =>
    createHandOver({
      database, credentials, clock, chance, announce, retryAfterMs, safeHtml, attachmentBytes,
      tables: { ...mailTables, handOver: { ...handOverTable, due: async (...asked) => late(await handOverTable.due(...asked)) }, history: historyTable },
      messages: { raw, parsed: async (address) => ({ raw: await raw(address), parsed: parseMessage(await raw(address)) }) },
      settings: async () => settings, newId: randomUUID, works: createWorks(),
      bell: { ring: async (notice) => (rung.push(notice), true) },
      subscribe: (listener) => {
        listeners.add(listener as never)
        return () => void listeners.delete(listener as never)
      },
      logWarning: (text) => void warnings.push(text),
      reportUnexpected: (thrown) => {
        unexpected.push(thrown)
        return { code: 'unexpected', reference: 'REF' }
      },
      helpDesk: createHelpDesk({
        now: Date.now,
        httpFor: ({ caFile, silenceMs }) => createHttpClient({ route: { tls: { ...tlsSettings.parse({}), caFile }, proxy: null, proxyPassword: null, clientKeyPassphrase: null }, attempt: { signal: new AbortController().signal, limits: { ...defaultLimits, silenceMs, probeMs: 300 } }, transcript: null })
      })
    })
  /** Writes what happened to requests as committing does, and announces it. */
  const happen = async (handOver: HandOver, happened: readonly Happening[], requestWish: Partial<RequestRow> = {}): Promise<void> => {
    await database.transaction(async (transaction) => {
      const told = []
      for (const { request, event, raw: mail = `From: Ann <ann@example.com>\r\nSubject: Request ${request}\r\n\r\nHello ${request}\r\n`, change, stripped = [] } of happened) {
        const number = ++newestEntry
        contents.set(`content-${number}`, Buffer.from(mail, 'latin1'))
        if (event === 'request-created') await mailTables.requests.add(transaction, [{ number: request, subject: `Request ${request}`, status: 'open', requester: 'ann@example.com', partition: 'IT', server: 'it', messageId: null, createdAt: new Date(clock.now()).toISOString(), replies: 0, attachments: 0, values: {}, ...requestWish }])
        await mailTables.entries.add(transaction, [{ id: number, request, kind: event === 'request-created' ? 'request' : event === 'reply-added' ? 'reply' : 'command', content: `content-${number}`, receivedAt: new Date(clock.now()).toISOString(), steps: [], stripped, originalKept: false }])
        if (change !== undefined) await mailTables.requestChanges.add(transaction, [{ ...change, id: ++newestChange, request, entry: number }])
        told.push({ request, partition: 'IT', event, subjectId: change === undefined ? number : newestChange })
      }
      await handOver.add(transaction, settings, told)
    })
    announce('requests-changed', { newest: 1 })
  }
  const list = async (handOver: HandOver, wish: { target?: string; state?: HandOverRow['state'] } = {}): Promise<HandOverRow[]> => (await handOver.list({ limit: 500, before: null, target: wish.target ?? null, state: wish.state ?? null })).rows
  return { database, credentials, settings, rung, warnings, unexpected, contents, announced, announce, open, happen, list }
}
export type HandOverRig = ReturnType<typeof createHandOverRig>

/** Waits until it is so, looking every few milliseconds; rejects after so long. */
export async function until(what: () => boolean | Promise<boolean>, withinMs = 10_000): Promise<void> {
  const end = Date.now() + withinMs
  while (!(await what())) {
    if (Date.now() > end) throw new Error(`It never came to: ${what.toString()}`)
    await new Promise((done) => setTimeout(done, 5))
  }
}

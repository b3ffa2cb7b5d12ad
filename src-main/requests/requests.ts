import type { CallAnswer, ExportedFile, ParsedInput } from '#contract/calls.ts'
import type { AttachmentInfo } from '#contract/message.ts'
import { ProblemError } from '#contract/problem.ts'
import { wordsOf } from '#contract/problem-words.ts'
import type { ConversationEntry } from '#contract/request.ts'
import type { Settings } from '#contract/settings.ts'
import type { CallContext, EventListener } from '../console.ts'
import type { Database } from '../database/database.ts'
import type { StoredEntry } from '../database/entries-table.ts'
import type { MailTables } from '../database/mail-tables.ts'
import type { ParsedMessage, PartPlace } from '../processing/parsing/parsed-message.ts'
import { withStripped } from '../processing/process-message.ts'
import { inlineImages } from './inline-images.ts'
import { readEntry, textRemoved } from './removed-parts.ts'
import { putStatusMails, statusMailFacts, type StatusMailNeeds } from './mail-status-change.ts'
import type { CommitNeeds } from './message-fate.ts'
import type { StoredMessages } from './stored-messages.ts'

/** HTML without script, and without remote content unless it is let through; `cid` gives embedded images as `data:` URLs. */
export type MakeSafe = (html: string, wishes: { remoteContent: boolean; cid: (id: string) => string | null }) => { html: string; blocked: boolean }
export type RequestsNeeds = StatusMailNeeds & {
  database: Database
  tables: MailTables
  messages: StoredMessages
  safeHtml: MakeSafe
  attachmentBytes: (raw: Buffer, place: PartPlace) => Buffer
  settings: () => Promise<Settings>
  /** Puts what happened to requests on its way to the help desks, in the same transaction. */
  handOver: CommitNeeds['handOver']
  announce: EventListener
  /** There is mail to be sent. */
  wakeOutbox: () => void
  now: () => Date
}

/** Use cases on requests, one for each call `requests.…`. Throws ProblemError `not-found`. */
export function createRequests(needs: RequestsNeeds) {
  const { database, tables, messages } = needs

  const list = async (input: ParsedInput<'requests.list'>): Promise<CallAnswer<'requests.list'>> => {
    const rows = await tables.requests.page(database, input)
    const last = rows.at(-1)
    return { rows, total: await tables.requests.count(database, input), next: rows.length === input.limit && last !== undefined ? last.number : null }
  }
  const show = async ({ number }: ParsedInput<'requests.show'>): Promise<CallAnswer<'requests.show'>> => {
    const request = await tables.requests.get(database, number)
    if (request === null) throw notFound('request', number)
    const conversation: ConversationEntry[] = []
    for (const stored of await tables.entries.ofRequest(database, number)) conversation.push(await readable(needs, stored))
    return { ...request, conversation, changes: await tables.requestChanges.ofRequest(database, number) }
  }
  const entry = async ({ id, remoteContent }: ParsedInput<'requests.entry'>): Promise<ConversationEntry> => read(needs, await storedEntry(id), remoteContent)

  const attachment = async ({ entry: id, index }: ParsedInput<'requests.attachment'>): Promise<ExportedFile> => {
    const stored = await wholeEntry(id)
    const { raw, parsed } = await messages.parsed(stored.content)
    const info = withStripped(parsed.content, stored.stripped).attachments[index]
    const place = parsed.places[index]
    if (info === undefined || place === undefined || info.stripped !== null) throw notFound('attachment', index + 1)
    return { fileName: asFileName(info.name), mediaType: info.contentType, base64: needs.attachmentBytes(raw, place).toString('base64') }
  }
  const original = async ({ entry: id }: ParsedInput<'requests.original'>): Promise<ExportedFile> => {
    const stored = await wholeEntry(id)
    if (!stored.originalKept) throw notFound('attachment', 'original message')
    return { fileName: `request-${stored.request}-message-${stored.id}.eml`, mediaType: 'message/rfc822', base64: (await messages.raw(stored.content)).toString('base64') }
  }
  /** Writes who did it into the history of the request, and puts the mail that rules want into the outbox; a request that is as wanted stays as it is. */
  const close = async ({ number, status }: ParsedInput<'requests.close'>, { who }: Pick<CallContext, 'who'>): Promise<void> => {
    const settings = await needs.settings()
    const before = await tables.requests.get(database, number)
    if (before === null) throw notFound('request', number)
    const facts = await statusMailFacts(needs, settings, before, status)
    const mails = await database.transaction(async (transaction) => {
      const request = await tables.requests.get(transaction, number)
      if (request === null) throw notFound('request', number)
      if (request.status === status) return 0
      const at = needs.now().toISOString()
      await tables.requests.setStatus(transaction, number, status)
      const id = (await tables.requestChanges.newest(transaction)) + 1
      const changes = [{ field: 'Status', from: request.status, to: status }]
      await tables.requestChanges.add(transaction, [{ id, request: number, at, by: who, action: status === 'closed' ? 'closed' : 'reopened', changes, entry: null }])
      await needs.handOver(transaction, settings, [{ request: number, partition: request.partition, event: 'request-changed', subjectId: id }])
      return facts === null ? 0 : putStatusMails(needs, transaction, facts, settings, { ...request, status }, at)
    })
    needs.announce('requests-changed', { newest: number })
    if (mails === 0) return
    needs.announce('outbox-changed', {})
    needs.wakeOutbox()
  }
  const storedEntry = async (id: number): Promise<StoredEntry> => {
    const stored = await tables.entries.get(database, id)
    if (stored === null) throw notFound('request', `message ${id}`)
    return stored
  }
  /** Throws ProblemError `content-removed` where retention took a part of it. */
  const wholeEntry = async (id: number): Promise<StoredEntry> => {
    const stored = await storedEntry(id)
    if (stored.removed) throw new ProblemError({ code: 'content-removed', what: stored.removed.what, at: stored.removed.at })
    return stored
  }
  return { list, show, entry, attachment, original, close }
}

const notFound = (what: 'request' | 'attachment', name: string | number): ProblemError => new ProblemError({ code: 'not-found', what, name: String(name), nearest: null })
const asFileName = (name: string): string => name.replace(/[\\/:*?"<>|\p{Cc}]/gu, '_').slice(0, 200) || 'attachment'

/** One damaged message must not hide the others of its request: it says in its text what is wrong. */
async function readable(needs: RequestsNeeds, stored: StoredEntry): Promise<ConversationEntry> {
  try {
    return await read(needs, stored, false)
  } catch (thrown) {
    if (!(thrown instanceof ProblemError)) throw thrown
    const { title, advice } = wordsOf(thrown.problem)
    return withText(stored, `${title} ${advice}`)
  }
}

const withText = (stored: StoredEntry, text: string): ConversationEntry => ({ ...asStored(stored), from: null, to: [], cc: [], subject: '', date: null, messageId: null, text, html: null, remoteContentBlocked: false, attachments: [] })

async function read(needs: RequestsNeeds, listed: StoredEntry, remoteContent: boolean): Promise<ConversationEntry> {
  const { entry: stored, message } = await readEntry(needs, listed)
  if (message === null) return withText(stored, textRemoved(stored.removed?.at ?? ''))
  const { raw, parsed } = message
  const { from, to, cc, subject, date, messageId, text, protection, calendar } = parsed.content
  const { attachments } = withStripped(parsed.content, stored.stripped)
  const html = safeHtmlOf(needs, raw, parsed, attachments, remoteContent)
  return {
    ...asStored(stored), from, to, cc, subject, date, messageId, text, protection: protection ?? null, calendar: calendar ?? null,
    html: html?.html ?? null, remoteContentBlocked: html?.blocked ?? false,
    attachments: attachments.map((one, index) => ({ ...one, index }))
  }
}

const asStored = ({ id, kind, receivedAt, steps, originalKept, removed }: StoredEntry): Pick<ConversationEntry, 'id' | 'kind' | 'receivedAt' | 'steps' | 'originalKept' | 'removed'> =>
  ({ id, kind, receivedAt, steps, originalKept: originalKept && !removed, removed: removed ? { what: removed.what, at: removed.at } : null })

function safeHtmlOf(needs: RequestsNeeds, raw: Buffer, parsed: ParsedMessage, attachments: readonly AttachmentInfo[], remoteContent: boolean): ReturnType<MakeSafe> | null {
  if (parsed.content.html === null) return null
  const images = inlineImages(raw, parsed, attachments, needs.attachmentBytes)
  return needs.safeHtml(parsed.content.html, { remoteContent, cid: (id) => images.get(id) ?? null })
}

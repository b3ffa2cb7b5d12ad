import type { CallAnswer, ParsedInput } from '#contract/calls.ts'
import type { ErrorDetail, ErrorRow } from '#contract/error-record.ts'
import { ProblemError } from '#contract/problem.ts'
import { wordsOf } from '#contract/problem-words.ts'
import type { EventListener } from '../console.ts'
import type { Database } from '../database/database.ts'
import type { StoredError } from '../database/errors-table.ts'
import type { MailTables } from '../database/mail-tables.ts'
import { inlineImages } from '../requests/inline-images.ts'
import type { RequestsNeeds } from '../requests/requests.ts'
import type { StoredMessages } from '../requests/stored-messages.ts'
import type { ServerSources } from '../servers/server-sources.ts'
import { serverOf, sourceNames } from '../receiving/source-names.ts'
import type { ErrorRecords } from './record.ts'
import { headersAsText, rawAsText } from './record-text.ts'

export type ErrorsNeeds = Pick<RequestsNeeds, 'safeHtml' | 'attachmentBytes'> & {
  database: Database
  tables: MailTables
  sources: Pick<ServerSources, 'incoming' | 'incomingNamed'>
  messages: StoredMessages
  records: Pick<ErrorRecords, 'read' | 'discard'>
  announce: EventListener
}
const mostRaw = 65_536

/** Use cases on error records: the calls `errors.list`, `errors.show`, `errors.source` and `errors.delete`. Throws ProblemError `not-found`. */
export function createErrors(needs: ErrorsNeeds) {
  const { database, tables, sources, messages, records, announce } = needs

  const list = async ({ server, code, query, where, since, until, limit, before }: ParsedInput<'errors.list'>): Promise<CallAnswer<'errors.list'>> => {
    const serverId = server === null ? null : await serverOf(sources, server)
    const filter = { serverId, code, query, where, since: sameForm(since), until: sameForm(until) }
    const stored = await tables.errors.page(database, filter, limit, before)
    const causes = await tables.errors.causes(database, filter)
    const present = await sourceNames(sources)
    const last = stored.at(-1)
    return {
      rows: stored.map((one) => asRow(one, present)),
      causes,
      total: causes.filter((cause) => code === null || cause.code === code).reduce((sum, { count }) => sum + count, 0),
      open: (await tables.errors.countOpen(database, serverId)).open,
      next: stored.length === limit && last !== undefined ? last.id : null
    }
  }

  const show = async ({ id }: ParsedInput<'errors.show'>): Promise<ErrorDetail> => {
    const stored = await tables.errors.get(database, id)
    if (stored === null) throw notFound(id)
    const record = await records.read(stored.record)
    return {
      ...asRow(stored, await sourceNames(sources)),
      problem: record.problem, exception: record.exception, steps: record.steps,
      headers: headersAsText(record.headers),
      ...(await readableMessage(needs, stored.content))
    }
  }

  const source = async ({ id }: ParsedInput<'errors.source'>): Promise<CallAnswer<'errors.source'>> => {
    const stored = await tables.errors.get(database, id)
    if (stored === null) throw notFound(id)
    return { base64: stored.content === null ? null : (await messages.raw(stored.content)).toString('base64') }
  }

  /** Takes records away; the mail stays where it is. */
  const remove = async ({ ids }: ParsedInput<'errors.delete'>): Promise<CallAnswer<'errors.delete'>> => {
    const stored = await tables.errors.some(database, ids)
    await database.transaction(async (transaction) => {
      await tables.errors.delete(transaction, stored.map(({ id }) => id))
      await tables.ledger.forgetErrors(transaction, stored.map(({ id }) => id))
    })
    await records.discard(stored.map(({ record }) => record))
    const present = await sourceNames(sources)
    for (const serverId of new Set(stored.map((one) => one.serverId)))
      announce('errors-changed', { server: present.get(serverId) ?? '', count: (await tables.errors.countOpen(database, serverId)).open })
    return { deleted: stored.length }
  }
  return { list, show, source, delete: remove }
}

type Readable = Pick<ErrorDetail, 'text' | 'html' | 'raw' | 'rawTruncated'>
/** The message as far as it can be read; one that is damaged says so in its text and does not hide its record. */
async function readableMessage(needs: ErrorsNeeds, content: string | null): Promise<Readable> {
  if (content === null) return { text: '', html: null, raw: null, rawTruncated: false }
  try {
    const { raw, parsed } = await needs.messages.parsed(content)
    const { text, html, attachments } = parsed.content
    const images = inlineImages(raw, parsed, attachments, needs.attachmentBytes)
    return {
      text: text.slice(0, mostRaw), html: html === null ? null : needs.safeHtml(html, { remoteContent: false, cid: (id) => images.get(id) ?? null }).html,
      raw: rawAsText(raw.subarray(0, mostRaw)), rawTruncated: raw.length > mostRaw
    }
  } catch (thrown) {
    if (!(thrown instanceof ProblemError)) throw thrown
    const { title, advice } = wordsOf(thrown.problem)
    return { text: `${title} ${advice}`, html: null, raw: null, rawTruncated: false }
  }
}

/** The form that times are stored in, so that their texts can be compared. */
const sameForm = (time: string | null): string | null => (time === null ? null : new Date(time).toISOString())

export const notFound = (id: number): ProblemError => new ProblemError({ code: 'not-found', what: 'error record', name: String(id), nearest: null })

/** A record under the present name of its server. */
export const asRow = ({ id, serverId, server, subject, from, messageId, code, failedAt, size, where, request }: StoredError, names: ReadonlyMap<number, string>): ErrorRow =>
  ({ id, server: names.get(serverId) ?? server, subject, from, messageId, code, failedAt, size, where, request })

import type { CallAnswer, ParsedInput } from '#contract/calls.ts'
import type { ErrorDetail, ErrorRow } from '#contract/error-record.ts'
import { ProblemError } from '#contract/problem.ts'
import type { EventListener } from '../console.ts'
import type { Database } from '../database/database.ts'
import type { StoredError } from '../database/errors-table.ts'
import type { MailTables } from '../database/mail-tables.ts'
import type { StoredMessages } from '../requests/stored-messages.ts'
import type { ServerSources } from '../servers/server-sources.ts'
import { nativeMailName, nativeServerId } from '../receiving/native-origin.ts'
import type { ErrorRecords } from './record.ts'
import { headersAsText, rawAsText } from './record-text.ts'

export type ErrorsNeeds = {
  database: Database
  tables: MailTables
  sources: Pick<ServerSources, 'incoming' | 'incomingNamed'>
  messages: StoredMessages
  records: Pick<ErrorRecords, 'read' | 'discard'>
  announce: EventListener
}
const mostRaw = 65_536

/** Under which id the error records of a server are kept; native mail has a place of its own. Throws ProblemError `not-found`. */
export const errorSource = async (sources: Pick<ServerSources, 'incomingNamed'>, server: string): Promise<number> => (server === nativeMailName ? nativeServerId : (await sources.incomingNamed(server)).id)

/** Use cases on error records: the calls `errors.list`, `errors.show` and `errors.delete`. Throws ProblemError `not-found`. */
export function createErrors({ database, tables, sources, messages, records, announce }: ErrorsNeeds) {
  const names = async (): Promise<Map<number, string>> => new Map((await sources.incoming()).map(({ id, server }) => [id, server.name]))

  const list = async ({ server, code, query, limit, before }: ParsedInput<'errors.list'>): Promise<CallAnswer<'errors.list'>> => {
    const serverId = server === null ? null : await errorSource(sources, server)
    const filter = { serverId, code, query }
    const stored = await tables.errors.page(database, filter, limit, before)
    const causes = await tables.errors.causes(database, filter)
    const present = await names()
    const last = stored.at(-1)
    return {
      rows: stored.map((one) => asRow(one, present)),
      causes,
      total: causes.filter((cause) => code === null || cause.code === code).reduce((sum, { count }) => sum + count, 0),
      next: stored.length === limit && last !== undefined ? last.id : null
    }
  }

  const show = async ({ id }: ParsedInput<'errors.show'>): Promise<ErrorDetail> => {
    const stored = await tables.errors.get(database, id)
    if (stored === null) throw notFound(id)
    const record = await records.read(stored.record)
    const message = stored.content === null ? null : await messages.parsed(stored.content)
    return {
      ...asRow(stored, await names()),
      problem: record.problem, exception: record.exception, steps: record.steps,
      headers: headersAsText(record.headers),
      text: message?.parsed.content.text.slice(0, mostRaw) ?? '',
      raw: message === null ? null : rawAsText(message.raw.subarray(0, mostRaw)),
      rawTruncated: message !== null && message.raw.length > mostRaw
    }
  }

  /** Takes records away; the mail stays where it is. */
  const remove = async ({ ids }: ParsedInput<'errors.delete'>): Promise<CallAnswer<'errors.delete'>> => {
    const stored = await tables.errors.some(database, ids)
    await database.transaction(async (transaction) => {
      await tables.errors.delete(transaction, stored.map(({ id }) => id))
      await tables.ledger.forgetErrors(transaction, stored.map(({ id }) => id))
    })
    await records.discard(stored.map(({ record }) => record))
    const present = await names()
    for (const serverId of new Set(stored.map((one) => one.serverId)))
      announce('errors-changed', { server: present.get(serverId) ?? '', count: (await tables.errors.countOpen(database, serverId)).open })
    return { deleted: stored.length }
  }
  return { list, show, delete: remove }
}

const notFound = (id: number): ProblemError => new ProblemError({ code: 'not-found', what: 'error record', name: String(id), nearest: null })

/** A record under the present name of its server. */
export const asRow = ({ id, serverId, server, subject, from, messageId, code, failedAt, size, where }: StoredError, names: ReadonlyMap<number, string>): ErrorRow =>
  ({ id, server: names.get(serverId) ?? server, subject, from, messageId, code, failedAt, size, where })

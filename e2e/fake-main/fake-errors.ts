import type { CallAnswer, CallName, ParsedInput } from '../../src-contract/calls.ts'
import type { ErrorDetail, ErrorRow } from '../../src-contract/error-record.ts'
import type { EventName, Events } from '../../src-contract/events.ts'
import type { Problem } from '../../src-contract/problem.ts'
import { errorDetail, errorIds, errorRow, tried } from './sample-mail.ts'

type Needs = {
  announce: <Name extends EventName>(name: Name, detail: Events[Name]) => void
  wished: (wish: string) => boolean
  fail: (problem: Problem) => never
  progress: (workId: string, total: number, what: string) => Promise<void>
}
type ErrorCall = Extract<CallName, `errors.${string}`>
type ErrorCalls = { [Name in ErrorCall]: (input: ParsedInput<Name>) => CallAnswer<Name> | Promise<CallAnswer<Name>> }

const message = (row: ErrorRow): string => [`Subject: ${row.subject}`, 'Date: Fri, 20 Nov 2026 08:00:00 +0000', 'Content-Type: text/plain; charset=x-device', '', 'Gr\u00fc\u00dfe aus der Werkstatt', 'The scan is attached.', ''].join('\r\n')

/** The error folder as the core plays it: a copy with a sender becomes a request, any other fails again. */
export const errorCalls = ({ announce, wished, fail, progress }: Needs): ErrorCalls => {
  let rows: ErrorRow[] = wished('empty') ? [] : (wished('many') ? Array.from({ length: 1_240 }, (_, index) => index + 1) : errorIds).map(errorRow)
  const changed = (): void => announce('errors-changed', { server: 'sales', count: rows.length })
  const edit = (ids: readonly number[] | null, change: (row: ErrorRow) => ErrorRow): void => { rows = rows.map((row) => (ids === null || ids.includes(row.id) ? change(row) : row)); changed() }
  const found = (id: number): ErrorRow => rows.find((row) => row.id === id) ?? fail({ code: 'not-found', what: 'error record', name: String(id), nearest: null })
  return {
    'errors.list': ({ server, code, query, where, since, limit, before }) => {
      const all = rows.filter((row) => (!server || row.server === server) && (!where || row.where === where) && (!since || row.failedAt >= since) && row.subject.toLowerCase().includes(query.toLowerCase()))
      const fitting = all.filter((row) => !code || row.code === code)
      const shown = fitting.filter(({ id }) => before === null || id > before).slice(0, limit)
      return {
        rows: shown, total: fitting.length, open: rows.filter(({ where: place }) => place === 'error-folder' || place === 'skipped').length, next: (shown.at(-1)?.id ?? 0) < (fitting.at(-1)?.id ?? 0) ? (shown.at(-1)?.id ?? null) : null,
        causes: [...new Set(all.map((row) => row.code))].map((each) => ({ code: each, count: all.filter((row) => row.code === each).length }))
      }
    },
    'errors.show': ({ id }): ErrorDetail => ({ ...errorDetail(id), ...found(id), html: id === 1 ? '<p>The <b>scan</b> is attached.</p><p>Do not answer this message.</p>' : null }),
    'errors.source': ({ id }) => ({ base64: id === 4 ? null : btoa(message(found(id))) }),
    'errors.replay': ({ id, base64, tryOnly }) => {
      const row = found(id)
      if (row.where === 'replayed') return fail({ code: 'nothing-to-replay', reason: 'a copy of it was processed already' })
      const raw = base64 === null ? message(row) : atob(base64)
      if (!/^From:.*@/m.test(raw)) return { outcome: 'error', reason: 'The message has no sender.', message: null, steps: [{ step: 'sender', outcome: 'error', detail: 'Neither From nor Sender names an address.' }], creates: null, request: null }
      if (!tryOnly) edit([id], (one) => ({ ...one, where: 'replayed', request: 1_205 }))
      return { ...tried(), request: tryOnly ? null : 1_205 }
    },
    'errors.requeue': async ({ workId, ids }) => {
      await progress(workId, ids?.length ?? 6, 'messages')
      edit(ids, (row) => ({ ...row, where: 'inbox' }))
      return { moved: ids?.length ?? rows.length, missing: 0 }
    },
    'errors.export': async ({ workId, redact, ids }) => {
      await progress(workId, 6, 'mails')
      return { downloadId: 'download-bundle', mediaType: 'application/zip', fileName: redact ? 'mailroom-support-redacted.zip' : 'mailroom-support.zip', mails: ids?.length ?? rows.length }
    },
    'errors.delete': ({ ids }) => {
      const before = rows.length
      rows = rows.filter(({ id }) => !ids.includes(id))
      changed()
      return { deleted: before - rows.length }
    }
  }
}

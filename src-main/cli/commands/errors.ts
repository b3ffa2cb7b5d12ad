import type { CallAnswer } from '#contract/calls.ts'
import { errorPlaces, type ErrorDetail, type ErrorRow } from '#contract/error-record.ts'
import { largestMessage } from '#contract/message.ts'
import { ProblemError } from '#contract/problem.ts'
import { counted, wordsOf } from '#contract/problem-words.ts'
import type { ExitStatus } from '../../model/exit-status.ts'
import { plain, plainLines } from '../../model/plain-line.ts'
import type { Asked, Command, Tools } from '../command.ts'
import { readInput } from '../file-problem.ts'
import { idNumber, oneOf, usageFault } from '../parse-command.ts'
import { asksForAll, print, printList } from '../print.ts'
import { readPages } from '../read-pages.ts'
import { mustNotExist, saveDownload } from '../save-download.ts'
import { stepsText } from '../steps-text.ts'
import { when } from '../tables.ts'
import { watchWork } from '../watch-work.ts'

/** `mailroom errors …`: mail that could not be processed. */
export const errors: readonly Command[] = [
  {
    name: 'errors list', arguments: '[SERVER]', takes: [0, 1], summary: 'Lists mail that could not be processed, newest first.', example: 'mailroom errors list it-support --since 2026-11-01 --where error-folder', run: list,
    flags: {
      code: { value: 'CODE', help: 'only this cause, such as message-too-large' }, where: { value: 'PLACE', help: `only mail that is there: ${errorPlaces.join(', ')}` },
      since: { value: 'TIME', help: 'failed at this time or later, such as 2026-11-20 or 2026-11-20T08:00Z' }, until: { value: 'TIME', help: 'failed at this time or earlier' }, query: { value: 'TEXT', help: 'only mail with this text in subject, sender or Message-ID' }
    }
  },
  { name: 'errors show', arguments: 'ID', takes: [1, 1], flags: {}, summary: 'Shows why one mail could not be processed.', example: 'mailroom errors show 7', run: show },
  {
    name: 'errors export', arguments: '[ID…]', takes: [0, 100_000], summary: 'Writes the support bundle: a decrypted record and the message for each mail, and the error log.', example: 'mailroom errors export --out bundle.zip --redact', run: save,
    flags: { out: { value: 'FILE.zip', help: 'the file to write; it must not be there yet' }, server: { value: 'NAME', help: 'only the mails of this server' }, redact: { help: 'takes personal data out' } }
  },
  { name: 'errors requeue', arguments: 'SERVER [ID…]', takes: [1, 100_001], flags: {}, summary: 'Moves the mails of a server, or those named, back to the inbox for processing.', example: 'mailroom errors requeue it-support', run: requeue },
  {
    name: 'errors replay', arguments: 'ID', takes: [1, 1], summary: 'Takes a copy of a mail, as it is or edited, through the same steps as fetched mail; the mail itself stays where it is.', example: 'mailroom errors replay 7 --file mended.eml --try', run: replay,
    flags: { file: { value: 'EDITED.eml', help: 'the edited copy; - is stdin' }, try: { help: 'says what would become of it; nothing is stored' } }
  },
  { name: 'errors delete', arguments: 'ID…', takes: [1, 100_000], flags: {}, summary: 'Deletes records and the stored copies; mail on the server stays.', example: 'mailroom errors delete 7 8', run: remove }
]

async function list(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const filter = { server: asked.positionals[0] ?? null, code: asked.value('code'), query: asked.value('query') ?? '', where: oneOf('where', asked.value('where'), errorPlaces), since: timeOf(asked, 'since'), until: timeOf(asked, 'until') }
  const { rows } = await tools.withConsole((core) => readPages((part) => core.call('errors.list', { ...filter, ...part })))
  await printList(asked, tools, rows.map(rowObject), ['id', 'server', 'subject', 'cause', 'failed', 'now'], (row) => [String(row.id), row.server, row.subject, row.code, when(row.failedAt), `${row.where}${row.request === null ? '' : ` ${row.request}`}`], asksForAll(filter) ? 'No mail is in error.' : 'No mail in error matches.')
  return 0
}

function timeOf(asked: Asked, flag: 'since' | 'until'): string | null {
  const typed = asked.value(flag)
  if (typed === null) return null
  const time = Date.parse(typed)
  if (Number.isNaN(time)) throw usageFault(`“${typed.slice(0, 40)}” is no time; write it like 2026-11-20 or 2026-11-20T08:00Z.`)
  return new Date(time).toISOString()
}

const idOf = (typed: string): number => idNumber(typed, 'an error', 'errors list')

const rowObject = ({ id, server, subject, messageId, code, failedAt, where, request }: ErrorRow) => ({ id, server, subject, messageId, code, failedAt, where, request })

async function show(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const id = idOf(asked.positionals[0] ?? '')
  const detail = await tools.withConsole((core) => core.call('errors.show', { id }))
  await print(asked, tools, detail, detailText)
  return 0
}

function detailText(detail: ErrorDetail): string {
  const { title, advice } = wordsOf(detail.problem)
  return `${plain(detail.subject) || '(no subject)'}\nfrom ${plain(detail.from) || 'unknown sender'}, ${detail.server === '' ? 'from a file' : `through ${plain(detail.server)}`}, ${when(detail.failedAt)}, now in: ${detail.where}\n\n${plain(title)}\n${plain(advice)}\n\nSteps:\n${stepsText(detail.steps)}${detail.exception === '' ? '' : `\nDetails:\n${plainLines(detail.exception)}\n`}`
}

async function save(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const file = asked.value('out') ?? ''
  if (file === '') throw usageFault('“errors export” needs --out FILE.zip.')
  const ids = asked.positionals.length === 0 ? null : asked.positionals.map(idOf)
  await mustNotExist(file)
  const mails = await tools.withConsole((core) => watchWork(core, tools, async (workId) => {
    const bundle = await core.call('errors.export', { server: asked.value('server'), ids, redact: asked.has('redact'), workId })
    await saveDownload(core, bundle, file)
    return bundle.mails
  }))
  const missing = ids === null ? 0 : new Set(ids).size - mails
  await print(asked, tools, { file, mails, redacted: asked.has('redact'), ...(ids === null ? {} : { missing }) }, () => `${file}: ${counted(mails, 'mail')}${asked.has('redact') ? ', personal data taken out' : ''}${missing === 0 ? '' : `, ${missing} not there`}\n`)
  return missing > 0 ? 1 : 0
}

async function requeue(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const [server = '', ...typed] = asked.positionals
  const ids = typed.length === 0 ? null : typed.map(idOf)
  const counts = await tools.withConsole((core) => watchWork(core, tools, (workId) => core.call('errors.requeue', { server, ids, workId })))
  await print(asked, tools, { server, ...counts }, ({ moved, missing }) => `${server}: ${moved} moved back to the inbox${missing === 0 ? '' : `, ${missing} no longer in the error folder`}\n`)
  return counts.missing > 0 ? 1 : 0
}

async function replay(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const id = idOf(asked.positionals[0] ?? '')
  const file = asked.value('file')
  const base64 = file === null ? null : (await edited(file, tools)).toString('base64')
  const answer = await tools.withConsole((core) => core.call('errors.replay', { id, base64, tryOnly: asked.has('try') }))
  await print(asked, tools, { id, ...answer }, () => replayText(id, answer, asked.has('try')))
  return answer.outcome === 'error' ? 1 : 0
}

async function edited(file: string, tools: Tools): Promise<Buffer> {
  const raw = await readInput(file, tools)
  if (raw.length > largestMessage) throw new ProblemError({ code: 'message-too-large', size: raw.length, limit: largestMessage })
  return raw
}

function replayText(id: number, { outcome, reason, request, steps }: CallAnswer<'errors.replay'>, isTrial: boolean): string {
  const became = `${isTrial ? 'would become' : outcome === 'error' ? 'failed again' : 'became'}${outcome === 'error' && !isTrial ? '' : `: ${outcome}`}${request === null ? '' : ` ${request}`}`
  return `${id} ${became}${reason === null ? '' : ` (${plain(reason)})`}\n${stepsText(steps)}`
}

async function remove(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const ids = asked.positionals.map(idOf)
  const { deleted } = await tools.withConsole((core) => core.call('errors.delete', { ids }))
  const missing = new Set(ids).size - deleted
  await print(asked, tools, { deleted, missing }, () => `${counted(deleted, 'record')} deleted${missing === 0 ? '' : `, ${missing} not there`}\n`)
  return missing > 0 ? 1 : 0
}

import { access, unlink, writeFile } from 'node:fs/promises'
import type { ErrorDetail, ErrorRow } from '#contract/error-record.ts'
import { ProblemError } from '#contract/problem.ts'
import { wordsOf } from '#contract/problem-words.ts'
import type { ExitStatus } from '../../model/exit-status.ts'
import type { Asked, Command, Core, Tools } from '../command.ts'
import { fileProblem } from '../file-problem.ts'
import { usageFault } from '../parse-command.ts'
import { print, printList } from '../print.ts'
import { plain, plainLines, when } from '../tables.ts'
import { watchWork } from '../watch-work.ts'

/** `mailroom errors …`: mail that could not be processed. */
export const errors: readonly Command[] = [
  { name: 'errors list', arguments: '[SERVER]', takes: [0, 1], flags: {}, summary: 'Lists mail that could not be processed, newest first.', example: 'mailroom errors list it-support', run: list },
  { name: 'errors show', arguments: 'ID', takes: [1, 1], flags: {}, summary: 'Shows why one mail could not be processed.', example: 'mailroom errors show 7', run: show },
  {
    name: 'errors export', arguments: '', takes: [0, 0], summary: 'Writes the support bundle: a decrypted record and the message for each mail, and the error log.', example: 'mailroom errors export --out bundle.zip --redact', run: save,
    flags: { out: { value: 'FILE.zip', help: 'the file to write; it must not be there yet' }, server: { value: 'NAME', help: 'only the mails of this server' }, redact: { help: 'takes personal data out' } }
  },
  { name: 'errors requeue', arguments: 'SERVER', takes: [1, 1], flags: {}, summary: 'Moves the mails of a server back to the inbox for processing.', example: 'mailroom errors requeue it-support', run: requeue }
]

async function list(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const rows = await tools.withConsole((core) => rowsOf(core, asked.positionals[0] ?? null))
  await printList(asked, tools, rows.map(rowObject), ['id', 'server', 'subject', 'cause', 'failed'], (row) => [String(row.id), row.server, row.subject, row.code, when(row.failedAt)], 'No mail is in error.')
  return 0
}

async function rowsOf(core: Core, server: string | null): Promise<ErrorRow[]> {
  const rows: ErrorRow[] = []
  let before: number | null = null
  for (;;) {
    const page: Awaited<ReturnType<typeof pageOf>> = await pageOf(core, before, server)
    rows.push(...page.rows)
    if (page.next === null) return rows
    before = page.next
  }
}
const pageOf = (core: Core, before: number | null, server: string | null) => core.call('errors.list', { limit: 500, before, server })

const rowObject = ({ id, server, subject, messageId, code, failedAt }: ErrorRow) => ({ id, server, subject, messageId, code, failedAt })

async function show(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const typed = asked.positionals[0] ?? ''
  if (!/^\d{1,12}$/.test(typed)) throw usageFault(`“${typed.slice(0, 40)}” is no id of an error; mailroom errors list names them.`)
  const detail = await tools.withConsole((core) => core.call('errors.show', { id: Number(typed) }))
  await print(asked, tools, detail, detailText)
  return 0
}

function detailText(detail: ErrorDetail): string {
  const { title, advice } = wordsOf(detail.problem)
  const steps = detail.steps.map(({ step, outcome, detail: why }) => `  ${step}: ${outcome}${why === '' ? '' : `, ${plain(why)}`}\n`).join('')
  return `${plain(detail.subject) || '(no subject)'}\nfrom ${plain(detail.from) || 'unknown sender'}, ${detail.server === '' ? 'from a file' : `through ${plain(detail.server)}`}, ${when(detail.failedAt)}, now in: ${detail.where}\n\n${plain(title)}\n${plain(advice)}\n\nSteps:\n${steps}${detail.exception === '' ? '' : `\nDetails:\n${plainLines(detail.exception)}\n`}`
}

async function save(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const file = asked.value('out') ?? ''
  if (file === '') throw usageFault('“errors export” needs --out FILE.zip.')
  if (await isThere(file)) throw new ProblemError({ code: 'file-exists', file })
  const exported = await tools.withConsole((core) => watchWork(core, tools, (workId) => core.call('errors.export', { server: asked.value('server'), redact: asked.has('redact'), workId })))
  try {
    await writeFile(file, Buffer.from(exported.base64, 'base64'), { flag: 'wx', mode: 0o600, flush: true })
  } catch (error) {
    const problem = fileProblem(file, error)
    // Half a bundle is worse than none; a file of somebody else stays.
    if (problem.problem.code !== 'file-exists') await unlink(file).catch(() => undefined)
    throw problem
  }
  await print(asked, tools, { file, mails: exported.mails, redacted: asked.has('redact') }, ({ mails }) => `${file}: ${mails} mail${mails === 1 ? '' : 's'}${asked.has('redact') ? ', personal data taken out' : ''}\n`)
  return 0
}

const isThere = (file: string): Promise<boolean> => access(file).then(() => true, () => false)

async function requeue(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const server = asked.positionals[0] ?? ''
  const counts = await tools.withConsole((core) => watchWork(core, tools, (workId) => core.call('errors.requeue', { server, ids: null, workId })))
  await print(asked, tools, { server, ...counts }, ({ moved, missing }) => `${server}: ${moved} moved back to the inbox${missing === 0 ? '' : `, ${missing} no longer in the error folder`}\n`)
  return counts.missing > 0 ? 1 : 0
}

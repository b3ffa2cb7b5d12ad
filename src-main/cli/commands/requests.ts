import type { RequestDetail, RequestRow } from '#contract/request.ts'
import type { RequestChange, RequestValues } from '#contract/request-values.ts'
import type { ExitStatus } from '../../model/exit-status.ts'
import { plain, plainLines } from '../../model/plain-line.ts'
import type { Asked, Command, Tools } from '../command.ts'
import { usageFault, wholeNumber } from '../parse-command.ts'
import { print, printList } from '../print.ts'
import { readPages } from '../read-pages.ts'
import { stepsText } from '../steps-text.ts'
import { when } from '../tables.ts'

/** `mailroom requests …`: what mail became. */
export const requests: readonly Command[] = [
  {
    name: 'requests list', arguments: '', takes: [0, 0], summary: 'Lists the requests, newest first.', example: 'mailroom requests list --limit 20 --query printer', run: list,
    flags: { limit: { value: 'N', help: 'at most N; without it 50 in a table, all with --json' }, query: { value: 'TEXT', help: 'only those with this text in subject or requester' } }
  },
  { name: 'requests show', arguments: 'N', takes: [1, 1], flags: {}, summary: 'Shows one request with its values, its conversation and what was changed.', example: 'mailroom requests show 123', run: show }
]

async function list(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const limit = wholeNumber('limit', asked.value('limit'), 1, 100_000_000) ?? (asked.json ? Infinity : 50)
  const { rows, total } = await tools.withConsole((core) => readPages((part) => core.call('requests.list', { ...part, query: asked.value('query') ?? '' }), limit))
  await printList(asked, tools, rows.map(rowObject), ['number', 'subject', 'requester', 'status', 'server', 'created'], (row) => [String(row.number), row.subject, row.requester, row.status, row.server, when(row.createdAt)], asked.value('query') === null ? 'There is no request yet. Fetch mail: mailroom incoming fetch --all' : 'No request matches.')
  if (rows.length < total && !asked.json) tools.terminal.say(`${rows.length} of ${total} are shown; --limit N shows more.`)
  return 0
}

const rowObject = ({ number, subject, status, requester, server, messageId, createdAt }: RequestRow) => ({ number, subject, status, requester, server, messageId, createdAt })

async function show(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const typed = asked.positionals[0] ?? ''
  const number = /^\d{1,12}$/.test(typed) ? Number(typed) : 0
  if (number < 1) throw usageFault(`“${typed.slice(0, 40)}” is no request number.`)
  const detail = await tools.withConsole((core) => core.call('requests.show', { number }))
  await print(asked, tools, detail, detailText)
  return 0
}

function detailText(detail: RequestDetail): string {
  const head = `Request ${detail.number}: ${plain(detail.subject)}\n${detail.status}, from ${plain(detail.requester)}, ${detail.server === '' ? 'from a file' : `through ${plain(detail.server)}`}${detail.partition === '' ? '' : `, partition ${plain(detail.partition)}`}, ${when(detail.createdAt)}\n${valuesText(detail.values)}`
  const entries = detail.conversation.map((entry) => {
    const from = entry.from === null ? 'unknown sender' : entry.from.name === '' ? entry.from.address : `${entry.from.name} <${entry.from.address}>`
    const attachments = entry.attachments.map(({ name, size, stripped }) => `  attached: ${plain(name)} (${size} bytes)${stripped === null ? '' : `, taken off: ${plain(stripped.reason)}`}\n`).join('')
    return `\n${entry.kind} of ${plain(from)}, ${when(entry.receivedAt)}\n${attachments}\n${plainLines(entry.text)}\n\nSteps:\n${stepsText(entry.steps)}`
  })
  return head + entries.join('') + changesText(detail.changes)
}

function valuesText({ additional = {}, resources = {}, ...values }: RequestValues): string {
  const answers = Object.entries(resources).flatMap(([resource, questions]) => Object.entries(questions).map(([question, chosen]): [string, string] => [`${resource}.${question}`, chosen.join(', ')]))
  return [...Object.entries(values), ...Object.entries(additional), ...answers].map(([field, value]) => `  ${plain(field)}: ${plain(value)}\n`).join('')
}

function changesText(changes: readonly RequestChange[]): string {
  const rows = changes.map(({ at, by, action, changes: fields }) => `  ${when(at)} ${action} by ${plain(by)}\n${fields.map(({ field, from, to }) => `    ${plain(field)}: ${plain(from) || '–'} → ${plain(to) || '–'}\n`).join('')}`)
  return rows.length === 0 ? '' : `\nChanges:\n${rows.join('')}`
}

import { wordsOf } from '#contract/problem-words.ts'
import type { ExitStatus } from '../../model/exit-status.ts'
import type { Asked, Command, Tools } from '../command.ts'
import { print, printList } from '../print.ts'
import { when } from '../tables.ts'

/** `mailroom outbox …`: mail that goes out by itself and waits for its time. */
export const outbox: readonly Command[] = [
  { name: 'outbox list', arguments: '', takes: [0, 0], flags: {}, summary: 'Lists mail that waits to be sent.', example: 'mailroom outbox list', run: list },
  { name: 'outbox flush', arguments: '', takes: [0, 0], flags: {}, summary: 'Tries to send everything that waits, now.', example: 'mailroom outbox flush', run: flush }
]

async function list(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const rows = await tools.withConsole((core) => core.call('outbox.list', {}))
  await printList(asked, tools, rows, ['id', 'to', 'subject', 'request', 'tries', 'next try', 'trouble'], (row) => [
    String(row.id), row.to, row.subject, row.request === null ? '' : String(row.request), String(row.tries), when(row.nextTryAt), row.problem === null ? '' : wordsOf(row.problem).title
  ], 'Nothing waits to be sent.')
  return 0
}

async function flush(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const { tried, left } = await tools.withConsole(async (core) => ({ ...(await core.call('outbox.flush', {})), left: (await core.call('outbox.list', {})).length }))
  await print(asked, tools, { tried, sent: tried - left, waiting: left }, (counts) => `${counts.tried} tried, ${counts.sent} sent, ${counts.waiting} still waiting.${left === 0 ? '' : ' What holds them up: mailroom outbox list'}\n`)
  return left === 0 ? 0 : 1
}

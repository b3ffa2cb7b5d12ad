import type { ExitStatus } from '../../model/exit-status.ts'
import type { Asked, Command, Tools } from '../command.ts'
import { printList } from '../print.ts'
import { when } from '../tables.ts'

/** `mailroom history …`: who changed what in the configuration. */
export const history: readonly Command[] = [
  { name: 'history list', arguments: '', takes: [0, 0], flags: { server: { value: 'NAME', help: 'only changes of this server' } }, summary: 'Lists the changes of the configuration, newest first.', example: 'mailroom history list --server it-support', run: list }
]

async function list(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const entries = await tools.withConsole((core) => core.call('history.list', { name: asked.value('server'), limit: 1000 }))
  await printList(asked, tools, entries, ['when', 'who', 'what', 'name', 'action', 'changes', 'reason'], (entry) => [
    when(entry.at), entry.who, entry.what, entry.name, entry.action, entry.changes.map(({ field, from, to }) => `${field}: ${from} → ${to}`).join('; '), entry.reason ?? ''
  ], 'Nothing was changed yet.')
  return 0
}

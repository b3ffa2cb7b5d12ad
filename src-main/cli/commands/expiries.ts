import type { ExitStatus } from '../../model/exit-status.ts'
import type { Asked, Command, Tools } from '../command.ts'
import { printList } from '../print.ts'

/** `mailroom expiries …`: what comes to an end. */
export const expiries: readonly Command[] = [
  { name: 'expiries list', arguments: '', takes: [0, 0], flags: {}, summary: 'Lists what comes to an end: client secrets, certificates, unused sign-ins, what providers announced; soonest first.', example: 'mailroom expiries list --json', run: list }
]

async function list(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const found = await tools.withConsole((core) => core.call('expiries.list', {}))
  await printList(asked, tools, found, ['ends', 'days left', 'server', 'what'], ({ at, daysLeft, server, text }) => [at.slice(0, 10), daysLeft < 0 ? 'over' : String(daysLeft), server, text], 'Nothing that is known of comes to an end.')
  return 0
}

import type { ExitStatus } from '../../model/exit-status.ts'
import type { Asked, Command, Tools } from '../command.ts'
import { usageFault } from '../parse-command.ts'
import { print, printList } from '../print.ts'

/** `mailroom secret …`: passwords in the credential store. They come in and never go out. */
export const secret: readonly Command[] = [
  { name: 'secret set', arguments: 'SERVER', takes: [1, 1], flags: {}, summary: 'Reads the secret of a server from stdin, or asks for it, into the credential store.', example: 'mailroom secret set it-support < password.txt', run: set },
  { name: 'secret list', arguments: '', takes: [0, 0], flags: {}, summary: 'Lists the servers that have a secret; names only.', example: 'mailroom secret list', run: list },
  { name: 'secret delete', arguments: 'SERVER', takes: [1, 1], flags: {}, summary: 'Deletes the secret of a server.', example: 'mailroom secret delete it-support', run: remove }
]

async function set(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const server = asked.positionals[0] ?? ''
  const typed = await readSecret(tools, server)
  if (typed === '') throw usageFault('The secret is empty: nothing came in on stdin.')
  await tools.withConsole((core) => core.call('secret.set', { server, secret: typed }))
  await print(asked, tools, { server, stored: true }, () => `The secret of ${server} is stored.\n`)
  return 0
}

/** One line break at the end belongs to the file or the echo, not to the secret. */
async function readSecret({ terminal }: Tools, server: string): Promise<string> {
  if (terminal.asks) return (await terminal.askSecretly(`Secret of ${server}`)) ?? ''
  return (await terminal.readAll()).toString('utf8').replace(/\r?\n$/, '')
}

async function list(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const names = await tools.withConsole((core) => core.call('secret.list', {}))
  await printList(asked, tools, names, ['server', 'used for'], ({ server, kind }) => [server, kind], 'No secret is stored.')
  return 0
}

async function remove(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const server = asked.positionals[0] ?? ''
  await tools.withConsole((core) => core.call('secret.delete', { server }))
  await print(asked, tools, { server, deleted: true }, () => `The secret of ${server} is deleted.\n`)
  return 0
}

import { calls } from '#contract/calls.ts'
import type { ParsedInput } from '#contract/calls.ts'
import type { ExitStatus } from '../../model/exit-status.ts'
import type { Asked, Command, Flag, Tools } from '../command.ts'
import { oneOf, usageFault } from '../parse-command.ts'
import { print, printList } from '../print.ts'
import { readSecret } from '../read-secret.ts'

type Purpose = ParsedInput<'secret.set'>['purpose']
const wordsFor: Record<Purpose, string> = { 'sign-in': 'secret', proxy: 'proxy password', 'client-key': 'passphrase of the client key', dkim: 'DKIM key' }
const purposes = Object.keys(wordsFor) as Purpose[]
const forWhat: Record<string, Flag> = { for: { value: 'PURPOSE', help: `${purposes.join(', ')}; without it sign-in: the password, client secret or key` } }

/** `mailroom secret …`: passwords in the credential store. They come in and never go out. */
export const secret: readonly Command[] = [
  { name: 'secret set', arguments: 'SERVER', takes: [1, 1], flags: forWhat, summary: 'Reads the secret of a server from stdin, or asks for it, into the credential store.', example: 'mailroom secret set it-support --for proxy < password.txt', run: set },
  { name: 'secret list', arguments: '', takes: [0, 0], flags: {}, summary: 'Lists the servers that have a secret; names only.', example: 'mailroom secret list', run: list },
  { name: 'secret delete', arguments: 'SERVER', takes: [1, 1], flags: forWhat, summary: 'Deletes the secret of a server.', example: 'mailroom secret delete it-support', run: remove }
]

async function set(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const server = asked.positionals[0] ?? ''
  const purpose = purposeOf(asked)
  const typed = await readSecret(tools, `${capital(wordsFor[purpose])} of ${server}`)
  if (typed === '') throw usageFault('The secret is empty: nothing came in on stdin.')
  const input = calls['secret.set'].input.shape.secret.safeParse(typed)
  if (!input.success) throw usageFault('The secret is longer than 10000 characters.')
  await tools.withConsole((core) => core.call('secret.set', { server, purpose, secret: typed }))
  await print(asked, tools, { server, purpose, stored: true }, () => `The ${wordsFor[purpose]} of ${server} is stored.\n`)
  return 0
}

const purposeOf = (asked: Asked): Purpose => oneOf('for', asked.value('for'), purposes) ?? 'sign-in'

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)

async function list(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const names = await tools.withConsole((core) => core.call('secret.list', {}))
  await printList(asked, tools, names, ['server', 'for', 'used by'], ({ server, purpose, kind }) => [server, purpose, kind], 'No secret is stored.')
  return 0
}

async function remove(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const server = asked.positionals[0] ?? ''
  const purpose = purposeOf(asked)
  await tools.withConsole((core) => core.call('secret.delete', { server, purpose }))
  await print(asked, tools, { server, purpose, deleted: true }, () => `The ${wordsFor[purpose]} of ${server} is deleted.\n`)
  return 0
}

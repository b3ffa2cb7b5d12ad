import { roles } from '#contract/calls.ts'
import { entityName, mailAddress } from '#contract/fields.ts'
import type { ExitStatus } from '../../model/exit-status.ts'
import type { Asked, Command, Flag, Tools } from '../command.ts'
import { oneOf, usageFault } from '../parse-command.ts'
import { print, printList } from '../print.ts'
import { when } from '../tables.ts'

const reason: Record<string, Flag> = { reason: { value: 'TEXT', help: 'why, for the history' } }

/** `mailroom access …`: named tokens of the headless host, and a forgotten PIN of the window. */
export const access: readonly Command[] = [
  { name: 'access list', arguments: '', takes: [0, 0], flags: {}, summary: 'Lists the named tokens; what they are is told by nobody.', example: 'mailroom access list', run: list },
  { name: 'access add', arguments: 'NAME', takes: [1, 1], flags: { role: { value: 'ROLE', help: `${roles.join(' or ')}; without it support` }, 'second-factor': { value: 'ADDRESS', help: 'whoever opens the console with it has to enter a code that goes there; such a token is for a browser alone' }, ...reason }, summary: 'Makes a token for a person or a program, and prints it this one time.', example: 'mailroom access add prometheus --role support', run: add },
  { name: 'access revoke', arguments: 'NAME', takes: [1, 1], flags: reason, summary: 'Takes a token away; whoever uses it is out.', example: 'mailroom access revoke prometheus', run: revoke },
  { name: 'access reset-pin', arguments: '', takes: [0, 0], flags: reason, summary: 'Takes a forgotten PIN of the desktop window away.', example: 'mailroom access reset-pin --reason "forgotten"', run: resetPin }
]

async function list(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const tokens = await tools.withConsole((core) => core.call('access.tokens', {}))
  await printList(asked, tools, tokens, ['name', 'role', 'second factor', 'made', 'last used'], ({ name, role, secondFactor, createdAt, lastUsedAt }) => [name, role, secondFactor ?? '', when(createdAt), when(lastUsedAt)], 'There are no named tokens.')
  return 0
}

async function add(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const parsed = entityName.safeParse(asked.positionals[0])
  if (!parsed.success) throw usageFault(parsed.error.issues[0]?.message ?? 'That is no name.')
  const role = oneOf('role', asked.value('role'), roles) ?? 'support'
  const secondFactor = addressOf(asked.value('second-factor'))
  const { token } = await tools.withConsole((core) => core.call('access.add-token', { name: parsed.data, role, secondFactor, reason: asked.value('reason') }))
  tools.terminal.say(`Keep it well: it is shown this one time. ${secondFactor === null ? 'In a browser it goes behind ?token=, in a program into the header Authorization: Bearer.' : `In a browser it goes behind ?token=; a code is sent to ${secondFactor} then. Programs cannot use it.`}`)
  await print(asked, tools, { name: parsed.data, role, secondFactor, token }, () => `${token}\n`)
  return 0
}

function addressOf(text: string | null): string | null {
  if (text === null) return null
  const parsed = mailAddress.safeParse(text)
  if (!parsed.success) throw usageFault(parsed.error.issues[0]?.message ?? 'That is no address.')
  return parsed.data
}

async function revoke(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const name = asked.positionals[0] ?? ''
  await tools.withConsole((core) => core.call('access.revoke-token', { name, reason: asked.value('reason') }))
  await print(asked, tools, { name, revoked: true }, () => `The token ${name} is revoked.\n`)
  return 0
}

async function resetPin(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const { wasSet } = await tools.withConsole((core) => core.call('access.reset-pin', { reason: asked.value('reason') }))
  tools.terminal.say('The PIN guards the window, not the files: whoever can read the data folder and its credential store needs none.')
  await print(asked, tools, { wasSet }, () => (wasSet ? 'The PIN is taken away. Set another one in the window, under Access.\n' : 'There was no PIN.\n'))
  return 0
}

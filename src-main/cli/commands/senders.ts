import { senderKinds, senderState, type SenderAddress } from '#contract/sender-address.ts'
import type { OutboxState } from '#contract/outbox.ts'
import { wordsOf } from '#contract/problem-words.ts'
import type { ExitStatus } from '../../model/exit-status.ts'
import { plain } from '../../model/plain-line.ts'
import type { Asked, Command, Flag, Tools } from '../command.ts'
import { oneOf, usageFault } from '../parse-command.ts'
import { print, printList } from '../print.ts'
import { readSecret } from '../read-secret.ts'
import { when } from '../tables.ts'
import { watchWork } from '../watch-work.ts'

const reason: Record<string, Flag> = { reason: { value: 'TEXT', help: 'why, for the history' } }

/** `mailroom senders …`: addresses that mail goes out under, shown to be ours by a code. */
export const senders: readonly Command[] = [
  { name: 'senders list', arguments: '', takes: [0, 0], flags: {}, summary: 'Lists sender addresses and whether they are verified.', example: 'mailroom senders list --json', run: list },
  { name: 'senders add', arguments: 'ADDRESS', takes: [1, 1], flags: { kind: { value: 'KIND', help: `${senderKinds.join(' or ')}; without it sender` }, ...reason }, summary: 'Adds an address and sends a code there.', example: 'mailroom senders add it@example.com', run: add },
  { name: 'senders send-code', arguments: 'ADDRESS', takes: [1, 1], flags: {}, summary: 'Sends a new code; the one before does not hold any more.', example: 'mailroom senders send-code it@example.com', run: sendCode },
  { name: 'senders verify', arguments: 'ADDRESS', takes: [1, 1], flags: reason, summary: 'Reads the code that came from stdin, or asks for it.', example: 'mailroom senders verify it@example.com', run: verify },
  { name: 'senders delete', arguments: 'ADDRESS', takes: [1, 1], flags: reason, summary: 'Takes an address away; it has to be verified anew to be used again.', example: 'mailroom senders delete it@example.com', run: remove }
]

const withState = (sender: SenderAddress) => ({ ...sender, state: senderState(sender, Date.now()) })

async function list(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const found = (await tools.withConsole((core) => core.call('senders.list', {}))).map(withState)
  await printList(asked, tools, found, ['state', 'address', 'kind', 'verified', 'used by'], ({ state, address, kind, verifiedAt, usedBy }) => [state, address, kind, when(verifiedAt), usedBy.join(', ')], 'There are no sender addresses. Add one: mailroom senders add ADDRESS')
  return 0
}

async function add(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const kind = oneOf('kind', asked.value('kind'), senderKinds) ?? 'sender'
  return tell(asked, tools, await tools.withConsole((core) => watchWork(core, tools, (workId) => core.call('senders.add', { address: addressIn(asked), kind, reason: asked.value('reason'), workId }))))
}

async function sendCode(asked: Asked, tools: Tools): Promise<ExitStatus> {
  return tell(asked, tools, await tools.withConsole((core) => watchWork(core, tools, (workId) => core.call('senders.send-code', { address: addressIn(asked), workId }))))
}

/** Says what became of the code's mail: 0 where a server took it, 1 where it waits or was refused. */
async function tell(asked: Asked, tools: Tools, sender: SenderAddress): Promise<ExitStatus> {
  const mail = sender.code?.mail ?? null
  const problem = mail?.problem ?? null
  if (problem !== null) tools.terminal.say(`${wordsOf(problem).title} ${wordsOf(problem).advice}`)
  await print(asked, tools, withState(sender), ({ address }) => `${codeWords(plain(address), mail?.state ?? null)}\n`)
  return mail?.state === 'sent' ? 0 : 1
}

const codeWords = (address: string, state: OutboxState | null): string => {
  if (state === 'sent') return `A code was sent to ${address}. Enter it: mailroom senders verify ${address}`
  if (state === 'refused') return `The code for ${address} was not sent: mailroom outbox list --state refused`
  if (state === null) return `The code for ${address} was not sent. Send another: mailroom senders send-code ${address}`
  return `The code for ${address} waits in the outbox: mailroom outbox list`
}

async function verify(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const address = addressIn(asked)
  const code = await readSecret(tools, `Code that came to ${plain(address)}`)
  if (code.trim() === '') throw usageFault('The code is empty: nothing came in on stdin.')
  const sender = await tools.withConsole((core) => core.call('senders.verify', { address, code, reason: asked.value('reason') }))
  await print(asked, tools, withState(sender), () => `${plain(sender.address)} is verified.\n`)
  return 0
}

async function remove(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const address = addressIn(asked)
  await tools.withConsole((core) => core.call('senders.delete', { address, reason: asked.value('reason') }))
  await print(asked, tools, { address, deleted: true }, () => `${plain(address)} was deleted.\n`)
  return 0
}

const addressIn = (asked: Asked): string => asked.positionals[0] ?? ''

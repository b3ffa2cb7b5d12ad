import { randomUUID } from 'node:crypto'
import { userInfo } from 'node:os'
import type { CallAnswer, CallInput, CallName } from '#contract/calls.ts'
import { ProblemError } from '#contract/problem.ts'
import type { CallContext, MailroomConsole } from '../console.ts'
import type { Core, Tools } from './command.ts'
import type { Terminal } from './terminal.ts'

/** The calls of an open console for commands; long work is named by `newWorkId`. */
export const coreOf = (opened: Pick<MailroomConsole, 'answer'>): Pick<Core, 'call'> => ({ call: (name, input) => ask(opened, name, input) })

/** Names one piece of long work. */
export const newWorkId = (): string => randomUUID()

async function ask<Name extends CallName>(opened: Pick<MailroomConsole, 'answer'>, name: Name, input: CallInput<Name>): Promise<CallAnswer<Name>> {
  const context: CallContext = { role: 'administrator', who: userName() }
  const answer = await opened.answer(name, input, context)
  if (!answer.ok) throw new ProblemError(answer.problem)
  return answer.value as CallAnswer<Name>
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    return 'command line'
  }
}

/** Opens the data folder for one piece of work; asks for the vault's passphrase where a person is there, and closes it whatever happens. */
export async function withConsole<Result>(tools: Pick<Tools, 'openHost' | 'terminal' | 'env' | 'dataFolder'>, work: (core: Core) => Promise<Result>): Promise<Result> {
  const opened = await tools.openHost({ dataFolder: tools.dataFolder, demo: false, passphrase: passphraseOf(tools.env) })
  try {
    await openVault(opened, tools.terminal)
    return await work({ ...coreOf(opened), subscribe: opened.subscribe })
  } finally {
    await opened.close()
  }
}

/** The passphrase of the environment, that of the vault unless another is named; null where none is set. */
export function passphraseOf(env: Readonly<Record<string, string | undefined>>, name: 'MAILROOM_PASSPHRASE' | 'MAILROOM_BACKUP_PASSPHRASE' = 'MAILROOM_PASSPHRASE'): string | null {
  const passphrase = env[name] ?? ''
  return passphrase === '' ? null : passphrase
}

/** Said before the passphrase of a new vault is asked for. */
export const forNewVault = 'No keychain answers here, so passwords are kept in a vault under a passphrase. There is none yet.'

async function openVault(opened: MailroomConsole, terminal: Terminal): Promise<void> {
  const core = coreOf(opened)
  const { credentials } = await core.call('console.state', {})
  if (credentials === 'vault-locked') await core.call('vault.unlock', { passphrase: await passphraseFrom(terminal, 'Passphrase of the vault') })
  if (credentials === 'vault-new') await core.call('vault.create', { passphrase: await newPassphraseFrom(terminal, forNewVault) })
}

/** Asks for a passphrase; throws what `otherwise` makes where nobody can be asked, or nothing was typed. */
export async function passphraseFrom(terminal: Terminal, question: string, otherwise: () => Error = vaultLocked): Promise<string> {
  const typed = terminal.asks ? await terminal.askSecretly(question) : null
  if (typed === null || typed === '') throw otherwise()
  return typed
}
const vaultLocked = (): Error => new ProblemError({ code: 'vault-locked' })

/** Asks for a new passphrase twice, after saying what it is for. */
export async function newPassphraseFrom(terminal: Terminal, purpose: string, otherwise: () => Error = vaultLocked): Promise<string> {
  if (terminal.asks) terminal.say(purpose)
  for (;;) {
    const first = await passphraseFrom(terminal, 'New passphrase (8 characters or more)', otherwise)
    if (first.length >= 8 && first === (await passphraseFrom(terminal, 'The same again', otherwise))) return first
    terminal.say(first.length < 8 ? 'That is shorter than 8 characters.' : 'The two differ.')
  }
}

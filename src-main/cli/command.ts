import type { CallAnswer, CallInput, CallName } from '#contract/calls.ts'
import type { BackupFiles } from '../compose/backup.ts'
import type { EventListener, MailroomConsole } from '../console.ts'
import type { Log } from '../log/create-log.ts'
import type { ExitStatus } from '../model/exit-status.ts'
import type { Terminal } from './terminal.ts'

/** A flag as usage shows it; `value` names what follows it, a flag without one is a switch. */
export type Flag = { value?: string; repeatable?: boolean; help: string }

/** One command, such as `incoming fetch`. `arguments` is written as in usage; `takes` counts the positionals. */
export type Command = {
  name: string
  arguments: string
  takes: readonly [fewest: number, most: number]
  summary: string
  flags: Readonly<Record<string, Flag>>
  example: string
  /** Throws ProblemError. */
  run(asked: Asked, tools: Tools): Promise<ExitStatus>
}

/** What was typed, after the flags were checked. */
export type Asked = {
  positionals: readonly string[]
  /** The value of a flag; null where it was not given. */
  value(flag: string): string | null
  values(flag: string): readonly string[]
  has(flag: string): boolean
  json: boolean
}

/** An open core as a command uses it: calls throw ProblemError. */
export type Core = {
  call<Name extends CallName>(name: Name, input: CallInput<Name>): Promise<CallAnswer<Name>>
  subscribe(listener: EventListener): () => void
}

/** What a command may touch. The data folder is opened only when a command asks for it, and closed after it. */
export type Tools = {
  terminal: Terminal
  log: Log
  dataFolder: string
  env: Readonly<Record<string, string | undefined>>
  /** Calls `listener` at the first SIGINT or SIGTERM; a second one ends the process. Returns the function that takes it back. */
  onStop(listener: () => void): () => void
  withConsole<Result>(work: (core: Core) => Promise<Result>): Promise<Result>
  /** A core that only looks: no lock, no network, nothing written; with null it knows no data folder. */
  withOffline<Result>(dataFolder: string | null, work: (core: Pick<Core, 'call'>) => Promise<Result>): Promise<Result>
  /** What can be done with a backup file where no data folder is open. */
  openBackups(): Promise<BackupFiles>
  /** The whole core for a host that stays; whoever asks closes it. */
  openHost(needs: { dataFolder: string; demo: boolean; passphrase: string | null }): Promise<MailroomConsole>
}

import type { Command, Flag } from './command.ts'
import { commonFlags } from './parse-command.ts'

/** Help of one command: what it does, how it is written, its flags, an example. */
export function helpOf(command: Command): string {
  const flags = { ...command.flags, ...commonFlags }
  return [`${command.summary}`, '', `Usage: ${usageOf(command)}`, '', 'Flags:', ...Object.entries(flags).map(flagLine), '', `Example: ${command.example}`, ''].join('\n')
}

export const usageOf = (command: Command): string =>
  ['mailroom', command.name, command.arguments, ...Object.entries(command.flags).map(([name, flag]) => `[--${name}${flag.value === undefined ? '' : ` ${flag.value}`}]`)].filter((part) => part !== '').join(' ')

/** Help of a group of commands, or of all. */
export function helpOfAll(commands: readonly Command[], group: string): string {
  const width = Math.max(...commands.map((command) => command.name.length + command.arguments.length + 1))
  const rows = commands.map((command) => `  ${`${command.name} ${command.arguments}`.padEnd(width)}  ${command.summary}`)
  return [`Usage: mailroom ${group === '' ? 'COMMAND' : `${group} COMMAND`} [--data DIR] [--json] [--help]`, '', ...rows, '', `Example: ${commands[0]?.example ?? ''}`, `mailroom ${group === '' ? '' : `${group} `}COMMAND --help says more.`, ''].join('\n')
}

function flagLine([name, flag]: [string, Flag]): string {
  return `  ${`--${name}${flag.value === undefined ? '' : ` ${flag.value}`}`.padEnd(20)} ${flag.help}${flag.repeatable === true ? ' (may be repeated)' : ''}`
}

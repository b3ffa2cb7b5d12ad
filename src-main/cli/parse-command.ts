import { parseArgs } from 'node:util'
import { ProblemError } from '#contract/problem.ts'
import { nearestName } from '#contract/nearest-name.ts'
import type { Asked, Command, Flag } from './command.ts'

/** Flags that every command takes. */
export const commonFlags: Readonly<Record<string, Flag>> = {
  data: { value: 'DIR', help: 'the data folder (also MAILROOM_DATA)' },
  json: { help: 'machine-readable output on stdout' },
  help: { help: 'this text' }
}

/** Checks what was typed after the command's name. Throws ProblemError `invalid-input` with the nearest known flag. */
export function parseCommand(command: Pick<Command, 'name' | 'flags' | 'takes' | 'arguments'>, typed: readonly string[]): Asked {
  const flags = { ...command.flags, ...commonFlags }
  const options = Object.fromEntries(Object.entries(flags).map(([name, flag]) => [name, { type: flag.value === undefined ? ('boolean' as const) : ('string' as const), multiple: true }]))
  const { tokens } = parseArgs({ args: [...typed], options, strict: false, allowPositionals: true, tokens: true })
  const given = new Map<string, string[]>()
  const positionals: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value)
    if (token.kind !== 'option') continue
    const flag = Object.hasOwn(flags, token.name) && token.rawName.startsWith('--') ? flags[token.name] : undefined
    if (flag === undefined) throw usageFault(unknownFlag(token.rawName, token.name, Object.keys(flags)))
    if (flag.value === undefined && token.value !== undefined) throw usageFault(`${token.rawName} takes no value.`)
    if (flag.value !== undefined && (token.value === undefined || (!token.inlineValue && token.value.startsWith('--')))) throw usageFault(`${token.rawName} needs a value: ${token.rawName} ${flag.value}.`)
    if (given.has(token.name) && flag.value !== undefined && flag.repeatable !== true) throw usageFault(`${token.rawName} was given twice.`)
    given.set(token.name, [...(given.get(token.name) ?? []), token.value ?? ''])
  }
  if (!given.has('help')) checkCount(command, positionals)
  return {
    positionals,
    value: (flag) => given.get(flag)?.at(-1) ?? null,
    values: (flag) => given.get(flag) ?? [],
    has: (flag) => given.has(flag),
    json: given.has('json')
  }
}

/** A wrong way to ask, in words; leads to exit status 2 and a line on how to ask. */
export const usageFault = (message: string): ProblemError => new ProblemError({ code: 'invalid-input', issues: [{ path: '', message }] })

/** The value of a flag as a whole number within bounds. */
export function wholeNumber(flag: string, value: string | null, least: number, most: number): number | null {
  if (value === null) return null
  if (!/^\d{1,15}$/.test(value) || Number(value) < least || Number(value) > most) throw usageFault(`--${flag} needs a whole number from ${least} to ${most}; “${value.slice(0, 40)}” is none.`)
  return Number(value)
}

/** The value of a flag that takes one of these words; null where it was not given. */
export function oneOf<Word extends string>(flag: string, value: string | null, known: readonly Word[]): Word | null {
  if (value === null) return null
  const word = known.find((one) => one === value)
  if (word === undefined) throw usageFault(`“${value.slice(0, 40)}” does not go with --${flag}; name one of: ${known.join(', ')}.`)
  return word
}

/** The number that names one of `what`; `list` is the command that shows them. */
export function idNumber(typed: string, what: string, list: string): number {
  if (!/^\d{1,12}$/.test(typed)) throw usageFault(`“${typed.slice(0, 40)}” is no id of ${what}; mailroom ${list} names them.`)
  return Number(typed)
}

function unknownFlag(typed: string, name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known)
  return `${typed} is no flag of this command.${nearest === null ? '' : ` Did you mean --${nearest}?`}`
}

function checkCount({ name, takes: [fewest, most], arguments: shown }: Pick<Command, 'name' | 'takes' | 'arguments'>, positionals: readonly string[]): void {
  if (positionals.length < fewest) throw usageFault(`“${name}” needs ${shown}.`)
  if (positionals.length > most) throw usageFault(`“${positionals[most]?.slice(0, 80)}” is too much: ${most === 0 ? `“${name}” takes no arguments` : `“${name}” takes ${shown}`}.`)
}

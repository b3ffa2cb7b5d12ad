import { existsSync } from 'node:fs'
import { ProblemError, type Problem } from '#contract/problem.ts'
import { serverSaid, wordsOf } from '#contract/problem-words.ts'
import { logFolderIn, type Log } from '../log/create-log.ts'
import { newReference, reportProblem } from '../log/report-problem.ts'
import { exitStatusOf, type ExitStatus } from '../model/exit-status.ts'
import { nearestName } from '#contract/nearest-name.ts'
import { plain } from '../model/plain-line.ts'
import type { Command, Tools } from './command.ts'
import { allCommands, groups } from './commands.ts'
import { commonFlags, parseCommand, usageFault } from './parse-command.ts'
import { helpOf, helpOfAll, usageOf } from './usage.ts'

/** What the process gives to the command line; `toolsFor` is told the data folder that was asked for. */
export type CommandLineNeeds = { toolsFor: (dataFolder: string | null) => Tools; version: () => string }

/** Runs what was typed and returns the exit status. Never throws; problems go to stderr in words, with `--json` to stdout as well. */
export async function runCommandLine(written: readonly string[], { toolsFor, version }: CommandLineNeeds): Promise<ExitStatus> {
  const typed = written.map((word) => (word === '-h' ? '--help' : word))
  const words = typed.filter((word) => !word.startsWith('-'))
  let tools = toolsFor(null)
  let command: Command | null = null
  try {
    if (typed[0] === '--version') return await shown(tools, `${version()}\n`)
    const found = await findCommand(typed)
    if (typeof found === 'string') return await shown(tools, found)
    command = found.command
    const asked = parseCommand(command, found.rest)
    if (asked.has('help')) return await shown(tools, helpOf(command))
    if (asked.value('data') === '') throw usageFault('--data needs a folder.')
    tools = toolsFor(asked.value('data'))
    return await command.run(asked, tools)
  } catch (error) {
    return await explain(error, tools, { command, json: typed.includes('--json'), during: words.slice(0, 2).join(' ') })
  }
}

/** The command and what follows it, or the help text where a group or nothing was named. */
async function findCommand(typed: readonly string[]): Promise<{ command: Command; rest: readonly string[] } | string> {
  const { first, rest } = takeWord(typed)
  if (first === null || first === 'help') {
    if (first === null && typed.some((word) => word !== '--help')) throw usageFault(`“${typed[0]}” is no command. mailroom --help names them all.`)
    return helpOfAll(await allCommands(), '')
  }
  const load = Object.hasOwn(groups, first) ? groups[first] : undefined
  if (load === undefined) throw usageFault(unknown(first, Object.keys(groups), ''))
  const commands = await load()
  const own = commands.find((command) => command.name === first)
  if (own !== undefined) return { command: own, rest }
  const second = takeWord(rest)
  const wantsHelp = rest.some((word) => word === '--help')
  if (second.first === null && wantsHelp) return helpOfAll(commands, first)
  const names = commands.map((command) => command.name.slice(first.length + 1))
  if (second.first === null) throw usageFault(`“${first}” needs one of: ${names.join(', ')}.`)
  const command = commands.find(({ name }) => name === `${first} ${second.first}`)
  if (command === undefined) throw usageFault(unknown(second.first, names, `${first} `))
  return { command, rest: second.rest }
}

/** The first word that is no flag; `--data DIR` and `--json` may stand before it. */
function takeWord(typed: readonly string[]): { first: string | null; rest: readonly string[] } {
  for (let at = 0; at < typed.length; at++) {
    const word = typed[at] ?? ''
    if (!word.startsWith('-')) return { first: word, rest: [...typed.slice(0, at), ...typed.slice(at + 1)] }
    const flag = commonFlags[word.slice(2)]
    if (flag === undefined && !word.startsWith('--data=')) return { first: null, rest: typed }
    if (flag?.value !== undefined) at++
  }
  return { first: null, rest: typed }
}

function unknown(typed: string, known: readonly string[], group: string): string {
  const nearest = nearestName(typed, known)
  return `“${typed.slice(0, 80)}” is no command${group === '' ? '' : ` of ${group.trim()}`}. ${nearest === null ? `There are: ${known.join(', ')}.` : `Did you mean “${group}${nearest}”?`}`
}

async function shown({ terminal }: Tools, text: string): Promise<ExitStatus> {
  await terminal.write(text)
  return 0
}

type Circumstances = { command: Command | null; json: boolean; during: string }

async function explain(error: unknown, tools: Tools, { command, json, during }: Circumstances): Promise<ExitStatus> {
  const problem: Problem = error instanceof ProblemError ? error.problem : { code: 'unexpected', reference: newReference() }
  const { terminal } = tools
  if (problem.code === 'unexpected' && !(error instanceof ProblemError)) inLogFile(tools, (log) => reportProblem(log, problem.reference, `mailroom ${during}`, error, [], { told: true }))
  terminal.say(problemText(problem))
  if (problem.code === 'invalid-input' && problem.issues.every((issue) => issue.path === '')) terminal.say(command === null ? 'Usage: mailroom COMMAND [--data DIR] [--json] [--help]' : `Usage: ${usageOf(command)}`)
  const { title, advice } = wordsOf(problem)
  if (json) await terminal.write(`${JSON.stringify({ problem: { ...problem, title, advice } })}\n`)
  return exitStatusOf(problem.code)
}

/** The data folder may not have been opened, or be closed again: its log is written to nevertheless, but no folder is made for it. */
function inLogFile({ log, dataFolder }: Tools, write: (log: Log) => void): void {
  log.keepIn(existsSync(dataFolder) ? logFolderIn(dataFolder) : null)
  write(log)
  log.keepIn(null)
}

/** A problem for a person at a terminal: what is wrong, where, the server's own words, what to do. */
export function problemText(problem: Problem): string {
  const { title, advice } = wordsOf(problem)
  if (problem.code === 'invalid-input' && problem.issues.every((issue) => issue.path === '')) return `mailroom: ${plain(problem.issues.map((issue) => issue.message).join(' '))}`
  const said = serverSaid(problem)
  const issues = 'issues' in problem && problem.issues.length > 1 ? problem.issues.map((issue) => `  ${plain([issue.line === undefined ? '' : `line ${issue.line}`, issue.path, issue.message].filter((part) => part !== '').join(': '))}`) : []
  return [`mailroom: ${plain(title)}`, ...(said === null ? [] : [`  the server said: ${plain(said)}`]), ...issues, `  ${plain(advice)}`].join('\n')
}

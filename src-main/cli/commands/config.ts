import { randomBytes } from 'node:crypto'
import { rename, unlink, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { ProblemError, type InputIssue } from '#contract/problem.ts'
import type { ConfigurationDifference } from '#contract/calls.ts'
import type { ExitStatus } from '../../model/exit-status.ts'
import type { Asked, Command, Tools } from '../command.ts'
import { fileProblem, readBytes } from '../file-problem.ts'
import { print } from '../print.ts'
import { plain } from '../tables.ts'

/** `mailroom config …`: the configuration file. */
export const config: readonly Command[] = [
  { name: 'config validate', arguments: 'FILE', takes: [1, 1], flags: {}, summary: 'Checks a configuration file; needs neither network nor data folder.', example: 'mailroom config validate customer.yaml', run: validate },
  {
    name: 'config import', arguments: 'FILE', takes: [1, 1], summary: 'Takes a configuration file over, all of it or nothing.', example: 'mailroom config import customer.yaml --reason "new mail host"', run: take,
    flags: { replace: { help: 'also removes what the file does not name' }, reason: { value: 'TEXT', help: 'why; kept in the history' } }
  },
  { name: 'config export', arguments: '[FILE]', takes: [0, 1], flags: {}, summary: 'Writes the configuration, without secrets, to a file or stdout.', example: 'mailroom config export customer.yaml', run: save },
  { name: 'config diff', arguments: 'FILE', takes: [1, 1], flags: {}, summary: 'Compares a configuration file with this console.', example: 'mailroom config diff customer.yaml', run: diff }
]

async function readYaml(asked: Asked, tools: Tools): Promise<{ file: string; yaml: string }> {
  const file = asked.positionals[0] ?? ''
  return { file, yaml: (file === '-' ? await tools.terminal.readAll() : await readBytes(file)).toString('utf8') }
}

async function validate(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const { file, yaml } = await readYaml(asked, tools)
  const { issues, warnings } = await tools.withOffline(null, (core) => core.call('configuration.validate', { yaml }))
  await print(asked, tools, { file, valid: issues.length === 0, issues, warnings }, () => [...issues.map((issue) => placed(file, issue)), ...warnings.map((issue) => `${placed(file, issue)} (warning)`), `${file} is ${issues.length === 0 ? 'valid' : 'not valid'}.`, ''].join('\n'))
  return issues.length === 0 ? 0 : 2
}

async function diff(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const { file, yaml } = await readYaml(asked, tools)
  const { differences, issues } = await tools.withOffline(tools.dataFolder, (core) => core.call('configuration.diff', { yaml }))
  if (issues.length > 0) throw new ProblemError({ code: 'invalid-configuration', file, issues })
  await print(asked, tools, { file, differences }, () => (differences.length === 0 ? `${file} and this console are the same.\n` : differences.map(differenceText).join('')))
  return 0
}

function differenceText({ kind, what, name, fields }: ConfigurationDifference): string {
  const mark = kind === 'added' ? '+' : kind === 'removed' ? '-' : '~'
  return `${mark} ${what} ${plain(name)}\n${kind === 'changed' ? fields.map(({ field, here, there }) => `    ${field}: ${plain(here)} → ${plain(there)}\n`).join('') : ''}`
}

async function take(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const { file, yaml } = await readYaml(asked, tools)
  const fileName = file === '-' ? 'stdin' : resolve(file)
  const answer = await tools.withConsole((core) => core.call('configuration.import', { yaml, replace: asked.has('replace'), reason: asked.value('reason'), fileName })).catch((error: unknown) => {
    if (error instanceof ProblemError && error.problem.code === 'invalid-configuration') throw new ProblemError({ ...error.problem, file }, { cause: error })
    throw error
  })
  const { added, changed, removed, unchanged, warnings } = answer
  const rows = Object.entries({ added, changed, removed, unchanged }).filter(([, names]) => names.length > 0).map(([what, names]) => `${what}: ${plain(names.join(', '))}\n`)
  await print(asked, tools, answer, () => [...rows, ...warnings.map((issue) => `${placed(file, issue)} (warning)\n`)].join('') || 'Nothing had to be changed.\n')
  return 0
}

async function save(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const { yaml } = await tools.withConsole((core) => core.call('configuration.export', {}))
  const file = asked.positionals[0]
  if (file === undefined || file === '-') await print(asked, tools, { yaml }, () => yaml)
  else {
    await writeWhole(file, yaml)
    await print(asked, tools, { file }, () => `The configuration is in ${file}; no secret is in it.\n`)
  }
  return 0
}

/** The old file stays whole until the new one is on disk. */
async function writeWhole(file: string, text: string): Promise<void> {
  const beside = `${file}.${randomBytes(4).toString('hex')}.part`
  try {
    await writeFile(beside, text, { flag: 'wx', flush: true })
    await rename(beside, file)
  } catch (error) {
    await unlink(beside).catch(() => undefined)
    throw fileProblem(file, error)
  }
}

const placed = (file: string, { line, column, path, message }: InputIssue): string => plain(`${file}${line === undefined ? '' : `:${line}${column === undefined ? '' : `:${column}`}`}: ${path === '' ? '' : `${path}: `}${message}`)

import { randomBytes } from 'node:crypto'
import { rename, unlink, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { ProblemError, type InputIssue } from '#contract/problem.ts'
import type { CallAnswer, CallInput, ConfigurationDifference, SecretAsked } from '#contract/calls.ts'
import type { ExitStatus } from '../../model/exit-status.ts'
import { plain } from '../../model/plain-line.ts'
import type { Asked, Command, Core, Tools } from '../command.ts'
import { fileProblem, readInput } from '../file-problem.ts'
import { idNumber } from '../parse-command.ts'
import { print, printList } from '../print.ts'
import { when } from '../tables.ts'

/** `mailroom config …`: the configuration file. */
export const config: readonly Command[] = [
  { name: 'config validate', arguments: 'FILE', takes: [1, 1], flags: {}, summary: 'Checks a configuration file; needs neither network nor data folder.', example: 'mailroom config validate customer.yaml', run: validate },
  {
    name: 'config import', arguments: 'FILE', takes: [1, 1], summary: 'Takes a configuration file over, all of it or nothing.', example: 'mailroom config import customer.yaml --reason "new mail host"', run: take,
    flags: { replace: { help: 'also removes what the file does not name' }, reason: { value: 'TEXT', help: 'why; kept in the history' } }
  },
  {
    name: 'config export', arguments: '[FILE]', takes: [0, 1], summary: 'Writes the configuration, without secrets, to a file or stdout.', example: 'mailroom config export customer.yaml --ask', run: save,
    flags: { ask: { help: 'whoever imports the file is asked for each secret that is stored here' } }
  },
  { name: 'config diff', arguments: 'FILE', takes: [1, 1], flags: {}, summary: 'Compares a configuration file with this console.', example: 'mailroom config diff customer.yaml', run: diff },
  { name: 'config earlier', arguments: '[ID]', takes: [0, 1], flags: {}, summary: 'Lists the configurations from before each import, or prints one as a file.', example: 'mailroom config earlier 7', run: earlier },
  {
    name: 'config rollback', arguments: 'ID', takes: [1, 1], summary: 'Makes the configuration what it was before an import; secrets stay.', example: 'mailroom config rollback 7 --reason "wrong file"', run: rollback,
    flags: { reason: { value: 'TEXT', help: 'why; kept in the history' } }
  }
]

async function readYaml(asked: Asked, tools: Tools): Promise<{ file: string; yaml: string }> {
  const file = asked.positionals[0] ?? ''
  return { file, yaml: (await readInput(file, tools)).toString('utf8') }
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
  const order = { yaml, replace: asked.has('replace'), fileName: file === '-' ? 'stdin' : resolve(file) }
  const answer = await tools.withConsole(async (core) => core.call('configuration.import', { ...order, reason: asked.value('reason'), secrets: await typedSecrets(core, tools, order) })).catch((error: unknown) => {
    if (error instanceof ProblemError && error.problem.code === 'invalid-configuration') throw new ProblemError({ ...error.problem, file }, { cause: error })
    throw error
  })
  await print(asked, tools, answer, () => importText(answer, file))
  return 0
}

type Typed = NonNullable<CallInput<'configuration.import'>['secrets']>

/** Asks for each secret of the file whose source is `ask`, where a person is there; without one the import says what is missing. */
async function typedSecrets(core: Pick<Core, 'call'>, { terminal }: Tools, order: CallInput<'configuration.preview'>): Promise<Typed> {
  if (!terminal.asks) return []
  const asked = (await core.call('configuration.preview', order)).secrets.filter(({ source }) => source === 'ask')
  if (asked.length > 0) terminal.say(`The file asks for ${asked.length === 1 ? 'a secret' : `${asked.length} secrets`}. Enter alone leaves one out.`)
  const typed: Typed = []
  for (const one of asked) {
    const secret = await terminal.askSecretly(questionFor(one))
    if (secret !== null && secret !== '') typed.push({ server: one.server, purpose: one.purpose, secret })
  }
  return typed
}

const questionFor = ({ server, label, state }: SecretAsked): string => plain(`${label.slice(0, 1).toUpperCase()}${label.slice(1)} of ${server}${state === 'stored' ? ' (one is stored)' : ''}`)

function importText({ added, changed, removed, unchanged, warnings, earlier: id }: CallAnswer<'configuration.import'>, file: string): string {
  const rows = Object.entries({ added, changed, removed, unchanged }).filter(([, names]) => names.length > 0).map(([what, names]) => `${what}: ${plain(names.join(', '))}\n`)
  const isChanged = added.length + changed.length + removed.length > 0
  return [...rows, ...warnings.map((issue) => `${placed(file, issue)} (warning)\n`), isChanged ? `To take it back: mailroom config rollback ${id}\n` : ''].join('') || 'Nothing had to be changed.\n'
}

async function save(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const file = asked.positionals[0]
  const { yaml } = await tools.withConsole((core) => core.call('configuration.export', { ask: asked.has('ask') }))
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

async function earlier(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const [typed] = asked.positionals
  if (typed !== undefined) {
    const id = idOf(typed)
    const { yaml } = await tools.withConsole((core) => core.call('configuration.earlier-file', { id }))
    await print(asked, tools, { id, yaml }, () => yaml)
    return 0
  }
  const rows = await tools.withConsole((core) => core.call('configuration.earlier', {}))
  await printList(asked, tools, rows, ['id', 'until', 'by', 'before', 'servers'], (row) => [String(row.id), when(row.at), row.who, row.before, String(row.incoming + row.outgoing)], 'Nothing was imported yet.')
  return 0
}

const idOf = (typed: string): number => idNumber(typed, 'an earlier configuration', 'config earlier')

async function rollback(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const id = idOf(asked.positionals[0] ?? '')
  const answer = await tools.withConsole((core) => core.call('configuration.rollback', { id, reason: asked.value('reason') }))
  await print(asked, tools, answer, () => importText(answer, `configuration ${id}`))
  return 0
}

const placed = (file: string, { line, column, path, message }: InputIssue): string => plain(`${file}${line === undefined ? '' : `:${line}${column === undefined ? '' : `:${column}`}`}: ${path === '' ? '' : `${path}: `}${message}`)

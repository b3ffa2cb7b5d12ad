import { randomBytes } from 'node:crypto'
import { rename, unlink, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { ProblemError, type InputIssue } from '#contract/problem.ts'
import type { CallAnswer, CallInput, ConfigurationDifference, SecretAsked } from '#contract/calls.ts'
import type { ExitStatus } from '../../model/exit-status.ts'
import { plain } from '../../model/plain-line.ts'
import type { Asked, Command, Core, Tools } from '../command.ts'
import { decodeText } from '../decode-text.ts'
import { fileProblem, readInput } from '../file-problem.ts'
import { idNumber, oneOf, usageFault } from '../parse-command.ts'
import { print, printList } from '../print.ts'
import { when } from '../tables.ts'

const kindFlag = { kind: { value: 'KIND', help: 'incoming or outgoing: what the rows of a CSV file without a column kind are' } }

/** `mailroom config …`: the configuration file, as YAML, JSON, or CSV with a server a row. */
export const config: readonly Command[] = [
  { name: 'config validate', arguments: 'FILE', takes: [1, 1], flags: kindFlag, summary: 'Checks a configuration file; needs neither network nor data folder.', example: 'mailroom config validate customer.yaml', run: validate },
  {
    name: 'config import', arguments: 'FILE', takes: [1, 1], summary: 'Takes a configuration file over, all of it or nothing.', example: 'mailroom config import customer.yaml --reason "new mail host"', run: take,
    flags: { replace: { help: 'also removes what the file does not name' }, reason: { value: 'TEXT', help: 'why; kept in the history' }, ...kindFlag }
  },
  {
    name: 'config export', arguments: '[FILE]', takes: [0, 1], summary: 'Writes the configuration, without secrets, to a file or stdout.', example: 'mailroom config export customer.yaml --ask', run: save,
    flags: { ask: { help: 'whoever imports the file is asked for each secret that is stored here' }, csv: { help: 'the servers alone, as CSV with a server a row' } }
  },
  {
    name: 'config template', arguments: '[FILE]', takes: [0, 1], summary: 'Writes a file to begin with, an incoming and an outgoing server in it, to a file or stdout.', example: 'mailroom config template servers.csv --csv', run: template,
    flags: { csv: { help: 'as CSV with a server a row, to be filled in with a spreadsheet' } }
  },
  { name: 'config diff', arguments: 'FILE', takes: [1, 1], flags: kindFlag, summary: 'Compares a configuration file with this console.', example: 'mailroom config diff customer.yaml', run: diff },
  { name: 'config earlier', arguments: '[ID]', takes: [0, 1], flags: {}, summary: 'Lists the configurations from before each import, or prints one as a file.', example: 'mailroom config earlier 7', run: earlier },
  {
    name: 'config rollback', arguments: 'ID', takes: [1, 1], summary: 'Makes the configuration what it was before an import; secrets stay.', example: 'mailroom config rollback 7 --reason "wrong file"', run: rollback,
    flags: { reason: { value: 'TEXT', help: 'why; kept in the history' } }
  }
]

async function readYaml(asked: Asked, tools: Tools): Promise<{ file: string; given: { yaml: string; kind: 'incoming' | 'outgoing' | null } }> {
  const file = asked.positionals[0] ?? ''
  const kind = oneOf('kind', asked.value('kind'), ['incoming', 'outgoing'])
  return { file, given: { yaml: decodeText(await readInput(file, tools)), kind } }
}

async function validate(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const { file, given } = await readYaml(asked, tools)
  const { issues, warnings } = await tools.withOffline(null, (core) => core.call('configuration.validate', given))
  await print(asked, tools, { file, valid: issues.length === 0, issues, warnings }, () => [...issues.map((issue) => placed(file, issue)), ...warnings.map((issue) => `${placed(file, issue)} (warning)`), `${file} is ${issues.length === 0 ? 'valid' : 'not valid'}.`, ''].join('\n'))
  return issues.length === 0 ? 0 : 2
}

async function diff(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const { file, given } = await readYaml(asked, tools)
  const { differences, issues } = await tools.withOffline(tools.dataFolder, (core) => core.call('configuration.diff', given))
  if (issues.length > 0) throw new ProblemError({ code: 'invalid-configuration', file, issues })
  await print(asked, tools, { file, differences }, () => (differences.length === 0 ? `${file} and this console are the same.\n` : differences.map(differenceText).join('')))
  return 0
}

function differenceText({ kind, what, name, fields }: ConfigurationDifference): string {
  const mark = kind === 'added' ? '+' : kind === 'removed' ? '-' : '~'
  return `${mark} ${what} ${plain(name)}\n${kind === 'changed' ? fields.map(({ field, here, there }) => `    ${field}: ${plain(here)} → ${plain(there)}\n`).join('') : ''}`
}

async function take(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const { file, given } = await readYaml(asked, tools)
  const order = { ...given, replace: asked.has('replace'), fileName: file === '-' ? 'stdin' : resolve(file) }
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
  if (asked.has('csv') && asked.has('ask')) throw usageFault('--ask goes with the whole configuration; --csv writes the servers alone.')
  const text = await tools.withConsole(async (core) => (asked.has('csv') ? (await core.call('configuration.export-csv', {})).csv : (await core.call('configuration.export', { ask: asked.has('ask') })).yaml))
  return write(asked, tools, text, (file) => `${asked.has('csv') ? 'The servers are' : 'The configuration is'} in ${file}; no secret is in it.\n`)
}

async function template(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const { text } = await tools.withOffline(null, (core) => core.call('configuration.template', { csv: asked.has('csv') }))
  return write(asked, tools, text, (file) => `${file} is a file to begin with. Check it with: mailroom config validate ${file}\n`)
}

async function write(asked: Asked, tools: Tools, text: string, done: (file: string) => string): Promise<ExitStatus> {
  const file = asked.positionals[0]
  if (file === undefined || file === '-') await print(asked, tools, asked.has('csv') ? { csv: text } : { yaml: text }, () => text)
  else {
    await writeWhole(file, text)
    await print(asked, tools, { file }, () => done(file))
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

import { requestRights, type PeopleImport, type Person, type PersonDraft, type RequestRight } from '#contract/person.ts'
import { ProblemError } from '#contract/problem.ts'
import type { ExitStatus } from '../../model/exit-status.ts'
import { nearestName } from '#contract/nearest-name.ts'
import { plain } from '../../model/plain-line.ts'
import type { Asked, Command, Core, Flag, Tools } from '../command.ts'
import { decodeText } from '../decode-text.ts'
import { readInput } from '../file-problem.ts'
import { usageFault, wholeNumber } from '../parse-command.ts'
import { print, printList } from '../print.ts'
import { when } from '../tables.ts'
import { watchWork } from '../watch-work.ts'

const switches = (['user', 'analyst', 'sign-in'] as const).flatMap((name): [string, Flag][] => [[name, { help: meaning(name) }], [`no-${name}`, { help: `takes that away: ${meaning(name)}` }]])
function meaning(name: 'user' | 'analyst' | 'sign-in'): string {
  return name === 'user' ? 'is somebody who writes requests' : name === 'analyst' ? 'is somebody who works on requests' : 'e-mail commands of this person are carried out'
}

/** `mailroom people …`: who writes and answers requests. */
export const people: readonly Command[] = [
  {
    name: 'people list', arguments: '', takes: [0, 0], summary: 'Lists the people who are known, by name.', example: 'mailroom people list --query example.com', run: list,
    flags: { limit: { value: 'N', help: 'at most N; without it 50 in a table, all with --json' }, query: { value: 'TEXT', help: 'only those with this text in name or address' } }
  },
  {
    name: 'people import', arguments: 'FILE', takes: [1, 1], summary: 'Takes people over from a CSV file, matched by address; - is stdin.', example: 'mailroom people import staff.csv --try', run: take,
    flags: { try: { help: 'says what would be done and stores nothing' } }
  },
  {
    name: 'people set', arguments: 'ADDRESS', takes: [1, 1], summary: 'Adds a person, or changes what the flags name.', example: 'mailroom people set ann@example.com --name "Ann Lee" --analyst --sign-in --rights edit,close', run: set,
    flags: {
      name: { value: 'NAME', help: 'how the person is called' }, address: { value: 'ADDRESS', help: 'a new address' }, ...Object.fromEntries(switches),
      rights: { value: 'RIGHTS', help: `what e-mail commands may do: ${requestRights.join(', ')}, with commas; all or none` }, format: { value: 'FORMAT', help: 'html, plain, or default' }
    }
  },
  { name: 'people delete', arguments: 'ADDRESS', takes: [1, 1], flags: {}, summary: 'Deletes a person; requests stay.', example: 'mailroom people delete ann@example.com', run: remove }
]

async function list(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const limit = wholeNumber('limit', asked.value('limit'), 1, 100_000_000) ?? (asked.json ? Infinity : 50)
  const query = asked.value('query') ?? ''
  const { rows, total } = await tools.withConsole((core) => peopleOf(core, query, limit))
  await printList(asked, tools, rows, ['name', 'address', 'is', 'e-mail commands', 'format', 'since'], (row) => [row.name, row.address, rolesOf(row), rightsOf(row), row.format ?? 'default', when(row.createdAt)], query === '' ? 'Nobody is known yet. Import a file: mailroom people import staff.csv' : 'Nobody matches.')
  if (rows.length < total && !asked.json) tools.terminal.say(`${rows.length} of ${total} are shown; --limit N shows more.`)
  return 0
}

async function peopleOf(core: Core, query: string, limit: number, isEnough: (rows: readonly Person[]) => boolean = () => false): Promise<{ rows: Person[]; total: number }> {
  const rows: Person[] = []
  for (;;) {
    const page: Awaited<ReturnType<typeof pageOf>> = await pageOf(core, query, Math.min(500, limit - rows.length), rows.length)
    rows.push(...page.rows)
    if (page.next === null || rows.length >= limit || isEnough(page.rows)) return { rows, total: page.total }
  }
}
const pageOf = (core: Core, query: string, limit: number, offset: number) => core.call('people.list', { query, limit, offset })

async function personAt(core: Core, address: string): Promise<{ person: Person | null; near: string | null }> {
  const isIt = (one: Person): boolean => one.address.toLowerCase() === address.toLowerCase()
  const { rows } = await peopleOf(core, address.slice(0, 200), Infinity, (page) => page.some(isIt))
  const person = rows.find(isIt) ?? null
  return { person, near: person === null ? nearestName(address, (await pageOf(core, address.slice(0, 3), 500, 0)).rows.map((one) => one.address)) : null }
}

async function set(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const address = asked.positionals[0] ?? ''
  const wished = wishes(asked)
  const { saved, isNew } = await tools.withConsole(async (core) => {
    const { person } = await personAt(core, address)
    const draft: PersonDraft = person === null ? { name: '', address, user: true, analyst: false, signIn: false, rights: [], format: null } : draftOf(person)
    return { saved: await core.call('people.save', { id: person?.id ?? null, person: { ...draft, ...wished } }), isNew: person === null }
  })
  await print(asked, tools, saved, (one) => `${isNew ? 'Added' : 'Saved'}: ${personText(one)}\n`)
  return 0
}

const draftOf = ({ name, address, user, analyst, signIn, rights, format }: Person): PersonDraft => ({ name, address, user, analyst, signIn, rights, format })

/** What the flags ask for; checked before anything is opened. */
function wishes(asked: Asked): Partial<PersonDraft> {
  const one = (flag: string): boolean | undefined => {
    if (asked.has(flag) && asked.has(`no-${flag}`)) throw usageFault(`--${flag} and --no-${flag} exclude each other.`)
    return asked.has(flag) ? true : asked.has(`no-${flag}`) ? false : undefined
  }
  const given = { name: asked.value('name') ?? undefined, address: asked.value('address') ?? undefined, user: one('user'), analyst: one('analyst'), signIn: one('sign-in'), rights: rightsNamed(asked.value('rights')), format: formatNamed(asked.value('format')) }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

function rightsNamed(typed: string | null): RequestRight[] | undefined {
  if (typed === null) return undefined
  if (typed === 'all') return [...requestRights]
  const words = typed === 'none' ? [] : typed.split(/[\s,]+/).filter((word) => word !== '')
  const wrong = words.find((word) => !requestRights.some((right) => right === word))
  if (wrong !== undefined) throw usageFault(`“${wrong.slice(0, 40)}” is no right: --rights takes ${requestRights.join(', ')}, all or none.`)
  return requestRights.filter((right) => words.includes(right))
}

function formatNamed(typed: string | null): PersonDraft['format'] | undefined {
  if (typed === null) return undefined
  if (typed === 'html' || typed === 'plain') return typed
  if (typed !== 'default') throw usageFault('--format is html, plain or default.')
  return null
}

async function remove(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const address = asked.positionals[0] ?? ''
  const deleted = await tools.withConsole(async (core) => {
    const { person, near } = await personAt(core, address)
    if (person === null) throw new ProblemError({ code: 'not-found', what: 'person', name: address, nearest: near })
    await core.call('people.delete', { ids: [person.id] })
    return person
  })
  await print(asked, tools, deleted, (one) => `Deleted: ${personText(one)}\n`)
  return 0
}

/** Ends with 1 where rows were refused. */
async function take(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const file = asked.positionals[0] ?? ''
  const csv = decodeText(await readInput(file, tools))
  const tryOnly = asked.has('try')
  const work = (core: Core): Promise<PeopleImport> => watchWork(core, tools, (workId) => core.call('people.import', { csv, tryOnly, workId }))
  const answer = await tools.withConsole(work).catch((error: unknown) => {
    if (!(error instanceof ProblemError) || error.problem.code !== 'invalid-input') throw error
    const issues = error.problem.issues.map((issue) => ({ ...issue, path: '' }))
    throw new ProblemError({ code: 'invalid-configuration', file: file === '-' ? 'stdin' : file, issues }, { cause: error })
  })
  await print(asked, tools, answer, (done) => importText(file, done, tryOnly))
  return answer.refused > 0 ? 1 : 0
}

function importText(file: string, { added, changed, unchanged, refused, issues }: PeopleImport, tryOnly: boolean): string {
  const rows = issues.map(({ line, column, message }) => `${plain(file)}:${line}: ${column === '' ? '' : `${plain(column)}: `}${plain(message)}\n`).join('')
  const told = new Set(issues.map(({ line }) => line)).size
  const more = refused > told ? `… and ${refused - told} more rows.\n` : ''
  return `${rows}${more}${tryOnly ? 'Would be done: ' : ''}${added} added, ${changed} changed, ${unchanged} unchanged, ${refused} refused.\n`
}

const rolesOf = ({ user, analyst }: Person): string => [...(user ? ['user'] : []), ...(analyst ? ['analyst'] : [])].join(', ')
const rightsOf = ({ signIn, rights }: Person): string => (signIn ? ['yes', ...(rights.length === 0 ? [] : [`may ${rights.join(', ')}`])].join(', ') : 'no')
const personText = (person: Person): string => `${plain(person.name === '' ? person.address : `${person.name} <${person.address}>`)}, ${rolesOf(person) || 'neither user nor analyst'}, e-mail commands: ${rightsOf(person)}`

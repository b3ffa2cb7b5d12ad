import { historySubjects, type HistoryEntry, type HistoryVersion } from '#contract/history.ts'
import type { ExitStatus } from '../../model/exit-status.ts'
import { plain } from '../../model/plain-line.ts'
import type { Asked, Command, Tools } from '../command.ts'
import { idNumber, oneOf, wholeNumber } from '../parse-command.ts'
import { asksForAll, print, printList } from '../print.ts'
import { tableOf, when } from '../tables.ts'

/** `mailroom history …`: who changed what in the configuration, whether that is still as it was written, and back to an earlier version. */
export const history: readonly Command[] = [
  {
    name: 'history list', arguments: '', takes: [0, 0], summary: 'Lists the changes of the configuration, newest first.', example: 'mailroom history list --server it-support', run: list,
    flags: {
      server: { value: 'NAME', help: 'only changes of this server, under its earlier names too' }, what: { value: 'WHAT', help: `only changes of this: ${historySubjects.join(', ')}` },
      who: { value: 'NAME', help: 'only changes by this person' }, query: { value: 'TEXT', help: 'only changes that hold this text' }, limit: { value: 'N', help: 'no more than so many, 1 to 1000; without it 1000' }
    }
  },
  { name: 'history show', arguments: 'ID', takes: [1, 1], flags: {}, summary: 'Shows what an entry changed, and how its version differs from now.', example: 'mailroom history show 42', run: show },
  { name: 'history verify', arguments: '', takes: [0, 0], flags: {}, summary: 'Goes over all entries: whether each is as it was written and none is missing. Status 1 where not.', example: 'mailroom history verify', run: verify },
  { name: 'history restore', arguments: 'ID', takes: [1, 1], flags: { reason: { value: 'TEXT', help: 'why, for the history' } }, summary: 'Makes a server, a partition or the settings what an entry holds.', example: 'mailroom history restore 42 --reason "wrong host"', run: restore }
]

async function list(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const limit = wholeNumber('limit', asked.value('limit'), 1, 1000) ?? 1000
  const filter = { name: asked.value('server'), what: oneOf('what', asked.value('what')?.toLowerCase() ?? null, historySubjects), who: asked.value('who'), query: asked.value('query') ?? '' }
  const entries = await tools.withConsole((core) => core.call('history.list', { ...filter, limit }))
  await printList(asked, tools, entries, ['id', 'when', 'who', 'what', 'name', 'action', 'changes', 'reason'], (entry) => [
    String(entry.id), when(entry.at), entry.who, entry.what, entry.name, entry.action, inShort(entry.changes.map(({ field, from, to }) => `${field}: ${from} → ${to}`).join('; ')), entry.reason ?? ''
  ], asksForAll(filter) ? 'Nothing was changed yet.' : 'No change matches.')
  return 0
}

async function show(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const id = idOf(asked)
  const found = await tools.withConsole(async (core) => {
    const [entry] = await core.call('history.list', { before: id + 1, limit: 1 })
    // An entry that holds no version, or is not there, is told so by the version itself.
    return entry?.id === id && !entry.hasVersion ? { entry, version: null } : withEntry(await core.call('history.version', { id }))
  })
  await print(asked, tools, found, ({ entry, version }) => [entryText(entry), ...(version === null ? ['This entry holds no version to go back to.'] : versionLines(version)), ''].join('\n'))
  return 0
}

const withEntry = ({ entry, ...version }: HistoryVersion) => ({ entry, version })

/** What does not fit into a line is shown by `history show`. */
const inShort = (text: string): string => (text.length > 100 ? `${text.slice(0, 99)}…` : text)

const entryText = ({ id, at, who, what, name, action, changes, reason, hash }: HistoryEntry): string => {
  const facts = [`Entry ${id}: ${what} ${plain(name)} ${action} by ${plain(who)}, ${when(at)}`, ...(reason === null ? [] : [`Reason: ${plain(reason)}`]), `Hash: ${hash ?? 'none, from before there was a chain'}`]
  return [...facts, ...(changes.length === 0 ? [] : ['', tableOf(['field', 'before', 'after'], changes.map(({ field, from, to }) => [field, from, to]), 10_000).trimEnd()])].join('\n')
}

const versionLines = ({ isGone, differences, issues, warnings, canRestore }: Omit<HistoryVersion, 'entry'>): string[] => [
  '',
  ...(isGone ? ['It is not there any more; restoring adds it again.'] : differences.length === 0 ? ['It is like that now.'] : ['Restoring this version would change:', tableOf(['field', 'now', 'then'], differences.map(({ field, now, then }) => [field, now, then]), 10_000).trimEnd()]),
  ...issues.map(({ path, message }) => plain(path === '' ? message : `${path}: ${message}`)),
  ...warnings.map(plain),
  ...(differences.length > 0 && !canRestore ? ['It cannot be restored now.'] : [])
]

async function verify(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const proof = await tools.withConsole((core) => core.call('history.verify', {}))
  const { isIntact, entries, unchained, head, broken } = proof
  await print(asked, tools, proof, () =>
    [
      isIntact ? `The history is as it was written: ${entries} ${entries === 1 ? 'entry' : 'entries'}${unchained === 0 ? '' : `, ${unchained} of them from before there was a chain`}.` : `The history is not as it was written${broken?.id === null || broken === null ? '' : `, from entry ${broken.id} on`}: ${broken?.reason ?? ''}.`,
      ...(head === null ? [] : [`Head: ${head}`]), ''
    ].join('\n')
  )
  return isIntact ? 0 : 1
}

async function restore(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const id = idOf(asked)
  const { warnings } = await tools.withConsole((core) => core.call('history.restore', { id, reason: asked.value('reason') }))
  for (const warning of warnings) tools.terminal.say(plain(warning))
  await print(asked, tools, { id, restored: true, warnings }, () => `Version ${id} is in place.\n`)
  return 0
}

const idOf = (asked: Asked): number => idNumber(asked.positionals[0] ?? '', 'an entry', 'history list')

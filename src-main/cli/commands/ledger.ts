import { ledgerOutcomes, type Difference, type LedgerRow, type Reconciliation } from '#contract/ledger.ts'
import { worstOf, type ExitStatus } from '../../model/exit-status.ts'
import { plain } from '../../model/plain-line.ts'
import type { Asked, Command, Core, Tools } from '../command.ts'
import { oneOf, usageFault } from '../parse-command.ts'
import { print, printList } from '../print.ts'
import { readPages } from '../read-pages.ts'
import { when } from '../tables.ts'
import { watchWork } from '../watch-work.ts'

/** `mailroom ledger …`: what became of every mail, and whether the server agrees. */
export const ledger: readonly Command[] = [
  {
    name: 'ledger list', arguments: '[SERVER]', takes: [0, 1], summary: 'Lists mail ever seen on a server with what became of it, newest first.', example: 'mailroom ledger list it-support --outcome dropped --limit 50', run: list,
    flags: {
      outcome: { value: 'OUTCOME', help: `only this outcome: ${ledgerOutcomes.join(', ')}` }, limit: { value: 'N', help: 'at most so many; 100 where it is left out' },
      query: { value: 'TEXT', help: 'only mail with this text in subject or sender, or this request, id or Message-ID' }
    }
  },
  {
    name: 'ledger reconcile', arguments: '[NAME]', takes: [0, 1], summary: 'Holds a mailbox against the ledger and says whether anything is lost. Ends with 1 where something differs, 3 where a server cannot be reached.', example: 'mailroom ledger reconcile it-support', run: reconcile,
    flags: { all: { help: 'every server that is ready' } }
  },
  { name: 'ledger take-again', arguments: 'NAME ID…', takes: [2, 10_001], flags: {}, summary: 'Marks mails on the server as unread, so that the next round takes them.', example: 'mailroom ledger take-again it-support 4711 4712', run: takeAgain }
]

const usualLimit = 100

async function list(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const filter = { server: asked.positionals[0] ?? null, outcome: oneOf('outcome', asked.value('outcome'), ledgerOutcomes), query: asked.value('query') ?? '' }
  const most = limitOf(asked.value('limit'))
  const { rows, total } = await tools.withConsole((core) => readPages((part) => core.call('ledger.list', { ...filter, ...part }), most))
  await printList(asked, tools, rows, ['id', 'when', 'server', 'outcome', 'subject', 'from', 'became'], (row) => [String(row.id), when(row.at), row.server, row.outcome, row.subject ?? '', row.from ?? '', becameOf(row)], 'The ledger holds no such mail.')
  if (!asked.json && rows.length < total) tools.terminal.say(`${rows.length} of ${total} are shown; --limit shows more.`)
  return 0
}

function limitOf(typed: string | null): number {
  if (typed === null) return usualLimit
  if (!/^[1-9]\d{0,6}$/.test(typed)) throw usageFault(`“${typed.slice(0, 40)}” is no number of mails.`)
  return Number(typed)
}

function becameOf({ request, error, reason, isFinished }: LedgerRow): string {
  const became = error !== null ? `error ${error}` : request !== null ? `request ${request}` : plain(reason ?? '')
  return isFinished ? became : `${became} (to be finished on the server)`.trim()
}

async function reconcile(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const [name] = asked.positionals
  if ((name === undefined) !== asked.has('all')) throw usageFault('“ledger reconcile” needs NAME or --all.')
  return tools.withConsole(async (core) => {
    const names = name === undefined ? await readyNames(core) : [name]
    if (names.length === 0) tools.terminal.say('No server is ready to be reconciled.')
    const statuses: ExitStatus[] = []
    for (const one of names) {
      const found = await watchWork(core, tools, (workId) => core.call('ledger.reconcile', { name: one, workId }))
      await print(asked, tools, found, textOf)
      statuses.push(statusOf[found.verdict])
    }
    return worstOf(statuses)
  })
}

const statusOf: Record<Reconciliation['verdict'], ExitStatus> = { 'nothing-lost': 0, differs: 1, 'not-reachable': 3 }
const verdictOf: Record<Reconciliation['verdict'], string> = { 'nothing-lost': 'nothing lost', differs: 'server and ledger differ', 'not-reachable': 'cannot be reached' }

async function readyNames(core: Core): Promise<string[]> {
  return (await core.call('incoming.list', {})).filter(({ issues }) => issues.length === 0).map(({ server }) => server.name)
}

function textOf({ server, verdict, problem, onServer, inLedger, differences }: Reconciliation): string {
  if (problem !== null) return `${plain(server)}: ${verdictOf[verdict]}. ${plain(problem.title)}\n`
  const folder = onServer.errorFolder === null ? '' : `; error folder ${onServer.errorFolder}`
  const ledgerSide = inLedger.length === 0 ? 'nothing' : inLedger.map(({ outcome, count }) => `${outcome} ${count}`).join(', ')
  return `${plain(server)}: ${verdictOf[verdict]}\n  on the server: inbox ${onServer.inbox}, of them ${onServer.known} in the ledger, ${onServer.unread} unread${folder}\n  in the ledger: ${ledgerSide}\n${differences.map(differenceText).join('')}`
}

const mostShown = 10
function differenceText({ isLoss, count, title, remedy, messages }: Difference): string {
  const lines = messages.slice(0, mostShown).map(({ id, subject, from, receivedAt }) => `      ${id === null ? '' : `${plain(id)}  `}${when(receivedAt)}  ${plain(from) || 'unknown sender'}: ${plain(subject) || '(no subject)'}\n`)
  const more = messages.length > 0 && count > lines.length ? `      and ${count - lines.length} more; --json names up to ${messages.length}\n` : ''
  return `  ${isLoss ? '!' : '·'} ${plain(title)}\n    ${plain(remedy)}\n${lines.join('')}${more}`
}

async function takeAgain(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const [name = '', ...ids] = asked.positionals
  const { marked } = await tools.withConsole((core) => watchWork(core, tools, (workId) => core.call('ledger.take-again', { name, ids, workId })))
  const left = new Set(ids).size - marked
  await print(asked, tools, { server: name, marked, left }, () => `${name}: ${marked} marked as unread for the next round${left === 0 ? '' : `, ${left} left alone: gone, or in the ledger already`}\n`)
  return left > 0 ? 1 : 0
}

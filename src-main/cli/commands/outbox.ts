import { outboxStates, type OutboxDetail, type OutboxRow } from '#contract/outbox.ts'
import { counted, wordsOf } from '#contract/problem-words.ts'
import type { ExitStatus } from '../../model/exit-status.ts'
import { plain, plainLines } from '../../model/plain-line.ts'
import type { Asked, Command, Tools } from '../command.ts'
import { idNumber, oneOf, usageFault, wholeNumber } from '../parse-command.ts'
import { asksForAll, print, printList } from '../print.ts'
import { readPages } from '../read-pages.ts'
import { when } from '../tables.ts'

const state = { value: 'STATE', help: `only mail that is ${outboxStates.join(', ')}` }

/** `mailroom outbox …`: mail that goes out by itself. */
export const outbox: readonly Command[] = [
  {
    name: 'outbox list', arguments: '', takes: [0, 0], summary: 'Lists mail that is not sent, oldest first, or all in a state.', example: 'mailroom outbox list --state refused --server main', run: list,
    flags: { state, server: { value: 'NAME', help: 'only mail of this outgoing server' }, query: { value: 'TEXT', help: 'only mail with this text in recipient, subject or Message-ID' }, limit: { value: 'N', help: 'the newest N at most; without it 1000' } }
  },
  { name: 'outbox show', arguments: 'ID', takes: [1, 1], flags: {}, summary: 'Shows one mail with its text and each try.', example: 'mailroom outbox show 7', run: show },
  { name: 'outbox cancel', arguments: '[ID…]', takes: [0, 100_000], flags: { state }, summary: 'Takes mail out before it is sent, or off the list afterwards.', example: 'mailroom outbox cancel --state held', run: cancel },
  { name: 'outbox send-again', arguments: 'ID…', takes: [1, 100_000], flags: {}, summary: 'Tries mail again, also what was refused, or is uncertain and may then arrive twice.', example: 'mailroom outbox send-again 7 8', run: sendAgain },
  { name: 'outbox arrived', arguments: 'ID…', takes: [1, 100_000], flags: {}, summary: 'Settles uncertain mail of which you know that it arrived.', example: 'mailroom outbox arrived 7', run: arrived },
  { name: 'outbox flush', arguments: '', takes: [0, 0], flags: {}, summary: 'Tries to send everything that waits, now.', example: 'mailroom outbox flush', run: flush }
]

async function list(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const filter = { state: oneOf('state', asked.value('state'), outboxStates), server: asked.value('server'), query: asked.value('query') ?? '' }
  const limit = wholeNumber('limit', asked.value('limit'), 1, 1_000_000) ?? 1_000
  const { rows, total } = await tools.withConsole((core) => readPages((part) => core.call('outbox.list', { ...filter, ...part }), limit))
  await printList(asked, tools, rows.toReversed(), ['id', 'state', 'to', 'subject', 'request', 'server', 'tries', 'next try', 'trouble'], cells, asksForAll(filter) ? 'Nothing waits to be sent.' : 'No mail matches.')
  if (rows.length < total && !asked.json) tools.terminal.say(`The newest ${rows.length} of ${total} are shown; --limit N shows more.`)
  return 0
}

const cells = (row: OutboxRow): string[] => [
  String(row.id), row.state, row.to, row.subject, row.request === null ? '' : String(row.request), row.server ?? '', String(row.tries), when(row.nextTryAt), row.problem === null ? '' : wordsOf(row.problem).title
]

async function show(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const [id = 0] = idsOf(asked)
  await print(asked, tools, await tools.withConsole((core) => core.call('outbox.show', { id })), detailText)
  return 0
}

function detailText(mail: OutboxDetail): string {
  const sent = mail.sentAt === null ? '' : `, ${when(mail.sentAt)}: ${plain(mail.serverSaid)}`
  const head = `Mail ${mail.id}: ${plain(mail.subject)}\n${mail.state}${sent}, to ${plain(mail.to)}, ${mail.server === null ? 'not tried yet' : `through ${plain(mail.server)}${mail.through === 'alternate' ? ' (alternate)' : ''}`}, written ${when(mail.createdAt)}\nMessage-ID ${plain(mail.messageId)}\n`
  const next = mail.nextTryAt === null ? '' : `next try ${when(mail.nextTryAt)}\n`
  const tries = mail.attempts.map(({ at, server, through, problem }) => `  ${when(at)} ${plain(server)}${through === 'alternate' ? ' (alternate)' : ''}: ${problem === null ? 'taken' : `${wordsOf(problem).title}${'serverSaid' in problem && problem.serverSaid !== '' ? ` ${plain(problem.serverSaid)}` : ''}`}\n`).join('')
  return `${head}${next}${tries === '' ? '' : `Tries:\n${tries}`}\n${plainLines(mail.text)}\n`
}

async function cancel(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const wanted = oneOf('state', asked.value('state'), outboxStates)
  const ids = asked.positionals.length === 0 ? null : idsOf(asked)
  if (ids === null && wanted === null) throw usageFault('Name the mail to be taken out, or a --state.')
  const done = await tools.withConsole((core) => core.call('outbox.cancel', { ids, state: wanted }))
  if (ids !== null) sayWhatIsLeft(tools, ids.length - done.cancelled - done.tooLate, 'it is not in the outbox')
  await print(asked, tools, done, ({ cancelled, tooLate }) => `${counted(cancelled, 'mail')} taken out.${tooLate === 0 ? '' : ` ${counted(tooLate, 'mail')} under way just now.`}\n`)
  return done.tooLate > 0 || (ids !== null && done.cancelled < ids.length) ? 1 : 0
}

async function sendAgain(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const ids = idsOf(asked)
  const done = await tools.withConsole((core) => core.call('outbox.send-again', { ids }))
  sayWhatIsLeft(tools, ids.length - done.waiting, 'it is not in the outbox, under way, or sent')
  await print(asked, tools, done, ({ waiting }) => `${counted(waiting, 'mail')} will be tried now.\n`)
  return done.waiting < ids.length ? 1 : 0
}

async function arrived(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const ids = idsOf(asked)
  const done = await tools.withConsole((core) => core.call('outbox.arrived', { ids }))
  sayWhatIsLeft(tools, ids.length - done.settled, 'it is not in the outbox, or not uncertain')
  await print(asked, tools, done, ({ settled }) => `${counted(settled, 'mail')} settled.\n`)
  return done.settled < ids.length ? 1 : 0
}

/** Of mail that was named and about which nothing was done. */
const sayWhatIsLeft = ({ terminal }: Pick<Tools, 'terminal'>, left: number, why: string): void => {
  if (left > 0) terminal.say(`${counted(left, 'mail')} left as before: ${left === 1 ? why : why.replace('it is', 'they are')}. How a mail stands: mailroom outbox show ID`)
}

const idsOf = (asked: Asked): number[] => [...new Set(asked.positionals.map((typed) => idNumber(typed, 'an outbox mail', 'outbox list')))]

async function flush(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const { tried, sent, refused, left } = await tools.withConsole((core) => core.call('outbox.flush', {}))
  await print(asked, tools, { tried, sent, refused, waiting: left }, (counts) => `${counts.tried} tried, ${counts.sent} sent, ${counts.waiting} still waiting${refused === 0 ? '' : `, ${refused} refused`}.${left + refused === 0 ? '' : ' What holds them up: mailroom outbox list'}\n`)
  return left + refused === 0 ? 0 : 1
}

import type { ExitStatus } from '../../model/exit-status.ts'
import { counted, wordsOf } from '#contract/problem-words.ts'
import type { ConsoleStatus } from '#contract/status.ts'
import { plain } from '../../model/plain-line.ts'
import { lookThrough } from '../ask-serving-process.ts'
import type { Asked, Command, Tools } from '../command.ts'
import { print } from '../print.ts'
import { tableOf, when } from '../tables.ts'

/** `mailroom status`: everything at one glance. */
export const status: readonly Command[] = [
  { name: 'status', arguments: '', takes: [0, 0], flags: {}, summary: 'Shows the health of every server, the queues, and the last and next fetch.', example: 'mailroom status', run }
]

async function run(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const found = await lookThrough(tools, (core) => core.call('status.get', {}))
  await print(asked, tools, found, (seen) => statusText(seen, tools.terminal.shows ? tools.terminal.width : 10_000))
  return 0
}

function statusText({ version, dataFolder, queues, listening, incoming, outgoing }: ConsoleStatus, width: number): string {
  const fetched = incoming.map((server) => [server.name, server.draft ? 'draft' : server.fetching, when(server.lastFetch), when(server.nextFetch), String(server.errors), healthOf(server)])
  const sent = outgoing.map((server) => [server.default ? `${server.name} (default)` : server.name, server.draft ? 'draft' : server.blocked ? 'blocked' : signInWords(server.signIn) ?? (server.delayedUntil !== null ? `delayed until ${when(server.delayedUntil)}` : server.throughAlternate === null ? 'ready' : `on alternate ${server.throughAlternate}`), when(server.lastTest?.at ?? null), server.lastTest?.verdict ?? '–'])
  return [
    `Mailroom ${version}, data in ${dataFolder}`, `${counted(queues.requests, 'request')}, ${counted(queues.errors, 'mail')} in error, ${counted(queues.notices, 'unread notice')}${listening === 0 ? '' : `, listening to ${listening} mailbox${listening === 1 ? '' : 'es'}`}`, ...waitingWords(queues), '',
    fetched.length === 0 ? 'There is no incoming server yet.\n' : tableOf(['incoming', 'state', 'last fetch', 'next fetch', 'errors', 'health'], fetched, width),
    sent.length === 0 ? 'There is no outgoing server yet.\n' : tableOf(['outgoing', 'state', 'last test', 'result'], sent, width),
    [...incoming, ...outgoing].flatMap(({ name, advice }) => advice.filter(({ severity }) => severity !== 'note').map(({ title, date, source }) => `${name}: ${title}${date === null ? '' : `, ${date}`} (${source})\n`)).join('')
  ].join('\n').replace(/\n+$/, '\n')
}

/** What has not gone out yet, with the commands that say why; nothing where all has. */
function waitingWords({ outbox, handOver: { waiting, refused } }: ConsoleStatus['queues']): string[] {
  const mail = outbox === 0 ? [] : [`${counted(outbox, 'mail')} to be sent (mailroom outbox list)`]
  const handedOver = waiting + refused === 0 ? [] : [`to help desks: ${waiting} waiting, ${refused} refused (mailroom hand-over list)`]
  return mail.length + handedOver.length === 0 ? [] : [[...mail, ...handedOver].join(', ')]
}

function healthOf({ problem, delayedUntil, signIn }: ConsoleStatus['incoming'][number]): string {
  if (delayedUntil !== null) return `delayed by the provider until ${when(delayedUntil)}`
  return problem !== null ? plain(wordsOf(problem).title) : (signInWords(signIn) ?? 'well')
}

const signInWords = (state: ConsoleStatus['incoming'][number]['signIn']): string | null => (state === 'never' ? 'nobody signed in yet' : state === 'refused' ? 'sign in again' : null)

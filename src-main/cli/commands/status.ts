import type { ExitStatus } from '../../model/exit-status.ts'
import { wordsOf } from '#contract/problem-words.ts'
import type { Asked, Command, Core, Tools } from '../command.ts'
import { print } from '../print.ts'
import { plain, tableOf, when } from '../tables.ts'

/** `mailroom status`: everything at one glance. */
export const status: readonly Command[] = [
  { name: 'status', arguments: '', takes: [0, 0], flags: {}, summary: 'Shows the health of every server, the queues, and the last and next fetch.', example: 'mailroom status', run }
]

async function run(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const found = await tools.withConsole(lookAround)
  await print(asked, tools, found, (seen) => statusText(seen, tools.terminal.shows ? tools.terminal.width : 10_000))
  return 0
}

async function lookAround(core: Core) {
  const [state, incoming, outgoing, requests, errors, { unread }] = [
    await core.call('console.state', {}), await core.call('incoming.list', {}), await core.call('outgoing.list', {}), await core.call('requests.list', { limit: 1 }), await core.call('errors.list', { limit: 1 }), await core.call('notices.list', {})
  ]
  return {
    version: state.version, dataFolder: state.dataFolder, credentials: state.credentials,
    queues: { requests: requests.total, errors: errors.total, notices: unread },
    incoming: incoming.map(({ server, issues, state: now, errorCount, hasSecret }) => ({
      name: server.name, enabled: server.enabled, draft: issues.length > 0, hasSecret, fetching: now.fetching, lastFetch: now.lastRound?.startedAt ?? null, lastSuccess: now.lastSuccessAt, nextFetch: now.nextRoundAt,
      failuresInARow: now.failuresInARow, failingSince: now.failingSince, stuckSince: now.stuckSince, errors: errorCount, problem: now.problem
    })),
    outgoing: outgoing.map(({ server, issues, isDefault, onAlternateSince, lastTest, hasSecret }) => ({
      name: server.name, default: isDefault, draft: issues.length > 0, blocked: server.block, hasSecret, onAlternateSince, lastTest: lastTest === null ? null : { verdict: lastTest.verdict, at: lastTest.at, code: lastTest.problem?.code ?? null }
    }))
  }
}

type Seen = Awaited<ReturnType<typeof lookAround>>

function statusText({ version, dataFolder, queues, incoming, outgoing }: Seen, width: number): string {
  const fetched = incoming.map((server) => [server.name, server.draft ? 'draft' : server.fetching, when(server.lastFetch), when(server.nextFetch), String(server.errors), server.problem === null ? 'well' : plain(wordsOf(server.problem).title)])
  const sent = outgoing.map((server) => [server.default ? `${server.name} (default)` : server.name, server.draft ? 'draft' : server.blocked ? 'blocked' : server.onAlternateSince === null ? 'ready' : 'on alternate', when(server.lastTest?.at ?? null), server.lastTest?.verdict ?? '–'])
  return [
    `Mailroom ${version}, data in ${dataFolder}`, `${queues.requests} requests, ${queues.errors} mails in error, ${queues.notices} unread notices`, '',
    fetched.length === 0 ? 'There is no incoming server yet.\n' : tableOf(['incoming', 'state', 'last fetch', 'next fetch', 'errors', 'health'], fetched, width),
    sent.length === 0 ? 'There is no outgoing server yet.\n' : tableOf(['outgoing', 'state', 'last test', 'result'], sent, width)
  ].join('\n')
}

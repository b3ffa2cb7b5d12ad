import type { IncomingServerView, RoundResult } from '#contract/incoming-server.ts'
import { wordsOf } from '#contract/problem-words.ts'
import { exitStatusOf, worstOf, type ExitStatus } from '../../model/exit-status.ts'
import { plain, plainLines } from '../../model/plain-line.ts'
import type { Asked, Command, Tools } from '../command.ts'
import { newWorkId } from '../open-core.ts'
import { usageFault } from '../parse-command.ts'
import { print, printList } from '../print.ts'
import { printTest } from '../print-test.ts'
import { roundTripCommand } from '../round-trip-command.ts'
import { setIncoming } from '../set-command.ts'
import { signInCommand } from '../sign-in-command.ts'
import { when } from '../tables.ts'
import { placeOf } from '../place-of-server.ts'
import { watchWork } from '../watch-work.ts'
import { transcriptFlag, withTranscript } from '../with-transcript.ts'

const oneServer = { arguments: 'NAME', takes: [1, 1], flags: {} } as const
const nameOf = (asked: Asked): string => asked.positionals[0] ?? ''

/** `mailroom incoming …`: the incoming mail servers. */
export const incoming: readonly Command[] = [
  { name: 'incoming list', arguments: '', takes: [0, 0], flags: {}, summary: 'Lists the incoming servers with their state.', example: 'mailroom incoming list --json', run: list },
  { ...oneServer, flags: transcriptFlag, name: 'incoming test', summary: 'Tests an incoming server step by step and shows a sample message.', example: 'mailroom incoming test it-support', run: test },
  { ...oneServer, name: 'incoming sample', summary: 'Shows the oldest message of the mailbox and leaves it as it is.', example: 'mailroom incoming sample it-support', run: sample },
  { name: 'incoming fetch', arguments: '[NAME]', takes: [0, 1], flags: { all: { help: 'every server that is ready' }, ...transcriptFlag }, summary: 'Runs one round now and prints the counts by outcome.', example: 'mailroom incoming fetch --all --json', run: fetch },
  { ...oneServer, name: 'incoming start', summary: 'Switches scheduled fetching on.', example: 'mailroom incoming start it-support', run: (asked, tools) => toggle(asked, tools, 'incoming.start') },
  { ...oneServer, name: 'incoming stop', summary: 'Switches scheduled fetching off.', example: 'mailroom incoming stop it-support', run: (asked, tools) => toggle(asked, tools, 'incoming.stop') },
  setIncoming,
  signInCommand('incoming'),
  roundTripCommand
]

async function list(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const views = await tools.withConsole((core) => core.call('incoming.list', {}))
  const cells = (row: ReturnType<typeof rowOf>): string[] => [row.name, row.protocol, row.endpoint ?? `${row.host}:${row.port}`, row.partition, row.draft ? 'draft' : row.fetching, when(row.lastFetch), String(row.errors)]
  await printList(asked, tools, views.map(rowOf), ['name', 'protocol', 'server', 'partition', 'state', 'last fetch', 'errors'], cells, 'There is no incoming server yet. Add one in the console, or import a configuration file: mailroom config import FILE')
  return 0
}

function rowOf({ server, issues, hasSecret, signIn, advice, state, errorCount, lastTest }: IncomingServerView) {
  const { name, partition, protocol, enabled } = server
  return {
    name, partition, protocol, ...placeOf(server), enabled, draft: issues.length > 0, issues, hasSecret, fetching: state.fetching, lastFetch: state.lastRound?.startedAt ?? null, nextFetch: state.nextRoundAt,
    signIn: signIn?.state ?? null, advice: advice.map(({ code, severity, date, title }) => ({ code, severity, date, title })), delayedUntil: state.delayedUntil, failuresInARow: state.failuresInARow, problem: state.problem, errors: errorCount, lastTest: lastTest === null ? null : { verdict: lastTest.verdict, at: lastTest.at, failedAt: lastTest.failedAt, code: lastTest.problem?.code ?? null }
  }
}

function test(asked: Asked, tools: Tools): Promise<ExitStatus> {
  return tools.withConsole((core) => withTranscript(asked, tools, core, { kind: 'incoming', name: nameOf(asked) }, () => printTest(asked, tools, core, (workId) => core.call('incoming.test', { name: nameOf(asked), workId }))))
}

async function sample(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const mail = await tools.withConsole((core) => core.call('incoming.sample', { name: nameOf(asked), workId: newWorkId() }))
  await print(asked, tools, mail, (found) => (found === null ? 'The mailbox is empty.\n' : `From:    ${plain(found.from)}\nSubject: ${plain(found.subject)}\nDate:    ${when(found.date)}\n\n${plainLines(found.text)}\n`))
  return 0
}

async function fetch(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const name = asked.positionals[0]
  if ((name === undefined) === !asked.has('all')) throw usageFault('Name one server, or ask for --all.')
  const transcript = asked.has('transcript')
  if (name === undefined && transcript) throw usageFault('--transcript shows one server: name it.')
  const results = await tools.withConsole((core) =>
    withTranscript(asked, tools, core, { kind: 'incoming', name: name ?? '' }, () => watchWork(core, tools, async (workId) => (name === undefined ? core.call('incoming.fetch-all', { workId }) : [await core.call('incoming.fetch', { name, transcript, workId })])))
  )
  if (results.length === 0) tools.terminal.say('No incoming server is ready to be fetched. Look at: mailroom incoming list')
  for (const result of results) await tools.terminal.write(asked.json ? `${JSON.stringify(roundObject(result))}\n` : roundText(result))
  return worstOf(results.map(statusOf))
}

function roundObject({ server, fetched, requests, replies, commands, dropped, errors, seconds, problem }: RoundResult) {
  const counts = { server, fetched, requests, replies, commands, dropped, errors, seconds: Math.round(seconds * 100) / 100 }
  return problem === null ? counts : { ...counts, problem: { ...problem, title: wordsOf(problem).title, remedy: wordsOf(problem).advice } }
}

function roundText(result: RoundResult): string {
  const { server, fetched, requests, replies, commands, dropped, errors, problem } = result
  const counts = `${server}: ${fetched} fetched, ${requests} requests, ${replies} replies, ${commands} commands, ${dropped} dropped, ${errors} errors in ${result.seconds.toFixed(2)} s\n`
  return problem === null ? counts : `${counts}  ${plain(wordsOf(problem).title)}\n  ${plain(wordsOf(problem).advice)}\n`
}

const statusOf = ({ problem, errors }: RoundResult): ExitStatus => (problem !== null ? exitStatusOf(problem.code) : errors > 0 ? 1 : 0)

async function toggle(asked: Asked, tools: Tools, call: 'incoming.start' | 'incoming.stop'): Promise<ExitStatus> {
  const name = nameOf(asked)
  await tools.withConsole((core) => core.call(call, { name }))
  const enabled = call === 'incoming.start'
  await print(asked, tools, { server: name, enabled }, () => `${name}: fetching is switched ${enabled ? 'on. It runs while the console or mailroom serve runs.' : 'off.'}\n`)
  return 0
}

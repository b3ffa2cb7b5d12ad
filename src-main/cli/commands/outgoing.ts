import type { OutgoingServerView } from '#contract/outgoing-server.ts'
import type { ExitStatus } from '../../model/exit-status.ts'
import { plain } from '../../model/plain-line.ts'
import { lookThrough } from '../ask-serving-process.ts'
import type { Asked, Command, Tools } from '../command.ts'
import { mailFlags, mailFromFlags } from '../mail-from-flags.ts'
import { print, printList } from '../print.ts'
import { printTest } from '../print-test.ts'
import { placeOf } from '../place-of-server.ts'
import { setOutgoing } from '../set-command.ts'
import { signInCommand } from '../sign-in-command.ts'
import { when } from '../tables.ts'
import { watchWork } from '../watch-work.ts'
import { transcriptFlag, withTranscript } from '../with-transcript.ts'

/** `mailroom outgoing …`: the outgoing mail servers. */
export const outgoing: readonly Command[] = [
  { name: 'outgoing list', arguments: '', takes: [0, 0], flags: {}, summary: 'Lists the outgoing servers: how each stands, who stands in for it, and what waits for it.', example: 'mailroom outgoing list --json', run: list },
  { name: 'outgoing test', arguments: 'NAME', takes: [1, 1], flags: transcriptFlag, summary: 'Tests an outgoing server step by step; no mail is sent.', example: 'mailroom outgoing test main', run: test },
  {
    name: 'outgoing send', arguments: 'NAME', takes: [1, 1], summary: 'Sends a mail and prints its message id and the server’s answer.', example: 'mailroom outgoing send main --to ann@example.com --subject Test --text "It works."',
    flags: { ...mailFlags, ...transcriptFlag },
    run: send
  },
  setOutgoing,
  signInCommand('outgoing')
]

async function list(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const views = await lookThrough(tools, (core) => core.call('outgoing.list', {}))
  const cells = (row: ReturnType<typeof rowOf>): string[] => [row.default ? `${row.name} (default)` : row.name, row.protocol, row.endpoint ?? `${row.host}:${row.port}`, row.usedBy.join(', '), row.draft ? 'draft' : row.blocked ? 'blocked' : row.throughAlternate !== null ? `through ${row.throughAlternate}` : row.trouble !== null ? `mail waits: ${row.trouble.code}` : 'ready', `${row.outbox.waiting}${row.outbox.stuck > 0 ? ` (${row.outbox.stuck} stuck)` : ''}`, when(row.lastTest?.at ?? null), row.lastTest?.verdict ?? '–']
  await printList(asked, tools, views.map(rowOf), ['name', 'protocol', 'server', 'used by', 'state', 'outbox', 'last test', 'result'], cells, 'There is no outgoing server yet. Add one in the console, or import a configuration file: mailroom config import FILE')
  return 0
}

function rowOf({ server, issues, hasSecret, signIn, advice, delayedUntil, usedBy, isDefault, onAlternateSince, throughAlternate, outbox, trouble, senderVerified, lastTest }: OutgoingServerView) {
  const { name, protocol, block } = server
  return { name, default: isDefault, protocol, ...placeOf(server), blocked: block, draft: issues.length > 0, issues, hasSecret, signIn: signIn?.state ?? null, advice: advice.map(({ code, severity, date, title }) => ({ code, severity, date, title })), delayedUntil, usedBy, onAlternateSince, throughAlternate, outbox, trouble: trouble === null ? null : { since: trouble.since, code: trouble.problem.code }, senderVerified, lastTest: lastTest === null ? null : { verdict: lastTest.verdict, at: lastTest.at, failedAt: lastTest.failedAt, ...(lastTest.alternate === undefined ? {} : { alternate: lastTest.alternate }), code: lastTest.problem?.code ?? null } }
}

function test(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const name = asked.positionals[0] ?? ''
  return tools.withConsole((core) => withTranscript(asked, tools, core, { kind: 'outgoing', name }, () => printTest(asked, tools, core, (workId) => core.call('outgoing.test', { name, workId }))))
}

async function send(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const mail = await mailFromFlags(asked, tools)
  const name = asked.positionals[0] ?? ''
  const sent = await tools.withConsole((core) => withTranscript(asked, tools, core, { kind: 'outgoing', name }, () => watchWork(core, tools, (workId) => core.call('outgoing.send', { name, mail, transcript: asked.has('transcript'), workId }))))
  const refused = sent.refused.map(({ address, serverSaid }) => `Refused: ${plain(address)}: ${plain(serverSaid)}\n`).join('')
  await print(asked, tools, sent, ({ messageId, serverSaid, through }) => `Sent${through === 'alternate' ? ' through the alternate server' : ''}: ${plain(messageId)}\nThe server said: ${plain(serverSaid)}\n${refused}`)
  return sent.refused.length > 0 ? 1 : 0
}

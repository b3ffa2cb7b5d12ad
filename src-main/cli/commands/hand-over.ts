import { calls } from '#contract/calls.ts'
import type { HandOverRow } from '#contract/hand-over.ts'
import { ProblemError } from '#contract/problem.ts'
import { wordsOf } from '#contract/problem-words.ts'
import type { ExitStatus } from '../../model/exit-status.ts'
import { nearestName } from '#contract/nearest-name.ts'
import { plain } from '../../model/plain-line.ts'
import type { Asked, Command, Tools } from '../command.ts'
import { oneOf, usageFault, wholeNumber } from '../parse-command.ts'
import { print, printList } from '../print.ts'
import { readSecret } from '../read-secret.ts'
import { when } from '../tables.ts'
import { watchWork } from '../watch-work.ts'

const states = ['waiting', 'delivered', 'refused'] as const

/** `mailroom hand-over …`: requests on their way to help desks. */
export const handOver: readonly Command[] = [
  {
    name: 'hand-over list', arguments: '', takes: [0, 0], summary: 'Lists what was handed over to help desks and what waits, newest first.', example: 'mailroom hand-over list --state refused',
    flags: { target: { value: 'NAME', help: 'only what goes to this help desk' }, state: { value: 'STATE', help: states.join(', ') }, limit: { value: 'N', help: 'how many at most (100)' }, before: { value: 'ID', help: 'only older ones than this' } },
    run: list
  },
  { name: 'hand-over retry', arguments: 'TARGET', takes: [1, 1], flags: {}, summary: 'Tries at once what waits or was refused at a help desk.', example: 'mailroom hand-over retry desk', run: retry },
  { name: 'hand-over test', arguments: 'TARGET', takes: [1, 1], flags: {}, summary: 'Sends a test to a help desk and shows its answer; no request comes of it.', example: 'mailroom hand-over test desk', run: test },
  { name: 'hand-over secret', arguments: 'TARGET', takes: [1, 1], flags: { delete: { help: 'delete the stored one' } }, summary: 'Reads the signing secret or key of a help desk from stdin, or asks for it, into the credential store.', example: 'mailroom hand-over secret desk < secret.txt', run: secret }
]

async function list(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const state = oneOf('state', asked.value('state'), states)
  const limit = wholeNumber('limit', asked.value('limit'), 1, 500) ?? 100
  const before = wholeNumber('before', asked.value('before'), 1, Number.MAX_SAFE_INTEGER)
  const page = await tools.withConsole((core) => core.call('hand-over.list', { target: asked.value('target'), state, limit, before }))
  await printList(asked, tools, page.rows, ['id', 'target', 'request', 'event', 'state', 'tries', 'created', 'next try', 'there', 'problem'], cells, asked.value('target') === null && state === null && before === null ? 'Nothing is handed over.' : 'Nothing matches.')
  if (!asked.json) tools.terminal.say(`${page.waiting} waiting, ${page.refused} refused${page.next === null ? '' : `; older ones: --before ${page.next}`}`)
  return 0
}

const cells = ({ id, target, request, event, state, tries, createdAt, nextTryAt, remoteId, problem }: HandOverRow): string[] => [
  String(id), target, String(request), event, state, String(tries), when(createdAt), when(nextTryAt), remoteId ?? '', problem === null ? '' : wordsOf(problem).title
]

async function retry(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const target = asked.positionals[0] ?? ''
  const { retried, left } = await tools.withConsole(async (core) => {
    const done = await core.call('hand-over.retry', { target, ids: null })
    const { waiting, refused } = await core.call('hand-over.list', { target, limit: 1 })
    return { ...done, left: { waiting, refused } }
  })
  const answer = { target, retried, ...left }
  await print(asked, tools, answer, () => `${retried} tried; ${left.waiting} waiting, ${left.refused} refused.${left.waiting + left.refused === 0 ? '' : ` What holds them up: mailroom hand-over list --target ${plain(target)}`}\n`)
  return left.waiting + left.refused === 0 ? 0 : 1
}

async function test(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const name = asked.positionals[0] ?? ''
  const answer = await tools.withConsole(async (core) => {
    const all = (await core.call('settings.get', {})).handOver
    const target = all.find((one) => one.name === name)
    if (target === undefined) throw new ProblemError({ code: 'not-found', what: 'help desk', name, nearest: nearestName(name, all.map((one) => one.name)) })
    return watchWork(core, tools, (workId) => core.call('hand-over.test', { target, secret: null, workId }))
  })
  const isGood = answer.status >= 200 && answer.status < 300
  await print(asked, tools, answer, ({ status, answer: said, ms }) => `${isGood ? 'The help desk took the test' : status === 0 ? 'The answer is none of a help desk' : `The help desk refused the test (HTTP ${status})`}, after ${ms} ms.\n${said === '' ? '' : `  ${plain(said.slice(0, 500))}\n`}`)
  return isGood ? 0 : 1
}

async function secret(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const target = asked.positionals[0] ?? ''
  const typed = asked.has('delete') ? null : await secretOf(target, tools)
  await tools.withConsole((core) => core.call('hand-over.secret', { target, secret: typed }))
  const done = typed === null ? 'deleted' : 'stored'
  await print(asked, tools, { target, [done]: true }, () => `The secret of ${target} is ${done}.\n`)
  return 0
}

async function secretOf(target: string, tools: Tools): Promise<string> {
  const typed = await readSecret(tools, `Secret or key of ${target}`)
  if (typed === '') throw usageFault('The secret is empty: nothing came in on stdin.')
  if (!calls['hand-over.secret'].input.shape.secret.safeParse(typed).success) throw usageFault('The secret is longer than 10000 characters.')
  return typed
}
